import { SerengetiError } from '../../contracts/errors';
import type { Photograph } from './listing';

/** By how much clocks are put right, folder by folder; the innermost folder that is named counts. */
export class ClockShifts {
  /** Folders with a slash at the end, the longest first; the whole folder is the empty text. */
  readonly #shifts: readonly (readonly [prefix: string, milliseconds: number])[];

  /**
   * @param seconds - by folder; `.` is all
   * @throws SerengetiError INPUT_INVALID where a folder has no photographs
   */
  constructor(seconds: Readonly<Record<string, number>>, photographs: readonly Photograph[]) {
    this.#shifts = Object.entries(seconds)
      .map(([folder, shift]) => [prefixOf(folder), 1000 * shift] as const)
      .sort(([a], [b]) => b.length - a.length);
    for (const [prefix] of this.#shifts) {
      if (photographs.some(({ file }) => file.startsWith(prefix))) continue;
      throw new SerengetiError('INPUT_INVALID', `The clocks of ${prefix} cannot be put right: no photographs there`);
    }
  }

  /** Milliseconds to add to what the camera's clock said. */
  of(file: string): number {
    return this.#shifts.find(([prefix]) => file.startsWith(prefix))?.[1] ?? 0;
  }
}

function prefixOf(folder: string): string {
  const name = folder
    .replaceAll('\\', '/')
    .replace(/^\.\/+/, '')
    .replace(/\/+$/, '');
  return name === '' || name === '.' ? '' : `${name}/`;
}

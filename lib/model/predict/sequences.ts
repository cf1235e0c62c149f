import { posix } from 'node:path';

/** A photograph with what grouping needs to know. */
export interface TimedPhotograph {
  readonly file: string;
  /** Milliseconds by the camera's clock. */
  readonly taken?: number;
  /** Serial number of the camera. */
  readonly camera?: string;
  /** The camera's number for the burst. */
  readonly event?: number;
}

/** Sorts photographs without a time before the others, so that they tear none apart. */
const UNKNOWN = -1e15;
/** A camera begins a folder anew when one is full, such as `101RECNX` after `100RECNX`: three digits and five signs. */
const CAMERA_FOLDER = /^\d{3}(\w{5})$/;
/** A sequence lasts so many gaps at most: a herd that passes for an hour is many. */
const LONGEST = 12;
/** No camera trap takes more photographs in a millisecond of its clock: where one seems to, the clock stood still. */
const AT_ONCE = 30;

/**
 * Puts photographs of one camera together that follow each other within `gap` milliseconds, up to twelve gaps in all: what
 * a camera takes in one go. Where the camera numbers its bursts, its numbers decide. One without a time stands alone.
 *
 * A camera is known by its folder and, where photographs say it, by its serial number. Folders that a camera began anew
 * are one.
 *
 * @returns the sequences in the order of their first photograph's name, each in the order of time
 */
export function groupIntoSequences<P extends TimedPhotograph>(photographs: readonly P[], gap: number): P[][] {
  const sequences: P[][] = [];
  for (const ofCamera of byCamera(photographs).values()) {
    const stopped = stoppedTimes(ofCamera);
    let before: P | undefined;
    for (const photograph of ofCamera.sort(byTime)) {
      const alone = photograph.taken === undefined || stopped.has(photograph.taken);
      const sequence = sequences.at(-1);
      if (!alone && before !== undefined && follows(photograph, before, sequence![0]!, gap)) sequence!.push(photograph);
      else sequences.push([photograph]);
      before = alone ? undefined : photograph;
    }
  }
  return sequences.sort((a, b) => byText(a[0]!.file, b[0]!.file));
}

function follows(photograph: TimedPhotograph, before: TimedPhotograph, first: TimedPhotograph, gap: number): boolean {
  const sinceFirst = photograph.taken! - first.taken!;
  if (photograph.event !== undefined && before.event !== undefined) {
    // Cameras begin to count anew, after a change of batteries for example.
    return photograph.event === before.event && sinceFirst <= Math.max(LONGEST * gap, 60_000);
  }
  return photograph.taken! - before.taken! <= gap && sinceFirst <= LONGEST * gap;
}

function byCamera<P extends TimedPhotograph>(photographs: readonly P[]): Map<string, P[]> {
  const cameras = new Map<string, P[]>();
  for (const photograph of photographs) {
    const key = JSON.stringify([placeOf(photograph), photograph.camera]);
    const ofCamera = cameras.get(key);
    if (ofCamera === undefined) cameras.set(key, [photograph]);
    else ofCamera.push(photograph);
  }
  return cameras;
}

/** The folder; of the numbered ones of a camera what they have in common. */
function placeOf({ file }: TimedPhotograph): string {
  const folder = posix.dirname(file);
  const signs = CAMERA_FOLDER.exec(posix.basename(folder))?.[1];
  return signs === undefined ? folder : posix.join(posix.dirname(folder), `*${signs.toUpperCase()}`);
}

function stoppedTimes(photographs: readonly TimedPhotograph[]): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { taken, event } of photographs) {
    if (taken !== undefined && event === undefined) counts.set(taken, (counts.get(taken) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > AT_ONCE).map(([taken]) => taken));
}

function byTime(a: TimedPhotograph, b: TimedPhotograph): number {
  return (a.taken ?? UNKNOWN) - (b.taken ?? UNKNOWN) || byText(a.file, b.file);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

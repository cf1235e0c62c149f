import { posix } from 'node:path';

/** A photograph with what grouping needs to know. */
export interface TimedPhotograph {
  readonly file: string;
  /** Milliseconds by the camera's clock. */
  readonly taken?: number | undefined;
}

/** Sorts photographs without a time before the others, so that they tear none apart. */
const UNKNOWN = -1e15;

/**
 * Puts photographs of one folder together that follow each other within `gap` milliseconds: what a camera takes in one
 * go. One without a time stands alone.
 *
 * @returns the sequences in the order of their first photograph's name, each in the order of time
 */
export function groupIntoSequences<P extends TimedPhotograph>(photographs: readonly P[], gap: number): P[][] {
  const sequences: P[][] = [];
  let before: P | undefined;
  for (const photograph of [...photographs].sort(byFolderAndTime)) {
    if (before !== undefined && follows(photograph, before, gap)) sequences.at(-1)!.push(photograph);
    else sequences.push([photograph]);
    before = photograph;
  }
  return sequences.sort((a, b) => byText(a[0]!.file, b[0]!.file));
}

function follows(photograph: TimedPhotograph, before: TimedPhotograph, gap: number): boolean {
  if (photograph.taken === undefined || before.taken === undefined) return false;
  return folderOf(photograph) === folderOf(before) && photograph.taken - before.taken <= gap;
}

function byFolderAndTime(a: TimedPhotograph, b: TimedPhotograph): number {
  return byText(folderOf(a), folderOf(b)) || (a.taken ?? UNKNOWN) - (b.taken ?? UNKNOWN) || byText(a.file, b.file);
}

function folderOf({ file }: TimedPhotograph): string {
  return posix.dirname(file);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

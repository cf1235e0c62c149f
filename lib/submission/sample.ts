import { ANIMAL, type Box } from '../contracts/detection';
import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { csvText, formatCsv, type SubmissionFormat } from './submissionCsv';

/** A sequence of photographs to try a submission on. */
export interface SampleSequence {
  readonly sequence: string;
  /** In the order in which they were taken. */
  readonly frames: readonly SampleFrame[];
}

export interface SampleFrame {
  readonly fileName: string;
  /** Animals that a detector found in it. */
  readonly boxes?: readonly Box[];
  /** The photograph as it was stored; `undefined` leaves it missing. */
  readonly read: () => Promise<Uint8Array | undefined>;
}

/** Lays out a test set as the competition's container has it: frames flat in the folder, the two tables, and detections. */
export async function writeSampleData(
  directory: string,
  sample: readonly SampleSequence[],
  classes: readonly string[],
): Promise<SubmissionFormat> {
  await mkdir(directory, { recursive: true });
  const sorted = [...sample].sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
  const rows: string[][] = [];
  const images: object[] = [];
  for (const [index, { sequence, frames }] of sorted.entries()) {
    for (const [rank, frame] of frames.entries()) {
      const name = flatName(index, rank, frame.fileName);
      rows.push([sequence, name, '']);
      images.push({ file: name, detections: (frame.boxes ?? []).map((bbox) => ({ category: '1', conf: 1, bbox })) });
      const photograph = await frame.read();
      if (photograph !== undefined) await writeFile(join(directory, name), photograph);
    }
  }
  const format = { index: 'seq_id', sequences: sorted.map(({ sequence }) => sequence), columns: classes };
  const detections = { info: { format_version: '1.6' }, detection_categories: { '1': ANIMAL }, images };
  await writeFile(join(directory, 'detections.json'), JSON.stringify(detections));
  await writeFile(join(directory, 'test_metadata.csv'), csvText([['seq_id', 'file_name', 'datetime'], ...rows]));
  await writeFile(join(directory, 'submission_format.csv'), formatCsv(format));
  return format;
}

/** Sorts as the frames do, and is no path. */
function flatName(sequence: number, rank: number, fileName: string): string {
  const digits = (value: number) => String(value).padStart(5, '0');
  return `${digits(sequence)}_${digits(rank)}${extname(fileName)}`;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Detection } from '../contracts/detection';
import { counted } from '../contracts/format';
import type { WorkOptions } from '../contracts/progress';
import { Database } from './database';
import { readDetections } from './formats/megaDetector';
import { describePlace, Rejections } from './rejections';

/** What was detected in photographs, by file name; photographs where the detector failed are left out. */
export type Detections = ReadonlyMap<string, readonly Detection[]>;

interface BoxRow extends Omit<Detection, 'box'> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a file in MegaDetector's output format.
 *
 * @throws SerengetiError METADATA_INVALID with file, line and column
 */
export async function loadDetections(path: string, { signal, onWarning }: WorkOptions = {}): Promise<Detections> {
  const scratch = await mkdtemp(join(tmpdir(), 'serengeti-detections-'));
  try {
    return await Database.use({ spill: scratch, signal }, async (database) => {
      const rejections = new Rejections();
      await readDetections(path, { database, rejections, seasons: [], scratch, signal, onBytes: () => undefined });
      const [first] = rejections.of('');
      if (first !== undefined) {
        const rows = counted(rejections.count, 'image');
        const message = `Left out ${rows} of the detections; ${describePlace(first)}: ${first.reason}`;
        onWarning?.({ message, details: { rejected: rejections.count } });
      }
      return await allOf(database);
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function allOf(database: Database): Promise<Detections> {
  const rows = await database.rows<{ file_name: string; boxes: readonly BoxRow[] }>(
    'SELECT file_name, boxes FROM detections WHERE boxes IS NOT NULL ORDER BY file_name',
  );
  return new Map(
    rows.map(({ file_name, boxes }) => [
      file_name,
      boxes.map(({ kind, confidence, x, y, width, height }) => ({ kind, confidence, box: [x, y, width, height] })),
    ]),
  );
}

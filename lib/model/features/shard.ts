import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { FeaturesSummary } from '../../contracts/steps';
import { writeIds } from '../../metadata';
import { endOf, writeAtomic, writeFileAtomic } from '../../io/files';
import { csvLine } from '../../io/csvLine';
import { npyHeader } from '../npy';
import type { Part, PartFolder, PartRow, UnreadableFrame } from './parts';

export type ShardSummary = Omit<FeaturesSummary, 'season' | 'shard'>;

/** Joins the parts into the artifact's files. */
export async function writeShard(
  directory: string,
  parts: PartFolder,
  groups: number,
  width: number,
): Promise<ShardSummary> {
  const rows: PartRow[] = [];
  const unreadable: UnreadableFrame[] = [];
  for await (const part of eachPart(parts, groups)) {
    rows.push(...part.rows);
    unreadable.push(...part.unreadable);
  }
  await writeAtomic(join(directory, 'features.npy'), async (temporary) => {
    const stream = createWriteStream(temporary, { flags: 'wx' });
    await write(stream, npyHeader(rows.length, width));
    for await (const { features } of eachPart(parts, groups)) {
      await write(stream, Buffer.from(features.buffer, features.byteOffset, features.byteLength));
    }
    await endOf(stream);
  });
  await writeIds(join(directory, 'ids.parquet'), rows);
  const lines = unreadable.map(({ fileName, reason }) => csvLine([fileName, reason]));
  await writeFileAtomic(join(directory, 'unreadable.csv'), ['file_name,reason\n', ...lines].join(''));
  return {
    frames: rows.length,
    width,
    reused: rows.filter(({ reused }) => reused).length,
    truncated: rows.filter(({ truncated }) => truncated).length,
    unreadable: unreadable.length,
  };
}

async function* eachPart(parts: PartFolder, groups: number): AsyncGenerator<Part, void> {
  for (let group = 0; group < groups; group++) {
    const part = await parts.read(group);
    if (part === undefined) throw new Error(`Part ${group} is gone: another worker on the same shard was done first`);
    yield part;
  }
}

async function write(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain');
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ZipMethod } from '../simulator/publishing/zipWriter';
import { measure, type BenchReport } from './harness';
import { bestOf, requirePeers, secondsOf } from './peerPrograms';
import { places, type Place } from './places';
import { seasonArchive } from './seasonArchive';

/** As large as the mean frame of Snapshot Serengeti. */
const FRAME_BYTES = 747_569;
const FRAMES = 1_500;
const ROUNDS = 2;

/** Extracting a season: beside Info-ZIP's `unzip` and libarchive's `bsdtar`, until the frames are where they belong. */
export async function run(): Promise<BenchReport> {
  await requirePeers(['unzip', 'bsdtar']);
  const rows: string[][] = [['into', 'archive', 'program', 'seconds', 'MB/s', 'ours is']];
  const ratios: Record<string, number> = {};
  for (const method of ['stored', 'deflated'] as const) {
    const archive = await seasonArchive('unzip', `${method}.zip`, FRAMES, method, frames(method));
    for (const place of await places('unzip', FRAMES * FRAME_BYTES)) {
      const best = await extractAll(archive, place);
      for (const [name, seconds] of Object.entries(best)) {
        const ratio = seconds / best.ours;
        const speed = ((FRAMES * FRAME_BYTES) / seconds / 1e6).toFixed(0);
        rows.push([place.name, method, name, seconds.toFixed(2), speed, `${ratio.toFixed(2)} ×`]);
        if (name !== 'ours') ratios[`${place.name}, ${method}: ${name} / ours`] = Number(ratio.toFixed(3));
      }
      await place.clear();
    }
  }
  return { rows, ratios };
}

function extractAll(archive: string, place: Place): Promise<Record<'ours' | 'unzip' | 'bsdtar', number>> {
  const program = join(__dirname, 'programs', 'unzip.js');
  return bestOf(ROUNDS, {
    ours: () =>
      timed(place, async () => {
        const { result, seconds } = await measure<{ entries: number }>(process.execPath, [
          program,
          archive,
          place.folder,
        ]);
        if (result.entries !== FRAMES) throw new Error(`${result.entries} entries instead of ${FRAMES}`);
        return seconds;
      }),
    unzip: () => timed(place, () => secondsOf('unzip', ['-q', archive, '-d', place.folder])),
    bsdtar: () => timed(place, () => secondsOf('bsdtar', ['-xf', archive, '-C', place.folder])),
  });
}

/** One extraction into an empty folder. Peers leave their bytes to the system; ours are synced when it ends. */
async function timed(place: Place, extract: () => Promise<number>): Promise<number> {
  await place.clear();
  await place.settle();
  const seconds = await extract();
  const started = performance.now();
  await place.settle();
  return seconds + (performance.now() - started) / 1000;
}

/** Random bytes, like photographs, where they are stored; where they are deflated, text that packs to two thirds. */
function frames(method: ZipMethod): (i: number) => Buffer {
  const bytes = randomBytes(FRAME_BYTES + FRAMES);
  const text = Buffer.from(bytes.map((byte) => 32 + (byte % 48)));
  return (i) => (method === 'stored' ? bytes : text).subarray(i, i + FRAME_BYTES);
}

import { join } from 'node:path';
import { measure, type BenchReport } from './harness';
import { bestOf, requirePeers, secondsOf } from './peerPrograms';
import { seasonArchive } from './seasonArchive';

const ENTRIES = 400_000;
const ROUNDS = 2;
const MOST_SECONDS = 1.5;
const MOST_BYTES = 300e6;

interface Listing {
  readonly entries: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Listing a season's archive: seconds from a program's start to its end, and for ours also of the reading alone. */
export async function run(): Promise<BenchReport> {
  await requirePeers(['unzip', 'bsdtar']);
  const archive = await seasonArchive('directory', 'season.zip', ENTRIES, 'stored', () => Buffer.from('x'));
  let reading = Infinity;
  let peakBytes = 0;
  const best = await bestOf(ROUNDS, {
    ours: async () => {
      const program = join(__dirname, 'programs', 'directory.js');
      const { result, seconds } = await measure<Listing>(process.execPath, [program, archive]);
      if (result.entries !== ENTRIES) throw new Error(`${result.entries} entries instead of ${ENTRIES}`);
      reading = Math.min(reading, result.seconds);
      peakBytes = Math.max(peakBytes, result.peakBytes);
      return seconds;
    },
    'unzip -l': () => secondsOf('sh', ['-c', 'unzip -l "$0" > /dev/null', archive]),
    'bsdtar -t': () => secondsOf('sh', ['-c', 'bsdtar -tf "$0" > /dev/null', archive]),
  });
  const rows = Object.entries(best).map(([name, seconds]) => [name, seconds.toFixed(2), ratio(seconds, best.ours)]);
  return {
    rows: [
      [`${ENTRIES.toLocaleString('en')} entries`, 'seconds', 'ours is'],
      ...rows,
      ['ours, reading alone', reading.toFixed(2), ''],
      ['ours, most memory', `${(peakBytes / 1e6).toFixed(0)} MB`, ''],
    ],
    ratios: {
      'unzip -l / ours': Number((best['unzip -l'] / best.ours).toFixed(3)),
      'bsdtar -t / ours': Number((best['bsdtar -t'] / best.ours).toFixed(3)),
      'seconds of ours / 1.5 s': Number((best.ours / MOST_SECONDS).toFixed(3)),
      'memory of ours / 300 MB': Number((peakBytes / MOST_BYTES).toFixed(3)),
    },
  };
}

function ratio(seconds: number, ours: number): string {
  return `${(seconds / ours).toFixed(2)} ×`;
}

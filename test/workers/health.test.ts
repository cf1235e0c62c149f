import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPulse, startPulse } from '../../workers/health';

let home: string;
const before = process.env.SERENGETI_HOME;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'serengeti-health-'));
  process.env.SERENGETI_HOME = home;
});

afterEach(async () => {
  if (before === undefined) delete process.env.SERENGETI_HOME;
  else process.env.SERENGETI_HOME = before;
  await rm(home, { recursive: true, force: true });
});

describe('a worker', () => {
  it('that was never started here is not healthy, and where it was looked for is said', async () => {
    expect(await readPulse('gpu')).toEqual({ healthy: false, text: expect.stringContaining(`at ${home}`) as string });
  });

  it('that has just begun is healthy, and no other role is', async () => {
    await startPulse('io');
    expect(await readPulse('io')).toMatchObject({ healthy: true });
    expect(await readPulse('gpu')).toMatchObject({ healthy: false });
  });

  it('that has been silent for more than a minute is not', async () => {
    await startPulse('io');
    const past = new Date(Date.now() - 61_000);
    await utimes(join(home, 'state', 'io-worker.pulse'), past, past);
    expect(await readPulse('io')).toEqual({ healthy: false, text: 'io worker: last sign of life 61 s ago' });
  });
});

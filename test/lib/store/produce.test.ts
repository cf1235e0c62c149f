import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { openStore, produce, type ArtifactStore, type Production, type Step } from '../../../lib/store';
import { describeFiles } from '../../../lib/store/description';
import { LEASE_TIMES } from '../../../lib/store/draftFolder';
import { FileStore } from '../../../lib/store/fileStore';
import { writeFileAtomic } from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';
import { randomNumbers } from '../../support/random';
import { until } from '../../support/waiting';

const folder = temporaryFolder();

function store(place = ''): ArtifactStore {
  return openStore(pathToFileURL(`${folder()}/${place}`).href);
}

/** A store for which whoever owns a draft has been silent for too long. */
function hastyStore(place = ''): ArtifactStore {
  return new FileStore(pathToFileURL(`${folder()}/${place}`).href, { lease: { ...LEASE_TIMES, lapseMs: -1 } });
}

function step(work: Step<{ n: number }>['work']): Step<{ n: number }> {
  return { recipe: { kind: 'pick', step: 'pickFrames', version: 1, params: {}, inputs: [] }, work };
}

describe('produce', () => {
  it('does the work once', async () => {
    let calls = 0;
    const counting = step(() => Promise.resolve({ n: ++calls }));
    const first = await produce(store(), counting);
    const second = await produce(store(), counting);
    expect([first.reused, second.reused, calls]).toEqual([false, true, 1]);
    expect(second.ref).toEqual(first.ref);
  });

  it('gives the artifact of a worker that took the draft over, whatever that did to the work', async () => {
    const slow = step(async (draft) => {
      await writeFileAtomic(draft.path('part.csv'), 'a\n');
      await produce(hastyStore(), fast);
      await readFile(draft.path('part.csv'));
      throw new Error('not reached');
    });
    const fast = step(() => Promise.resolve({ n: 1 }));
    expect(await produce(store(), slow)).toMatchObject({ ref: { summary: { n: 1 } }, reused: true });
    expect(await store().drafts()).toEqual([]);
  });

  it('does the work once for any number of workers that come at the same time', async () => {
    let calls = 0;
    const counting = step(() => Promise.resolve({ n: ++calls }));
    const made = await Promise.all(Array.from({ length: 6 }, () => produce(store(), counting)));
    expect(calls).toBe(1);
    expect(new Set(made.map(({ ref }) => ref.key)).size).toBe(1);
    expect(made.filter(({ reused }) => !reused)).toHaveLength(1);
  });

  it('goes on for who waited where the one at work failed', async () => {
    let waiting!: () => void;
    const oneWaits = new Promise<void>((resolve) => (waiting = resolve));
    const failing = step(async (draft) => {
      await writeFileAtomic(draft.path('part.csv'), 'a\n');
      await oneWaits;
      throw new Error('the power went');
    });
    const going = step(async (draft) => ({ n: (await readFile(draft.path('part.csv'))).length }));
    const first = produce(store(), failing);
    await until(async () => (await store().drafts()).some(({ bytes }) => bytes > 0));
    const second = produce(store(), going, { onWarning: waiting });
    await expect(first).rejects.toThrow('the power went');
    expect(await second).toMatchObject({ ref: { summary: { n: 2 } }, reused: false });
  });

  it('gives workers that take over from one another the same artifact, with the very files its manifest says', async () => {
    const random = randomNumbers(1);
    for (let round = 0; round < 15; round++) {
      const place = `${round}`;
      const worker = async (n: number): Promise<Production<{ n: number }>> => {
        await sleep(random() * 20);
        const work: Step<{ n: number }>['work'] = async (draft) => {
          for (const name of ['a', 'b/c', 'b/d', 'e']) await writeFileAtomic(draft.path(name), name);
          await writeFileAtomic(draft.path('own'), `${n} ${random()}`);
          return { n };
        };
        return await produce(n === 0 ? hastyStore(place) : store(place), step(work));
      };
      const made = await Promise.all([0, 1, 2, 3].map(worker));
      const { files } = await store(place).manifest(made[0]!.ref);
      for (const { ref } of made) expect(ref).toEqual(await store(place).find(ref));
      const artifact = (await store(place).open(made[0]!.ref)).path('.');
      expect(await describeFiles(artifact, { skip: ['manifest.json'], undigested: [] })).toEqual(files);
      const there = await readdir(artifact, { recursive: true });
      expect(there.sort()).toEqual(['a', 'b', 'b/c', 'b/d', 'e', 'manifest.json', 'own']);
      expect(await store(place).drafts()).toEqual([]);
    }
  });

  it('clears away the draft of a worker that was killed just after its commit', async () => {
    const making = step(() => Promise.resolve({ n: 1 }));
    const { ref } = await produce(store(), making);
    await mkdir(join(folder(), 'drafts', ref.kind, ref.key));
    expect(await produce(store(), making)).toEqual({ ref, reused: true });
    expect(await store().drafts()).toEqual([]);
  });

  it('leaves the draft of failed work for the next attempt', async () => {
    const failing = step(async (draft) => {
      await writeFileAtomic(draft.path('part.csv'), 'a\n');
      throw new Error('the power went');
    });
    await expect(produce(store(), failing)).rejects.toThrow('the power went');
    const { ref } = await produce(
      store(),
      step(() => Promise.resolve({ n: 1 })),
    );
    expect((await store().manifest(ref)).files.map(({ name }) => name)).toEqual(['part.csv']);
  });
});

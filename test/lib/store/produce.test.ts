import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { openStore, produce, type Production, type Step } from '../../../lib/store';
import { describeFiles } from '../../../lib/store/description';
import { writeFileAtomic } from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

function step(work: Step<{ n: number }>['work']): Step<{ n: number }> {
  return { recipe: { kind: 'pick', step: 'pickFrames', version: 1, params: {}, inputs: [] }, work };
}

describe('produce', () => {
  it('does the work once', async () => {
    const store = openStore(pathToFileURL(`${folder()}/`).href);
    let calls = 0;
    const counting = step(() => Promise.resolve({ n: ++calls }));
    const first = await produce(store, counting);
    const second = await produce(store, counting);
    expect([first.reused, second.reused, calls]).toEqual([false, true, 1]);
    expect(second.ref).toEqual(first.ref);
  });

  it('gives the artifact of another worker that was done first, whatever that did to the work', async () => {
    const store = openStore(pathToFileURL(`${folder()}/`).href);
    const slow = step(async (draft) => {
      await writeFileAtomic(draft.path('part.csv'), 'a\n');
      await produce(store, fast);
      await readFile(draft.path('part.csv'));
      throw new Error('not reached');
    });
    const fast = step(() => Promise.resolve({ n: 1 }));
    const { ref } = await produce(store, slow);
    expect(ref).toMatchObject({ summary: { n: 1 } });
    expect(await store.drafts()).toEqual([]);
  });

  it('gives any number of workers the same artifact, with the very files that its manifest says', async () => {
    for (let round = 0; round < 15; round++) {
      const store = openStore(pathToFileURL(`${folder()}/${round}/`).href);
      const worker = async (n: number): Promise<Production<{ n: number }>> => {
        await sleep(Math.random() * 20);
        const work: Step<{ n: number }>['work'] = async (draft) => {
          for (const name of ['a', 'b/c', 'b/d', 'e']) await writeFileAtomic(draft.path(name), name);
          await writeFileAtomic(draft.path('own'), Math.random().toFixed(15));
          return { n };
        };
        return await produce(store, step(work));
      };
      const made = await Promise.all([1, 2, 3, 4].map(worker));
      const { files } = await store.manifest(made[0]!.ref);
      for (const { ref } of made) expect(ref).toEqual(await store.find(ref));
      const artifact = (await store.open(made[0]!.ref)).path('.');
      expect((await describeFiles(artifact, { skip: ['manifest.json'], undigested: [] })).files).toEqual(files);
      const there = await readdir(artifact, { recursive: true });
      expect(there.sort()).toEqual(['a', 'b', 'b/c', 'b/d', 'e', 'manifest.json', 'own']);
      expect(await store.drafts()).toEqual([]);
    }
  });

  it('leaves the draft of failed work for the next attempt', async () => {
    const store = openStore(pathToFileURL(`${folder()}/`).href);
    const failing = step(async (draft) => {
      await writeFileAtomic(draft.path('part.csv'), 'a\n');
      throw new Error('the power went');
    });
    await expect(produce(store, failing)).rejects.toThrow('the power went');
    const { ref } = await produce(
      store,
      step(() => Promise.resolve({ n: 1 })),
    );
    expect((await store.manifest(ref)).files.map(({ name }) => name)).toEqual(['part.csv']);
  });
});

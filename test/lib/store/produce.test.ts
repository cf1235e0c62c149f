import { pathToFileURL } from 'node:url';
import { openStore, produce, type Step } from '../../../lib/store';
import { writeFileAtomic } from '../../../lib/store/files';
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

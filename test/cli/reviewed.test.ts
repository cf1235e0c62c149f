import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportLabels } from '../../cli/export';
import { withReviewed } from '../../cli/reviewed';
import type { ValidationSummary } from '../../lib/contracts/steps';
import { Registry } from '../../lib/registry';
import { openStore, produce } from '../../lib/store';
import { candidate } from '../lib/registry/support';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';
import { storeSeasons } from './support/storedSeasons';

const folder = temporaryFolder();
const printed = commandOutput(folder);
const options = () => ({ model: 'm1', marks: join(folder(), 'marks') });

/** A registered model that was validated on the two sequences of S1, a zebra and nothing. */
async function registerModel(): Promise<void> {
  const store = openStore(process.env.SERENGETI_STORE!);
  const { catalog } = await storeSeasons(folder(), 'mine', ['S1']);
  const { artifacts, ...rest } = candidate('a', { catalog: 'mine', train: ['S2'], validation: ['S1'] });
  const { ref: validation } = await produce<ValidationSummary>(store, {
    recipe: { kind: 'validation', step: 'validateModel', version: 2, params: {}, inputs: [] },
    work: async (draft) => {
      const rows = ['S1,SER_S1#B04#1#1,0.7,0.1,0.2', 'S1,SER_S1#B04#1#2,0.9,0.1,0'];
      await writeFile(draft.path('predictions.csv'), ['season,sequence,empty,lion,zebra', ...rows, ''].join('\n'));
      return artifacts.validation.summary;
    },
  });
  await new Registry(store).register({ ...rest, artifacts: { ...artifacts, catalog, validation } });
}

test.each([
  ['neither predictions nor a model', undefined, {}],
  ['both', 'predictions', { model: 'm1' }],
])('%s', async (_what, predictions, options) => {
  await expect(withReviewed(predictions, options, async () => 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('a model that is not registered', async () => {
  await expect(withReviewed(undefined, options(), async () => 1)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
});

test("a model's held-out sequences with their photographs, and their labels for who has looked", async () => {
  await registerModel();
  await withReviewed(undefined, options(), async ({ review, readPhotograph, title }) => {
    const [zebra] = review.listing.sequences;
    expect([title, review.listing.sequences.length]).toEqual(['m1 on S1', 2]);
    expect(await readPhotograph(zebra!.event.photographs[0]!.file, 'S1')).toBeInstanceOf(Buffer);
    expect(await readPhotograph('elsewhere.jpg', 'S1')).toBeUndefined();
    const { sequence, answers, others } = review.row(0, 'Ana');
    expect([answers[0], others]).toEqual([['empty', 0.7], undefined]);
    await review.mark({ sequence, by: 'Ana', labels: ['lion'] });
    expect(review.row(0, 'Ana').others).toEqual([{ by: 'metadata', labels: ['zebra'] }]);
  });
});

test('all labels of the seasons are exported, corrected where people looked', async () => {
  await registerModel();
  await withReviewed(undefined, options(), async ({ review }) => {
    await review.mark({ sequence: review.row(0, 'Ana').sequence, by: 'Ana', labels: ['lion'] });
  });
  const output = join(folder(), 'S1.csv');
  await exportLabels(undefined, { ...options(), output });
  const rows = (await readFile(output, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','));
  expect(rows.map(([, label, , , sequence, by]) => [sequence, label, by])).toEqual([
    ['SER_S1#B04#1#1', 'lion', 'Ana'],
    ['SER_S1#B04#1#1', 'lion', 'Ana'],
    ['SER_S1#B04#1#2', 'empty', ''],
  ]);
  expect(printed()).toBe(`${output}: 3 labels of photographs\n`);
});

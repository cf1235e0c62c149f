import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promoteModel, rollbackChampion } from '../../cli/models/change';
import { compareModels } from '../../cli/models/compare';
import { listModels, showModel } from '../../cli/models/show';
import type { ArtifactId } from '../../lib/contracts/artifact';
import type { ValidationResult } from '../../lib/contracts/validation';
import { Registry } from '../../lib/registry';
import { openStore, produce } from '../../lib/store';
import { writeFileAtomic } from '../../lib/io/files';
import { candidate } from '../lib/registry/support';
import { imaginedValidation } from '../lib/report/support/validation';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';

const folder = temporaryFolder();
const printed = commandOutput(folder);

const pick: ArtifactId = { kind: 'pick', key: 'a'.repeat(64) };

/** A model with its validation in the store, as a run leaves them. */
async function registered(id: string, { seed = 1, validatedOn = pick } = {}): Promise<void> {
  const store = openStore(process.env.SERENGETI_STORE!);
  const base = candidate(id);
  const { ref: model } = await produce(store, {
    recipe: { kind: 'model', step: 'trainHead', version: 1, params: { id }, inputs: [] },
    work: () => Promise.resolve(base.artifacts.model.summary),
  });
  const { ref: validation } = await produce(store, {
    recipe: { kind: 'validation', step: 'validateModel', version: 1, params: {}, inputs: [model, validatedOn] },
    work: async (draft) => {
      const result: ValidationResult = {
        ...imaginedValidation({ seed }),
        logLoss: { value: 0.03 / seed, low: 0.01, high: 0.05 },
      };
      await writeFileAtomic(draft.path('validation.json'), JSON.stringify(result));
      const rows = Array.from(
        { length: 40 },
        (_, n) => `S,${n},site-${n % 8},f,a,a,1,1,1,1,${(0.03 + n / 1e4) / seed}\n`,
      );
      const head = 'season,sequence,site,first_frame,labels,answer,probability,animal,right,found,log_loss\n';
      await writeFileAtomic(draft.path('sequences.csv'), head + rows.join(''));
      return base.artifacts.validation.summary;
    },
  });
  await new Registry(store).register({ ...base, artifacts: { ...base.artifacts, model, validation } });
}

describe('serengeti models', () => {
  it('says so when there are none', async () => {
    await listModels({});
    expect(printed()).toMatch(/^No models in file:/);
  });

  it('lists models with their standing, and shows how one became champion', async () => {
    await registered('a');
    await registered('b');
    await promoteModel('m2', { reason: 'Better at night.' });
    expect(printed()).toBe('m2 is the champion of lila, after m1.\n');
    await listModels({});
    expect(printed()).toMatch(/^m1 .* former champion$/m);
    expect(printed()).toMatch(/^m2 .* champion$/m);
    await showModel('m2', {});
    expect(printed()).toMatch(/^Champion +since .* Better at night\.$/m);
    await rollbackChampion({ reason: 'Worse by day.' });
    expect(printed()).toContain('m1 is the champion of lila again, after m2.');
  });

  it('gives everything as JSON', async () => {
    await registered('a');
    await showModel('m1', { json: true });
    expect(JSON.parse(printed())).toMatchObject({
      model: { name: 'm1', catalog: 'lila' },
      promotions: [{ how: 'first' }],
    });
  });

  it('names what there is when a model is not', async () => {
    await registered('a');
    await expect(showModel('m7', {})).rejects.toThrow('There is no model "m7" in the registry; it has m1.');
    await expect(rollbackChampion({ reason: 'x' })).rejects.toThrow('never had another champion than m1');
  });

  it('compares two models on the same frames in a page of their own', async () => {
    await registered('a');
    await registered('b', { seed: 2 });
    const output = join(folder(), 'page.html');
    await compareModels('m2', 'the champion', { output });
    expect(printed()).toContain('Both on the same held-out frames.');
    expect(await readFile(output, 'utf8')).toContain('m2 is better: log loss 0.0150');
  });

  it('does not pretend to compare on different frames', async () => {
    await registered('a');
    await registered('b', { seed: 2, validatedOn: { ...pick, key: 'b'.repeat(64) } });
    await compareModels('m2', 'm1', { output: join(folder(), 'page.html') });
    expect(printed()).toContain('On different held-out frames');
    await expect(compareModels('m1', 'the champion', {})).rejects.toThrow('m1 is the champion itself');
  });
});

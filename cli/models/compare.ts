import { resolve } from 'node:path';
import { compareRegistered } from '../../lib/pipeline/comparison';
import { SerengetiError } from '../../lib/contracts/errors';
import { championOf, modelNamed } from '../../lib/registry';
import { writeComparisonPage } from '../../lib/report';
import { openRegistry } from './registry';

/** `serengeti models compare`: @param otherName - a model, or `the champion` of the first one's catalog */
export async function compareModels(
  name: string,
  otherName: string,
  options: { readonly output?: string },
): Promise<void> {
  const { store, registry } = openRegistry();
  const state = await registry.state();
  const first = modelNamed(state, name);
  const second = otherName === 'the champion' ? championOf(state, first.catalog) : modelNamed(state, otherName);
  if (second === undefined || second.name === first.name) {
    throw new SerengetiError('INPUT_INVALID', `${first.name} is the champion itself: name another model beside it.`);
  }
  const comparison = await compareRegistered(store, first, second);
  const file = resolve(options.output ?? `${first.name}-${second.name}.html`);
  await writeComparisonPage({ ...comparison, file });
  process.stdout.write(
    `${file}\n${comparison.difference !== undefined ? 'Both on the same held-out frames.' : 'On different held-out frames: see the page.'}\n`,
  );
}

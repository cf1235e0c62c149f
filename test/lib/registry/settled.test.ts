import { knownSeasons, modelNamed, settledBefore, type Registry } from '../../../lib/registry';
import type { Settlement } from '../../../lib/contracts/registry';
import { temporaryFolder } from '../../support/folders';
import { candidate, difference, registryIn, score } from './support';

const folder = temporaryFolder();
let registry: Registry;

/** A champion m1, and m2, which knows a season more. */
beforeEach(async () => {
  registry = registryIn(folder());
  await registry.register(candidate('a'));
  await registry.register(candidate('b', { train: ['S1', 'S3'] }));
});

async function settled(name: string): Promise<Settlement | undefined> {
  const state = await registry.state();
  return settledBefore(state, modelNamed(state, name));
}

async function settle(low: number, high: number): Promise<void> {
  const result = { championScore: score(0.02), difference: difference(low, high) };
  await registry.settle({ challenger: 'm2', champion: 'm1', result });
}

describe('what is settled of a model', () => {
  it('is nothing while it is new', async () => {
    expect(await settled('m2')).toBeUndefined();
  });

  it('is the promotion of one that is champion', async () => {
    expect(await settled('m1')).toMatchObject({ model: 'm1', how: 'first' });
    await settle(-0.003, -0.001);
    expect(await settled('m2')).toMatchObject({ model: 'm2', how: 'score' });
  });

  it('is the defence of the champion that stands, not of another', async () => {
    await settle(-0.001, 0.001);
    expect(await settled('m2')).toMatchObject({ challenger: 'm2', champion: 'm1' });
    await registry.register(candidate('c'));
    await registry.promote('m3', 'By hand.');
    expect(await settled('m2')).toBeUndefined();
  });

  it('is what a person decided after it had won, and its seasons are known', async () => {
    await settle(-0.003, -0.001);
    await registry.rollback('lila', 'Worse at night.');
    expect(await settled('m2')).toMatchObject({
      challenger: 'm2',
      champion: 'm1',
      reason: 'm2 was champion before, until m1 took its place: Worse at night.',
    });
    expect(knownSeasons(await registry.state(), 'lila').sort()).toEqual(['S1', 'S2', 'S3']);
  });
});

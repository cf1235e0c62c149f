import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInputSchema } from '../../../lib/contracts/runInput';
import { knownSeasons, modelNamed } from '../../../lib/registry';
import { projectRoot } from '../../../lib/io/home';
import { flipBit } from '../../support/flipBit';
import { temporaryFolder } from '../../support/folders';
import { candidate, difference, registryIn, score } from './support';

/** The champion's score, and a challenger that is clearly better. */
const BETTER = { championScore: score(0.02), difference: difference(-0.003, -0.001) };
const ALIKE = { championScore: score(0.02), difference: difference(-0.003, 0.003) };

const folder = temporaryFolder();

describe('registering', () => {
  it('makes the first model of a catalog its champion, and no later one', async () => {
    const registry = registryIn(folder());
    expect(await registry.register(candidate('a'))).toEqual({ name: 'm1', champion: true });
    expect(await registry.register(candidate('b', { logLoss: 0.001 }))).toEqual({ name: 'm2', champion: false });
    expect(await registry.register(candidate('c', { catalog: 'own' }))).toEqual({ name: 'm3', champion: true });
    const { champions, promotions, models } = await registry.state();
    expect(champions).toEqual({ lila: 'm1', own: 'm3' });
    expect(promotions.map(({ model, how }) => [model, how])).toEqual([
      ['m1', 'first'],
      ['m3', 'first'],
    ]);
    expect(models[0]).toMatchObject({ ...candidate('a'), name: 'm1' });
  });

  it('of the same model again finds the first registration', async () => {
    await registryIn(folder()).register(candidate('a'));
    const again = { ...candidate('a'), run: { workflowId: 'another', runId: 'run' } };
    expect(await registryIn(folder()).register(again)).toEqual({ name: 'm1', champion: true });
    expect((await registryIn(folder()).state()).models).toHaveLength(1);
  });

  it('gives every model a name of its own and the catalog one champion when many register at once', async () => {
    const ids = Array.from({ length: 12 }, (_, position) => `model ${position}`);
    const registrations = await Promise.all(ids.map((id) => registryIn(folder()).register(candidate(id))));
    const names = registrations.map(({ name }) => name).sort();
    expect(names).toEqual(ids.map((_, position) => `m${position + 1}`).sort());
    expect(registrations.filter(({ champion }) => champion)).toHaveLength(1);
    expect((await registryIn(folder()).state()).promotions).toHaveLength(1);
  });

  it('tells catalogs of one name apart by their places, whatever lets a reader in', async () => {
    const registry = registryIn(folder());
    const at = (id: string, place: string) => {
      const own = candidate(id, { catalog: 'reserve' });
      return registry.register({ ...own, input: { ...own.input, catalog: place } });
    };
    await at('a', '/north/catalog.json');
    expect(await at('b', '/south/catalog.json')).toEqual({ name: 'm2', champion: true });
    expect(await at('c', 'file:///south/catalog.json')).toEqual({ name: 'm3', champion: false });
    await at('d', 'https://host/catalog.json?sig=1');
    expect(await at('e', 'https://host/catalog.json?sig=2')).toEqual({ name: 'm5', champion: false });
    const { models } = await registry.state();
    const [north, south, again, remote] = models.map(({ catalog }) => catalog);
    expect(north).toBe('reserve');
    expect(south).toMatch(/^reserve-[0-9a-f]{6}$/);
    expect(again).toBe(south);
    expect(new Set([north, south, remote]).size).toBe(3);
  });

  it('holds between processes as well', async () => {
    const script = `
      const { Registry } = require('${join(projectRoot(), 'dist/lib/registry')}');
      const { openStore } = require('${join(projectRoot(), 'dist/lib/store')}');
      const registry = new Registry(openStore(process.argv[1]));
      const model = (key) => ({ catalog: 'lila', input: { catalog: 'lila' }, artifacts: { model: { key } } });
      (async () => { for (let i = 0; i < 10; i++) await registry.register(model(process.argv[2] + i)); })();`;
    const statuses = await Promise.all(
      ['a', 'b', 'c'].map(async (writer) => {
        const child = spawn(process.execPath, ['-e', script, `file://${folder()}/`, writer], { stdio: 'inherit' });
        return (await once(child, 'exit')) as [number];
      }),
    );
    expect(statuses.map(([status]) => status)).toEqual([0, 0, 0]);
    const { models, promotions } = await registryIn(folder()).state();
    expect(models.map(({ name }) => name)).toEqual(Array.from({ length: 30 }, (_, position) => `m${position + 1}`));
    expect(promotions).toHaveLength(1);
  });
});

describe('a challenger', () => {
  beforeEach(async () => {
    await registryIn(folder()).register(candidate('champion', { train: ['S1'], validation: ['S2'] }));
  });

  it('is kept out when it is not clearly better on the same sequences; the season it knew counts as known', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('new', { train: ['S1', 'S3'], validation: ['S2'], logLoss: 0.02 }));
    const outcome = await registry.settle({ challenger: 'm2', champion: 'm1', result: ALIKE });
    expect(outcome).toMatchObject({ challenger: 'm2', champion: 'm1' });
    expect(outcome?.reason).toContain('which may be chance');
    const state = await registry.state();
    expect(state.champions).toEqual({ lila: 'm1' });
    expect(knownSeasons(state, 'lila').sort()).toEqual(['S1', 'S2', 'S3']);
  });

  it('becomes champion when it is better, with both scores in the history', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('new', { logLoss: 0.019 }));
    await registry.settle({ challenger: 'm2', champion: 'm1', result: BETTER });
    const { champions, promotions } = await registry.state();
    expect(champions).toEqual({ lila: 'm2' });
    expect(promotions[1]).toMatchObject({
      model: 'm2',
      replaced: 'm1',
      how: 'score',
      comparison: { challengerScore: { logLoss: 0.019 }, championScore: { logLoss: 0.02 } },
    });
  });

  it('that learned from more takes its place where it is not worse by the margin of its run', async () => {
    const registry = registryIn(folder());
    const more = candidate('more', { train: ['S1', 'S3'] });
    await registry.register({
      ...more,
      input: runInputSchema.parse({ catalog: 'lila', promotion: { margin: 0.004 } }),
    });
    await registry.settle({ challenger: 'm2', champion: 'm1', result: ALIKE });
    expect((await registry.state()).champions).toEqual({ lila: 'm2' });
  });

  it('is kept out with the obstacle when the champion cannot be scored on its frames', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('new', { logLoss: 0 }));
    const obstacle = 'm1 was trained on S2.';
    const outcome = await registry.settle({ challenger: 'm2', champion: 'm1', result: { obstacle } });
    expect(outcome?.reason).toBe(obstacle);
    expect((await registry.state()).champions).toEqual({ lila: 'm1' });
  });

  it('is not settled against a champion that was replaced since', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('new', { logLoss: 0.001 }));
    await registry.register(candidate('other'));
    await registry.promote('m3', 'By hand.');
    expect(await registry.settle({ challenger: 'm2', champion: 'm1', result: BETTER })).toBeUndefined();
    expect((await registry.state()).champions).toEqual({ lila: 'm3' });
  });

  it('is settled once, however often it is asked', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('new', { logLoss: 0.001 }));
    const match = { challenger: 'm2', champion: 'm1', result: BETTER };
    const outcomes = await Promise.all([1, 2, 3].map(() => registryIn(folder()).settle(match)));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect((await registry.state()).promotions).toHaveLength(2);
  });
});

test('it is counted how often held-out seasons have decided, in vain or not', async () => {
  const registry = registryIn(folder());
  for (const id of ['a', 'b', 'c']) await registry.register(candidate(id, { validation: ['S2', 'S3'] }));
  await registry.register(candidate('d', { validation: ['S4'] }));
  await registry.settle({ challenger: 'm2', champion: 'm1', result: ALIKE });
  const second = await registry.settle({ challenger: 'm3', champion: 'm1', result: BETTER });
  expect(second?.comparison?.earlierUses).toBe(1);
  const fresh = await registry.settle({ challenger: 'm4', champion: 'm3', result: ALIKE });
  expect(fresh?.comparison?.earlierUses).toBe(0);
});

describe('promotions by hand', () => {
  it('are taken back one by one, to the first champion and no further', async () => {
    const registry = registryIn(folder());
    for (const id of ['a', 'b', 'c']) await registry.register(candidate(id));
    await registry.promote('m2', 'Better at night.');
    await registry.promote('m3', 'Better by day.');
    expect((await registry.rollback('lila', 'Worse at night.')).name).toBe('m2');
    expect((await registry.rollback('lila', 'Worse at night.')).name).toBe('m1');
    await expect(registry.rollback('lila', 'Worse.')).rejects.toMatchObject({ code: 'CHAMPION_MISSING' });
    expect((await registry.state()).promotions.map(({ how }) => how)).toEqual([
      'first',
      'person',
      'person',
      'rollback',
      'rollback',
    ]);
  });

  it('of the champion change nothing', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('a'));
    await registry.promote('m1', 'Again.');
    expect((await registry.state()).promotions).toHaveLength(1);
  });

  it('two people who take back the same promotion take back one', async () => {
    const registry = registryIn(folder());
    for (const id of ['a', 'b', 'c']) await registry.register(candidate(id));
    await registry.promote('m2', 'x');
    await registry.promote('m3', 'x');
    await Promise.all([1, 2].map(() => registryIn(folder()).rollback('lila', 'x', 'm3')));
    expect((await registry.state()).champions).toEqual({ lila: 'm2' });
  });

  it('name a model that is there', async () => {
    const registry = registryIn(folder());
    await registry.register(candidate('a'));
    await expect(registry.promote('m7', 'x')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
    await expect(registry.promote('m7', 'x')).rejects.toThrow('There is no model "m7" in the registry; it has m1.');
    const { key } = candidate('a').artifacts.model;
    expect(modelNamed(await registry.state(), key.slice(0, 12)).name).toBe('m1');
  });
});

describe('a damaged registry', () => {
  it('says which entry, and is not written to', async () => {
    await registryIn(folder()).register(candidate('a'));
    await mkdir(join(folder(), 'journals', 'registry'), { recursive: true });
    await writeFile(join(folder(), 'journals', 'registry', '00000001.json'), '{"type":');
    await expect(registryIn(folder()).state()).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
    await expect(registryIn(folder()).register(candidate('b'))).rejects.toThrow('00000001.json is not JSON');
  });

  it('is found by a single bit of an entry', async () => {
    await registryIn(folder()).register(candidate('a'));
    const entry = join(folder(), 'journals', 'registry', '00000000.json');
    const text = await readFile(entry, 'utf8');
    await flipBit(entry, text.search(/\d/));
    await expect(registryIn(folder()).state()).rejects.toThrow(`${entry} is not the entry that was written there`);
  });

  it('is found by an entry that is missing', async () => {
    const registry = registryIn(folder());
    for (const name of ['a', 'b', 'c']) await registry.register(candidate(name));
    await rm(join(folder(), 'journals', 'registry', '00000001.json'));
    await expect(registry.state()).rejects.toMatchObject({ code: 'REGISTRY_INVALID', details: { position: 1 } });
  });
});

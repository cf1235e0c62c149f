import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ARTIFACT_KINDS, type ArtifactKind } from '../../../lib/contracts/artifact';
import type { RunRequest } from '../../../lib/contracts/runInput';
import { openStore, type ArtifactStore } from '../../../lib/store';
import { simulateCatalog } from '../../../simulator';
import { flipBit } from '../../support/flipBit';
import { SMALL_MODEL } from '../../support/smallModel';
import { digestsIn, wholeRun } from './support/wholeRun';

const KINDS = ARTIFACT_KINDS.filter((kind) => !['archive', 'submission', 'report'].includes(kind));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  await simulateCatalog(join(folder, 'mirror'), { sequences: 12, width: 64, height: 48 });
  await wholeRun(storeIn('extracted'), request('extracted'));
  await cp(join(folder, 'extracted'), join(folder, 'mirrors'), { recursive: true });
  await rm(join(folder, 'mirrors', 'artifacts', 'features'), { recursive: true });
  await wholeRun(storeIn('mirrors'), request('mirrors'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function request(frameSource: RunRequest['frameSource']): RunRequest {
  return {
    catalog: join(folder, 'mirror', 'catalog.json'),
    frameSource,
    model: SMALL_MODEL,
    frames: { keepEmpties: 1 },
    training: { head: 'tutorial', epochs: 2, hidden: [8] },
  };
}

function storeIn(name: string, warnings: string[] = []): ArtifactStore {
  const uri = pathToFileURL(join(folder, `${name}/`)).href;
  return openStore(uri, process.env, ({ message }) => warnings.push(message));
}

/** The first file of a kind's artifacts, in a store, that a pattern fits. */
async function fileOf(store: string, kind: ArtifactKind, pattern: RegExp): Promise<string> {
  const names = await readdir(join(folder, store, 'artifacts', kind), { recursive: true });
  const found = names.sort().find((name) => pattern.test(name));
  if (found === undefined) throw new Error(`No ${String(pattern)} among the ${kind} artifacts`);
  return join(folder, store, 'artifacts', kind, found);
}

/** What has to be done again so that the file is read: the kinds that are made of it. */
type Case = readonly [what: string, kind: ArtifactKind, file: RegExp, madeOfIt: readonly ArtifactKind[]];

const FILES: readonly Case[] = [
  ['the catalog', 'catalog', /catalog\.json$/, []],
  ['a metadata archive', 'metadata', /\.json\.zip$/, ['index']],
  ['the list of extracted frames', 'frames', /entries\.csv$/, ['index']],
  ['an extracted frame', 'frames', /\.JPG$/i, ['features']],
  ['an index', 'index', /frames\.parquet$/, ['pick']],
  ['a pick', 'pick', /frames\.parquet$/, ['features']],
  ['the backbone', 'backbone', /saved_model\.pb$/, ['features']],
  ['features', 'features', /features\.npy$/, ['model', 'validation']],
  ['a head', 'model', /head\.safetensors$/, ['validation']],
];

/** Damages a copy of a store, takes the steps again, and expects the same results. @returns what the store has warned of */
async function remade(
  from: 'extracted' | 'mirrors',
  damage: (store: string) => Promise<void>,
  madeOfIt: readonly ArtifactKind[],
  frameSource: RunRequest['frameSource'] = from,
): Promise<readonly string[]> {
  const name = (await mkdtemp(join(folder, 'damaged-'))).slice(folder.length + 1);
  await cp(join(folder, from), join(folder, name), { recursive: true });
  for (const kind of madeOfIt) await rm(join(folder, name, 'artifacts', kind), { recursive: true });
  await damage(name);
  const warnings: string[] = [];
  await wholeRun(storeIn(name, warnings), request(frameSource));
  expect(await digestsIn(storeIn(name), KINDS)).toMatchObject(await digestsIn(storeIn(from), KINDS));
  return warnings;
}

describe('a flipped bit', () => {
  it.each(FILES)('in %s is found, set aside, and what it was is made anew', async (_what, kind, file, madeOfIt) => {
    const damage = async (store: string): Promise<void> => flipBit(await fileOf(store, kind, file));
    const warnings = await remade('extracted', damage, madeOfIt);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`The ${kind} artifact is set aside: `))]);
    const place = warnings[0]!.split('is set aside: ')[1]!;
    expect(existsSync(place)).toBe(true);
  });

  it('in a zip of fetched frames is found, and they are fetched anew', async () => {
    const damage = async (store: string): Promise<void> => flipBit(await fileOf(store, 'frames', /frames-.*\.zip$/));
    const warnings = await remade('mirrors', damage, ['features', 'model', 'validation']);
    expect(warnings).toEqual([expect.stringContaining('The frames artifact is set aside')]);
  });

  it('in an archive that frames are read from is found, and the frame comes from the mirror', async () => {
    // Among the bytes of the first frame.
    const damage = async (store: string): Promise<void> => flipBit(await fileOf(store, 'archive', /\.zip$/), 300);
    expect(await remade('extracted', damage, ['features', 'model', 'validation'], 'archives')).toEqual([]);
  });

  it.each(['frames', 'features', 'validation'] as const)(
    'in the manifest of a %s artifact is found, and it is made anew',
    async (kind) => {
      const damage = async (store: string): Promise<void> => {
        const path = await fileOf(store, kind, /manifest\.json$/);
        const text = await readFile(path, 'utf8');
        await flipBit(path, text.search(/\d/));
      };
      const warnings = await remade('extracted', damage, []);
      expect(warnings[0]).toMatch(/The manifest .* is not the one that was written: its digest is another/);
    },
  );
});

it('a manifest that is no JSON any more stops no run', async () => {
  const damage = async (store: string): Promise<void> => writeFile(await fileOf(store, 'pick', /manifest\.json$/), '{');
  expect(await remade('extracted', damage, [])).toEqual([expect.stringContaining('is not JSON')]);
});

it('only the one frame is extracted anew that was damaged', async () => {
  let damaged = '';
  const warnings = await remade(
    'extracted',
    async (store) => flipBit((damaged = await fileOf(store, 'frames', /\.JPG$/i))),
    ['features'],
  );
  const place = warnings[0]!.split('is set aside: ')[1]!;
  expect((await readFile(place)).equals(await readFile(damaged))).toBe(false);
  expect((await readFile(place)).length).toBe((await readFile(damaged)).length);
});

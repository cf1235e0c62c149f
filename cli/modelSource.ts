import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../lib/contracts/errors';
import { CARD_FILE } from '../lib/model';
import { Registry } from '../lib/registry';
import { zipMembers } from '../lib/seasons';
import { checkCopy, isDamage, type ArtifactStore } from '../lib/store';
import { pathExists } from '../lib/io/files';

/** Folder of the model inside a packaged submission. */
const ASSETS = 'assets';

/**
 * Has a model's folder for as long as `use` takes.
 *
 * @param where - a model's folder, its `saved_model`, a submission's folder, or a `submission.zip`; without it, the
 *   champion of the registry that was promoted last, or the newest model of the store while none is registered
 * @throws SerengetiError MODEL_MISSING where there is none; MODEL_INVALID where it is not what was stored
 */
export async function withModel<T>(
  where: string | undefined,
  store: ArtifactStore,
  use: (directory: string, said: string) => Promise<T>,
): Promise<T> {
  if (where === undefined) {
    const { directory, said } = (await championModel(store)) ?? (await newestModel(store));
    return await use(directory, said);
  }
  const path = resolve(where);
  const found = await stat(path).catch((cause: unknown) => {
    throw new SerengetiError('MODEL_MISSING', `There is nothing at ${path}`, { cause, details: { path } });
  });
  const useIt = (directory: string): Promise<T> => use(directory, where);
  if (!found.isDirectory()) {
    await checkStored(dirname(path), [basename(path)]);
    return await withUnpacked(path, useIt);
  }
  const folder = await modelFolder(path);
  await checkStored(folder);
  return await useIt(folder);
}

/** What lies in a store, or was copied out of one with its manifest, is checked as the store does. */
async function checkStored(folder: string, files?: readonly string[]): Promise<void> {
  try {
    await checkCopy(folder, files);
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new SerengetiError('MODEL_INVALID', error.message, { cause: error, details: error.details });
  }
}

/** A model's folder, and which it is, in words. */
interface Chosen {
  readonly directory: string;
  readonly said: string;
}

/** Of several catalogs' champions, the one that was promoted last. */
async function championModel(store: ArtifactStore): Promise<Chosen | undefined> {
  const { models, champions, promotions } = await new Registry(store).state();
  const latest = promotions.findLast(({ catalog, model }) => champions[catalog] === model);
  const champion = models.find(({ name }) => name === latest?.model);
  if (champion === undefined) return undefined;
  const directory = (await store.open(champion.artifacts.model)).path('.');
  return { directory, said: `${champion.name}, champion of ${champion.catalog}: ${directory}` };
}

async function newestModel(store: ArtifactStore): Promise<Chosen> {
  const [newest] = await store.list('model');
  if (newest === undefined) throw new SerengetiError('MODEL_MISSING', `The store ${store.uri} has no model`);
  const directory = (await store.open(newest)).path('.');
  return { directory, said: `the newest of the store; none is registered: ${directory}` };
}

/** What people call the model's folder is often one beside or below it. */
async function modelFolder(path: string): Promise<string> {
  const candidates = [path, join(path, ASSETS), ...(basename(path) === 'saved_model' ? [dirname(path)] : [])];
  for (const candidate of candidates) if (await pathExists(join(candidate, CARD_FILE))) return candidate;
  throw new SerengetiError('MODEL_MISSING', `The folder ${path} has no ${CARD_FILE}, so it is not a model's`, {
    details: { path },
  });
}

async function withUnpacked<T>(zip: string, use: (directory: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-model-'));
  try {
    const assets = (await zipMembers(zip)).filter(({ name }) => name.startsWith(`${ASSETS}/`));
    if (!assets.some(({ name }) => name === `${ASSETS}/${CARD_FILE}`)) {
      throw new SerengetiError('MODEL_MISSING', `${zip} has no ${ASSETS}/${CARD_FILE}, so it is not a submission`, {
        details: { path: zip },
      });
    }
    for (const member of assets) {
      const path = join(folder, member.name);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(member.open(), createWriteStream(path));
    }
    return await use(join(folder, ASSETS));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

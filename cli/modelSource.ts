import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../lib/contracts/errors';
import { CARD_FILE } from '../lib/model';
import { zipMembers } from '../lib/seasons';
import type { ArtifactStore } from '../lib/store';
import { pathExists } from '../lib/store/files';

/** Folder of the model inside a packaged submission. */
const ASSETS = 'assets';

/**
 * Has a model's folder for as long as `use` takes.
 *
 * @param where - a model's folder, its `saved_model`, a submission's folder, or a `submission.zip`; without it, the
 *   newest model of the store
 * @throws SerengetiError MODEL_MISSING where there is none
 */
export async function withModel<T>(
  where: string | undefined,
  store: ArtifactStore,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  if (where === undefined) return await use(await newestModel(store));
  const path = resolve(where);
  const found = await stat(path).catch((cause: unknown) => {
    throw new SerengetiError('MODEL_MISSING', `There is nothing at ${path}`, { cause, details: { path } });
  });
  return found.isDirectory() ? await use(await modelFolder(path)) : await withUnpacked(path, use);
}

async function newestModel(store: ArtifactStore): Promise<string> {
  const [newest] = await store.list('model');
  if (newest === undefined) throw new SerengetiError('MODEL_MISSING', `The store ${store.uri} has no model`);
  return (await store.open(newest)).path('.');
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

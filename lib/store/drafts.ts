import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTIFACT_KINDS } from '../contracts/artifact';
import { isGone, isTemporary, namesIn, statIfThere } from '../io/files';
import type { DraftFacts } from './store';

/** All drafts in a folder, as `<kind>/<key>/`; oldest change first. */
export async function listDrafts(root: string): Promise<DraftFacts[]> {
  const facts: DraftFacts[] = [];
  for (const kind of ARTIFACT_KINDS) {
    for (const key of await namesIn(join(root, kind))) {
      if (!isTemporary(key)) facts.push({ kind, key, ...(await lastChange(join(root, kind, key))) });
    }
  }
  return facts.sort((a, b) => (a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : 0));
}

/** Size of a folder's files, temporary ones too, and the time of its newest change. Files may vanish meanwhile. */
async function lastChange(folder: string): Promise<Pick<DraftFacts, 'bytes' | 'changedAt'>> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (isGone(error)) return [];
    throw error;
  });
  let bytes = 0;
  let newest = 0;
  for (const name of ['.', ...names]) {
    const info = await statIfThere(join(folder, name));
    if (info === undefined) continue;
    if (!info.isDirectory()) bytes += info.size;
    newest = Math.max(newest, info.mtimeMs);
  }
  return { bytes, changedAt: new Date(newest).toISOString() };
}

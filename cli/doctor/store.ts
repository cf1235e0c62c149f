import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSerengetiError } from '../../lib/contracts/errors';
import { counted, formatBytes } from '../../lib/contracts/format';
import { serengetiHome } from '../../lib/io/home';
import { Registry } from '../../lib/registry';
import { openStore } from '../../lib/store';
import { writeFileAtomic } from '../../lib/io/files';
import { readSettings } from '../../workers/settings';
import { fail, ok, warn, type Finding } from './finding';

/** Less than this, and the first larger season does not fit. */
const LITTLE_SPACE = 20e9;
const NO_SPACE = 1e9;

/** The artifact store, its registry, and the disks. */
export async function checkStore(): Promise<Finding[]> {
  const { store } = readSettings();
  const folders = store.startsWith('file://') ? [fileURLToPath(store), serengetiHome()] : [serengetiHome()];
  return [await checkWriting(store), await checkRegistry(store), ...(await checkDisks(folders))];
}

/** Writes a file where a step would, and takes it away again. */
async function checkWriting(uri: string): Promise<Finding> {
  try {
    const store = openStore(uri);
    await store.check();
    const draft = await store.draft({ kind: 'report', key: randomBytes(32).toString('hex') });
    await writeFileAtomic(draft.path('doctor.txt'), 'Written and removed by `serengeti doctor`.\n');
    await draft.discard();
    return ok('store', uri);
  } catch (error) {
    return fail('store', `${uri}: ${(error as Error).message}`, repairOf(error, 'Correct SERENGETI_STORE.'));
  }
}

async function checkRegistry(uri: string): Promise<Finding> {
  try {
    const { models, champions } = await new Registry(openStore(uri)).state();
    const names = Object.entries(champions).map(([catalog, name]) => `${name} of ${catalog}`);
    return ok(
      'registry',
      `${counted(models.length, 'model')}${names.length === 0 ? '' : `; champion ${names.join(', ')}`}`,
    );
  } catch (error) {
    return fail('registry', (error as Error).message, repairOf(error, 'Look at the store first.'));
  }
}

async function checkDisks(folders: readonly string[]): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  for (const folder of folders) {
    const place = nearestThere(folder);
    const { bavail, bsize, type, blocks } = await statfs(place);
    const free = bavail * bsize;
    // Folders of one disk are told once.
    findings.set(`${type} ${blocks} ${bsize}`, spaceFinding(place, free));
  }
  return [...findings.values()];
}

function spaceFinding(place: string, free: number): Finding {
  const text = `${formatBytes(free)} free at ${place}`;
  const advice =
    'Free some: `serengeti gc` shows what nothing needs. Reading at the mirrors needs less: `"frameSource": "mirrors"`.';
  if (free < NO_SPACE) return fail('disk', text, advice);
  return free < LITTLE_SPACE ? warn('disk', text, advice) : ok('disk', text);
}

function nearestThere(folder: string): string {
  return existsSync(folder) ? folder : nearestThere(dirname(folder));
}

function repairOf(error: unknown, otherwise: string): string {
  return isSerengetiError(error) ? error.repair : otherwise;
}

import { join } from 'node:path';
import { serengetiHome } from '../../../lib/io/home';
import { simulateCatalog } from '../../../simulator';

/**
 * Three seasons of a few sequences, for all tests that need no others: drawn once, and only read. @returns their folder,
 * with a catalog
 */
export async function smallSeasons(): Promise<string> {
  const folder = join(serengetiHome(), 'test', 'small');
  await simulateCatalog(folder, { sequences: 40, width: 640, height: 480 });
  return folder;
}

/** Jest calls this before the tests: two that drew them at the same time would change files that the other one serves. */
export default smallSeasons;

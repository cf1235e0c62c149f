import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { folderOfJournal, JOURNAL_FILE } from './journal';

/**
 * Where the results for a folder go if nobody says it: `NAME-predictions` in `parent`, or with a number behind it where
 * another folder of that name, such as the next card's `DCIM`, was there first.
 */
export async function outputFor(folder: string, parent: string): Promise<string> {
  const here = await realpath(folder).catch(() => folder);
  for (let number = 1; ; number++) {
    const output = join(parent, `${basename(folder)}-predictions${number === 1 ? '' : `-${number}`}`);
    const owner = await folderOfJournal(join(output, JOURNAL_FILE));
    if (owner === undefined || owner === here) return output;
  }
}

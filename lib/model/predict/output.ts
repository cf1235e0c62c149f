import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
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

/**
 * The folder whose photographs were labelled.
 *
 * @param output - where the results are
 * @throws SerengetiError INPUT_INVALID where there are none
 */
export async function photographsOf(output: string): Promise<string> {
  const folder = await folderOfJournal(join(output, JOURNAL_FILE));
  if (folder !== undefined) return folder;
  throw new SerengetiError('INPUT_INVALID', `${output} has no ${JOURNAL_FILE}: name a folder that \`predict\` wrote`);
}

/**
 * Writes the table of docs/errors.md from the codes that the program has. Run it after a change of
 * `lib/contracts/errors.ts`; a test compares.
 *
 *     npx tsc -p . && node scripts/errors.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { errorTable } = createRequire(import.meta.url)('../dist/lib/contracts/errorTable.js');

const page = new URL('../docs/errors.md', import.meta.url);
const [introduction] = readFileSync(page, 'utf8').split(/^\|/m);
writeFileSync(page, introduction + errorTable());

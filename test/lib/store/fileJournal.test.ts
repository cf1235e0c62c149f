import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openStore, type Journal } from '../../../lib/store';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

function journal(): Journal {
  return openStore(pathToFileURL(`${folder()}/`).href).journal('log');
}

describe('a journal', () => {
  it('is empty before its first entry', async () => {
    expect(await journal().read()).toEqual([]);
  });

  it('refuses an entry whose position is taken, and keeps the one that is there', async () => {
    expect(await journal().append(0, 'first')).toBe(true);
    expect(await journal().append(0, 'late')).toBe(false);
    expect(await journal().read()).toEqual(['first']);
  });

  it('lets exactly one of many writers have a position', async () => {
    const texts = Array.from({ length: 20 }, (_, writer) => `writer ${writer}`);
    const won = await Promise.all(texts.map((text) => journal().append(0, text)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await journal().read()).toEqual([texts[won.indexOf(true)]]);
    expect(await readdir(join(folder(), 'journals', 'log'))).toEqual(['00000000.json']);
  });

  it('does not read what a killed writer left half-written', async () => {
    await journal().append(0, 'whole');
    await mkdir(join(folder(), 'journals', 'log'), { recursive: true });
    await writeFile(join(folder(), 'journals', 'log', '00000001.json.tmp-99-abcd'), 'ha');
    expect(await journal().read()).toEqual(['whole']);
    expect(await journal().append(1, 'next')).toBe(true);
    expect(await journal().read()).toEqual(['whole', 'next']);
  });

  it('keeps its order beyond nine entries', async () => {
    for (let position = 0; position < 12; position++) await journal().append(position, String(position));
    expect(await journal().read()).toEqual(Array.from({ length: 12 }, (_, position) => String(position)));
  });
});

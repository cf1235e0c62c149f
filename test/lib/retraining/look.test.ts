import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogSchema, type Catalog } from '../../../lib/contracts/catalog';
import { lookAtSeasons } from '../../../lib/retraining';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

function catalog(): Catalog {
  return catalogSchema.parse({
    name: 'small',
    mirrors: [{ name: 'local', url: pathToFileURL(`${folder()}/`).href }],
    classes: ['empty', 'lion'],
    seasons: [
      { id: 'S1', archives: ['S1.zip'], metadata: { format: 'coco-camera-traps', path: 'S1.json' } },
      { id: 'S2', archives: ['S2.zip'], metadata: { format: 'coco-camera-traps', path: 'S2.json' } },
    ],
  });
}

async function write(name: string, bytes: number): Promise<void> {
  await writeFile(join(folder(), name), Buffer.alloc(bytes));
}

describe('a new season', () => {
  beforeEach(async () => {
    for (const name of ['S1.json', 'S1.zip', 'S2.json']) await write(name, 10);
  });

  it('waits when a file of it is missing, which is named; others do not', async () => {
    const [whole, half] = await lookAtSeasons(catalog(), catalog().seasons);
    expect(whole).toMatchObject({ season: 'S1', bytes: 20 });
    expect(whole).not.toHaveProperty('waits');
    expect(half).toMatchObject({ season: 'S2', version: '' });
    expect(half?.waits).toContain('S2.zip');
  });

  it('waits when it has grown since the look before', async () => {
    const before = await lookAtSeasons(catalog(), catalog().seasons);
    await write('S1.zip', 2000);
    const [look] = await lookAtSeasons(catalog(), catalog().seasons, before);
    expect(look?.waits).toBe('It went from 20 to 2,010 bytes between the two looks.');
  });

  it('waits when its last file came since the look before: that one may still grow', async () => {
    const before = await lookAtSeasons(catalog(), catalog().seasons);
    await write('S2.zip', 10);
    const looks = await lookAtSeasons(catalog(), catalog().seasons, before);
    expect(looks.map(({ waits }) => waits)).toEqual([undefined, 'It was completed between the two looks.']);
  });

  it('is whole when nothing changed, and stops when it is told to', async () => {
    await write('S2.zip', 10);
    const before = await lookAtSeasons(catalog(), catalog().seasons);
    const looks = await lookAtSeasons(catalog(), catalog().seasons, before);
    expect(looks.every(({ waits }) => waits === undefined)).toBe(true);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(lookAtSeasons(catalog(), catalog().seasons, before, { signal })).rejects.toThrow('enough');
  });
});

import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { artifactId, openStore, type ArtifactStore, type CommitRecord, type Recipe } from '../../../lib/store';
import { listFiles, scratchPath, writeFileAtomic } from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();
const recipe: Recipe = { kind: 'index', step: 'indexSeason', version: 1, params: { season: 'S1' }, inputs: [] };
const id = artifactId(recipe);
const record: CommitRecord<{ rows: number }> = { ...recipe, summary: { rows: 2 }, seconds: 1.5 };

function store(): ArtifactStore {
  return openStore(pathToFileURL(`${folder()}/`).href);
}

describe('a draft', () => {
  it('is not an artifact: neither found nor opened nor listed', async () => {
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('rows.csv'), 'a\nb\n');
    expect(await store().find(id)).toBeUndefined();
    await expect(store().open(id)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    await expect(store().manifest(id)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await store().list('index')).toEqual([]);
  });

  it('of another host is not here, and the message says which host this is', async () => {
    await expect(store().open(id)).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      message: expect.stringContaining(`on ${hostname()}; such a store serves the workers that share its folder`),
    });
  });

  it('keeps what a killed predecessor put into it', async () => {
    await writeFileAtomic((await store().draft(id)).path('part/0.csv'), 'a\n');
    expect(await readFile((await store().draft(id)).path('part/0.csv'), 'utf8')).toBe('a\n');
  });

  it('can be thrown away', async () => {
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('rows.csv'), 'a\n');
    await draft.discard();
    expect(await listFiles((await store().draft(id)).path('.'))).toEqual([]);
    expect(await readdir(join(folder(), 'removed'))).toEqual([]);
  });
});

describe('a committed artifact', () => {
  it('has a manifest with what it was made from, and digests of its files', async () => {
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('rows.csv'), 'a\nb\n');
    const ref = await draft.commit(record);
    expect(ref).toMatchObject({ ...id, bytes: 4, summary: { rows: 2 } });
    expect(await store().find(id)).toEqual(ref);
    expect(await store().manifest(id)).toMatchObject({
      step: 'indexSeason',
      params: { season: 'S1' },
      seconds: 1.5,
      files: [{ name: 'rows.csv', bytes: 4, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
      versions: { node: process.versions.node },
    });
    expect(await readFile((await store().open(id)).path('rows.csv'), 'utf8')).toBe('a\nb\n');
  });

  it('lists no temporary files of killed writers, and no trees that have an inventory of their own', async () => {
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('entries.csv'), 'name\n');
    await writeFileAtomic(draft.path('frames/S1/one.jpg'), 'jpeg');
    await writeFile(draft.path('entries.csv.tmp-7-abcd'), 'half');
    const ref = await draft.commit({ ...record, inventoried: ['frames'] });
    const { files } = await store().manifest(id);
    expect(files.map(({ name }) => name)).toEqual(['entries.csv']);
    expect(ref.bytes).toBe('name\n'.length + 'jpeg'.length);
  });

  it('stays the first one when two workers finish the same artifact', async () => {
    const [slow, fast] = await Promise.all([store().draft(id), store().draft(id)]);
    await writeFileAtomic(fast.path('rows.csv'), 'a\nb\n');
    const ref = await fast.commit(record);
    await writeFileAtomic(slow.path('rows.csv'), 'a\n');
    expect(await slow.commit(record)).toEqual(ref);
    expect(await store().drafts()).toEqual([]);
  });

  it('is never half of one, from a worker that went on after the whole one was made and removed', async () => {
    const slow = await store().draft(id);
    await writeFileAtomic(slow.path('first.csv'), 'a\n');
    await (await store().draft(id)).commit(record);
    await store().remove(id);
    await writeFileAtomic(slow.path('second.csv'), 'b\n');
    await expect(slow.commit(record)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await store().find(id)).toBeUndefined();
  });

  it('keeps nothing of what another worker was writing when it was committed', async () => {
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('frames/one.jpg'), 'jpeg');
    await writeFile(draft.path('frames/two.jpg.tmp-7-abcd'), 'half');
    await writeFileAtomic(join(scratchPath(draft.path('.'), 'parts'), '0'), 'a part');
    await draft.commit({ ...record, inventoried: ['frames'] });
    const there = await readdir((await store().open(id)).path('.'), { recursive: true });
    expect(there.sort()).toEqual(['frames', 'frames/one.jpg', 'manifest.json']);
  });

  it('is reported when its manifest is damaged, with the place', async () => {
    const draft = await store().draft(id);
    const ref = await draft.commit(record);
    const manifest = join(new URL(ref.uri).pathname, 'manifest.json');
    await writeFile(manifest, '{"kind": "ind');
    await expect(store().find(id)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining(manifest) as string,
    });
  });

  it('is listed newest first', async () => {
    const other = artifactId({ ...recipe, params: { season: 'S2' } });
    await (await store().draft(id)).commit(record);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await (await store().draft(other)).commit(record);
    expect((await store().list('index')).map(({ key }) => key)).toEqual([other.key, id.key]);
  });
});

describe('openStore', () => {
  it('refuses an address it does not know', () => {
    expect(() => openStore('ftp://host/')).toThrow(expect.objectContaining({ code: 'STORE_UNSUPPORTED' }) as Error);
  });

  it('works in a folder whose name has spaces and other characters', async () => {
    const odd = join(folder(), 'a b#c%20');
    await mkdir(odd);
    const oddStore = openStore(pathToFileURL(`${odd}/`).href);
    const ref = await (await oddStore.draft(id)).commit(record);
    expect(await oddStore.find(id)).toEqual(ref);
  });
});

describe('removing', () => {
  async function commit(): Promise<void> {
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('rows.csv'), 'a\nb\n');
    await draft.commit(record);
  }

  it('takes the whole artifact away, for stores that have listed it too', async () => {
    await commit();
    const other = store();
    expect(await other.list('index')).toHaveLength(1);
    await store().remove(id);
    expect(await other.find(id)).toBeUndefined();
    expect(await other.list('index')).toEqual([]);
    expect(await readdir(join(folder(), 'removed'))).toEqual([]);
  });

  it('of what is not there is no error, and clears away what a killed removal left', async () => {
    await mkdir(join(folder(), 'removed', 'half'), { recursive: true });
    await store().remove(id);
    expect(await readdir(join(folder(), 'removed'))).toEqual([]);
  });

  it('of several at once takes each away', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => artifactId({ ...recipe, params: { n } }));
    for (const one of ids) {
      const draft = await store().draft(one);
      await writeFileAtomic(draft.path('frames/S1/one.jpg'), 'jpeg');
      await draft.commit({ ...record, inventoried: ['frames'] });
    }
    await Promise.all(ids.map((one) => store().remove(one)));
    expect(await store().list('index')).toEqual([]);
    expect(await readdir(join(folder(), 'removed'))).toEqual([]);
  });

  it('lets the artifact be made again', async () => {
    await commit();
    await store().remove(id);
    await commit();
    expect(await store().find(id)).toMatchObject({ ...id, summary: { rows: 2 } });
  });
});

describe('the drafts of a store', () => {
  it('are listed with their size and last change, oldest first, temporary files counted', async () => {
    expect(await store().drafts()).toEqual([]);
    const [old, recent] = [id, { ...id, key: 'f'.repeat(64) }];
    const draft = await store().draft(old);
    await writeFileAtomic(draft.path('part/0.csv'), 'abc');
    await writeFile(draft.path('1.csv.tmp-1'), 'de');
    for (const name of ['.', ...(await readdir(draft.path('.'), { recursive: true }))]) {
      await utimes(draft.path(name), 1000, 1000);
    }
    await store().draft(recent);
    expect(await store().drafts()).toEqual([
      { ...old, bytes: 5, changedAt: '1970-01-01T00:16:40.000Z' },
      { ...recent, bytes: 0, changedAt: expect.stringMatching(/^20/) as string },
    ]);
  });
});

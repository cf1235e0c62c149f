import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { artifactId, openStore, produce, type ArtifactStore, type CommitRecord, type Recipe } from '../../../lib/store';
import { LEASE_TIMES } from '../../../lib/store/draftFolder';
import { FileStore } from '../../../lib/store/fileStore';
import { builtModule } from '../../../lib/io/home';
import { listFiles, pathExists, scratchPath, writeFileAtomic } from '../../../lib/io/files';
import { flipBit } from '../../support/flipBit';
import { temporaryFolder } from '../../support/folders';
import { nextMillisecond } from '../../support/waiting';

const folder = temporaryFolder();
const recipe: Recipe = { kind: 'index', step: 'indexSeason', version: 1, params: { season: 'S1' }, inputs: [] };
const id = artifactId(recipe);
const record: CommitRecord<{ rows: number }> = { ...recipe, summary: { rows: 2 }, seconds: 1.5 };

function store(): ArtifactStore {
  return openStore(pathToFileURL(`${folder()}/`).href);
}

/** A store for which whoever owns a draft has been silent for too long. */
function hastyStore(): ArtifactStore {
  return new FileStore(pathToFileURL(`${folder()}/`).href, { lease: { ...LEASE_TIMES, lapseMs: -1 } });
}

/** A worker that writes into the draft and is killed. */
async function killedAfterWriting(name: string, text: string): Promise<void> {
  const program = `
    const { FileStore } = require(${JSON.stringify(builtModule('lib/store/fileStore.js'))});
    const { writeFileAtomic } = require(${JSON.stringify(builtModule('lib/io/files.js'))});
    new FileStore(${JSON.stringify(pathToFileURL(`${folder()}/`).href)}).draft(${JSON.stringify(id)}).then(async (draft) => {
      await writeFileAtomic(draft.path(${JSON.stringify(name)}), ${JSON.stringify(text)});
      process.kill(process.pid, 'SIGKILL');
    });`;
  const [, signal] = (await once(spawn(process.execPath, ['-e', program], { stdio: 'inherit' }), 'exit')) as [
    unknown,
    string,
  ];
  expect(signal).toBe('SIGKILL');
}

/** A promise with what fulfils it. */
function signalled(): { readonly promise: Promise<string>; readonly resolve: (value: string) => void } {
  let resolve!: (value: string) => void;
  return { promise: new Promise<string>((settle) => (resolve = settle)), resolve };
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
    await killedAfterWriting('part/0.csv', 'a\n');
    const draft = await hastyStore().draft(id);
    expect(await readFile(draft.path('part/0.csv'), 'utf8')).toBe('a\n');
  });

  it('has one owner: who else opens it waits until that one leaves it, and finds what is there', async () => {
    const first = await store().draft(id);
    await writeFileAtomic(first.path('part/0.csv'), 'a\n');
    const waits = signalled();
    const opening = store().draft(id, { onWarning: ({ message }) => waits.resolve(message) });
    expect(await waits.promise).toBe('Another worker makes the same artifact: waits for it');
    await first.release();
    expect(await readFile((await opening).path('part/0.csv'), 'utf8')).toBe('a\n');
    expect(await first.isOwned()).toBe(false);
  });

  it('begins anew for who waited until it was committed', async () => {
    const first = await store().draft(id);
    const waits = signalled();
    const opening = store().draft(id, { onWarning: ({ message }) => waits.resolve(message) });
    await waits.promise;
    await writeFileAtomic(first.path('rows.csv'), 'a\n');
    await first.commit(record);
    expect(await listFiles((await opening).path('.'))).toEqual([]);
  });

  it('is waited for only until the waiting is stopped', async () => {
    await store().draft(id);
    const stop = new AbortController();
    const opening = store().draft(id, { signal: stop.signal, onWarning: () => stop.abort(new Error('enough')) });
    await expect(opening).rejects.toThrow('enough');
  });

  it('goes to one of those that open it at the same moment', async () => {
    const patience = new AbortController();
    const opened = await Promise.allSettled(
      Array.from({ length: 8 }, async () => {
        const draft = await store().draft(id, { signal: patience.signal });
        patience.abort();
        return draft;
      }),
    );
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(join(folder(), 'drafts', 'index'))).toEqual([id.key]);
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

  it('is what a worker ends with that was silent for so long that another one took its draft over', async () => {
    const slow = await store().draft(id);
    const fast = await hastyStore().draft(id);
    await writeFileAtomic(fast.path('rows.csv'), 'a\nb\n');
    const ref = await fast.commit(record);
    await writeFileAtomic(slow.path('rows.csv'), 'a\n');
    expect(await slow.commit(record)).toEqual(ref);
    expect(await store().drafts()).toEqual([]);
  });

  it('has nothing of what its former owner wrote since', async () => {
    const slow = await store().draft(id);
    await writeFileAtomic(slow.path('rows.csv'), 'a\n');
    const fast = await hastyStore().draft(id);
    await writeFileAtomic(slow.path('rows.csv'), 'other\n');
    const { bytes } = await fast.commit(record);
    await writeFileAtomic(slow.path('rows.csv'), 'another\n');
    expect(bytes).toBe('a\n'.length);
    expect(await readFile((await store().open(id)).path('rows.csv'), 'utf8')).toBe('a\n');
  });

  it('is never half of one, from a worker that went on after the whole one was made and removed', async () => {
    const slow = await store().draft(id);
    await writeFileAtomic(slow.path('first.csv'), 'a\n');
    await (await hastyStore().draft(id)).commit(record);
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

  it('is listed with its family', async () => {
    const other = { ...recipe, params: { season: 'S2' } };
    await (await store().draft(id)).commit({ ...record, family: 'aa' });
    await (await store().draft(artifactId(other))).commit({ ...record, ...other, family: 'bb' });
    expect(await store().list('index', 'aa')).toMatchObject([id]);
    expect(await store().list('index')).toHaveLength(2);
  });

  it('is listed newest first', async () => {
    const other = artifactId({ ...recipe, params: { season: 'S2' } });
    await (await store().draft(id)).commit(record);
    await nextMillisecond();
    await (await store().draft(other)).commit(record);
    expect((await store().list('index')).map(({ key }) => key)).toEqual([other.key, id.key]);
  });
});

describe('what is other than it was stored', () => {
  const warnings: string[] = [];
  const watched = (): ArtifactStore =>
    openStore(pathToFileURL(`${folder()}/`).href, {}, ({ message }) => warnings.push(message));
  /** Makes the artifact with a listed file and a tree. @returns its folder */
  async function make(): Promise<string> {
    warnings.length = 0;
    const { ref } = await produce(watched(), {
      recipe,
      inventoried: ['frames'],
      undigested: ['large.zip'],
      work: async (draft) => {
        for (const name of ['rows.csv', 'large.zip', 'frames/1.jpg', 'frames/2.jpg']) {
          if (!(await pathExists(draft.path(name)))) await writeFileAtomic(draft.path(name), `of ${name}`);
        }
        return { rows: 2 };
      },
    });
    return fileURLToPath(ref.uri);
  }

  it.each(['manifest.json', 'rows.csv'])(
    'by one bit of %s is found, kept aside and told, and made anew',
    async (name) => {
      const path = join(await make(), name);
      const before = await readFile(path);
      await flipBit(path);
      await expect(watched().open(id)).rejects.toMatchObject({
        code: 'ARTIFACT_CORRUPT',
        message: expect.stringContaining(path),
        details: { ...id, place: expect.stringContaining(join(folder(), 'damaged', 'index', id.key)) as string },
      });
      expect(warnings).toEqual([expect.stringContaining('is set aside')]);
      const aside = join(warnings[0]!.split('is set aside: ')[1]!, name);
      expect((await readFile(aside)).equals(before)).toBe(false);
      expect(await watched().find(id)).toBeUndefined();
      await make();
      expect(await readFile((await watched().open(id)).path('rows.csv'), 'utf8')).toBe('of rows.csv');
    },
  );

  it.each(['{"kind": "ind', 'null', ''])('in a manifest that reads %j is as if it were not there', async (text) => {
    await writeFile(join(await make(), 'manifest.json'), text);
    expect(await watched().list('index')).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('is set aside')]);
    expect(await watched().find(id)).toBeUndefined();
  });

  it('is the manifest of another artifact', async () => {
    const other = { ...id, key: 'f'.repeat(64) };
    await cp(await make(), join(folder(), 'artifacts', 'index', other.key), { recursive: true });
    await expect(watched().manifest(other)).rejects.toThrow(`is of the index artifact ${id.key}`);
  });

  it.each([
    ['rows.csv', 'is not there'],
    ['large.zip', 'is not there'],
  ])('is one that lacks %s', async (name, problem) => {
    await rm(join(await make(), name));
    await expect(watched().open(id)).rejects.toThrow(problem);
    expect(await watched().find(id)).toBeUndefined();
  });

  it('is a file without a digest that is longer or shorter', async () => {
    await writeFile(join(await make(), 'large.zip'), 'short');
    await expect(watched().open(id)).rejects.toThrow('has 5 bytes; its manifest says 12');
  });

  it('is found by each of several that open it at once, and what was made anew meanwhile stays', async () => {
    await flipBit(join(await make(), 'rows.csv'));
    const opened = await Promise.allSettled([1, 2, 3].map(() => watched().open(id)));
    expect(opened.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await readdir(join(folder(), 'damaged', 'index', id.key))).toHaveLength(1);
  });

  it('is found in a file that was read before', async () => {
    const path = join(await make(), 'rows.csv');
    await utimes(path, 1000, 1000);
    const reader = watched();
    await reader.open(id);
    await flipBit(path);
    await expect(reader.open(id)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });

  it('in one file of a tree costs that file alone: the others are there for who makes the artifact anew', async () => {
    const place = await make();
    const cause = new Error('frames/1.jpg: its CRC-32 differs');
    expect(await watched().setAside(id, cause, 'frames/1.jpg')).toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    const aside = warnings[0]!.split('is set aside: ')[1]!;
    expect(await readFile(aside, 'utf8')).toBe('of frames/1.jpg');
    expect(await watched().find(id)).toBeUndefined();
    const draft = await watched().draft(id);
    expect(await listFiles(draft.path('.'))).toEqual(['frames/2.jpg', 'large.zip', 'rows.csv']);
    await draft.release();
    expect(await make()).toBe(place);
    expect(await watched().drafts()).toEqual([]);
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
    await draft.release();
    for (const name of ['..', '.', ...(await readdir(draft.path('.'), { recursive: true }))]) {
      await utimes(draft.path(name), 1000, 1000);
    }
    await store().draft(recent);
    expect(await store().drafts()).toEqual([
      { ...old, bytes: 5, changedAt: '1970-01-01T00:16:40.000Z' },
      { ...recent, bytes: 0, changedAt: expect.stringMatching(/^20/) as string },
    ]);
  });
});

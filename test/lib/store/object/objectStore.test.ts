import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  artifactId,
  produce,
  type ArtifactStore,
  type CommitRecord,
  type Draft,
  type PartSink,
  type Recipe,
} from '../../../../lib/store';
import { LEASE_TIMES } from '../../../../lib/store/draftFolder';
import { writeFileAtomic } from '../../../../lib/io/files';
import { flipBit } from '../../../support/flipBit';
import { randomNumbers } from '../../../support/random';
import { BUCKET, stores } from './support';

const world = stores();
/** For a store for which whoever owns a draft has been silent for too long. */
const LAPSED = { ...LEASE_TIMES, lapseMs: -1 };
const recipe: Recipe = { kind: 'index', step: 'indexSeason', version: 1, params: { season: 'S1' }, inputs: [] };
const id = artifactId(recipe);
const record: CommitRecord<{ rows: number }> = { ...recipe, summary: { rows: 2 }, seconds: 1.5 };

/** Makes the artifact with these files. */
async function make(store: ArtifactStore, files: Readonly<Record<string, string | Buffer>>, of = recipe) {
  const draft = await store.draft(artifactId(of));
  for (const [name, content] of Object.entries(files)) await writeFileAtomic(draft.path(name), content);
  return draft.commit({ ...record, ...of });
}

describe('an artifact in a bucket', () => {
  it('is not there while it is a draft: neither found nor opened nor listed', async () => {
    const store = world.open('draft');
    await writeFileAtomic((await store.draft(id)).path('rows.csv'), 'a\n');
    expect(await store.find(id)).toBeUndefined();
    await expect(store.open(id)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await store.list('index')).toEqual([]);
  });

  it('is there for every host once it is committed, with digests of its files', async () => {
    const ref = await make(world.open('hosts'), { 'rows.csv': 'a\nb\n', 'part/0.csv': 'c\n' });
    const elsewhere = world.open('hosts');
    expect(await elsewhere.find(id)).toEqual(ref);
    expect(ref).toMatchObject({ bytes: 6, summary: { rows: 2 } });
    const artifact = await elsewhere.open(id);
    expect(await readFile(artifact.path('part/0.csv'), 'utf8')).toBe('c\n');
    expect((await elsewhere.manifest(id)).files).toEqual([
      { name: 'part/0.csv', bytes: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { name: 'rows.csv', bytes: 4, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect((await elsewhere.list('index')).map(({ key }) => key)).toEqual([id.key]);
  });

  it('has an address below which its files lie under their own names', async () => {
    const { uri } = await make(world.open('address'), { 'rows.csv': 'a\n' });
    expect(uri).toMatch(new RegExp(`^s3://${BUCKET}/address/artifacts/index/${id.key}/[0-9a-f]{16}/$`));
    const Key = `${uri.slice(`s3://${BUCKET}/`.length)}rows.csv`;
    const { Body } = await world.server.client().send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(await Body!.transformToString()).toBe('a\n');
  });

  it('is read part by part without a copy on this host', async () => {
    const content = randomBytes(200_000);
    await make(world.open('ranges'), { 'frames.bin': content });
    const store = world.open('ranges', { host: 'reader' });
    const file = await store.openRemote(id, 'frames.bin');
    expect(file).toMatchObject({ name: 'frames.bin', bytes: content.length });
    expect((await file.read(150_000, 50_000)).equals(content.subarray(150_000))).toBe(true);
    expect(await file.read(7, 1)).toEqual(content.subarray(7, 8));
    await expect(store.openRemote(id, 'other.bin')).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      message: expect.stringContaining('other.bin'),
    });
  });

  it('keeps the draft of a killed worker for the next one on the same host', async () => {
    const before = world.open('resume', { host: 'same' });
    await writeFileAtomic((await before.draft(id)).path('part/0.csv'), 'a\n');
    const after = world.open('resume', { host: 'same', lease: LAPSED });
    expect(await readFile((await after.draft(id)).path('part/0.csv'), 'utf8')).toBe('a\n');
  });
});

describe('two workers on one artifact', () => {
  it('both end well when they are on two hosts and made the same', async () => {
    const files = { 'rows.csv': 'a\nb\n' };
    const [one, two] = await Promise.all([make(world.open('race'), files), make(world.open('race'), files)]);
    expect(one).toEqual(two);
    expect(await readFile((await world.open('race').open(id)).path('rows.csv'), 'utf8')).toBe('a\nb\n');
  });

  it('leave the first one whole when what they made differs', async () => {
    const refs = await Promise.all(
      ['1 s', '2 s', '3 s'].map((time) => make(world.open('differ'), { 'rows.csv': 'a\n', 'time.txt': time })),
    );
    expect(new Set(refs.map(({ uri }) => uri)).size).toBe(1);
    const reader = world.open('differ');
    expect(await readFile((await reader.open(id)).path('rows.csv'), 'utf8')).toBe('a\n');
    expect(await readFile((await reader.open(id)).path('time.txt'), 'utf8')).toMatch(/^[123] s$/);
  });

  it('end well, and leave nothing, when they share one draft on one host, also when what they made differs', async () => {
    const random = randomNumbers(1);
    for (let round = 0; round < 4; round++) {
      const [prefix, host] = [`shared-${round}`, `host-of-${round}`];
      const made = await Promise.all(
        ['1 s', '2 s', '3 s'].map(async (time, n) => {
          const store = world.open(prefix, { host, ...(n === 0 ? { lease: LAPSED } : {}) });
          await sleep(random() * 60);
          const { ref } = await produce(store, {
            recipe,
            work: async (draft) => {
              for (const name of ['a', 'b/c', 'b/d']) await writeFileAtomic(draft.path(name), name);
              await writeFileAtomic(draft.path('time.txt'), time);
              return { rows: 2 };
            },
          });
          const files = ['a', 'b/c', 'b/d', 'time.txt'];
          const { path } = await store.open(ref);
          return { ref, texts: await Promise.all(files.map((name) => readFile(path(name), 'utf8'))) };
        }),
      );
      expect(made[1]).toEqual(made[0]);
      expect(made[2]).toEqual(made[0]);
      // Another host checks what it fetches.
      const elsewhere = await world.open(prefix).open(id);
      expect(await readFile(elsewhere.path('time.txt'), 'utf8')).toBe(made[0]!.texts.at(-1));
      expect(await world.open(prefix, { host }).drafts()).toEqual([]);
    }
  });

  it('is never half of one, from a worker that went on after the whole one was made and removed', async () => {
    const slow = world.open('half', { host: 'half' });
    const fast = world.open('half', { host: 'half', lease: LAPSED });
    const draft = await slow.draft(id);
    await writeFileAtomic(draft.path('first.csv'), 'a\n');
    await (await fast.draft(id)).commit(record);
    await fast.remove(id);
    await writeFileAtomic(draft.path('second.csv'), 'b\n');
    await expect(draft.commit(record)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await slow.find(id)).toBeUndefined();
  });
});

describe('a flipped byte', () => {
  async function flip(uri: string): Promise<void> {
    const at = { Bucket: BUCKET, Key: uri.slice(`s3://${BUCKET}/`.length) };
    const client = world.server.client();
    const content = Buffer.from(await (await client.send(new GetObjectCommand(at))).Body!.transformToByteArray());
    content[content.length >> 1]! ^= 1;
    await client.send(new PutObjectCommand({ ...at, Body: content }));
  }

  it('is found and reported with its place, and the artifact is made anew', async () => {
    const step = {
      recipe,
      work: async (draft: { path(name: string): string }) => {
        await writeFileAtomic(draft.path('rows.csv'), 'one\ntwo\n');
        return { rows: 2 };
      },
    };
    const { ref } = await produce(world.open('flip'), step);
    await flip(`${ref.uri}rows.csv`);
    const reader = world.open('flip', { host: 'flip reader' });
    await expect(reader.open(id)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringMatching(new RegExp(`${ref.uri}rows\\.csv \\(8 bytes\\) is not the file of its manifest`)),
      details: { kind: 'index', key: id.key },
    });
    expect(await reader.find(id)).toBeUndefined();
    expect(await produce(reader, step)).toEqual({ ref, reused: false });
    expect(await readFile((await world.open('flip').open(id)).path('rows.csv'), 'utf8')).toBe('one\ntwo\n');
  });

  it('of a manifest is found: it is put aside, and the artifact is made anew', async () => {
    await make(world.open('manifest'), { 'rows.csv': 'a\n' });
    await flip(`s3://${BUCKET}/manifest/artifacts/index/${id.key}/manifest.json`);
    await expect(world.open('manifest').open(id)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringMatching(
        /manifest\.json is not .*\. The index artifact is set aside: s3:.*\/damaged\/index/,
      ),
    });
    const reader = world.open('manifest');
    expect([await reader.find(id), await reader.list('index')]).toEqual([undefined, []]);
    await make(world.open('manifest'), { 'rows.csv': 'a\n' });
    expect(await readFile((await reader.open(id)).path('rows.csv'), 'utf8')).toBe('a\n');
  });

  it('of a manifest that was lost on the way costs only another request', async () => {
    await make(world.open('garbled'), { 'rows.csv': 'a\n' });
    let read = 0;
    world.link.fault = ({ method, url }) =>
      method === 'GET' && url.includes('manifest.json') && ++read === 1 ? { status: 200, body: '{' } : undefined;
    expect(await world.open('garbled', { overLink: true }).find(id)).toMatchObject(id);
  });

  it('of a copy on this host is found, and the copy fetched anew', async () => {
    await make(world.open('copy'), { 'rows.csv': 'a\n' });
    const store = world.open('copy');
    const path = (await store.open(id)).path('rows.csv');
    await flipBit(path);
    expect(await readFile((await store.open(id)).path('rows.csv'), 'utf8')).toBe('a\n');
  });

  it('of the manifest of a copy troubles nobody', async () => {
    const host = { host: 'a damaged copy' };
    await make(world.open('copies'), { 'rows.csv': 'a\n' });
    const path = (await world.open('copies', host).open(id)).path('manifest.json');
    await writeFile(path, '{');
    await make(world.open('copies', host), { 'rows.csv': 'b\n' }, { ...recipe, params: { season: 'S2' } });
    expect(await readFile((await world.open('copies', host).open(id)).path('rows.csv'), 'utf8')).toBe('a\n');
  });

  it('that was lost on the way costs only another try', async () => {
    await make(world.open('way'), { 'rows.csv': 'x'.repeat(1000) });
    let fetched = 0;
    world.link.fault = ({ method, url }) =>
      method === 'GET' && url.includes('rows.csv') && ++fetched === 1
        ? { status: 206, body: `${'x'.repeat(999)}y` }
        : undefined;
    const artifact = await world.open('way', { overLink: true }).open(id);
    expect(await readFile(artifact.path('rows.csv'), 'utf8')).toBe('x'.repeat(1000));
    expect(fetched).toBe(2);
  });

  it('is not looked for in a file that is gone: that is said', async () => {
    const { uri } = await make(world.open('gone'), { 'rows.csv': 'a\n' });
    const Key = `${uri.slice(`s3://${BUCKET}/`.length)}rows.csv`;
    await world.server.client().send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    const reader = world.open('gone');
    await expect(reader.open(id)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining('rows.csv is not there'),
    });
    expect(await reader.find(id)).toBeUndefined();
  });
});

describe('copies on this host', () => {
  it('are fetched once', async () => {
    await make(world.open('once'), { 'rows.csv': 'a\n' });
    const store = world.open('once', { overLink: true });
    await Promise.all([store.open(id), store.open(id)]);
    await store.open(id);
    expect(world.link.passed.filter(({ url }) => url.includes('rows.csv'))).toHaveLength(1);
  });

  it('are whole for each of several processes that open one at once', async () => {
    for (let round = 0; round < 5; round++) {
      const prefix = `together-${round}`;
      await make(world.open(prefix), { a: 'a', b: 'b', 'c/d': 'd' });
      await Promise.all(
        [1, 2, 3].map(async () => {
          const { path } = await world.open(prefix, { host: prefix }).open(id);
          for (const name of ['a', 'b', 'c/d']) await readFile(path(name));
        }),
      );
      const { path } = await world.open(prefix, { host: prefix }).open(id);
      expect((await readdir(path('.'), { recursive: true })).sort()).toEqual(['a', 'b', 'c', 'c/d', 'manifest.json']);
    }
  });

  it('of what this host made are not fetched at all', async () => {
    const store = world.open('own', { overLink: true });
    await make(store, { 'rows.csv': 'a\n' });
    expect(await readFile((await store.open(id)).path('rows.csv'), 'utf8')).toBe('a\n');
    expect(world.link.passed.filter(({ method, url }) => method === 'GET' && url.includes('rows.csv'))).toEqual([]);
  });
});

describe('copies beyond their limit', () => {
  it('go, the one that was opened longest ago first; what was opened in the last hours stays', async () => {
    const seasons = ['S1', 'S2', 'S3'].map((season) => ({ ...recipe, params: { season } }));
    for (const of of seasons) await make(world.open('limit'), { 'rows.csv': 'a'.repeat(1000) }, of);
    const store = world.open('limit', { cacheBytes: 2_500 });
    const paths: string[] = [];
    for (const of of seasons.slice(0, 2)) paths.push((await store.open(artifactId(of))).path('manifest.json'));
    const yesterday = Date.now() / 1000 - 86_400;
    await utimes(paths[0]!, yesterday, yesterday - 1);
    await utimes(paths[1]!, yesterday, yesterday);
    paths.push((await store.open(artifactId(seasons[2]!))).path('manifest.json'));
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, true]);

    const full = world.open('limit', { cacheBytes: 1, host: 'full' });
    for (const of of seasons) paths.push((await full.open(artifactId(of))).path('manifest.json'));
    expect(paths.slice(3).map((path) => existsSync(path))).toEqual([true, true, true]);
  });
});

describe('a family', () => {
  const family = 'fa'.repeat(32);
  const member = async (prefix: string, season: string) => {
    const of = { ...recipe, params: { season } };
    await (await world.open(prefix).draft(artifactId(of))).commit({ ...record, ...of, family });
    return artifactId(of);
  };

  it('is listed without a request for any other artifact', async () => {
    await make(world.open('family'), { 'rows.csv': 'a\n' });
    const members = [await member('family', 'S2'), await member('family', 'S3')];
    const store = world.open('family', { overLink: true });
    const listed = await store.list('index', family);
    expect(listed.map(({ key }) => key).sort()).toEqual(members.map(({ key }) => key).sort());
    expect(world.link.passed).toHaveLength(3);
    expect(await store.list('index', 'other')).toEqual([]);
  });

  it('lacks members that were removed, or never became artifacts, and these names do not stay', async () => {
    const store = world.open('former');
    const [removed, kept] = [await member('former', 'S2'), await member('former', 'S3')];
    await store.remove(removed);
    const Key = `former/families/index/${family}/${'e'.repeat(64)}`;
    await world.server.client().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'of a killed worker' }));
    expect(await store.list('index', family)).toMatchObject([kept]);
    await store.removeAbandoned(new Date(Date.now() + 3_600_000));
    expect(await store.list('index', family)).toMatchObject([kept]);
    await expect(world.server.client().send(new GetObjectCommand({ Bucket: BUCKET, Key }))).rejects.toThrow();
  });
});

describe('a listing', () => {
  it('lacks what was removed, also by another host', async () => {
    const store = world.open('listed then removed');
    await make(store, { 'rows.csv': 'a\n' });
    expect(await store.list('index')).toHaveLength(1);
    await world.open('listed then removed').remove(id);
    expect(await store.list('index')).toEqual([]);
  });
});

describe('what is too large for a copy', () => {
  const bytes = 20 << 20;
  const content = randomBytes(bytes);

  it('is sent part by part, and any host goes on with it', async () => {
    const one = await world.open('send', { overLink: true }).draft(id);
    const first = (await one.send!('files/S1.zip', bytes))!;
    expect([...first.missing()]).toEqual([0, 1, 2]);
    await first.put(1, content.subarray(8 << 20, 16 << 20));

    const store = world.open('send', { overLink: true });
    const two = await store.draft(id);
    const second = (await two.send!('files/S1.zip', bytes))!;
    expect(second.doneBytes).toBe(8 << 20);
    for (const part of second.missing()) {
      const { start, length } = second.range(part);
      await second.put(part, content.subarray(start, start + length));
    }
    await expect(first.complete()).rejects.toThrow('Part 1 of 3');
    await Promise.all([second.complete(), second.complete()]);
    expect(world.link.passed.filter(({ url }) => url.includes('partNumber'))).toHaveLength(3);
    await two.commit(record);
    const file = await store.openRemote(id, 'files/S1.zip');
    expect((await file.read(0, bytes)).equals(content)).toBe(true);
    expect((await store.manifest(id)).files).toEqual([{ name: 'files/S1.zip', bytes }]);
  });

  it('is there when another worker completes it just before this one looks at its parts', async () => {
    const first = (await (await world.open('late').draft(id)).send!('files/S1.zip', 3))!;
    await first.put(0, Buffer.from('zip'));
    world.link.fault = async ({ method, url }) => {
      if (method === 'GET' && url.includes('uploadId=')) await first.complete();
      return undefined;
    };
    const late = await world.open('late', { overLink: true }).draft(id);
    expect(await late.send!('files/S1.zip', 3)).toBeUndefined();
    expect(await late.commit(record)).toMatchObject({ bytes: 3 });
  });

  it('is there for a worker with an upload of its own, and no upload is left', async () => {
    const drafts = await Promise.all(
      ['a', 'b'].map((host) => world.open('uploads', { host, overLink: true }).draft(id)),
    );
    const begun: unknown[] = [];
    const bothListed = new Promise<void>((resolve) => {
      world.link.fault = ({ method, url }) => {
        if (method === 'GET' && url.includes('uploads') && begun.push(url) === 2) resolve();
        return method === 'GET' && url.includes('uploads') ? bothListed.then(() => undefined) : undefined;
      };
    });
    const open = (draft: Draft): Promise<PartSink | undefined> => draft.send!('files/S1.zip', 3);
    const sinks = await Promise.all(drafts.map(open));
    for (const sink of sinks) await sink!.put(0, Buffer.from('zip'));
    await sinks[0]!.complete();
    await sinks[1]!.complete();
    const client = world.server.client();
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: 'uploads/' }));
    client.destroy();
    expect(Uploads ?? []).toEqual([]);
  });

  it('is there already when it was completed and not committed', async () => {
    const draft = await world.open('sent').draft(id);
    const sink = (await draft.send!('files/S1.zip', 3))!;
    await sink.put(0, Buffer.from('zip'));
    await sink.complete();
    const next = await world.open('sent').draft(id);
    expect(await next.send!('files/S1.zip', 3)).toBeUndefined();
    expect(await next.commit(record)).toMatchObject({ bytes: 3 });
  });
});

describe('an artifact that is removed', () => {
  it('is gone for every host, with all its files, and removing it again is no error', async () => {
    const store = world.open('removed');
    await make(store, { 'rows.csv': 'a\n' });
    await store.remove(id);
    await store.remove(id);
    const elsewhere = world.open('removed');
    expect(await elsewhere.find(id)).toBeUndefined();
    await expect(elsewhere.open(id)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await elsewhere.removeAbandoned(new Date(Date.now() + 3_600_000))).toMatchObject({ files: 0 });
  });
});

describe('a journal', () => {
  it('gives each position to one of the writers that race for it', async () => {
    const journals = Array.from({ length: 4 }, () => world.open('journal').journal('promotions'));
    expect(await journals[0]!.read()).toEqual([]);
    const won = await Promise.all(journals.map((journal, writer) => journal.append(0, `writer ${writer}`)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await journals[0]!.append(1, 'second')).toBe(true);
    expect(await journals[3]!.read()).toEqual([`writer ${won.indexOf(true)}`, 'second']);
  });
});

describe('drafts', () => {
  it('are listed on the host they are on', async () => {
    const store = world.open('drafts');
    await writeFileAtomic((await store.draft(id)).path('rows.csv'), 'abc');
    expect(await store.drafts()).toMatchObject([{ ...id, bytes: 3 }]);
    expect(await world.open('drafts').drafts()).toEqual([]);
  });
});

describe('what dead workers left', () => {
  it('is removed when it is old enough: uploads, and files without a manifest', async () => {
    const store = world.open('left');
    const kept = await make(store, { 'rows.csv': 'a\n' });
    const other = artifactId({ ...recipe, params: { season: 'S2' } });
    await (
      await store.draft(other)
    ).send!('files/S2.zip', 20 << 20);
    const orphan = `left/artifacts/index/${other.key}/0123456789abcdef/rows.csv`;
    await world.server.client().send(new PutObjectCommand({ Bucket: BUCKET, Key: orphan, Body: 'abc' }));

    const observer = world.open('left', { overLink: true });
    const anHourAgo = new Date(Date.now() - 3_600_000);
    expect(await observer.removeAbandoned(anHourAgo)).toEqual({ uploads: 0, files: 0, bytes: 0 });
    expect(world.link.passed.filter(({ url }) => url.includes('manifest.json'))).toEqual([]);
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect(await store.removeAbandoned(inAnHour)).toEqual({ uploads: 1, files: 1, bytes: 3 });
    expect(await store.removeAbandoned(inAnHour)).toEqual({ uploads: 0, files: 0, bytes: 0 });
    expect(await store.find(id)).toEqual(kept);
    expect(await readdir((await world.open('left').open(id)).path('.'))).toContain('rows.csv');
  });
});

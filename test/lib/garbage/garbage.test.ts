import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactId, ArtifactKind, ArtifactRef } from '../../../lib/contracts/artifact';
import { findGarbage, removeGarbage, type Needs } from '../../../lib/garbage';
import { openStore, produce, type ArtifactStore } from '../../../lib/store';
import { writeFileAtomic } from '../../../lib/io/files';
import { temporaryFolder } from '../../support/folders';
import { nextMillisecond, until } from '../../support/waiting';

const folder = temporaryFolder();
const TOMORROW = new Date(Date.now() + 86_400_000);

function store(): ArtifactStore {
  return openStore(pathToFileURL(`${folder()}/`).href);
}

async function made(
  kind: ArtifactKind,
  name: string,
  inputs: readonly ArtifactId[] = [],
  summary: object = {},
  { sources = [], step = kind }: { readonly sources?: readonly ArtifactId[]; readonly step?: string } = {},
): Promise<ArtifactRef<object>> {
  const { ref } = await produce(store(), {
    recipe: { kind, step, version: 1, params: { name }, inputs },
    sources,
    work: async (draft) => {
      await writeFileAtomic(draft.path('file'), 'ten bytes.');
      return summary;
    },
  });
  return ref;
}

/** What one run leaves, from an archive to a validation. */
async function run(season: string) {
  const archive = await made('archive', season, [], { season });
  const frames = await made('frames', season, [archive], { season });
  const index = await made('index', season, [], { season }, { sources: [frames] });
  const backbone = await made('backbone', 'lite0');
  const pick = await made('pick', season, [index]);
  const features = await made('features', season, [backbone], { season });
  const model = await made('model', season, [backbone, pick]);
  const validation = await made('validation', season, [model, pick]);
  return { archive, frames, index, backbone, pick, features, model, validation };
}

function needs(change: Partial<Needs> = {}): Needs {
  return { roots: [], seasons: new Set(), running: false, olderThan: TOMORROW, ...change };
}

async function garbageKinds(change: Partial<Needs>): Promise<string[]> {
  return (await findGarbage(store(), needs(change))).artifacts.map(({ kind }) => kind).sort();
}

describe('what a kept model needs', () => {
  it('is all that it was made from, and the features and validations of that', async () => {
    const { model } = await run('S1');
    expect(await garbageKinds({ roots: [model] })).toEqual([]);
  });

  it('is not what other runs made for themselves alone; what both use stays', async () => {
    const { model } = await run('S1');
    const other = await run('S2');
    const { artifacts } = await findGarbage(store(), needs({ roots: [model] }));
    const keys = artifacts.map(({ key }) => key);
    expect(keys).not.toContain(other.backbone.key);
    expect(artifacts.map(({ kind }) => kind).sort()).toEqual([
      'archive',
      'features',
      'frames',
      'index',
      'model',
      'pick',
      'validation',
    ]);
    expect(artifacts.every(({ season }) => season === undefined || season === 'S2')).toBe(true);
  });

  it('is also the small copies of frames that were fetched for a moment and are gone', async () => {
    const { model, frames, backbone, pick } = await run('S1');
    const fetched = await made('frames', 'fetched', [backbone, pick, frames], { season: 'S1' });
    await made('frames', 'small', [fetched, frames], { season: 'S1' });
    expect(await garbageKinds({ roots: [model] })).toEqual([]);
    await store().remove(fetched);
    expect(await garbageKinds({ roots: [model] })).toEqual([]);
  });

  it('is also the archive whose frames were set aside: it gives them again', async () => {
    const { model, frames } = await run('S1');
    await store().setAside(frames, new Error('a frame is damaged'));
    await made('archive', 'S2', [], { season: 'S2' });
    const { artifacts } = await findGarbage(store(), needs({ roots: [model] }));
    expect(artifacts).toMatchObject([{ kind: 'archive', season: 'S2' }]);
  });

  it('is everything when nothing is left of it but its name', async () => {
    await run('S1');
    expect(await garbageKinds({ roots: [{ kind: 'model', key: 'f'.repeat(64) }] })).toHaveLength(8);
  });
});

describe('what stays besides', () => {
  it('is what is young', async () => {
    await run('S1');
    expect(await garbageKinds({ olderThan: new Date(Date.now() - 60_000) })).toEqual([]);
  });

  it('is whatever there is of a season that a workflow is at', async () => {
    await run('S1');
    expect(await garbageKinds({ seasons: new Set(['S1']) })).toEqual(['backbone', 'model', 'pick', 'validation']);
  });

  it('are all drafts while any workflow runs: one may have waited for its mirror for days', async () => {
    const id: ArtifactId = { kind: 'archive', key: 'a'.repeat(64) };
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('part'), 'half');
    await draft.release();
    expect((await findGarbage(store(), needs({ running: true }))).drafts).toEqual([]);
    expect((await findGarbage(store(), needs())).drafts).toMatchObject([{ ...id, bytes: 4 }]);
    const young = needs({ olderThan: new Date(Date.now() - 60_000) });
    expect((await findGarbage(store(), young)).drafts).toEqual([]);
    for (const name of ['..', '.', ...(await readdir(draft.path('.')))]) await utimes(draft.path(name), 1000, 1000);
    expect((await findGarbage(store(), young)).drafts).toHaveLength(1);
  });
});

describe('what is superseded', () => {
  /** A model of frames that were extracted, and of others that were fetched shard by shard. */
  async function kept(rejected = 0) {
    const archive = await made('archive', 'S1', [], { season: 'S1' });
    const extracted = await made('frames', 'S1', [archive], { season: 'S1', form: 'extracted', rejected });
    const index = await made('index', 'S1', [], { season: 'S1' }, { sources: [extracted] });
    const remote = await made('frames', 'S2', [], { season: 'S2', form: 'remote' });
    const other = await made('index', 'S2', [], { season: 'S2' }, { sources: [remote] });
    const backbone = await made('backbone', 'lite0');
    const pick = await made('pick', 'S1 S2', [index, other]);
    const fetched = await made(
      'frames',
      'shard',
      [backbone, pick, remote],
      { season: 'S2', form: 'packed' },
      { step: 'fetchFrames' },
    );
    const model = await made('model', 'S1 S2', [backbone, pick]);
    const featurize = () => made('features', 'S2', [backbone], { season: 'S2' }, { sources: [fetched] });
    return { archive, extracted, remote, backbone, pick, fetched, model, featurize };
  }

  const superseded = async (change: Partial<Needs>) =>
    (await findGarbage(store(), needs(change))).superseded.map(({ key }) => key).sort();

  it('are archives whose frames are extracted, and fetched frames whose features are there; neither is garbage', async () => {
    const { archive, fetched, model, featurize } = await kept();
    await featurize();
    expect(await superseded({ roots: [model] })).toEqual([archive.key, fetched.key].sort());
    expect(await garbageKinds({ roots: [model] })).toEqual([]);
  });

  it('are no fetched frames without features: who goes on needs them', async () => {
    const { archive, model } = await kept();
    expect(await superseded({ roots: [model] })).toEqual([archive.key]);
  });

  it('are no archives with an entry that is rejected', async () => {
    const { model } = await kept(1);
    expect(await superseded({ roots: [model] })).toEqual([]);
  });

  it('are no archives that other frames are read from', async () => {
    const { archive, model } = await kept();
    const inPlace = await made('frames', 'in place', [archive], { season: 'S1', form: 'archived', rejected: 0 });
    expect(await superseded({ roots: [model, inPlace] })).toEqual([]);
  });

  it('are no small copies, listings, or frames that were extracted', async () => {
    const { remote, fetched, extracted, model, featurize } = await kept();
    await featurize();
    const small = await made(
      'frames',
      'small',
      [fetched, remote],
      { season: 'S2', form: 'packed' },
      { step: 'shrink' },
    );
    const keys = await superseded({ roots: [model] });
    for (const { key } of [small, remote, extracted]) expect(keys).not.toContain(key);
  });

  it('is nothing of a season that a workflow is at, nothing that a workflow has found, and nothing young', async () => {
    const { archive, fetched, model, featurize } = await kept();
    await featurize();
    expect(await superseded({ roots: [model], seasons: new Set(['S1', 'S2']) })).toEqual([]);
    expect(await superseded({ roots: [model, archive, fetched] })).toEqual([]);
    expect(await superseded({ roots: [model], olderThan: new Date(Date.now() - 60_000) })).toEqual([]);
  });

  it('is only removed while what supersedes it is there', async () => {
    const { archive, extracted, fetched, model, featurize } = await kept();
    const features = await featurize();
    const found = await findGarbage(store(), needs({ roots: [model] }));
    await store().remove(extracted);
    const removed = await removeGarbage(store(), { ...found, artifacts: found.superseded });
    expect(removed).toBe(10);
    expect(await store().find(archive)).toBeDefined();
    expect(await store().find(fetched)).toBeUndefined();
    expect(await store().find(features)).toBeDefined();
  });
});

describe('removing garbage', () => {
  it('frees its bytes and leaves the rest as it is', async () => {
    const { model } = await run('S1');
    await run('S2');
    const draft = await store().draft({ kind: 'archive', key: 'a'.repeat(64) });
    await writeFileAtomic(draft.path('part'), 'half');
    const before = await findGarbage(store(), needs({ roots: [model] }));
    expect(await removeGarbage(store(), before)).toBe(7 * 10 + 4);
    const after = await findGarbage(store(), needs({ roots: [model] }));
    expect(after).toEqual({ artifacts: [], superseded: [], drafts: [], kept: before.kept });
    expect(await readdir(join(folder(), 'drafts', 'archive'))).toEqual([]);
  });

  it('spares what was made anew since it was found', async () => {
    const { archive } = await run('S1');
    const found = await findGarbage(store(), needs());
    await store().remove(archive);
    await nextMillisecond();
    await made('archive', 'S1', [], { season: 'S1' });
    await removeGarbage(store(), found);
    expect(await store().find(archive)).toBeDefined();
  });

  it('spares a draft that a worker has gone on with since it was found', async () => {
    const id: ArtifactId = { kind: 'archive', key: 'a'.repeat(64) };
    const draft = await store().draft(id);
    await writeFileAtomic(draft.path('part'), 'half');
    const found = await findGarbage(store(), needs());
    await until(async () => {
      // The times of files go on in steps of the kernel's clock.
      await writeFileAtomic(draft.path('more'), 'half');
      return (await store().drafts())[0]!.changedAt !== found.drafts[0]!.changedAt;
    });
    expect(await removeGarbage(store(), found)).toBe(0);
    expect(await store().drafts()).toMatchObject([{ ...id, bytes: 8 }]);
  });

  it('stops when it is told to, with whole artifacts only, and can be asked again', async () => {
    await run('S1');
    const found = await findGarbage(store(), needs());
    const stop = new AbortController();
    const removing = removeGarbage(store(), found, {
      signal: stop.signal,
      onProgress: ({ done }) => done === 3 && stop.abort(new Error('enough')),
    });
    await expect(removing).rejects.toThrow('enough');
    expect((await findGarbage(store(), needs())).artifacts).toHaveLength(5);
    expect(await removeGarbage(store(), found)).toBe(50);
  });
});

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
  sources: readonly ArtifactId[] = [],
): Promise<ArtifactRef<object>> {
  const { ref } = await produce(store(), {
    recipe: { kind, step: kind, version: 1, params: { name }, inputs },
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
  const index = await made('index', season, [], { season }, [frames]);
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

describe('removing garbage', () => {
  it('frees its bytes and leaves the rest as it is', async () => {
    const { model } = await run('S1');
    await run('S2');
    const draft = await store().draft({ kind: 'archive', key: 'a'.repeat(64) });
    await writeFileAtomic(draft.path('part'), 'half');
    const before = await findGarbage(store(), needs({ roots: [model] }));
    expect(await removeGarbage(store(), before)).toBe(7 * 10 + 4);
    const after = await findGarbage(store(), needs({ roots: [model] }));
    expect(after).toEqual({ artifacts: [], drafts: [], kept: before.kept });
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

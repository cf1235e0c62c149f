import { cpSync, existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { ARTIFACT_KINDS, type ArtifactId, type Manifest } from '../../lib/contracts/artifact';
import { isSerengetiError } from '../../lib/contracts/errors';
import type { RunRequest } from '../../lib/contracts/runInput';
import { Registry } from '../../lib/registry';
import { openStore, type ArtifactStore } from '../../lib/store';
import { simulateCatalog } from '../../simulator';
import { digestsIn, QUIET, wholeRun } from '../lib/pipeline/support/wholeRun';
import { candidate } from '../lib/registry/support';
import { randomNumbers } from '../support/random';
import { SMALL_MODEL } from '../support/smallModel';
import type { ChaosOptions, ChaosReport } from './part';

/** How often drafts are looked at for files that were not there before. */
const LOOK_MS = 3;

/** A file of the store, and the store as it is when this file is read: without what was made of it. */
interface Target {
  readonly name: string;
  /** Path in the store. */
  readonly file: string;
  /** Folder that is put into a copy of the finished store, a draft in the making. */
  readonly draft?: string;
  /** The artifact that the file belongs to. */
  readonly key?: string;
}

type Outcome = 'made anew' | 'mended in silence' | 'never read' | `refused: ${string}` | `FAULT: ${string}`;

/**
 * Flips one bit in a file of each kind that a run leaves or writes on its way, removes what was made of that file, and runs
 * again. The results have to be those of an undisturbed run, or the run refuses with a code.
 */
export async function run({ seed, hasTime }: ChaosOptions): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-chaos-'));
  try {
    const world = await World.make(folder);
    const random = randomNumbers(seed);
    const counts = new Map<string, Map<string, number>>();
    const faults: string[] = [];
    for (let round = 0; hasTime(); round++) {
      for (const target of shuffled(world.targets, random)) {
        if (!hasTime()) break;
        const place = { share: random(), bit: Math.floor(random() * 8) };
        const outcome = await world.tryOne(target, place);
        const own = counts.get(target.name) ?? new Map<string, number>();
        counts.set(target.name, own.set(outcome, (own.get(outcome) ?? 0) + 1));
        console.log(`${target.name}: ${outcome}`);
        if (outcome.startsWith('FAULT')) {
          faults.push(`${target.name}, bit ${place.bit} at ${place.share} of its length, seed ${seed}: ${outcome}`);
        }
      }
    }
    return { rows: [['file', 'bits flipped', 'outcome'], ...rowsOf(counts)], faults };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A finished run, and the drafts that it went through. */
class World {
  private constructor(
    private readonly folder: string,
    private readonly request: RunRequest,
    private readonly digests: Awaited<ReturnType<typeof digestsIn>>,
    private readonly manifests: readonly Manifest[],
    readonly targets: readonly Target[],
  ) {}

  static async make(folder: string): Promise<World> {
    await simulateCatalog(join(folder, 'mirror'), { sequences: 12, width: 64, height: 48 });
    const request: RunRequest = {
      catalog: join(folder, 'mirror', 'catalog.json'),
      model: SMALL_MODEL,
      frames: { perSequence: 'all', keepEmpties: 1 },
      training: { head: 'tutorial', epochs: 3, hidden: [8] },
    };
    const finished = join(folder, 'finished');
    const drafts = new DraftWatch(finished, join(folder, 'drafts'));
    const store = storeIn(finished);
    try {
      await wholeRun(store, request);
    } finally {
      drafts.close();
    }
    await new Registry(store).register(candidate('a'));
    const manifests = (await Promise.all(ARTIFACT_KINDS.map((kind) => store.list(kind)))).flat();
    const targets = [...(await finishedTargets(finished)), ...drafts.targets];
    return new World(folder, request, await digestsIn(store, ARTIFACT_KINDS), manifests, targets);
  }

  async tryOne({ file, draft, key }: Target, place: Place): Promise<Outcome> {
    const folder = join(this.folder, 'damaged');
    try {
      await cp(join(this.folder, 'finished'), folder, { recursive: true });
      for (const { kind, key: of } of key === undefined ? [] : this.#madeOf(key, draft !== undefined)) {
        await rm(join(folder, 'artifacts', kind, of), { recursive: true });
      }
      if (draft !== undefined) await cp(draft, folder, { recursive: true });
      const flipped = await flip(join(folder, file), place);
      const warnings: string[] = [];
      const store = storeIn(folder, warnings);
      try {
        await wholeRun(store, this.request, { ...QUIET, onWarning: ({ message }) => warnings.push(message) });
        await new Registry(store).state();
      } catch (error) {
        return isSerengetiError(error) ? `refused: ${error.code}` : `FAULT: ${String(error)}`;
      }
      const digests = await digestsIn(store, ARTIFACT_KINDS);
      const others = Object.keys(this.digests).filter((id) => !isDeepStrictEqual(digests[id], this.digests[id]));
      if (others.length > 0) return `FAULT: another result: ${others.join(', ')}`;
      if (warnings.length > 0) return 'made anew';
      const now = await readFile(join(folder, file)).catch(() => undefined);
      return now?.equals(flipped) === true ? 'never read' : 'mended in silence';
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Models are named by their pick; what they learn from are its features. */
  #readBy({ kind, inputs, sources = [] }: Manifest): readonly ArtifactId[] {
    const features = kind === 'model' ? this.manifests.filter((manifest) => manifest.kind === 'features') : [];
    return [...inputs, ...sources, ...features];
  }

  /** What was made of an artifact, directly or by way of others. */
  #madeOf(key: string, itself: boolean): Manifest[] {
    const gone = new Set([key]);
    const made: Manifest[] = [];
    for (let before = -1; before !== gone.size;) {
      before = gone.size;
      for (const manifest of this.manifests) {
        if (gone.has(manifest.key) || !this.#readBy(manifest).some((input) => gone.has(input.key))) continue;
        gone.add(manifest.key);
        made.push(manifest);
      }
    }
    return itself ? [...made, ...this.manifests.filter((manifest) => manifest.key === key)] : made;
  }
}

/** Copies drafts while a run works in them, each time that a file appears of a kind that none had before. */
class DraftWatch {
  readonly targets: Target[] = [];
  readonly #store: string;
  readonly #copies: string;
  readonly #seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(store: string, copies: string) {
    this.#store = store;
    this.#copies = copies;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Without a pause, so that the run cannot move the draft meanwhile. */
  #look(): void {
    const drafts = join(this.#store, 'drafts');
    for (const file of existsSync(drafts) ? readdirSync(drafts, { recursive: true, encoding: 'utf8' }) : []) {
      const [kind, key, owner, ...inside] = file.split('/');
      const name = `${kind}, draft: ${general(inside.join('/'))}`;
      if (inside.length === 0 || !isWritten(inside) || this.#seen.has(name)) continue;
      if (
        readdirSync(join(drafts, dirname(file)), { withFileTypes: true }).some(
          (entry) => entry.name === basename(file) && entry.isDirectory(),
        )
      )
        continue;
      this.#seen.add(name);
      const draft = join(this.#copies, String(this.targets.length));
      const place = join('drafts', kind!, key!, owner!);
      // Leases are those of owners that are gone.
      const filter = (path: string): boolean => !basename(path).includes('lease-');
      cpSync(join(this.#store, place), join(draft, place), { recursive: true, filter });
      this.targets.push({ name, file: join('drafts', file), draft, key });
    }
  }
}

/** Not under a name that says that it is being written, and no lease. */
function isWritten(path: readonly string[]): boolean {
  return !path.at(-1)!.includes('lease-') && !/tmp-?\d+-[0-9a-f]{8}$/.test(path.at(-1)!);
}

/** One file of each name that artifacts and journals have, digits apart. */
async function finishedTargets(store: string): Promise<Target[]> {
  const targets = new Map<string, Target>();
  for (const entry of await readdir(store, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name).slice(store.length + 1);
    const [area, kind, key, ...inside] = file.split('/');
    if (!entry.isFile() || (area !== 'artifacts' && area !== 'journals')) continue;
    const name = area === 'journals' ? 'journal of the registry' : `${kind}: ${general(inside.join('/'))}`;
    if (!targets.has(name)) targets.set(name, area === 'journals' ? { name, file } : { name, file, key });
  }
  return [...targets.values()];
}

/** A name without what tells one file of a kind from another. */
function general(name: string): string {
  return /\.jpg$/i.test(name) ? '*.JPG' : name.replace(/[0-9a-f]{12,}/g, '…').replace(/\d+/g, 'N');
}

interface Place {
  /** Of the file's length. */
  readonly share: number;
  readonly bit: number;
}

async function flip(path: string, { share, bit }: Place): Promise<Buffer> {
  const bytes = await readFile(path);
  if (bytes.length > 0) bytes[Math.floor(share * bytes.length)]! ^= 1 << bit;
  await writeFile(path, bytes);
  return bytes;
}

function storeIn(folder: string, warnings: string[] = []): ArtifactStore {
  return openStore(pathToFileURL(`${folder}/`).href, process.env, ({ message }) => warnings.push(message));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function rowsOf(counts: ReadonlyMap<string, ReadonlyMap<string, number>>): string[][] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, outcomes]) => {
      const flipped = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
      const text = [...outcomes].map(([outcome, count]) => (count === flipped ? outcome : `${outcome} (${count})`));
      return [name, String(flipped), text.join(', ')];
    });
}

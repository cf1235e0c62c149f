import { ARTIFACT_KINDS, type ArtifactId } from '../lib/contracts/artifact';
import { SerengetiError } from '../lib/contracts/errors';
import { counted, formatBytes } from '../lib/contracts/format';
import type { RegistryState } from '../lib/contracts/registry';
import { findGarbage, removeGarbage, type Garbage, type Unneeded } from '../lib/garbage';
import { Registry } from '../lib/registry';
import { openStore, type ArtifactStore } from '../lib/store';
import { usesOfRunning, type Uses } from '../runs/uses';
import { readSettings } from '../workers/settings';
import { withClient } from './client';
import { renderTable } from './terminal/table';

export interface GarbageOptions {
  readonly remove?: true;
  /** Whether what was only needed to make what is there goes, too. */
  readonly superseded?: true;
  /** Milliseconds. */
  readonly olderThan: number;
  /** Challengers of a catalog that are kept, the newest; all without it. */
  readonly keep?: number;
}

/** `serengeti gc`: shows what no kept model and no running workflow needs, and removes it when asked to. */
export async function collectGarbage(options: GarbageOptions): Promise<void> {
  const { store: uri } = readSettings();
  const store = openStore(uri);
  const olderThan = new Date(Date.now() - options.olderThan);
  await withClient(async ({ client }) => {
    const models = keptModels(await new Registry(store).state(), options.keep);
    const look = async (): Promise<{ readonly garbage: Garbage; readonly uses: Uses }> => {
      const uses = await usesOfRunning(client);
      const needs = { ...uses, roots: [...models, ...uses.refs], running: uses.running.length > 0, olderThan };
      const garbage = await findGarbage(store, needs);
      return { garbage: options.superseded === true ? withSuperseded(garbage) : garbage, uses };
    };
    const first = await look();
    process.stdout.write(describe(uri, first.garbage, first.uses));
    if (options.remove !== true) return;
    // Listing takes a while, in which a run may have begun or found something: what is garbage both times goes.
    const second = await look();
    refuseWhileUndecided(second.uses);
    const both = inBoth(first.garbage, second.garbage);
    const freed = await removeGarbage(store, both);
    process.stdout.write(`\nRemoved: ${formatBytes(freed)}. ${await removeAbandoned(store, second.uses, olderThan)}\n`);
  });
}

/** Champions, those that a rollback goes back to, and challengers: what they consist of. */
function keptModels({ models, champions, formerChampions }: RegistryState, keep = Infinity): ArtifactId[] {
  const standing = new Set([...Object.values(champions), ...Object.values(formerChampions).flat()]);
  return models
    .filter((model) => {
      const newer = models.slice(models.indexOf(model) + 1);
      const rank = newer.filter(({ name, catalog }) => catalog === model.catalog && !standing.has(name)).length;
      return standing.has(model.name) || rank < keep;
    })
    .flatMap(({ artifacts }) => Object.values(artifacts));
}

function withSuperseded({ artifacts, superseded, ...rest }: Garbage): Garbage {
  return { ...rest, artifacts: [...artifacts, ...superseded], superseded: [] };
}

function inBoth(first: Garbage, second: Garbage): Garbage {
  const keys = new Set([...first.artifacts, ...first.drafts].map(({ key }) => key));
  return {
    ...second,
    artifacts: second.artifacts.filter(({ key }) => keys.has(key)),
    drafts: second.drafts.filter(({ key }) => keys.has(key)),
  };
}

function refuseWhileUndecided({ undecided }: Uses): void {
  if (undecided.length === 0) return;
  throw new SerengetiError(
    'NOT_NOW',
    `${undecided.join(', ')} may still ask for anything in the store, so nothing was removed.`,
    { details: { undecided } },
  );
}

/** Uploads in parts that nobody goes on with; folders have none. */
async function removeAbandoned(store: ArtifactStore, { running }: Uses, before: Date): Promise<string> {
  if (store.removeAbandoned === undefined || running.length > 0) return '';
  const { uploads, files, bytes } = await store.removeAbandoned(before);
  return `Abandoned: ${counted(uploads, 'upload')}, ${counted(files, 'file')} of ${formatBytes(bytes)}.`;
}

function describe(uri: string, { artifacts, superseded, drafts, kept }: Garbage, { running }: Uses): string {
  const sizeOf = (parts: readonly { readonly bytes: number }[]): string =>
    formatBytes(parts.reduce((sum, { bytes }) => sum + bytes, 0));
  const rowOf = (label: string, own: readonly Unneeded[]): string[][] => {
    const seasons = [...new Set(own.flatMap(({ season }) => season ?? []))].sort();
    return own.length === 0 ? [] : [[label, String(own.length), sizeOf(own), seasons.join(' ')]];
  };
  const rows = ARTIFACT_KINDS.flatMap((kind) => {
    const own = artifacts.filter((artifact) => artifact.kind === kind);
    const makers = own.filter(({ by }) => by !== undefined);
    return [
      ...rowOf(
        kind,
        own.filter(({ by }) => by === undefined),
      ),
      ...rowOf(`${kind}, superseded by ${makers[0]?.by?.kind}`, makers),
    ];
  });
  if (drafts.length > 0) rows.push(['drafts', String(drafts.length), sizeOf(drafts), '']);
  const under =
    running.length === 0
      ? ''
      : `${counted(running.length, 'workflow')} under way: all drafts and their seasons stay.\n`;
  return (
    `${uri}\n${counted(kept.artifacts, 'artifact')} with ${formatBytes(kept.bytes)} are needed or young.\n${under}\n` +
    (rows.length === 0
      ? 'There is nothing to remove.\n'
      : `${renderTable(['not needed', 'number', 'size', 'seasons'], rows)}\n` +
        `${sizeOf([...artifacts, ...drafts])} in all. \`--remove\` removes it.\n`) +
    (superseded.length === 0
      ? ''
      : `${sizeOf(superseded)} more are archives whose frames are unpacked, and fetched frames whose features are there: ` +
        '`--superseded` counts them in.\n')
  );
}

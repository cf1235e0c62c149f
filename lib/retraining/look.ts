import type { Catalog, Season } from '../contracts/catalog';
import { isSerengetiError } from '../contracts/errors';
import { formatCount } from '../contracts/format';
import type { WorkOptions } from '../contracts/progress';
import type { SeasonLook } from '../contracts/retrain';
import { probeSeason, type SourceFile } from '../seasons';
import { digestOf } from '../store';

/**
 * Whether seasons are published whole. Nobody says so, but a season that lacks a file is not, and neither is one whose
 * files are other ones, or of another size, than at the look before.
 *
 * @param before - the look before; without it, a season that lacks nothing counts as whole
 * @throws SerengetiError SOURCE_UNREACHABLE, SOURCE_FORBIDDEN when no mirror can tell
 */
export async function lookAtSeasons(
  catalog: Catalog,
  seasons: readonly Season[],
  before: readonly SeasonLook[] = [],
  work: WorkOptions = {},
): Promise<SeasonLook[]> {
  const looks: SeasonLook[] = [];
  for (const season of seasons) {
    work.signal?.throwIfAborted();
    const look = await lookAt(catalog, season, work);
    looks.push({ ...look, ...changed(look, before) });
    work.onProgress?.({ done: looks.length, total: seasons.length, unit: 'steps', note: season.id });
  }
  return looks;
}

async function lookAt(catalog: Catalog, season: Season, work: WorkOptions): Promise<SeasonLook> {
  try {
    const { archives, metadata } = await probeSeason(catalog, season, work);
    const files = [...metadata, ...archives];
    return { season: season.id, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), version: versionOf(files) };
  } catch (error) {
    if (!isSerengetiError(error) || error.code !== 'SOURCE_MISSING') throw error;
    return { season: season.id, bytes: 0, version: '', waits: `A file is missing: ${error.message}` };
  }
}

function versionOf(files: readonly SourceFile[]): string {
  return digestOf(files.map(({ path, bytes, validator }) => [path, bytes, validator])).slice(0, 32);
}

function changed(look: SeasonLook, before: readonly SeasonLook[]): Pick<SeasonLook, 'waits'> {
  const earlier = before.find(({ season }) => season === look.season);
  if (look.waits !== undefined || earlier === undefined || earlier.version === look.version) return {};
  if (earlier.version === '') return { waits: 'It was completed between the two looks.' };
  return {
    waits:
      earlier.bytes === look.bytes
        ? 'Its files were replaced between the two looks.'
        : `It went from ${formatCount(earlier.bytes)} to ${formatCount(look.bytes)} bytes between the two looks.`,
  };
}

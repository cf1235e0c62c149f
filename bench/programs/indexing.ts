import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogSchema, type SeasonMetadata } from '../../lib/contracts/catalog';
import { frameOptionsSchema } from '../../lib/contracts/runInput';
import { indexSeasons, pickFrames, type SeasonIndex } from '../../lib/metadata';
import { metadataPaths } from '../../lib/seasons';
import { CLASSES, CLASS_MAPPING } from '../../simulator/plan/classes';

/** What is asked for: the one argument, as JSON. */
export interface IndexingRequest {
  /** In the same metadata files. */
  readonly seasons: readonly string[];
  readonly metadata: SeasonMetadata;
  /** Folder of the metadata files. */
  readonly input: string;
  /** Folder for the tables. */
  readonly output: string;
}

/** The one JSON object that is printed. */
export interface IndexingResult {
  readonly frames: number;
  readonly sequences: number;
  readonly trainSequences: number;
  readonly validationSequences: number;
  readonly indexSeconds: number;
  readonly pickSeconds: number;
  readonly peakBytes: number;
}

/**
 * Indexes seasons and, when there are several, picks first frames: the last season's to validate on, the others' to
 * train on, nine in ten of their empty sequences dropped.
 */
async function main(request: IndexingRequest): Promise<void> {
  const indexes = request.seasons.map((season) => ({ season, directory: join(request.output, season) }));
  for (const { directory } of indexes) await mkdir(directory, { recursive: true });
  const started = performance.now();
  const catalog = catalogOf(request);
  const summaries = await indexSeasons({
    catalog,
    metadataFiles: metadataPaths(request).map((path) => join(request.input, path)),
    seasons: catalog.seasons.map((season, position) => ({ season, directory: indexes[position]!.directory })),
  });
  const indexed = performance.now();
  const picked = indexes.length > 1 ? await pick(request, indexes) : { trainSequences: 0, validationSequences: 0 };
  const result: IndexingResult = {
    frames: summaries.reduce((sum, { frames }) => sum + frames, 0),
    sequences: summaries.reduce((sum, { sequences }) => sum + sequences, 0),
    trainSequences: picked.trainSequences,
    validationSequences: picked.validationSequences,
    indexSeconds: (indexed - started) / 1000,
    pickSeconds: (performance.now() - indexed) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  console.log(JSON.stringify(result));
}

function catalogOf({ seasons, metadata }: IndexingRequest) {
  return catalogSchema.parse({
    name: 'bench',
    mirrors: [{ name: 'here', url: 'file:///' }],
    classes: [...CLASSES],
    classMapping: CLASS_MAPPING,
    seasons: seasons.map((id) => ({ id, archives: [], metadata })),
  });
}

async function pick(request: IndexingRequest, indexes: readonly SeasonIndex[]) {
  const directory = join(request.output, 'pick');
  await mkdir(directory, { recursive: true });
  return await pickFrames({
    indexes,
    catalog: catalogOf(request),
    trainSeasons: request.seasons.slice(0, -1),
    validationSeasons: request.seasons.slice(-1),
    options: frameOptionsSchema.parse({ keepEmpties: 0.1 }),
    seed: 1,
    directory,
  });
}

void main(JSON.parse(process.argv[2]!) as IndexingRequest);

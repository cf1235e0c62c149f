import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createActivities, type Activities as TaskActivities } from '../../activities';
import type { ArtifactId, ArtifactRef } from '../../lib/contracts/artifact';
import { IO_TASK_QUEUE, type Outcome } from '../../lib/contracts/run';
import type { RegistryState } from '../../lib/contracts/registry';
import { Registry } from '../../lib/registry';
import { openStore, produce } from '../../lib/store';
import { standIns, type Activities } from './support';

/**
 * A store with a registry, a catalog file, and seasons that are published by writing their files: all of it real. Only the
 * steps in between are stand-ins, which leave empty artifacts with the lineage of real ones.
 */
export class SmallWorld {
  readonly catalogFile: string;
  readonly #folder: string;
  /** Log loss of a model by the seasons it is trained on, on any held-out season. */
  readonly scores = new Map<string, number>();
  /** Every validation that was done: training seasons → held-out seasons. */
  readonly validations: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.catalogFile = join(folder, 'catalog.json');
  }

  async publishCatalog(seasons: readonly string[], classes = ['empty', 'lion', 'zebra']): Promise<void> {
    const catalog = {
      name: 'small',
      mirrors: [{ name: 'local', url: './' }],
      classes,
      seasons: seasons.map((id) => ({
        id,
        archives: [`${id}.zip`],
        metadata: { format: 'coco-camera-traps', path: `${id}.json` },
      })),
    };
    await mkdir(this.#folder, { recursive: true });
    await writeFile(this.catalogFile, JSON.stringify(catalog));
  }

  async publishMetadata(season: string): Promise<void> {
    await writeFile(join(this.#folder, `${season}.json`), '{}');
  }

  async publishArchive(season: string, bytes: number): Promise<void> {
    await writeFile(join(this.#folder, `${season}.zip`), Buffer.alloc(bytes));
  }

  async publish(...seasons: readonly string[]): Promise<void> {
    for (const season of seasons) {
      await this.publishMetadata(season);
      await this.publishArchive(season, 100);
    }
  }

  get #store() {
    return openStore(pathToFileURL(`${this.#folder}/store/`).href);
  }

  get registry(): Registry {
    return new Registry(this.#store);
  }

  state(): Promise<RegistryState> {
    return this.registry.state();
  }

  activities(overrides: Partial<Activities> = {}): Activities {
    const store = this.#store;
    const real = createActivities({ store }, IO_TASK_QUEUE) as unknown as TaskActivities;
    const base = standIns();
    return {
      ...base,
      readCatalog: real.readCatalog,
      unzipSeason: async (input) => this.#made((await base.unzipSeason(input)).ref, []),
      indexSeason: async (input) => {
        const { ref } = await base.indexSeason(input);
        return await this.#made(ref, [input.metadata, input.frames], ref.summary, [input.frames]);
      },
      pickFrames: async (input) => {
        const { trainSeasons, validationSeasons } = input.catalog.summary;
        const { ref } = await base.pickFrames(input);
        const shards = [...trainSeasons, ...validationSeasons].map((season) => ({ season, shards: 1, frames: 9 }));
        const seasons = { trainSeasons, validationSeasons };
        return await this.#made({ ...ref, summary: { ...ref.summary, shards } }, input.indexes, seasons);
      },
      prepareBackbone: async (input) => this.#made((await base.prepareBackbone(input)).ref, [], input.model),
      trainHead: async (input) => {
        const { trainSeasons } = input.catalog.summary;
        const inputs = [input.backbone, input.pick];
        return await this.#made((await base.trainHead(input)).ref, inputs, { trainSeasons, seed: input.seed });
      },
      validateModel: async (input) => {
        const { ref } = await base.validateModel(input);
        const { params } = await store.manifest(input.model);
        const trained = (params.trainSeasons as string[]).join();
        const heldOut = input.frames.map(({ summary }) => summary.season).join();
        this.validations.push(`${trained} → ${heldOut}`);
        const logLoss = this.scores.get(trained) ?? 0.02;
        return await this.#made(
          { ...ref, summary: { ...ref.summary, logLoss } },
          [input.model, input.pick, ...input.frames],
          { logLoss },
          [],
          { 'sequences.csv': sequencesCsv(logLoss) },
        );
      },
      packageSubmission: async (input) => this.#made((await base.packageSubmission(input)).ref, [input.model]),
      writeReport: async (input) =>
        this.#made((await base.writeReport(input)).ref, [input.outcome.validation], input.run),
      registerModel: real.registerModel,
      surveySeasons: real.surveySeasons,
      lookAtSeasons: real.lookAtSeasons,
      planRetraining: real.planRetraining,
      pairChallenger: real.pairChallenger,
      heldOutFrames: real.heldOutFrames,
      settleChallenger: real.settleChallenger,
      ...overrides,
    };
  }

  /** Leaves the artifact in the store, without files, made from what the real one would be made from. */
  async #made<S extends object>(
    { kind, summary }: ArtifactRef<S>,
    inputs: readonly ArtifactId[],
    params: object = summary,
    sources: readonly ArtifactId[] = [],
    files: Readonly<Record<string, string>> = {},
  ): Promise<Outcome<ArtifactRef<S>>> {
    return await produce<S>(this.#store, {
      recipe: { kind, step: 'stand-in', version: 1, params: { ...params }, inputs },
      sources,
      work: async (draft) => {
        for (const [name, text] of Object.entries(files)) await writeFile(draft.path(name), text);
        return summary;
      },
    });
  }
}

/** Forty sequences at eight sites, all alike but for a little that no two models share. */
function sequencesCsv(logLoss: number): string {
  const rows = Array.from({ length: 40 }, (_, n) => {
    const own = logLoss * (1 + 0.1 * Math.sin(n * n));
    return `S,${n},site-${n % 8},${n}.JPG,lion,lion,0.9,0.9,1,1,${own}\n`;
  });
  return `season,sequence,site,first_frame,labels,answer,probability,animal,right,found,log_loss\n${rows.join('')}`;
}

import { resolve } from 'node:path';
import { Photographs } from '../lib/pipeline/photographs';
import type { ExploreInput } from '../lib/metadata';
import { exploreSeasons } from '../lib/report';
import { openStore } from '../lib/store';
import { findSampleUrl } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { findCatalog, findFrames, findIndexes, findPick, splitWithin } from './storedSeasons';
import { createBarView } from './terminal/barView';
import { counted } from '../lib/contracts/format';

export interface ExploreOptions {
  readonly catalog?: string;
  readonly seasons?: readonly string[];
  readonly output: string;
  readonly seed: number;
}

/** `serengeti explore`: the page about the data, from the tables that runs left in the store. */
export async function explore({ catalog: where, seasons: wanted, output, seed }: ExploreOptions): Promise<void> {
  const store = openStore(readSettings().store);
  const { catalog, split } = await findCatalog(store, where, await findSampleUrl());
  const stored = await findIndexes(store, catalog, wanted);
  const indexes: ExploreInput['indexes'] = await Promise.all(
    stored.map(async (index) => ({ season: index.summary.season, directory: (await store.open(index)).path('.') })),
  );
  const seasons = indexes.map(({ season }) => season);
  process.stdout.write(`${catalog.name}: ${seasons.join(', ')}\n`);

  const file = resolve(output);
  const view = createBarView((total) => `Photographs of ${counted(total, 'sequence')} …`, 'sequences');
  try {
    await Photographs.use(store, catalog, await findFrames(store, stored), async (photographs) =>
      exploreSeasons(
        {
          indexes,
          catalog,
          split: splitWithin(split, seasons),
          seed,
          pick: photographs.onlyPicked ? await findPick(store, stored) : undefined,
          photograph: (season, fileName) => photographs.read(season, fileName),
          file,
        },
        { onProgress: (progress) => view.update(progress) },
      ),
    );
  } finally {
    view.stop();
  }
  process.stdout.write(`${file}\n`);
}

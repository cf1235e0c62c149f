import type { SeasonMetadata } from '../../contracts/catalog';
import { readCamtrapDp } from './camtrapDp';
import { readCocoCameraTraps } from './cocoCameraTraps';
import { readCompetitionCsv } from './competitionCsv';
import { readLilaCsv } from './lilaCsv';
import type { Staged, StagingContext } from './staging';

/** Reads metadata in any of the formats into the staged tables. */
export function readMetadata(metadata: SeasonMetadata, context: StagingContext): Promise<Staged> {
  switch (metadata.format) {
    case 'coco-camera-traps':
      return readCocoCameraTraps(metadata, context);
    case 'competition-csv':
      return readCompetitionCsv(metadata, context);
    case 'lila-csv':
      return readLilaCsv(metadata, context);
    case 'camtrap-dp':
      return readCamtrapDp(metadata, context);
  }
}

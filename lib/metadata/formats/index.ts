import type { SeasonMetadata } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import { readCocoCameraTraps } from './cocoCameraTraps';
import { readCompetitionCsv } from './competitionCsv';
import type { Staged, StagingContext } from './staging';

/** Reads metadata in any of the formats into the staged tables. */
export function readMetadata(metadata: SeasonMetadata, context: StagingContext): Promise<Staged> {
  switch (metadata.format) {
    case 'coco-camera-traps':
      return readCocoCameraTraps(metadata, context);
    case 'competition-csv':
      return readCompetitionCsv(metadata, context);
    default:
      throw new SerengetiError('METADATA_INVALID', metadata.format);
  }
}

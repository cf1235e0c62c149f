import type { SeasonIndex } from '../metadata';
import { readSequences } from '../metadata';
import type { CameraEvent, EventSource } from './events';

/**
 * What a run's tables say, as events. A sequence that the catalog leaves out has the labels of the metadata.
 *
 * @param emptyClass - of the catalog
 */
export function readIndexes(indexes: readonly SeasonIndex[], emptyClass: string): EventSource {
  return { emptyClass, events: eventsOf(indexes) };
}

async function* eventsOf(indexes: readonly SeasonIndex[]): AsyncGenerator<CameraEvent> {
  for (const { season, directory } of indexes) {
    for (const { sequence, site, labels, rawLabels, frames } of await readSequences(directory)) {
      const known = labels.length > 0 ? labels : rawLabels;
      yield {
        id: sequence,
        season,
        site,
        photographs: frames.map(({ fileName, datetime }) => ({ file: fileName, taken: datetime?.getTime() })),
        labels: known.map((label) => ({ label })),
      };
    }
  }
}

import { clockText, type EventSource } from './events';
import { writeTable } from './table';

const COLUMNS = ['filepath', 'label', 'site', 'time', 'sequence', 'classified_by'] as const;

/** Writes labels as `catalog FOLDER` takes them: a row a photograph and label. @returns how many rows */
export async function writeLabels({ events }: EventSource, path: string): Promise<number> {
  let rows = 0;
  await writeTable(path, COLUMNS, async (table) => {
    for await (const { id, site, photographs, labels, classifiedBy } of events) {
      for (const { file, taken } of photographs) {
        const time = taken === undefined ? undefined : clockText(taken);
        const common = { filepath: file, site, time, sequence: id, classified_by: classifiedBy };
        for (const { label } of labels) await table.add({ ...common, label });
        rows += labels.length;
      }
    }
  });
  return rows;
}

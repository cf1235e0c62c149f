import { join } from 'node:path';
import { clockText, spanOf, type EventSource } from './events';
import { writeTable } from './table';

export interface EventTables {
  /** A row an event and label. */
  readonly events: string;
  /** A row a season, site, day and label: how many events, of how many photographs. */
  readonly counts: string;
}

const EVENT_COLUMNS = [
  'season',
  'site',
  'day',
  'event',
  'start',
  'end',
  'photographs',
  'label',
  'probability',
] as const;
const COUNT_COLUMNS = ['season', 'site', 'day', 'label', 'events', 'photographs'] as const;

type Count = Readonly<Record<'season' | 'site' | 'day' | 'label', string> & Record<'events' | 'photographs', number>>;

/**
 * Writes `events.csv` and `counts.csv`: what passed when and where, and how often. How many animals were on a photograph
 * nobody counted: what is counted are events.
 */
export async function writeEventTables({ events }: EventSource, directory: string): Promise<EventTables> {
  const paths = { events: join(directory, 'events.csv'), counts: join(directory, 'counts.csv') };
  const counts = new Map<string, Count>();
  await writeTable(paths.events, EVENT_COLUMNS, async (table) => {
    for await (const event of events) {
      const { id, season = '', site, labels } = event;
      const photographs = event.photographs.length;
      const span = spanOf(event);
      const [start, end] = span === undefined ? ['', ''] : [clockText(span.start), clockText(span.end)];
      const day = start.slice(0, 10);
      for (const { label, probability } of labels) {
        await table.add({ season, site, day, event: id, start, end, photographs, label, probability });
        const key = { season, site, day, label };
        const text = JSON.stringify(key);
        const count = counts.get(text) ?? { ...key, events: 0, photographs: 0 };
        counts.set(text, { ...key, events: count.events + 1, photographs: count.photographs + photographs });
      }
    }
  });
  await writeTable(paths.counts, COUNT_COLUMNS, async (table) => {
    for (const [, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) await table.add(count);
  });
  return paths;
}

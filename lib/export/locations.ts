import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { SerengetiError } from '../contracts/errors';

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
  /** Metres around it, 1 and up. */
  readonly uncertainty?: number;
}

/** Where the sites are. */
export interface Locations {
  /** What to call them in messages. */
  readonly name: string;
  of(site: string): Location | undefined;
}

const PLACE = /^\s*([-+]?[\d.]+)\s*,\s*([-+]?[\d.]+)\s*$/;

/**
 * Reads where sites are: one place for all of them, such as `-2.33,34.83`, or a CSV with the columns `site`, `latitude`,
 * `longitude` and, where it is known, `uncertainty` in metres.
 *
 * @throws SerengetiError INPUT_INVALID with file, line and value
 */
export async function readLocations(where: string): Promise<Locations> {
  const [, latitude, longitude] = PLACE.exec(where) ?? [];
  if (latitude !== undefined) {
    const location = locationOf({ latitude, longitude: longitude! }, where);
    return { name: where, of: () => location };
  }
  const rows = await readTable(where, ['site', 'latitude', 'longitude']);
  const sites = new Map(rows.map((row, number) => [row.site, locationOf(row, `${where}, line ${number + 2}`)]));
  return { name: where, of: (site) => sites.get(site) };
}

/** Scientific names by label, of a CSV with the columns `label` and `scientificName`. */
export async function readTaxa(path: string): Promise<Map<string, string>> {
  const rows = await readTable(path, ['label', 'scientificName']);
  return new Map(rows.map(({ label, scientificName }) => [label!, scientificName!]));
}

type Row = Readonly<Record<string, string>>;

async function readTable(path: string, columns: readonly string[]): Promise<Row[]> {
  let rows: Row[];
  try {
    rows = parse<Row>(await readFile(path), { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    throw new SerengetiError('INPUT_INVALID', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const lacking = columns.filter((column) => rows[0]?.[column] === undefined);
  if (lacking.length === 0) return rows;
  throw new SerengetiError('INPUT_INVALID', `${path} lacks the column ${lacking.join(', ')}`);
}

function locationOf(row: Row, place: string): Location {
  const latitude = inRange(row.latitude!, 90, `${place}: the latitude`);
  const longitude = inRange(row.longitude!, 180, `${place}: the longitude`);
  const uncertainty = Number(row.uncertainty ?? '');
  return { latitude, longitude, ...(uncertainty >= 1 ? { uncertainty: Math.round(uncertainty) } : {}) };
}

function inRange(text: string, limit: number, what: string): number {
  const degrees = text.trim() === '' ? NaN : Number(text);
  if (Math.abs(degrees) <= limit) return degrees;
  throw new SerengetiError('INPUT_INVALID', `${what} "${text}" is no number of degrees from -${limit} to ${limit}`);
}

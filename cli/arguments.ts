import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { readDuration } from '../lib/contracts/duration';

export function parseSeconds(text: string): number {
  const seconds = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) throw new InvalidArgumentError('must be a number of seconds from 0 up');
  return seconds;
}

export function parseDuration(text: string): number {
  const milliseconds = readDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError('must be a time such as 12h or 7d');
  return milliseconds;
}

/** `river=+1h30m`, as often as the option is given: seconds by which clocks are put forward, by folder. */
export function parseClock(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, folder, sign, time] = /^(.+)=([+-])(.+)$/.exec(text) ?? [];
  const parts = (time?.match(/\d+[^\d]*|[^\d]+/g) ?? []).map(readDuration);
  const milliseconds = parts.reduce(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0,
  );
  if (folder === undefined || milliseconds === undefined) {
    throw new InvalidArgumentError('must be a folder and how far its clock is put forward or back, such as hill=+1d2h');
  }
  return { ...before, [folder]: ((sign === '-' ? -1 : 1) * milliseconds) / 1000 };
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('must be a whole number from 1 up');
  return count;
}

export function parseProbability(text: string): number {
  const probability = text.trim() === '' ? NaN : Number(text);
  if (!(probability >= 0 && probability <= 1)) throw new InvalidArgumentError('must be a number from 0 to 1');
  return probability;
}

export function parseList(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('must be names with commas between them');
  return items;
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new InvalidArgumentError('must be a whole number from 0 to 4294967295');
  }
  return seed;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('must be a port number');
  return port;
}

export function parseJson(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('must be a JSON object');
  return value;
}

const BYTES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 } as const;

export function parseBandwidth(text: string): number | null {
  if (text === 'none') return null;
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kMG]?B)(?:\/s)?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('must be an amount such as 20MB, or `none`');
  return Math.round(Number(number) * BYTES[unit as keyof typeof BYTES]);
}

/** A catalog's file by its absolute path: workers have other working folders than the terminal. */
export function parseCatalog(text: string): string {
  return existsSync(text) ? resolve(text) : text;
}

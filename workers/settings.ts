import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SerengetiError } from '../lib/contracts/errors';
import { serengetiHome } from '../lib/home';

/** What a worker or client process needs to know, all of it from the environment. */
export interface Settings {
  /** Host and port of the Temporal frontend. `TEMPORAL_ADDRESS`. @default '127.0.0.1:7233' */
  readonly address: string;
  /** `TEMPORAL_NAMESPACE`. @default 'default' */
  readonly namespace: string;
  /** Address of the artifact store. `SERENGETI_STORE`. @default the folder `store` of the project's state folder */
  readonly store: string;
  /** Address of the sample catalog, where one is served. `SERENGETI_SAMPLE_URL`. */
  readonly sampleUrl: string | undefined;
  /** Activities that one io worker runs at a time. `SERENGETI_IO_CONCURRENCY`. @default 4 */
  readonly ioConcurrency: number;
}

export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  return {
    address: environment.TEMPORAL_ADDRESS ?? '127.0.0.1:7233',
    namespace: environment.TEMPORAL_NAMESPACE ?? 'default',
    store: environment.SERENGETI_STORE ?? pathToFileURL(join(serengetiHome(), 'store', '/')).href,
    sampleUrl: environment.SERENGETI_SAMPLE_URL,
    ioConcurrency: positiveInteger('SERENGETI_IO_CONCURRENCY', environment.SERENGETI_IO_CONCURRENCY, 4),
  };
}

function positiveInteger(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new SerengetiError('INPUT_INVALID', `${name} must be a whole number from 1 up, got ${JSON.stringify(text)}`);
  }
  return value;
}

import { SerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';
import { join } from 'node:path';
import { serengetiHome } from '../io/home';
import { FileStore } from './fileStore';
import { ObjectStore } from './object/objectStore';
import { readBucketSettings } from './object/settings';
import type { ArtifactStore } from './store';

export type {
  Abandoned,
  Artifact,
  ArtifactStore,
  CommitRecord,
  Draft,
  DraftFacts,
  Journal,
  PartSink,
  RangedFile,
} from './store';
export { isDamage, orUndefined } from './damage';
export { checkCopy } from './description';
export { artifactId, canonicalJson, digestOf, type Recipe } from './key';
export { streamOf } from './stream';
export { findFirst, produce, type Production, type Step } from './produce';

const GIGABYTE = 1e9;
const CACHE_GIGABYTES = 50;

/**
 * The store at an address. A bucket's server and credentials, and the folder and size of the copies that this host keeps
 * of its artifacts (`SERENGETI_CACHE`, `SERENGETI_CACHE_GB`), come from the environment.
 *
 * @param uri - `file:///folder/` or `s3://bucket/prefix`
 * @param onWarning - told of artifacts that turn out to be damaged; without it, Node says it on the standard error
 * @throws SerengetiError STORE_UNSUPPORTED for another scheme; INPUT_INVALID
 */
export function openStore(
  uri: string,
  environment: NodeJS.ProcessEnv = process.env,
  onWarning: WorkOptions['onWarning'] = ({ message }) => process.emitWarning(message),
): ArtifactStore {
  if (uri.startsWith('file://')) return new FileStore(uri, { onWarning });
  if (uri.startsWith('s3://')) {
    return new ObjectStore(readBucketSettings(uri, environment), {
      cacheFolder: environment.SERENGETI_CACHE || join(serengetiHome(), 'cache'),
      cacheBytes: readCacheBytes(environment.SERENGETI_CACHE_GB),
      onWarning,
    });
  }
  throw new SerengetiError('STORE_UNSUPPORTED', `The store "${uri}" has no known scheme`, { details: { uri } });
}

function readCacheBytes(text: string | undefined): number {
  const gigabytes = text === undefined || text === '' ? CACHE_GIGABYTES : Number(text);
  if (gigabytes > 0) return gigabytes * GIGABYTE;
  throw new SerengetiError('INPUT_INVALID', `SERENGETI_CACHE_GB must be a number above 0, got ${JSON.stringify(text)}`);
}

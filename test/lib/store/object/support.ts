import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEASE_TIMES, type LeaseTimes } from '../../../../lib/store/draftFolder';
import { ObjectStore } from '../../../../lib/store/object/objectStore';
import { readBucketSettings } from '../../../../lib/store/object/settings';
import { FaultyLink } from '../../../support/faultyLink';
import { S3Server } from '../../../support/s3Server';

export const BUCKET = 'seasons';

/** One S3 server for a file of tests, and stores in it, each with a prefix and a folder of its own. */
export interface Stores {
  server: S3Server;
  link: FaultyLink;
  /** A worker's view: what was opened with the same prefix is the same store, on another host unless `host` is the same. */
  open(prefix: string, options?: OpenOptions): ObjectStore;
}

export interface OpenOptions {
  readonly host?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly cacheBytes?: number;
  readonly bucket?: string;
  readonly overLink?: boolean;
  readonly lease?: LeaseTimes;
}

export function stores(): Stores {
  const opened: ObjectStore[] = [];
  let folder = '';
  let hosts = 0;
  const result: Stores = {
    server: undefined as never,
    link: undefined as never,
    open(prefix, options = {}) {
      const {
        host = `host-${hosts++}`,
        environment = {},
        cacheBytes = 1e9,
        lease = LEASE_TIMES,
        bucket = BUCKET,
      } = options;
      const { client, ...place } = readBucketSettings(`s3://${bucket}/${prefix}`, {
        ...result.server.environment,
        AWS_ENDPOINT_URL: options.overLink === true ? result.link.url : result.server.endpoint,
        ...environment,
      });
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = { ...result.server.environment, ...environment };
      const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
      const store = new ObjectStore(
        { ...place, client: { credentials, ...client } },
        { cacheFolder: join(folder, host), cacheBytes, lease },
      );
      opened.push(store);
      return store;
    },
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serengeti-s3-'));
    result.server = await S3Server.start(join(folder, 'server'));
    await result.server.createBucket(BUCKET);
    result.link = await FaultyLink.to(result.server.endpoint);
  });
  beforeEach(() => {
    result.link.fault = () => undefined;
    result.link.passed.length = 0;
  });
  afterAll(async () => {
    for (const store of opened) store.close();
    await result.link.close();
    await result.server.kill();
    await rm(folder, { recursive: true, force: true });
  });
  return result;
}

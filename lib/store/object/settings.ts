import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { SerengetiError } from '../../contracts/errors';

/** How to reach a bucket: the address names it, the environment says the rest. */
export interface BucketSettings {
  readonly bucket: string;
  /** What all names in the bucket begin with: empty, or ending with a slash. */
  readonly prefix: string;
  readonly client: S3ClientConfig;
}

/** The SDK's own default gives up after three attempts, which take less than a second. */
const ATTEMPTS = 6;

/** Any value signs requests for a server that has no regions. */
const REGION = 'us-east-1';

/** Bucket names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/**
 * Credentials come from where the AWS SDK looks for them: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`,
 * `AWS_PROFILE` and its files, web identity, the container's or the machine's role. `AWS_ENDPOINT_URL_S3` or
 * `AWS_ENDPOINT_URL` name another server than Amazon's.
 *
 * @param uri - `s3://bucket/prefix`
 * @throws SerengetiError INPUT_INVALID
 */
export function readBucketSettings(uri: string, environment: NodeJS.ProcessEnv = process.env): BucketSettings {
  const match = ADDRESS.exec(uri);
  if (match === null) {
    throw new SerengetiError('INPUT_INVALID', `The store "${uri}" is not of the form s3://bucket/prefix`, {
      details: { uri },
    });
  }
  const [, bucket = '', path = ''] = match;
  const prefix = path.replace(/\/+$/, '');
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  const pathStyle = flag('SERENGETI_S3_PATH_STYLE', environment) ?? endpoint !== undefined;
  const anonymous = flag('SERENGETI_S3_ANONYMOUS', environment) ?? false;
  return {
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    client: {
      region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || REGION,
      ...(endpoint === undefined ? {} : { endpoint }),
      // Servers other than Amazon's seldom have a host name for every bucket.
      forcePathStyle: pathStyle,
      maxAttempts: positive('AWS_MAX_ATTEMPTS', environment) ?? ATTEMPTS,
      // Many servers know no other checksums than those that a request needs; artifacts carry their own.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000, httpsAgent: { maxSockets: 64 } },
      ...(anonymous ? ANONYMOUS : {}),
    },
  };
}

/** Requests go out as they are, for public buckets. */
const ANONYMOUS: S3ClientConfig = {
  credentials: { accessKeyId: '', secretAccessKey: '' },
  signer: { sign: (request) => Promise.resolve(request) },
};

function flag(name: string, environment: NodeJS.ProcessEnv): boolean | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new SerengetiError('INPUT_INVALID', `${name} must be 1 or 0, got ${JSON.stringify(text)}`);
}

function positive(name: string, environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new SerengetiError('INPUT_INVALID', `${name} must be a whole number from 1 up, got ${JSON.stringify(text)}`);
}

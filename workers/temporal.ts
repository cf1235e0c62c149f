import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { SerengetiError } from '../lib/contracts/errors';
import { readCodec } from './codec';

/** How a worker or client reaches Temporal, and how it reads what is there. */
export interface TemporalSettings {
  /** Address, TLS, API key and headers; the same for workers and clients. */
  readonly connection: NativeConnectionOptions & { readonly address: string };
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}

/**
 * From the `TEMPORAL_…` variables and the profiles of Temporal's own configuration file, as the `temporal` command has
 * them: `TEMPORAL_PROFILE`, `TEMPORAL_CONFIG_FILE`, `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS…`, `TEMPORAL_GRPC_META_…`. `SERENGETI_CODEC_KEY` encrypts what the server stores.
 *
 * @throws SerengetiError INPUT_INVALID
 */
export function readTemporalSettings(environment: NodeJS.ProcessEnv = process.env): TemporalSettings {
  const { connectionOptions, namespace } = loadProfile(environment);
  return {
    connection: { ...connectionOptions, address: connectionOptions.address || '127.0.0.1:7233' },
    namespace: namespace || 'default',
    dataConverter: { payloadCodecs: readCodec(environment) },
  };
}

/** A path that Debian keeps free: an empty file would not do, only one that is not there. */
const NO_FILE = '/nonexistent/temporal.toml';

/**
 * The environment for a server on this machine: nothing in it of the one elsewhere that variables or a profile name.
 *
 * @param address - host and port of its frontend
 */
export function localEnvironment(address: string, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(
    ([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_CLI_PATH',
  );
  return { ...Object.fromEntries(others), TEMPORAL_ADDRESS: address, TEMPORAL_CONFIG_FILE: NO_FILE };
}

/** What to say when nothing answers there. */
export function serverUnreachable({ connection }: TemporalSettings, cause: unknown): SerengetiError {
  return new SerengetiError('SERVER_UNREACHABLE', `No Temporal server answers at ${connection.address}`, { cause });
}

function loadProfile(environment: NodeJS.ProcessEnv): ReturnType<typeof loadClientConnectConfig> {
  const defined = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(defined) });
  } catch (error) {
    throw new SerengetiError('INPUT_INVALID', `The settings for Temporal are no good: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

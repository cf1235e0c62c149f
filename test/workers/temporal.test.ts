import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localEnvironment, readTemporalSettings } from '../../workers/temporal';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();
const NO_FILE = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };

describe('the way to Temporal', () => {
  it('is a server on this machine by default, without TLS', () => {
    expect(readTemporalSettings(NO_FILE)).toMatchObject({
      connection: { address: '127.0.0.1:7233' },
      namespace: 'default',
      dataConverter: { payloadCodecs: [] },
    });
    expect(readTemporalSettings(NO_FILE).connection.tls).toBeUndefined();
  });

  it('is encrypted where there is an API key', () => {
    const { connection, namespace } = readTemporalSettings({
      ...NO_FILE,
      TEMPORAL_ADDRESS: 'europe.example:7233',
      TEMPORAL_NAMESPACE: 'seasons.a1b2c',
      TEMPORAL_API_KEY: 'key',
    });
    expect(connection).toMatchObject({ address: 'europe.example:7233', apiKey: 'key', tls: true });
    expect(namespace).toBe('seasons.a1b2c');
  });

  it('takes certificates from files, and headers', async () => {
    for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder(), name), name);
    const { connection } = readTemporalSettings({
      ...NO_FILE,
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder(), 'ca'),
      TEMPORAL_TLS_CLIENT_CERT_PATH: join(folder(), 'cert'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: join(folder(), 'key'),
      TEMPORAL_TLS_SERVER_NAME: 'temporal.example',
      TEMPORAL_GRPC_META_TEAM: 'ecology',
    });
    expect(connection.tls).toMatchObject({
      serverNameOverride: 'temporal.example',
      serverRootCACertificate: Buffer.from('ca'),
      clientCertPair: { crt: Buffer.from('cert'), key: Buffer.from('key') },
    });
    expect(connection.metadata).toEqual({ team: 'ecology' });
  });

  it('is that of a profile, and the environment goes before it', async () => {
    const file = join(folder(), 'temporal.toml');
    await writeFile(file, '[profile.fleet]\naddress = "fleet.example:7233"\nnamespace = "seasons"\n');
    const profile = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'fleet' };
    expect(readTemporalSettings(profile)).toMatchObject({
      connection: { address: 'fleet.example:7233' },
      namespace: 'seasons',
    });
    expect(readTemporalSettings({ ...profile, TEMPORAL_NAMESPACE: 'other' }).namespace).toBe('other');
  });

  it('is refused when the profile is not there, by its name', async () => {
    const file = join(folder(), 'temporal.toml');
    await writeFile(file, '[profile.fleet]\naddress = "fleet.example:7233"\n');
    expect(() => readTemporalSettings({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'fleat' })).toThrow(/fleat/);
  });
});

describe('the way to a server on this machine', () => {
  it('has nothing of the one elsewhere that the environment names', () => {
    const elsewhere = {
      TEMPORAL_ADDRESS: 'europe.example:7233',
      TEMPORAL_NAMESPACE: 'seasons.a1b2c',
      TEMPORAL_API_KEY: 'key',
      TEMPORAL_PROFILE: 'fleet',
      TEMPORAL_CLI_PATH: '/usr/bin/temporal',
    };
    const environment = localEnvironment('127.0.0.1:7234', elsewhere);
    expect(environment.TEMPORAL_CLI_PATH).toBe('/usr/bin/temporal');
    const { connection, namespace } = readTemporalSettings(environment);
    expect(connection).toMatchObject({ address: '127.0.0.1:7234' });
    expect([connection.tls, connection.apiKey, namespace]).toEqual([undefined, undefined, 'default']);
  });
});

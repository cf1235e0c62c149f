import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../lib/io/home';

/** Runs the built program; it has to end by itself. */
async function serengeti(parameters: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const main = join(projectRoot(), 'dist', 'cli', 'main.js');
  const options = { env: { ...process.env, ...environment }, timeout: 60_000 };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...parameters], options);
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: `${stdout}${stderr}` };
  }
}

describe('serengeti worker', () => {
  it('takes flags before the environment', async () => {
    const { code, text } = await serengeti(['worker', 'io', '--store', 'ftp://flag/'], {
      SERENGETI_STORE: 'ftp://environment/',
    });
    expect(code).not.toBe(0);
    expect(text).toContain('ftp://flag/');
    expect(text).not.toContain('ftp://environment/');
  });

  it('names the setting that is wrong, by its variable', async () => {
    const { code, text } = await serengeti(['worker', 'gpu', '--activities', 'many']);
    expect(code).not.toBe(0);
    expect(text).toContain('SERENGETI_GPU_CONCURRENCY must be a whole number from 1 up, got "many"');
  });

  it('ends at once, with the reason, when it cannot use its store', async () => {
    const { code, text } = await serengeti(['worker', 'io', '--store', 's3://seasons/store'], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      AWS_MAX_ATTEMPTS: '1',
    });
    expect(code).not.toBe(0);
    expect(text).toContain('Could not list s3://seasons/store/');
    expect(text).toContain('ECONNREFUSED');
    expect(text).not.toContain('not-a-secret');
  });

  it.each(['io', 'gpu'])('ends, with the address, when no server answers: %s', async (role) => {
    const { code, text } = await serengeti(['worker', role], { TEMPORAL_ADDRESS: '127.0.0.1:9' });
    expect(code).not.toBe(0);
    expect(text).toContain('No Temporal server answers at 127.0.0.1:9');
    expect(text).toContain('SERVER_UNREACHABLE');
  });

  it('that is not alive is told apart by the exit status of its health', async () => {
    const { code, text } = await serengeti(['worker', 'health', 'gpu'], { SERENGETI_HOME: '/nonexistent' });
    expect(code).toBe(1);
    expect(text).toContain('gpu worker: no sign of life');
  });
});

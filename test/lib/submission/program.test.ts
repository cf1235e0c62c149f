import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython, runProgram } from '../../../lib/submission/program';
import { until } from '../../support/waiting';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-program-'));
});

afterEach(async () => {
  delete process.env.SERENGETI_PYTHON;
  await rm(folder, { recursive: true });
});

const node = (script: string): [string, string, string] => [process.execPath, '-e', script];

test('a program that fails gives its status and the end of its output', async () => {
  const script = `console.log('x'.repeat(10000)); console.error('no such class'); process.exitCode = 3`;
  await expect(runProgram(node(script), folder)).rejects.toMatchObject({
    code: 'SUBMISSION_INVALID',
    message: expect.stringMatching(/ended with status 3; its last lines were:\n(x{1000,5000})\nno such class$/),
  });
});

test('a program that is killed says by what', async () => {
  await expect(runProgram(node('process.kill(process.pid, "SIGTERM")'), folder)).rejects.toMatchObject({
    code: 'SUBMISSION_INVALID',
    message: expect.stringContaining('ended with SIGTERM'),
  });
});

test('a program that is not there cannot be started', async () => {
  await expect(runProgram([join(folder, 'none')], folder)).rejects.toMatchObject({
    code: 'SUBMISSION_INVALID',
    message: expect.stringContaining('cannot be started'),
  });
});

test('is stopped, whatever the program does', async () => {
  const controller = new AbortController();
  const script = `process.on('SIGTERM', () => {}); fs.writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
  const running = runProgram(node(script), folder, controller.signal);
  const pid = Number(
    await until(() =>
      readFile(join(folder, 'pid'), 'utf8')
        .catch(() => '')
        .then((text) => text || undefined),
    ),
  );
  controller.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
  // The test's limit ends what goes on.
  await until(() => !existsSync(`/proc/${pid}`));
});

test('runs in its folder, without this process’s own settings', async () => {
  process.env.SERENGETI_SECRET_OF_THE_TEST = '1';
  const { output } = await runProgram(
    node('console.log(process.cwd(), process.env.SERENGETI_SECRET_OF_THE_TEST)'),
    folder,
  );
  delete process.env.SERENGETI_SECRET_OF_THE_TEST;
  expect(output).toBe(`${folder} undefined\n`);
});

test('finds no Python where there is none, or one without TensorFlow', async () => {
  process.env.SERENGETI_PYTHON = join(folder, 'python');
  expect(await findPython()).toBeUndefined();
  await writeFile(join(folder, 'python'), '#!/bin/sh\nexit 1\n');
  await chmod(join(folder, 'python'), 0o755);
  expect(await findPython()).toBeUndefined();
});

test('finds the Python that was named', async () => {
  process.env.SERENGETI_PYTHON = join(folder, 'python');
  await writeFile(join(folder, 'python'), '#!/bin/sh\nexit 0\n');
  await chmod(join(folder, 'python'), 0o755);
  expect(await findPython()).toBe(join(folder, 'python'));
});

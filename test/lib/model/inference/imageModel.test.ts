import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { FEATURES_SIGNATURE, ImageModel } from '../../../../lib/model/inference';
import { Network } from '../../../../lib/model/inference/network';
import { temporaryFolder } from '../../../support/folders';
import { picture, PREPROCESSING, TINY_WIDTH, writeTinyBackbone } from '../support';
import { inferenceProcesses } from './processes';

const folder = temporaryFolder();
const form = { preprocessing: PREPROCESSING, signature: FEATURES_SIGNATURE };

beforeEach(async () => {
  await writeTinyBackbone(join(folder(), 'backbone'));
});

const load = () => ImageModel.load(join(folder(), 'backbone'), form);

/** Runs a program that loads the backbone, prints the inference process's number, and goes on as `then` says. */
function startProgram(then: 'waits' | 'ends') {
  const hook = join(__dirname, '..', '..', '..', 'support', 'typescript.cjs');
  const args = ['-r', hook, join(__dirname, 'loading.ts'), join(folder(), 'backbone'), then];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await setTimeout(10);
}

test('a folder that holds no network is named, and the next one is loaded all the same', async () => {
  await expect(ImageModel.load(join(folder(), 'nothing'), form)).rejects.toMatchObject({
    name: 'SerengetiError',
    code: 'MODEL_INVALID',
    message: expect.stringContaining(join(folder(), 'nothing')),
    details: { directory: join(folder(), 'nothing') },
  });
  const model = await load();
  expect(model.width).toBe(TINY_WIDTH);
  model.dispose();
});

test('a process that is killed fails what it was at; a model loaded after that gets another', async () => {
  const model = await load();
  for (const pid of await inferenceProcesses()) process.kill(pid, 'SIGKILL');
  await expect(model.run([picture(1)])).rejects.toMatchObject({
    code: 'INFERENCE_LOST',
    message: expect.stringMatching(/^The process \d+ that runs the network is lost: it ended \(SIGKILL\)$/),
  });
  model.dispose();
  const next = await load();
  expect(await next.run([picture(1)])).toHaveLength(TINY_WIDTH);
  next.dispose();
});

test('rows have the bits that a network in this process gives, whichever process they come from', async () => {
  const network = await Network.load(join(folder(), 'backbone'), form);
  const model = await load();
  const batches = Array.from({ length: 20 }, (_, number) => [picture(number), picture(number + 1)]);
  const rows = await Promise.all(batches.map((batch) => model.run(batch)));
  expect(rows).toEqual(batches.map((batch) => network.run(Buffer.concat(batch), batch.length).slice()));
  expect(model.busySeconds).toBeGreaterThan(0);
  network.dispose();
  model.dispose();
});

test('processes are taken over by the next model', async () => {
  const first = await load();
  first.dispose();
  const before = await inferenceProcesses();
  const second = await load();
  expect(before).toEqual(expect.arrayContaining(await inferenceProcesses()));
  second.dispose();
});

test('a model that is let go finishes what is under way', async () => {
  const model = await load();
  const rows = model.run([picture(3)]);
  model.dispose();
  expect(await rows).toHaveLength(TINY_WIDTH);
});

describe('inference processes end with the process that they belong to', () => {
  test('when it has nothing left to do', async () => {
    const program = startProgram('ends');
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
    expect(await once(program, 'exit')).toEqual([0, null]);
    await gone(Number(line));
  });

  test('when it is killed', async () => {
    const program = startProgram('waits');
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
    expect(existsSync(`/proc/${line}`)).toBe(true);
    program.kill('SIGKILL');
    await gone(Number(line));
  });
});

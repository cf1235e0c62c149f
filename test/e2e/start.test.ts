import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serengetiHome } from '../../lib/io/home';
import { Program } from './support/processes';

/** A state folder of its own, with the parts that set-up prepared and the seasons that were drawn before. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'serengeti-start-'));
  for (const shared of ['native', 'python', 'sample']) {
    await mkdir(join(serengetiHome(), shared), { recursive: true });
    await symlink(join(serengetiHome(), shared), join(home, shared));
  }
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

async function start(): Promise<{ readonly exitCode: Awaited<ReturnType<Program['ended']>>; readonly output: string }> {
  const program = new Program(['start'], { SERENGETI_HOME: home });
  const exitCode = await program.ended();
  return { exitCode, output: program.output };
}

function placeOf(name: string, output: string): string {
  return new RegExp(`^ *${name} +(/.*)$`, 'm').exec(output)?.[1] ?? '';
}

describe('the main job', () => {
  it('ends with a model, a report and a submission, and says how good the model is', async () => {
    const { exitCode, output } = await start();
    expect(output).toContain('Package the submission');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/Log loss +0\.0\d+ +\(no skill: 0\.0\d+ true priors/);
    expect(output).toMatch(/Tried +ran on \d+ sequences: main\.mjs with .*; main\.py with /);
    for (const name of ['Model', 'Report', 'Data', 'Submission']) expect(existsSync(placeOf(name, output))).toBe(true);
  });

  it('uses what is there when it is started again, and says so', async () => {
    const { exitCode, output } = await start();
    expect(exitCode).toBe(0);
    for (const step of ['Download seasons', 'Unzip', 'Index metadata', 'Compute features', 'Train the head']) {
      expect(output).toMatch(new RegExp(`${step}: .*there already`));
    }
    expect(output).toContain('everything was there already');
  });
});

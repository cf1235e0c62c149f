import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, serengetiHome } from '../../../lib/io/home';
import { COLOUR_CARD, COLOUR_CLASSES, photograph, writeColourModel } from './support/colourModel';

const execute = promisify(execFile);

let folder: string;
let guide: string;

beforeAll(async () => {
  guide = await readFile(join(projectRoot(), 'docs', 'using-the-model.md'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'serengeti-examples-'));
  await writeColourModel(join(folder, 'assets'), {
    preprocessing: { ...COLOUR_CARD.preprocessing, width: 384, height: 384 },
  });
  await writeFile(join(folder, 'frame.jpg'), await photograph('elephant'));
  await symlink(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The guide's code blocks in a language. */
function examples(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!);
}

async function runExample(program: string, file: string, code: string): Promise<string> {
  await writeFile(join(folder, file), code);
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  return (await execute(program, [file], { cwd: folder, env })).stdout;
}

test('the example in Python has five lines and names the animal', async () => {
  const [code = ''] = examples('python');
  expect(code.trimEnd().split('\n')).toHaveLength(5);
  const output = await runExample(join(serengetiHome(), 'python', 'bin', 'python'), 'example.py', code);
  expect(output).toBe('elephant\n');
});

test('the example in Node has six lines and gives the probabilities', async () => {
  const [code = '', repair = ''] = examples('js');
  expect(code.trimEnd().split('\n')).toHaveLength(6);
  const isOld = Number(process.versions.node.split('.')[0]) < 23;
  const output = await runExample(process.execPath, 'example.mjs', isOld ? code : repair + code);
  const [probabilities = []] = JSON.parse(output.slice(output.indexOf('[')).replace(/\s/g, '')) as number[][];
  expect(COLOUR_CLASSES[probabilities.indexOf(Math.max(...probabilities))]).toBe('elephant');
});

// Prepares a clone: the packages of the lockfile, the native parts, and the build. Needs nothing but Node; runs in front
// of every command, and takes a moment when all is there. `node scripts/setup.mjs --help` says more.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SetupFailure } from './setup/failure.mjs';
import { acquireLock } from './setup/lock.mjs';
import { checkLibrary, checkNode, checkPlatform, requireCompiler, requirePython } from './setup/prerequisites.mjs';
import { Progress } from './setup/progress.mjs';
import { listSteps } from './setup/steps.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** As lib/io/home.ts has it. */
const HOME = resolve(process.env.SERENGETI_HOME ?? join(ROOT, '.serengeti'));
const HELP = `Usage: node scripts/setup.mjs [--test] [--bench] [--topology]

Prepares this clone, or does nothing if it is prepared already:
  npm packages            as package-lock.json has them, into node_modules
  TensorFlow              the library out of its Python wheel, and the add-on for Node compiled against it
  Temporal                the command line with its development server, unless there is one
  EfficientNet-Lite0      its ImageNet weights
  build                   TypeScript into dist, and the workflows as a bundle

Options:
  --test                  also what only the tests need
  --bench                 also what only the measurements need
  --topology              also the servers of docker-compose.yml, which takes Go
  --help                  this text

Environment:
  SERENGETI_HOME          where to keep what is not part of the project; by default .serengeti in this clone
  SERENGETI_DEVICE        cpu or gpu: which TensorFlow; by default the GPU's if an NVIDIA driver is there
  TEMPORAL_CLI_PATH       your own Temporal command line; by default the one on PATH
  PYTHON, CXX             your own Python 3 and C++ compiler; by default those on PATH
  PYTHON36                a Python 3.6 for tests of TensorFlow 1.14; by default pyenv's or the one on PATH, if any
`;

async function main(parameters) {
  if (parameters.includes('--help')) return void process.stdout.write(HELP);
  const unknown = parameters.find((parameter) => !['--test', '--bench', '--topology'].includes(parameter));
  if (unknown !== undefined) throw new SetupFailure(`${unknown} is not an option: see node scripts/setup.mjs --help`);

  checkNode();
  checkPlatform();
  const steps = listSteps(
    { root: ROOT, home: HOME },
    {
      test: parameters.includes('--test'),
      bench: parameters.includes('--bench'),
      topology: parameters.includes('--topology'),
    },
  );
  if (steps.every((step) => step.isDone())) return;

  const progress = new Progress();
  const announce = (holder) => progress.line(`waiting for ${holder}, which is setting up too …`);
  await acquireLock(ROOT, announce);
  await acquireLock(HOME, announce); // clones may share it
  const missing = steps.filter((step) => !step.isDone());
  // All of this is said now, and not after minutes of downloads.
  checkLibrary();
  const context = { progress };
  if (missing.some((step) => step.needs === 'python')) context.python = await requirePython();
  if (missing.some((step) => step.needs === 'compiler')) context.compiler = requireCompiler();

  for (const step of missing) {
    progress.line(`${step.title} …`);
    const startedAt = Date.now();
    await step.run(context);
    progress.line(`${step.title}: ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`setup: ${error instanceof SetupFailure ? error.message : error.stack}\n`);
  process.exitCode = 1;
});

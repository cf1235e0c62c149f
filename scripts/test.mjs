// What `npm test` runs after set-up: the checks of the sources, then the tests by unit, and beside them the tests of real
// processes, two at a time. `npm test -- PATTERN…` runs only the tests whose path matches. Ends with a line
// `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules');

/** Runs a program of node_modules on this Node, its output on ours. @returns {Promise<boolean>} whether it succeeded */
function runTool(script, parameters) {
  return new Promise((resolve) => {
    // Jest refuses `import()` of an ES module without the flag.
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, join(BIN, script), ...parameters], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

/** One check of the sources; it counts as one test. */
async function check(title, script, parameters) {
  const startedAt = Date.now();
  const ok = await runTool(script, parameters);
  console.log(`${ok ? 'PASS' : 'FAIL'} ${title} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** @returns how many tests passed and failed; a file that could not be run counts as a failed test */
async function test(parameters) {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  const report = join(folder, 'report.json');
  try {
    const ok = await runTool('jest/bin/jest.js', [
      '--json',
      '--outputFile',
      report,
      '--passWithNoTests',
      ...parameters,
    ]);
    const result = JSON.parse(await readFile(report, 'utf8').catch(() => '{"numRuntimeErrorTestSuites":1}'));
    const { numPassedTests: passed = 0, numFailedTests = 0, numRuntimeErrorTestSuites: broken = 0 } = result;
    const failed = numFailedTests + broken;
    // Jest may also fail for another reason, such as an error after the last test.
    return { passed, failed: ok ? failed : Math.max(1, failed) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the sources, and with them unit by unit. */
async function testUnits(patterns) {
  const checks =
    patterns.length > 0
      ? []
      : await Promise.all([
          check('lint', 'eslint/bin/eslint.js', ['.']),
          check('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
        ]);
  // Half of a large machine, whose memory each worker's TensorFlow shares; both of two processors.
  const workers = Math.max(2, Math.floor(availableParallelism() / 2));
  const units = await test([
    ...['--maxWorkers', String(workers), '--testPathIgnorePatterns', '<rootDir>/test/e2e/', '<rootDir>/test/topology/'],
    ...['--', ...patterns],
  ]);
  return [...checks, units];
}

/** These start servers and workers and kill them, each in a folder and at ports of its own. */
async function testProcesses(patterns) {
  const processes = await test([
    ...['--roots', '<rootDir>/test/e2e', '--maxWorkers', '2'],
    ...['--testSequencer', '<rootDir>/test/support/longestFirst.cjs'],
    ...['--globalSetup', '<rootDir>/test/e2e/support/smallSeasons.ts'],
    ...['--', ...patterns],
  ]);
  return [processes];
}

const patterns = process.argv.slice(2);
// Side by side: the tests of real processes wait more than they work.
const results = (await Promise.all([testUnits(patterns), testProcesses(patterns)])).flat();
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

// Bundles the compiled workflows into one file, which a worker loads instead of running webpack when it starts.
// Usage: node bundle.mjs ENTRY TARGET
import { rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const [entry, target] = process.argv.slice(2);
const require = createRequire(entry); // the packages of the clone that the workflows are in
const { bundleWorkflowCode } = require('@temporalio/worker');

const silent = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, log() {} };
try {
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: silent });
  await writeFile(`${target}.partial`, code);
  await rename(`${target}.partial`, target);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

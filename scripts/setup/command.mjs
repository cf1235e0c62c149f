import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: string, show?: boolean }} [options] `show` lets the program
 *   write to the terminal itself, on standard error, instead of having its output returned.
 * @returns {Promise<{ ok: boolean, status: string, output: string }>} never rejects: a program that cannot be started
 *   is `ok: false` with the reason as its output.
 */
export function run(program, parameters, { cwd, env, input = '', show = false } = {}) {
  return new Promise((resolve) => {
    // Set-up keeps standard output clean: it runs in front of commands whose output may be piped.
    const child = spawn(program, parameters, { cwd, env, stdio: show ? ['pipe', 2, 2] : 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => resolve({ ok: false, status: error.message, output: error.message }));
    child.on('close', (code, signal) => resolve({ ok: code === 0, status: signal ?? `exit ${code}`, output }));
    child.stdin.on('error', () => {}); // a program that ends without reading its input has said so by its status
    child.stdin.end(input);
  });
}

/** Where a program is on PATH, or undefined. Looking ourselves takes no process, which keeps a no-op set-up quick. */
export function findOnPath(program, path = process.env.PATH ?? '') {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

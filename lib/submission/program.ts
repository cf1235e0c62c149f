import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import { pathExists } from '../io/files';
import { projectRoot, serengetiHome } from '../io/home';

const TAIL_CHARACTERS = 4000;
/** What the programs that are packed may use; nothing of this process's own settings changes how they run. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES'];

export interface ProgramRun {
  readonly seconds: number;
  /** The end of what it printed. */
  readonly output: string;
}

/**
 * Runs a program to its end.
 *
 * @throws SerengetiError SUBMISSION_INVALID with the end of its output when it fails
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  folder: string,
  signal?: AbortSignal,
): Promise<ProgramRun> {
  const [file, ...parameters] = command;
  const started = performance.now();
  const child = spawn(file, parameters, {
    cwd: folder,
    env: { ...environment(), SERENGETI_PROJECT: projectRoot() },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' as const }),
  });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-TAIL_CHARACTERS));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [status, killedBy] = (await once(child, 'close').catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new SerengetiError('SUBMISSION_INVALID', `${file} cannot be started: ${String(error)}`, { cause: error });
  })) as [number | null, NodeJS.Signals | null];
  if (status !== 0) {
    throw new SerengetiError(
      'SUBMISSION_INVALID',
      `\`${command.join(' ')}\` ended with ${killedBy ?? `status ${status}`}; its last lines were:\n${output.trimEnd()}`,
      { details: { status, signal: killedBy } },
    );
  }
  return { seconds: (performance.now() - started) / 1000, output };
}

function environment(): NodeJS.ProcessEnv {
  const passed = PASSED_ON.map((name): [string, string | undefined] => [name, process.env[name]]);
  return Object.fromEntries(passed.filter(([, value]) => value !== undefined));
}

/**
 * A Python that can run `main.py`: `SERENGETI_PYTHON`, else the one that set-up made for the tests.
 *
 * @returns `undefined` where there is none, or one without TensorFlow, NumPy or Pillow
 */
export async function findPython(signal?: AbortSignal): Promise<string | undefined> {
  const python = process.env.SERENGETI_PYTHON ?? join(serengetiHome(), 'python', 'bin', 'python');
  if (python.includes('/') && !(await pathExists(python))) return undefined;
  const probe = "import importlib.util as u; exit(any(u.find_spec(m) is None for m in ('tensorflow', 'numpy', 'PIL')))";
  try {
    await runProgram([python, '-c', probe], projectRoot(), signal);
    return python;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

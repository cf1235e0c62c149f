import { findOnPath, isExecutable, run } from './command.mjs';
import { SetupFailure } from './failure.mjs';

/** Which Node releases the project runs on: the same as package.json's `engines`. */
const NODE = { 20: 19, 22: 13, 24: 0 };

/** @param {string} version as in `process.versions.node` */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major in NODE && minor >= NODE[major]) return;
  throw new SetupFailure(`Node ${version} is not supported: install Node 24, or 22.13 or 20.19 and later (nodejs.org)`);
}

/** @param {string} platform as in `linux-x64` */
export function checkPlatform(platform = `${process.platform}-${process.arch}`) {
  if (platform === 'linux-x64' || platform === 'linux-arm64') return;
  throw new SetupFailure(`${platform} is not supported: use Linux on x64 or arm64, for example in a container`);
}

/** TensorFlow is published for glibc only. */
export function checkLibrary(report = process.report) {
  report.excludeNetwork = true; // looking up the names of open connections can take seconds
  if (report.getReport().header.glibcVersionRuntime !== undefined) return;
  throw new SetupFailure('This Linux has no glibc, which TensorFlow needs: use Debian, Ubuntu, Fedora or the like');
}

/**
 * The Python that fetches and unpacks: $PYTHON, or python3 on PATH.
 *
 * @returns {Promise<string>}
 */
export async function requirePython(env = process.env) {
  const python = env.PYTHON || findOnPath('python3', env.PATH);
  const advice = 'install Python 3.8 or later with pip (Debian and Ubuntu: apt install python3 python3-pip)';
  if (python === undefined) throw new SetupFailure(`There is no python3 on PATH: ${advice}`);
  const version = await run(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'], { env });
  if (!version.ok) throw new SetupFailure(`${python} does not run, or is too old: ${advice}`);
  const pip = await run(python, ['-m', 'pip', '--version'], { env });
  if (!pip.ok) throw new SetupFailure(`${python} has no pip: ${advice}`);
  return python;
}

/**
 * The C++ compiler for TensorFlow's Node add-on: $CXX, or g++ or clang++ on PATH.
 *
 * @returns {string[]} the program and the parameters that $CXX gives with it, as in `ccache g++`
 */
export function requireCompiler(env = process.env) {
  const given = (env.CXX ?? '').split(' ').filter((word) => word !== '');
  const advice = 'install a C++ compiler (Debian and Ubuntu: apt install g++)';
  if (given.length > 0) {
    if (isExecutable(given[0]) || findOnPath(given[0], env.PATH)) return given;
    throw new SetupFailure(`CXX is ${env.CXX}, which is not a program: correct it, or unset it and ${advice}`);
  }
  const found = findOnPath('g++', env.PATH) ?? findOnPath('clang++', env.PATH);
  if (found === undefined) throw new SetupFailure(`There is no g++ or clang++ on PATH: ${advice}`);
  return [found];
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** File → the files of the project that it imports. Read once a process: an editor sees a mended circle after a restart. */
const importsByFile = new Map();

/** ESLint rule: no file imports another in a circle, types included: of two such files neither can be read by itself. */
export const circles = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { circle: 'Imports in a circle: {{way}}. Move what both need to a file of its own.' },
  },
  create(context) {
    const { filename, sourceCode, cwd } = context;
    return {
      Program() {
        for (const { target, start, end } of projectImports(filename, sourceCode.text)) {
          const way = wayBetween(target, filename);
          if (way === undefined) continue;
          context.report({
            loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
            messageId: 'circle',
            data: { way: [filename, ...way].map((file) => relative(cwd, file)).join(' → ') },
          });
        }
      },
    };
  },
};

/** The files over which imports lead from one file to another, both included; `undefined` where none do. */
function wayBetween(from, to) {
  const cameFrom = new Map([[from, undefined]]);
  // A map goes on with what is added while it is gone through.
  for (const file of cameFrom.keys()) {
    if (file === to) return wayTo(file, cameFrom);
    for (const target of importsOf(file)) if (!cameFrom.has(target)) cameFrom.set(target, file);
  }
  return undefined;
}

function wayTo(file, cameFrom) {
  const way = [];
  for (let at = file; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}

function importsOf(file) {
  let targets = importsByFile.get(file);
  if (targets === undefined) {
    targets = projectImports(file, readFileSync(file, 'utf8')).map(({ target }) => target);
    importsByFile.set(file, targets);
  }
  return targets;
}

/** All kinds of import: static, dynamic, of types, `require` and re-export. */
function projectImports(file, text) {
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos, end }) => {
    const target = fileName.startsWith('.') ? fileAt(join(dirname(file), fileName)) : undefined;
    return target === undefined ? [] : [{ target, start: pos, end }];
  });
}

function fileAt(path) {
  return [path, `${path}.ts`, path.replace(/\.js$/, '.ts'), join(path, 'index.ts')].find(
    (candidate) => /\.(ts|mjs)$/.test(candidate) && existsSync(candidate) && statSync(candidate).isFile(),
  );
}

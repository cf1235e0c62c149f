import { builtinModules } from 'node:module';
import { dirname, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const PRODUCT = [
  'lib/',
  'activities/',
  'workflows/',
  'workers/',
  'runs/',
  'server/',
  'cli/',
  'simulator/',
  'examples/',
];
const REACHES_OUT = [
  'fs',
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'http',
  'http2',
  'https',
  'net',
  'os',
  'tls',
].map((name) => `node:${name}`);

/**
 * The house's layers, as in docs/architecture.md. A file whose path begins with one of `files` (and with none of
 * `notFiles`) must not import what begins with one of `forbidden`, unless it begins with one of `allowed`; with
 * `types: true` it may still import its types. Imports are named by their path in the project or by their module.
 */
export const LAYERS = [
  {
    files: ['lib/'],
    forbidden: ['@temporalio/'],
    why: 'lib/ does the work and knows nothing of Temporal',
  },
  {
    files: ['lib/'],
    forbidden: [''],
    allowed: ['lib/', '#module'],
    why: 'lib/ imports nothing of the folders that are built on it',
  },
  {
    files: ['lib/contracts/'],
    forbidden: ['lib/'],
    allowed: ['lib/contracts/'],
    why: 'lib/contracts is what all others share: it imports none of them',
  },
  {
    files: ['lib/io/', 'lib/http/', 'lib/zip/'],
    forbidden: ['lib/'],
    allowed: ['lib/contracts/', 'lib/io/', 'lib/http/', 'lib/zip/'],
    why: 'files, requests and zips know nothing of seasons, models or artifacts',
  },
  {
    files: ['simulator/'],
    forbidden: [''],
    allowed: ['simulator/', 'lib/', '#module'],
    why: 'the simulator writes what the library reads, and knows nothing of runs',
  },
  {
    files: ['examples/'],
    forbidden: [''],
    allowed: ['lib/', '#module'],
    why: 'examples show lib/ in programs without Temporal',
  },
  {
    files: ['examples/'],
    forbidden: ['@temporalio/'],
    why: 'examples show lib/ in programs without Temporal',
  },
  {
    files: ['lib/contracts/'],
    forbidden: REACHES_OUT,
    why: 'lib/contracts holds types and schemas, no input or output: workflows import it into their sandbox',
  },
  {
    files: PRODUCT,
    notFiles: ['lib/model/'],
    forbidden: ['@tensorflow/', 'onnxruntime'],
    why: 'only lib/model imports TensorFlow or another engine',
  },
  {
    files: ['lib/model/'],
    notFiles: ['lib/model/runtime.ts'],
    forbidden: ['@tensorflow/'],
    // Generated message classes: they load nothing native.
    allowed: ['@tensorflow/tfjs-node-gpu/dist/proto/'],
    types: true,
    why: 'call tensorflow() of lib/model/runtime, which loads the library in the one way that works on every Node',
  },
  {
    files: PRODUCT,
    notFiles: ['lib/metadata/'],
    forbidden: ['@duckdb/'],
    why: 'only lib/metadata imports DuckDB',
  },
  {
    files: PRODUCT,
    notFiles: ['lib/store/'],
    forbidden: ['@aws-sdk/', '@smithy/'],
    why: 'only lib/store imports an object-store client',
  },
  {
    files: ['workflows/'],
    forbidden: [''],
    allowed: ['workflows/', 'activities/', 'lib/contracts/', '@temporalio/workflow', '@temporalio/common'],
    why: 'a workflow is replayed in a sandbox: it has lib/contracts, @temporalio/workflow and @temporalio/common',
  },
  {
    files: ['workflows/'],
    forbidden: ['activities/'],
    types: true,
    why: 'workflows/ imports the types of activities/ and nothing else of them',
  },
  {
    files: ['activities/'],
    forbidden: [''],
    allowed: ['activities/', 'lib/contracts/', 'lib/io/systemErrors', 'lib/pipeline/', 'runs/', '#module'],
    why: 'activities/ are shells around the tasks of lib/pipeline, and around runs/ where they look at runs',
  },
  {
    files: ['runs/'],
    forbidden: [''],
    allowed: ['runs/', 'lib/contracts/', '@temporalio/client', '@temporalio/common'],
    why: 'runs/ looks at runs from outside, as a client of Temporal, and knows nothing of the work',
  },
  {
    files: ['server/'],
    forbidden: [''],
    allowed: ['server/', 'lib/', '#module'],
    why: 'server/ shows a store to browsers: runs and settings are handed to it',
  },
  {
    files: ['server/'],
    forbidden: ['@temporalio/'],
    why: 'server/ shows a store to browsers: runs and settings are handed to it',
  },
  {
    files: ['activities/'],
    forbidden: ['@temporalio/'],
    allowed: ['@temporalio/activity', '@temporalio/common'],
    why: 'an activity has @temporalio/activity and @temporalio/common',
  },
];

/** ESLint rule: every kind of import, static, dynamic, of types, `require` and re-export, keeps to the layers. */
export const layers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { layer: '{{from}} must not import {{target}}: {{why}}.' },
  },
  create(context) {
    const from = relative(ROOT, context.filename).split(sep).join('/');
    const rows = LAYERS.filter(({ files, notFiles = [] }) => begins(from, files) && !begins(from, notFiles));
    if (rows.length === 0) return {};

    function check(node, source, isType) {
      if (typeof source?.value !== 'string') return;
      const target = resolve(from, source.value);
      for (const { forbidden, allowed = [], types = false, why } of rows) {
        if (isType && types) continue;
        if (!matches(target, forbidden) || matches(target, allowed)) continue;
        context.report({ node, messageId: 'layer', data: { from, target: target.name, why } });
      }
    }

    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node.importKind, node.specifiers, 'importKind')),
      ExportNamedDeclaration: (node) =>
        check(node, node.source, isTypeOnly(node.exportKind, node.specifiers, 'exportKind')),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      TSImportEqualsDeclaration: (node) => check(node, node.moduleReference.expression, node.importKind === 'type'),
      CallExpression: (node) => {
        const { callee } = node;
        const isRequire =
          callee.name === 'require' || (callee.object?.name === 'require' && callee.property.name === 'resolve');
        if (isRequire) check(node, node.arguments[0], false);
      },
    };
  },
};

/** What is imported: its path in the project, or its module with `node:` before built-in ones. */
function resolve(from, source) {
  if (source.startsWith('.')) return { name: posix.join(posix.dirname(from), source), isModule: false };
  const isBuiltin = builtinModules.includes(source);
  return { name: isBuiltin ? `node:${source}` : source, isModule: true };
}

function matches(target, prefixes) {
  // `lib/contracts` as its index is part of `lib/contracts/`.
  return (
    begins(target.isModule ? target.name : `${target.name}/`, prefixes) ||
    (target.isModule && prefixes.includes('#module'))
  );
}

function begins(text, prefixes) {
  return prefixes.some((prefix) => text.startsWith(prefix));
}

/** Whether nothing of the declaration is left when the types are gone. */
function isTypeOnly(kind, specifiers, key) {
  return kind === 'type' || (specifiers.length > 0 && specifiers.every((specifier) => specifier[key] === 'type'));
}

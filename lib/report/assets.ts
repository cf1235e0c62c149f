import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Html } from './html';

/** Scripts and style sheets of the pages, by the name of their file in `page/`, and the charting libraries. */
const LIBRARIES = {
  d3: () => join(packageFolder('d3'), 'dist/d3.min.js'),
  plot: () => join(packageFolder('@observablehq/plot'), 'dist/plot.umd.min.js'),
} as const;

export type Library = keyof typeof LIBRARIES;

const read = new Map<string, string>();

export function libraryText(library: Library): string {
  return textOf(LIBRARIES[library]());
}

export function pageAsset(name: string): string {
  return textOf(join(__dirname, 'page', name));
}

/** A script element with the source that a content security policy admits it by. */
export interface InlineScript {
  readonly element: Html;
  /** `'sha256-…'` */
  readonly source: string;
}

export function inlineScript(text: string): InlineScript {
  if (/<\/script|<!--/i.test(text)) throw new Error('A script with "</script" or "<!--" cannot be put into a page.');
  const digest = createHash('sha256').update(text).digest('base64');
  return { element: new Html(`<script>${text}</script>`), source: `'sha256-${digest}'` };
}

/** Browsers digest scripts with `\n` only. */
function textOf(path: string): string {
  let text = read.get(path);
  if (text === undefined) {
    text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
    read.set(path, text);
  }
  return text;
}

/** Folder of an installed package, whatever its exports hide. */
function packageFolder(name: string): string {
  const paths = require.resolve.paths(name) ?? [];
  for (const path of paths) {
    const folder = join(path, name);
    try {
      readFileSync(join(folder, 'package.json'));
      return folder;
    } catch {
      continue;
    }
  }
  throw new Error(`The package ${name} is not installed above ${dirname(__filename)}.`);
}

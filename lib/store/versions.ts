import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../io/home';

export type Versions = Readonly<Record<string, string>>;

/** Packages whose version can change a result: what decodes photographs, and what makes tables. */
const PACKAGES = { sharp: 'sharp', DuckDB: '@duckdb/node-api' } as const;

let own: Versions | undefined;
const loaded = new Map<string, string>();

/**
 * What made an artifact: this program, Node, the packages that decide results, and the native libraries that this
 * process has loaded. Recorded in every manifest, so that a result can be traced to the programs.
 */
export function productVersions(): Versions {
  own ??= {
    serengeti: packageVersion('.'),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    ...Object.fromEntries(
      Object.entries(PACKAGES).map(([name, folder]) => [name, packageVersion(join('node_modules', folder))]),
    ),
  };
  return { ...own, ...Object.fromEntries(loaded) };
}

/** Adds a library to {@link productVersions}, when it is loaded: only then is known which one it is. */
export function noteVersion(library: string, version: string): void {
  loaded.set(library, version);
}

/** The versions behind several artifacts; where a program came in several, all of them, in the order of `all`. */
export function mergedVersions(all: readonly Versions[]): Versions {
  const merged = new Map<string, Set<string>>();
  for (const [program, version] of all.flatMap((versions) => Object.entries(versions))) {
    merged.set(program, (merged.get(program) ?? new Set()).add(version));
  }
  return Object.fromEntries([...merged].map(([program, versions]) => [program, [...versions].join(', ')]));
}

function packageVersion(folder: string): string {
  const text = readFileSync(join(projectRoot(), folder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

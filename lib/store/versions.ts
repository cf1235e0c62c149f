import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../home';

let versions: Readonly<Record<string, string>> | undefined;

/** What made an artifact: recorded in every manifest, so that a result can be traced to the program. */
export function productVersions(): Readonly<Record<string, string>> {
  versions ??= {
    serengeti: (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version,
    node: process.versions.node,
  };
  return versions;
}

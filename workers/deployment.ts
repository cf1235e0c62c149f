import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { builtModule, projectRoot } from '../lib/io/home';
import { productVersions } from '../lib/store/versions';

/** What of the build decides what a worker does. */
const FOLDERS = ['activities', 'lib', 'runs', 'workers', 'workflows'];

/** Of workers that are part of none: their build is known all the same. */
const UNNAMED = 'serengeti';

/**
 * Workers of a named deployment are told apart by their build: a run stays with the build that took it, so that no step of
 * it is done by another, until it begins a new history.
 *
 * @param name - of the deployment; without one, any worker takes any task
 */
export function deploymentOptions(name: string | undefined, build: () => string = buildId): WorkerDeploymentOptions {
  const version = { deploymentName: name ?? UNNAMED, buildId: build() };
  return name === undefined
    ? { version, useWorkerVersioning: false }
    : { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' };
}

/** The version, and a digest of the program and of the packages that it rests on: the same wherever the same is built. */
export function buildId(): string {
  const digest = createHash('sha256').update(readFileSync(join(projectRoot(), 'package-lock.json')));
  for (const folder of FOLDERS) {
    const files = readdirSync(builtModule(folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((path) => /\.(m?js|py|css)$/.test(path)).sort()) {
      digest.update(`${folder}/${file}\n`).update(readFileSync(join(builtModule(folder), file)));
    }
  }
  return `${productVersions().serengeti}-${digest.digest('hex').slice(0, 12)}`;
}

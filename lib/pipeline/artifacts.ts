import { readFile } from 'node:fs/promises';
import type { Catalog, Season } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { ArtifactId } from '../contracts/artifact';
import type { CatalogRef } from '../contracts/steps';
import { orUndefined, type Artifact, type ArtifactStore } from '../store';
import { withAddresses } from '../seasons';
import type { Dependencies } from './task';

/** Opens artifacts that are of use where they are there: those that turn out to be damaged are left out. */
export async function openSound(store: ArtifactStore, ids: readonly ArtifactId[]): Promise<Artifact[]> {
  const opened = await Promise.all(ids.map((id) => orUndefined(store.open(id))));
  return opened.filter((artifact) => artifact !== undefined);
}

/** Reads a JSON file of an artifact. The store checked it when it was committed; its type is the contract's. */
export async function readJson<T>(store: ArtifactStore, id: ArtifactId, name: string): Promise<T> {
  const artifact = await store.open(id);
  return JSON.parse(await readFile(artifact.path(name), 'utf8')) as T;
}

/** The catalog that a run fixed, its mirrors where they answer now. */
export async function readCatalogArtifact({ store, sampleUrl }: Dependencies, ref: CatalogRef): Promise<Catalog> {
  return withAddresses(await readJson<Catalog>(store, ref, 'catalog.json'), sampleUrl);
}

/** @throws SerengetiError SEASON_UNKNOWN */
export function seasonOf(catalog: Catalog, id: string): Season {
  const season = catalog.seasons.find((candidate) => candidate.id === id);
  if (season === undefined) {
    const known = catalog.seasons.map((candidate) => candidate.id).join(', ');
    throw new SerengetiError('SEASON_UNKNOWN', `The catalog "${catalog.name}" has no season "${id}"; it has ${known}.`);
  }
  return season;
}

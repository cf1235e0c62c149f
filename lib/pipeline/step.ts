import type { ArtifactId, ArtifactKind, ArtifactRef, Manifest } from '../contracts/artifact';
import type { Catalog, Season } from '../contracts/catalog';
import type { PlannedStep } from '../contracts/plan';
import type { RunInput } from '../contracts/runInput';
import { STEPS, type CatalogSummary, type FramesRef, type StepName } from '../contracts/steps';
import { TASKS, type MakerName, type RefOf, type StepTaskName } from '../contracts/tasks';
import { artifactId, findFirst, type ArtifactStore, type Recipe } from '../store';
import type { Task } from './task';

type MakesRecipe = (...args: never[]) => Recipe;

/**
 * A task that leaves an artifact. Its place among the steps that people see, its queue and what is counted of it come from
 * `lib/contracts/tasks.ts`.
 */
export interface StepDefinition<N extends StepTaskName, I, R, F extends MakesRecipe> extends Task<N, I, R> {
  readonly kind: ArtifactKind;
  /**
   * What the artifact depends on, and nothing else: it decides what a run reuses. Addresses of mirrors, times and worker
   * names are left out on purpose, so that another mirror or machine finds the same artifacts. Its version is raised when
   * the same inputs would give another result.
   */
  readonly recipe: F;
  /**
   * What is there of what a run would make, by the keys that it would have. Without it, nothing is known before the run
   * comes to it.
   */
  readonly find?: (run: RunView, made: Made) => Promise<readonly (N extends MakerName ? RefOf<N> : never)[]>;
  /** What goes when the step is forced: without it, what `find` finds. */
  readonly forget?: (run: RunView, made: Made) => Promise<readonly ArtifactId[]>;
  /** What is left to do of the step; nothing where it is no part of the run. */
  readonly estimate?: (run: Planned) => Share | undefined;
  /** How much {@link Share.work} an artifact was: by these, a plan knows how fast things go. Without it, it does not count. */
  readonly measure?: (manifest: Manifest, backbones: ReadonlySet<string>) => number | undefined;
}

export function step<N extends StepTaskName, I, R, F extends MakesRecipe>(definition: StepDefinition<N, I, R, F>) {
  return { ...STEPS[TASKS[definition.name].step], ...TASKS[definition.name], ...definition };
}

/** Any step, for what is the same for all. */
export type AnyStep = StepDefinition<StepTaskName, never, unknown, MakesRecipe> & { readonly step: StepName };

/** What a run wants, and what its seasons are at their mirrors. */
export interface RunView {
  readonly store: ArtifactStore;
  readonly catalog: Catalog;
  readonly split: Pick<CatalogSummary, 'trainSeasons' | 'validationSeasons'>;
  readonly input: RunInput;
  readonly seasons: readonly PublishedSeason[];
  readonly signal?: AbortSignal | undefined;
}

/** A season as its mirrors have it. */
export interface PublishedSeason {
  readonly id: string;
  readonly season: Season;
  readonly metadata: Published;
  /** Where the run downloads them. */
  readonly archives?: Published;
  /** Of its frames at the mirrors, where the run reads them there. */
  readonly listings?: readonly Recipe[];
}

export interface Published {
  readonly bytes: number;
  /** What its download makes, by each mirror's word for the version. */
  readonly recipes: readonly Recipe[];
}

/** What is there of everything that a run would make. A step whose inputs are not there cannot be there. */
export type Made = { readonly [N in MakerName]: readonly RefOf<N>[] };

export const NOTHING_MADE = Object.fromEntries(
  Object.entries(TASKS).flatMap(([name, facts]) => ('amount' in facts ? [[name, []]] : [])),
) as unknown as Made;

/** A run whose steps are estimated; of steps that it is forced to do anew, nothing is made. */
export interface Planned extends Pick<RunView, 'split' | 'input' | 'seasons'> {
  readonly made: Made;
}

/** What a run would do of a step, or of a task of it. */
export interface Share extends Omit<PlannedStep, 'step' | 'seconds'> {
  /** Amount of what takes the time. */
  readonly work?: number;
}

export function ofSeason<R extends ArtifactRef<{ readonly season: string }>>(
  refs: readonly R[],
  season: string,
): R | undefined {
  return refs.find(({ summary }) => summary.season === season);
}

export function madeFrames({ unzipSeason, listArchives }: Made, season: string): FramesRef | undefined {
  return ofSeason([...unzipSeason, ...listArchives], season);
}

/** The artifact of a recipe, as a list of one or none. */
export async function findMade<S>(store: ArtifactStore, recipe: Recipe): Promise<ArtifactRef<S>[]> {
  const ref = await store.find<S>(artifactId(recipe));
  return ref === undefined ? [] : [ref];
}

/** Of each season the first artifact that is there. */
export async function findOfSeasons<S>(
  { store, seasons }: RunView,
  recipesOf: (season: PublishedSeason) => readonly Recipe[] | undefined,
): Promise<ArtifactRef<S>[]> {
  const refs: ArtifactRef<S>[] = [];
  for (const season of seasons) {
    const ref = await findFirst<S>(store, recipesOf(season) ?? []);
    if (ref !== undefined) refs.push(ref);
  }
  return refs;
}

export function sumOf<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}

import type { RegisteredModel, RegistryState } from '../../lib/contracts/registry';
import { modelNamed, standingIn } from '../../lib/registry';
import type { ArtifactStore } from '../../lib/store';
import { formatBytes, formatCount, formatMinute, formatShare } from '../../lib/contracts/format';
import { renderTable } from '../terminal/table';
import { openRegistry } from './registry';

/** `serengeti models list` */
export async function listModels({ catalog }: { readonly catalog?: string }): Promise<void> {
  const { store, registry } = openRegistry();
  const state = await registry.state();
  const models = state.models.filter((model) => catalog === undefined || model.catalog === catalog);
  if (models.length === 0) {
    process.stdout.write(`No models${catalog === undefined ? '' : ` of the catalog "${catalog}"`} in ${store.uri}\n`);
    return;
  }
  const header = ['model', 'catalog', 'trained on', 'held out', 'log loss', 'accuracy', 'registered', 'standing'];
  const rows = await Promise.all(models.map((model) => row(store, state, model)));
  process.stdout.write(renderTable(header, rows));
  process.stdout.write('\nLog losses on other held-out seasons cannot be compared: `serengeti models compare` can.\n');
}

async function row(store: ArtifactStore, state: RegistryState, model: RegisteredModel): Promise<string[]> {
  const { logLoss, accuracy } = model.artifacts.validation.summary;
  return [
    model.name,
    model.catalog,
    shortList(model.trainSeasons),
    shortList(model.validationSeasons),
    logLoss.toFixed(5),
    formatShare(accuracy),
    formatMinute(model.registeredAt),
    await standingOf(store, state, model),
  ];
}

async function standingOf(store: ArtifactStore, state: RegistryState, model: RegisteredModel): Promise<string> {
  if ((await store.find(model.artifacts.model)) === undefined) return 'removed';
  return standingIn(state, model);
}

/** `serengeti models show` */
export async function showModel(name: string, { json }: { readonly json?: true }): Promise<void> {
  const { store, registry } = openRegistry();
  const state = await registry.state();
  const model = modelNamed(state, name);
  const promotions = state.promotions.filter((promotion) => promotion.model === model.name);
  const defences = state.defences.filter(({ challenger }) => challenger === model.name);
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ model, promotions, defences }, undefined, 2)}\n`);
    return;
  }
  const { validation, ...others } = model.artifacts;
  const { summary } = validation;
  const { baselines, logLossRange } = summary;
  const { low, high } = logLossRange;
  const facts: readonly (readonly [string, string])[] = [
    ['Model', `${model.name}, ${await standingOf(store, state, model)} of ${model.catalog}`],
    ['Registered', `${formatMinute(model.registeredAt)} by the run ${model.run.workflowId}`],
    ['Trained on', `${model.trainSeasons.join(', ')}: ${formatCount(others.model.summary.trainFrames)} frames`],
    ['Held out', `${model.validationSeasons.join(', ')}: ${formatCount(summary.frames)} frames`],
    [
      'Log loss',
      `${summary.logLoss.toFixed(5)}, 95 % ${low.toFixed(5)} to ${high.toFixed(5)}   ` +
        `(no skill: ${baselines.truePrior.toFixed(5)} true priors)`,
    ],
    ['Accuracy', `${formatShare(summary.accuracy)}   top-5 ${formatShare(summary.top5)}`],
    ['Input', JSON.stringify(model.input)],
    [
      'Made with',
      Object.entries(model.versions)
        .map(([program, version]) => `${program} ${version}`)
        .join(', '),
    ],
    ...Object.values(model.artifacts).map(({ kind, uri, bytes }) => [kind, `${uri}  ${formatBytes(bytes)}`] as const),
    ...promotions.map(({ at, reason }) => ['Champion', `since ${formatMinute(at)}. ${reason}`] as const),
    ...defences.map(
      ({ at, champion, reason }) => ['Kept out', `${formatMinute(at)} by ${champion}. ${reason}`] as const,
    ),
  ];
  const width = Math.max(...facts.map(([fact]) => fact.length));
  process.stdout.write(facts.map(([fact, text]) => `${fact.padEnd(width)}  ${text}\n`).join(''));
}

function shortList(seasons: readonly string[]): string {
  return seasons.length <= 4 ? seasons.join(' ') : `${seasons[0]} … ${seasons.at(-1)} (${seasons.length})`;
}

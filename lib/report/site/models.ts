import { formatMinute, formatShare } from '../../contracts/format';
import type { RegisteredModel, RegistryState } from '../../contracts/registry';
import { standingIn } from '../../registry';
import { bytes, count, listed, loss } from '../format';
import { html, type Html, type HtmlValue } from '../html';
import { table } from '../table';
import { eventList } from './history';
import { filePath, modelPath, reportLinks, submissionLink } from './links';
import { nothingYet, pager, sitePage, type Slice } from './site';

export function modelsPage(state: RegistryState, models: Slice<RegisteredModel>, uiUrl?: string): string {
  const columns = [
    { head: 'Model', cell: linkTo, value: ({ name }: RegisteredModel) => name },
    { head: 'Standing', cell: (model: RegisteredModel) => standingMark(state, model) },
    {
      head: 'Catalog',
      cell: ({ catalog }: RegisteredModel) => catalog,
      value: ({ catalog }: RegisteredModel) => catalog,
    },
    {
      head: 'Log loss',
      title: 'On its held-out seasons; smaller is better',
      cell: (model: RegisteredModel) => loss(scoresOf(model).logLoss),
      value: (model: RegisteredModel) => scoresOf(model).logLoss,
    },
    {
      head: 'Accuracy',
      cell: (model: RegisteredModel) => formatShare(scoresOf(model).accuracy),
      value: (model: RegisteredModel) => scoresOf(model).accuracy,
    },
    { head: 'Held out', cell: ({ validationSeasons }: RegisteredModel) => shortList(validationSeasons) },
    {
      head: 'Registered',
      cell: ({ registeredAt }: RegisteredModel) => formatMinute(registeredAt),
      value: ({ registeredAt }: RegisteredModel) => registeredAt,
    },
    { head: 'Pages', cell: ({ artifacts }: RegisteredModel) => reportLinks(artifacts.report) },
  ];
  return sitePage({
    title: 'Models',
    path: '/models',
    uiUrl,
    lead: [
      html`Each catalog has a champion, which <code>predict</code> takes. Log losses on other held-out seasons cannot be
        compared; a model's own page leads to comparisons that can.`,
    ],
    body:
      models.total === 0
        ? nothingYet('No models yet. A run that ends registers one:', 'npm run serengeti -- run')
        : html`${table<RegisteredModel>({ id: 'models', caption: 'Newest first. Times are UTC.', columns, rows: models.rows })}
          ${pager(models)}`,
  });
}

export function modelPage(state: RegistryState, model: RegisteredModel, uiUrl?: string): string {
  const { name, catalog, artifacts, run, versions } = model;
  const scores = scoresOf(model);
  const others = state.models.filter((other) => other.catalog === catalog && other !== model);
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ['Catalog', catalog],
    ['Run', run.workflowId],
    ['Registered', `${formatMinute(model.registeredAt)} UTC`],
    ['Trained on', `${listed(model.trainSeasons)}: ${count(artifacts.model.summary.trainFrames)} frames`],
    ['Held out', `${listed(model.validationSeasons)}: ${count(scores.frames)} frames`],
    ['Backbone', artifacts.backbone.summary.backbone],
    ['Pages', reportLinks(artifacts.report)],
    ['Submission', html`${submissionLink(artifacts.submission)} (${bytes(artifacts.submission.bytes)})`],
    [
      'Every sequence',
      html`<a href="${filePath(artifacts.report, 'sequences.csv')}">sequences.csv</a>, least sure first`,
    ],
    ['Made with', listed(Object.entries(versions).map(([program, version]) => `${program} ${version}`))],
    ['Input', html`<code>${JSON.stringify(model.input)}</code>`],
    ...Object.values(artifacts).map(({ kind, uri }) => [`${kind} artifact`, html`<code>${uri}</code>`] as const),
  ];
  return sitePage({
    title: name,
    path: '/models',
    uiUrl,
    lead: [standingMark(state, model)],
    body: html`<dl class="figures">
        ${figure('Log loss', loss(scores.logLoss), `${loss(scores.baselines.truePrior)} without skill`)}
        ${figure('Accuracy', formatShare(scores.accuracy), `${formatShare(scores.top5)} among the first five`)}
        ${figure('Judged by', count(scores.sequences), `sequences of ${count(scores.sites)} sites`)}
      </dl>
      <dl class="facts">
        ${facts.map(
          ([fact, value]) =>
            html`<div>
              <dt>${fact}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${
        others.length === 0
          ? null
          : html`<h2>Beside others</h2>
              <p>
                ${[...others]
                  .reverse()
                  .slice(0, 50)
                  .map(
                    (other) =>
                      html`<a href="${modelPath(name)}/beside/${encodeURIComponent(other.name)}">${other.name}</a> `,
                  )}
              </p>`
      }
      <h2>History</h2>
      ${eventList({
        ...state,
        promotions: state.promotions.filter((promotion) => [promotion.model, promotion.replaced].includes(name)),
        defences: state.defences.filter(({ challenger, champion }) => [challenger, champion].includes(name)),
      })}`,
  });
}

function figure(name: string, value: string, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd>${note}</dd>
  </div>`;
}

function scoresOf({ artifacts }: RegisteredModel): RegisteredModel['artifacts']['validation']['summary'] {
  return artifacts.validation.summary;
}

function linkTo({ name }: RegisteredModel): Html {
  return html`<a href="${modelPath(name)}">${name}</a>`;
}

function standingMark(state: RegistryState, model: RegisteredModel): Html {
  const standing = standingIn(state, model);
  return html`<span class="state ${standing === 'champion' ? 'good' : ''}">${standing}</span>`;
}

function shortList(seasons: readonly string[]): string {
  return seasons.length <= 4 ? seasons.join(' ') : `${seasons[0]} … ${seasons.at(-1)} (${seasons.length})`;
}

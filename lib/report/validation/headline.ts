import type { ModelCard } from '../../contracts/model';
import type { RunFacts } from '../../contracts/report';
import type { Estimate, ValidationResult } from '../../contracts/validation';
import { count, listed, loss, percent, plural } from '../format';
import { html, type Html } from '../html';
import { intervalsText, rangeText } from '../estimate';
import { beside, cautionList } from '../page';

export interface HeadlineFacts {
  readonly result: ValidationResult;
  readonly card: ModelCard;
  readonly run: RunFacts;
  /** Address of the exploration page beside the report, where there is one. */
  readonly exploration?: string;
}

/** The first screen: what was asked, the four figures that answer it, and what to know before believing them. */
export function headline({ result, card, run, exploration }: HeadlineFacts): Html {
  return html`<header class="headline">
    <p class="kicker">
      Validation
      report${run.run === undefined ? null : html` · <span class="run">${run.run}</span>`}${beside(exploration, 'What is in the data')}
    </p>
    <h1>${title(result.accuracy.value)}</h1>
    <p class="lead">
      A head on ${backboneName(card.backbone)} features, trained on ${seasons(card.trainSeasons)} of
      ${run.catalog.name}, told ${count(card.classes.length)} classes apart on ${seasons(result.seasons)}, which it
      never saw: ${plural(result.sequences, 'sequence')} with ${plural(result.frames, 'frame')} from
      ${plural(result.sites, 'site')}, at their natural balance.
    </p>
    <dl class="figures">
      ${figure('Log loss', loss(result.logLoss.value), interval(result.logLoss, loss), `No skill: ${loss(result.baselines.truePrior)}`)}
      ${figure('Right answer', percent(result.accuracy.value), interval(result.accuracy, percent), `Always the commonest class: ${percent(result.majorityAccuracy)}`)}
      ${figure('Among the first five', percent(result.top5.value), interval(result.top5, percent), 'One of its classes is among the five most probable')}
      ${figure(
        'Cross-entropy',
        result.crossEntropy.value.toFixed(3),
        interval(result.crossEntropy, (value) => value.toFixed(3)),
        `Uniform guess: ${Math.log(card.classes.length).toFixed(3)}`,
      )}
    </dl>
    <p class="note">${intervalsText(result.sites)}</p>
    ${cautionList(result.cautions)}
  </header>`;
}

export function title(accuracy: number): string {
  return `${percent(accuracy)} of held-out sequences named right`;
}

function figure(name: string, value: string, range: string, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="range">${range}</dd>
    <dd class="beside">${note}</dd>
  </div>`;
}

function interval(estimate: Estimate, format: (value: number) => string): string {
  return `95 %: ${rangeText(estimate, format)}`;
}

function seasons(names: readonly string[]): string {
  if (names.length > 6) return `${plural(names.length, 'season')} (${names[0]} to ${names.at(-1)})`;
  return `${names.length === 1 ? 'season' : 'seasons'} ${listed(names)}`;
}

function backboneName(name: string): string {
  const names: Readonly<Record<string, string>> = {
    'efficientnet-lite0': 'EfficientNet-Lite0',
    'nasnet-mobile': 'NASNetMobile',
  };
  return names[name] ?? name;
}

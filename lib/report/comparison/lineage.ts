import { formatMinute } from '../../contracts/format';
import type { RegisteredModel } from '../../contracts/registry';
import { count, plural } from '../format';
import { html, type HtmlValue } from '../html';
import type { Section } from '../page';
import { table } from '../table';
import type { ModelComparison } from './comparison';

interface Fact {
  readonly name: string;
  readonly first: HtmlValue;
  readonly second: HtmlValue;
}

const FACTS: readonly (readonly [name: string, of: (model: RegisteredModel) => HtmlValue])[] = [
  ['Registered', ({ registeredAt }) => `${formatMinute(registeredAt)} UTC`],
  ['Run', ({ run }) => run.workflowId],
  ['Trained on', ({ trainSeasons }) => trainSeasons.join(', ')],
  ['Held out', ({ validationSeasons }) => validationSeasons.join(', ')],
  ['Training frames', ({ artifacts }) => count(artifacts.model.summary.trainFrames)],
  ['Epochs', ({ artifacts }) => count(artifacts.model.summary.epochs)],
  ['Classes', ({ artifacts }) => plural(artifacts.model.summary.classes, 'class', 'classes')],
  ['Versions', ({ versions }) => Object.entries(versions).map(([program, version]) => `${program} ${version} `)],
  ['Model', ({ artifacts }) => html`<code title="${artifacts.model.uri}">${artifacts.model.key.slice(0, 16)}</code>`],
  ['Pick', ({ artifacts }) => html`<code title="${artifacts.pick.uri}">${artifacts.pick.key.slice(0, 16)}</code>`],
  [
    'Backbone',
    ({ artifacts: { backbone } }) =>
      html`${backbone.summary.backbone} <code title="${backbone.uri}">${backbone.key.slice(0, 16)}</code>`,
  ],
];

export function lineageSection({ first, second }: ModelComparison): Section {
  const columns = [
    { head: '', cell: (fact: Fact) => fact.name },
    { head: first.model.name, cell: (fact: Fact) => fact.first, wide: true },
    { head: second.model.name, cell: (fact: Fact) => fact.second, wide: true },
  ];
  const facts = FACTS.map(([name, of]) => ({ name, first: of(first.model), second: of(second.model) }));
  const options = differingOptions(first.model.input, second.model.input);
  return {
    id: 'lineage',
    title: 'Where they come from',
    body: html`${table<Fact>({ id: 'lineage-table', caption: 'Lineage', rows: facts, columns })}
      <h3>Options that differ</h3>
      ${
        options.length === 0
          ? html`<p>None: the runs had the same options.</p>`
          : table<Fact>({ id: 'options', caption: 'Options', rows: options, columns })
      }`,
  };
}

/** Leaves of the two inputs that are not the same, by their path. The seasons stand in the lineage already. */
function differingOptions(first: object, second: object): Fact[] {
  const [a, b] = [leaves(first), leaves(second)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path) && !/^(train|validation)Seasons/.test(path))
    .map((path) => ({ name: path, first: a.get(path) ?? '—', second: b.get(path) ?? '—' }));
}

function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, part]) => [...leaves(part, path === '' ? name : `${path}.${name}`)]),
  );
}

import type { ArtifactId } from '../../contracts/artifact';
import { formatMinute } from '../../contracts/format';
import { loss } from '../format';
import { html, type Html } from '../html';
import { table } from '../table';
import { modelPath, reportLinks } from './links';
import { nothingYet, pager, sitePage, type Slice } from './site';

/** A run as the site lists it. */
export interface RunLine {
  readonly workflowId: string;
  /** ISO 8601: of its start; of its end where only the store knows of it. */
  readonly at: string;
  /** As `serengeti status` says it. */
  readonly state: string;
  readonly stage?: string | undefined;
  /** Log loss. */
  readonly score?: number | undefined;
  /** In the registry. */
  readonly model?: string | undefined;
  readonly report?: ArtifactId | undefined;
  /** Its page in the Temporal UI. */
  readonly uiUrl?: string | undefined;
}

export interface RunsPage {
  readonly runs: Slice<RunLine>;
  /** Why the server of Temporal was not asked, in a sentence. */
  readonly trouble?: string | undefined;
  readonly uiUrl?: string | undefined;
}

const GOOD = ['done', 'completed', 'planned'];
const BAD = ['failed', 'terminated', 'timed_out', 'waiting'];

export function runsPage({ runs, trouble, uiUrl }: RunsPage): string {
  return sitePage({
    title: 'Runs',
    path: '/',
    uiUrl,
    lead: trouble === undefined ? [] : [html`${trouble} These are the runs that left a report or a model.`],
    body:
      runs.total === 0
        ? nothingYet('No runs yet. Start one with', 'npm run serengeti -- run')
        : html`${table<RunLine>({ id: 'runs', caption: 'Newest first. Times are UTC.', columns: COLUMNS, rows: runs.rows })}
          ${pager(runs)}`,
  });
}

const COLUMNS = [
  { head: 'Run', cell: ({ workflowId }: RunLine) => workflowId, value: ({ workflowId }: RunLine) => workflowId },
  { head: 'State', cell: ({ state }: RunLine) => stateMark(state), value: ({ state }: RunLine) => state },
  {
    head: 'Pages',
    cell: ({ report, uiUrl }: RunLine) =>
      html`${report === undefined ? null : reportLinks(report)}${
        uiUrl === undefined ? null : html`<a href="${uiUrl}">Temporal</a>`
      }`,
  },
  {
    head: 'Model',
    cell: ({ model }: RunLine) => (model === undefined ? '–' : html`<a href="${modelPath(model)}">${model}</a>`),
  },
  {
    head: 'Log loss',
    title: 'On the held-out seasons; smaller is better, and only the same seasons can be compared',
    cell: ({ score }: RunLine) => (score === undefined ? '–' : loss(score)),
    value: ({ score }: RunLine) => score ?? null,
  },
  { head: 'Step', cell: ({ stage }: RunLine) => stage ?? '–' },
  { head: 'Date', cell: ({ at }: RunLine) => formatMinute(at), value: ({ at }: RunLine) => at },
];

function stateMark(state: string): Html {
  const kind = GOOD.includes(state) ? 'good' : BAD.includes(state) ? 'bad' : '';
  return html`<span class="state ${kind}">${state.replace('_', ' ')}</span>`;
}

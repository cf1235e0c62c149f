import type { Manifest } from '../../contracts/artifact';
import { formatMinute } from '../../contracts/format';
import { bytes } from '../format';
import { html } from '../html';
import { table } from '../table';
import { filePath } from './links';
import { nothingYet, pager, sitePage, type Slice } from './site';

/** Files of each kind that people want, in their order. */
export const RESULT_KINDS = ['report', 'submission'] as const;

/** Everything that runs left for people: pages, tables, submissions. */
export function resultsPage(results: Slice<Manifest>, uiUrl?: string): string {
  return sitePage({
    title: 'Results',
    path: '/results',
    uiUrl,
    body:
      results.total === 0
        ? nothingYet('No run left a result yet.', 'npm run serengeti -- run')
        : html`${table<Manifest>({ id: 'results', caption: 'Newest first. Times are UTC.', columns: COLUMNS, rows: results.rows })}
          ${pager(results)}`,
  });
}

const COLUMNS = [
  {
    head: 'Made',
    cell: ({ createdAt }: Manifest) => formatMinute(createdAt),
    value: ({ createdAt }: Manifest) => createdAt,
  },
  { head: 'Kind', cell: ({ kind }: Manifest) => kind, value: ({ kind }: Manifest) => kind },
  {
    head: 'Of',
    cell: ({ params, key }: Manifest) =>
      typeof params.workflowId === 'string' ? params.workflowId : html`<code>${key.slice(0, 12)}</code>`,
  },
  { head: 'Size', cell: (result: Manifest) => bytes(result.bytes), value: (result: Manifest) => result.bytes },
  {
    head: 'Files',
    cell: (result: Manifest) =>
      result.files.map(({ name, sha256 }) => html`<a href="${filePath(result, name, sha256)}">${name}</a>`),
  },
];

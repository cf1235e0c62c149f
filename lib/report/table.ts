import { html, type Html, type HtmlValue } from './html';

/** A column of a table: what its head says, and how a row's cell reads and sorts. */
export interface Column<Row> {
  readonly head: string;
  /** What the head means, for those who point at it. */
  readonly title?: string;
  readonly cell: (row: Row) => HtmlValue;
  /** What the column sorts by; without it, the table does not sort by this column. Missing values go last. */
  readonly value?: (row: Row) => string | number | null;
  /** Digits stand at the right, under each other. @default true where `value` gives numbers */
  readonly numeric?: boolean;
  /** Sentences, which may break into lines; other cells stay on one. */
  readonly wide?: boolean;
}

export interface TableOptions<Row> {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Classes of a row. */
  readonly rowClass?: (row: Row) => string | undefined;
}

/** A table whose first column heads its rows; sorted in the page where columns have values. */
export function table<Row>({ id, caption, columns, rows, rowClass }: TableOptions<Row>): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}-caption">
    <table id="${id}">
      <caption id="${id}-caption">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => head(column, rows))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr class="${rowClass?.(row)}">
              ${columns.map((column, index) => cell(column, row, index, rows))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function head<Row>(column: Column<Row>, rows: readonly Row[]): Html {
  const kind = kindOf(column, rows);
  const label = column.value === undefined ? column.head : html`<button type="button">${column.head}</button>`;
  return html`<th scope="col" class="${kind}" title="${column.title}">${label}</th>`;
}

function cell<Row>(column: Column<Row>, row: Row, index: number, rows: readonly Row[]): Html {
  const kind = kindOf(column, rows);
  const value = column.value?.(row);
  if (index === 0) return html`<th scope="row" class="${kind}" data-value="${value}">${column.cell(row)}</th>`;
  return html`<td class="${kind}" data-value="${value}">${column.cell(row)}</td>`;
}

function kindOf<Row>(column: Column<Row>, rows: readonly Row[]): 'number' | 'text' | 'wide' {
  if (column.wide === true) return 'wide';
  const numeric = column.numeric ?? rows.some((row) => typeof column.value?.(row) === 'number');
  return numeric ? 'number' : 'text';
}

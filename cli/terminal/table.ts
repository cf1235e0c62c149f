/** A table of text: columns of numbers to the right, the others to the left. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = header.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? '');
    return { width: Math.max(title.length, ...cells.map((cell) => cell.length)), isNumeric: cells.every(isNumber) };
  });
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ width, isNumeric }, column) => {
        const cell = cells[column] ?? '';
        return isNumeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ');
  const rule = columns.map(({ width }) => '─'.repeat(width)).join('  ');
  return `${[line(header), rule, ...rows.map(line)].map((text) => text.trimEnd()).join('\n')}\n`;
}

/** An amount with or without its unit, the sign for none, or nothing. */
function isNumber(cell: string): boolean {
  return /^([\d–?]|$)/.test(cell);
}

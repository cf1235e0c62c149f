'use strict';

{
  /** Pixels. Narrow windows scroll; elsewhere the whole matrix is in view, and on paper. */
  const CELL = { least: 8, leastScrolled: 14, most: 44, withText: 26 };
  const NARROW = 560;
  const FONT = 11.5;
  const MARGIN = 16;
  const { classes, confusion } = pageData;
  const rowSums = confusion.map((row) => d3.sum(row));
  const columnSums = classes.map((_, column) => d3.sum(confusion, (row) => row[column]));
  const present = d3.range(classes.length).filter((index) => rowSums[index] + columnSums[index] > 0);
  const cells = present.flatMap((truth) =>
    present
      .filter((answer) => confusion[truth][answer] > 0)
      .map((answer) => ({
        truth: classes[truth],
        answer: classes[answer],
        sequences: confusion[truth][answer],
        all: rowSums[truth],
        share: confusion[truth][answer] / rowSums[truth],
      })),
  );
  const labelWidth = Math.min(150, 14 + 6.6 * (d3.max(present, (index) => classes[index].length) ?? 0));
  const select = document.querySelector('[data-order="confusion"]');

  const redraw = charts.draw('confusion', (width) => {
    const names = order(select.value).map((index) => classes[index]);
    const least = width < NARROW ? CELL.leastScrolled : CELL.least;
    const size = Math.max(least, Math.min(CELL.most, (width - labelWidth - MARGIN) / names.length));
    return Plot.plot({
      width: labelWidth + MARGIN + size * names.length,
      height: labelWidth + MARGIN + size * names.length,
      marginLeft: labelWidth,
      marginTop: labelWidth,
      marginRight: MARGIN,
      marginBottom: MARGIN,
      style: { maxWidth: 'none', fontSize: `${Math.min(FONT, size)}px` },
      x: { domain: names, axis: 'top', tickRotate: -90, label: null, tickSize: 0, padding: 0.06 },
      y: { domain: names, label: null, tickSize: 0, padding: 0.06 },
      opacity: { domain: [0, 1] },
      marks: [
        Plot.frame({ fill: 'var(--sunk)', stroke: 'none' }),
        Plot.cell(cells, {
          x: 'answer',
          y: 'truth',
          fill: ({ truth, answer }) => (truth === answer ? 'var(--accent)' : 'var(--second)'),
          fillOpacity: ({ share }) => 0.06 + 0.94 * share ** 0.75, // small shares would be lost on a linear scale
          inset: 0.25,
        }),
        size < CELL.withText
          ? null
          : Plot.text(cells, {
              x: 'answer',
              y: 'truth',
              text: ({ share }) => Math.round(share * 100),
              fill: ({ share }) => (share > 0.5 ? 'var(--paper)' : 'var(--ink)'),
            }),
        charts.tip(cells, Plot.pointer, {
          x: 'answer',
          y: 'truth',
          title: ({ truth, answer, sequences, all, share }) =>
            `${truth} → ${answer}\n${charts.count(sequences)} of ${charts.count(all)} sequences (${charts.percent(share)})`,
        }),
      ],
    });
  });
  select.addEventListener('change', redraw);

  function order(by) {
    if (by === 'name') return d3.sort(present, (index) => classes[index]);
    return d3.sort(
      present,
      (index) => -rowSums[index],
      (index) => classes[index],
    );
  }
}

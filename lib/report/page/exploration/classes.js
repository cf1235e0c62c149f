'use strict';

{
  const rows = d3.sort(
    pageData.perClass.filter((row) => row.sequences > 0 && row.className !== pageData.emptyClass),
    (row) => -row.sequences,
  );
  const domain = [1, Math.max(10, d3.max(rows, (row) => row.sequences) ?? 10)];

  charts.draw('classes', (width) => {
    const ticks = charts.roundValues(domain, width);
    return Plot.plot({
      ...charts.rows(
        width,
        rows.map((row) => row.className),
      ),
      height: 40 + rows.length * 19,
      marginRight: 64,
      x: { type: 'log', domain },
      marks: [
        charts.axisX(ticks, charts.shortCount(width), { anchor: 'top' }),
        charts.gridX(ticks),
        Plot.ruleY(rows, { y: 'className', x1: 1, x2: 'sequences', stroke: 'var(--accent)', strokeOpacity: 0.35 }),
        Plot.dot(rows, { x: 'sequences', y: 'className', r: 4.5, fill: 'var(--accent)' }),
        Plot.text(rows, {
          x: 'sequences',
          y: 'className',
          text: (row) => charts.count(row.sequences),
          textAnchor: 'start',
          dx: 9,
          fill: 'var(--soft)',
        }),
        charts.tip(rows, Plot.pointerY, {
          x: 'sequences',
          y: 'className',
          title: (row) =>
            `${row.className}\n${charts.count(row.sequences)} sequences at ${charts.count(row.sites)} sites`,
        }),
      ],
    });
  });
}

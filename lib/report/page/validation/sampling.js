'use strict';

{
  const rows = d3.sort(
    pageData.counts.filter((row) => row.split === 'train' && row.before > 0),
    (row) => -row.before,
  );
  const domain = [1, Math.max(10, d3.max(rows, (row) => row.before) ?? 10)];

  charts.draw('sampling', (width) => {
    const ticks = charts.roundValues(domain, width);
    return Plot.plot({
      ...charts.rows(
        width,
        rows.map((row) => row.className),
      ),
      height: 48 + rows.length * 20,
      marginRight: 24,
      x: { type: 'log', domain },
      marks: [
        charts.axisX(ticks, charts.shortCount(width), { anchor: 'top' }),
        charts.gridX(ticks),
        Plot.ruleY(rows, {
          y: 'className',
          x1: (row) => Math.max(1, row.after),
          x2: 'before',
          stroke: 'var(--soft)',
          strokeOpacity: 0.6,
        }),
        Plot.dot(rows, { x: 'before', y: 'className', r: 4, stroke: 'var(--soft)', fill: 'var(--paper)' }),
        Plot.dot(
          rows.filter((row) => row.after > 0),
          { x: 'after', y: 'className', r: 4.5, fill: 'var(--accent)' },
        ),
        charts.tip(rows, Plot.pointerY, {
          x: 'before',
          y: 'className',
          title: (row) => `${row.className}\n${charts.count(row.after)} of ${charts.count(row.before)} used`,
        }),
      ],
    });
  });
}

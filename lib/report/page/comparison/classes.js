'use strict';

{
  const { classes, names } = pageData;
  const colour = (row) => (row.second < row.first ? 'var(--second)' : 'var(--accent)');

  charts.draw('classes', (width) => {
    const ticks = d3.range(0, 1.01, width < 560 ? 0.5 : 0.25);
    return Plot.plot({
      ...charts.rows(
        width,
        classes.map((row) => row.className),
      ),
      height: 40 + classes.length * 20,
      marginRight: 24,
      x: { domain: [0, 1] },
      marks: [
        charts.axisX(ticks, charts.percent, { anchor: 'top' }),
        charts.gridX(ticks),
        Plot.ruleY(classes, {
          y: 'className',
          x1: 'first',
          x2: 'second',
          stroke: colour,
          strokeWidth: 4,
          strokeOpacity: 0.4,
        }),
        Plot.dot(classes, { y: 'className', x: 'second', r: 4.5, fill: colour }),
        charts.tip(classes, Plot.pointerY, {
          x: 'second',
          y: 'className',
          title: (row) =>
            `${row.className}\n${names[0]} ${charts.percent(row.first)}, ${names[1]} ${charts.percent(row.second)}\n${charts.count(row.sequences)} sequences`,
        }),
      ],
    });
  });
}

'use strict';

{
  drawCounts('frames', pageData.framesPerSequence, 'frames');
  drawCounts('species', pageData.speciesPerSequence, 'species');

  /** Bars on a logarithmic scale would lie: their length has no beginning. Dots on stems say the same honestly. */
  function drawCounts(chart, rows, key) {
    const domain = [1, Math.max(10, d3.max(rows, (row) => row.sequences) ?? 10)];
    charts.draw(chart, (width) => {
      const ticks = charts.roundValues(domain, 0);
      return Plot.plot({
        width,
        height: 260,
        marginLeft: 76,
        marginTop: 20,
        marginBottom: 34,
        x: { type: 'point', domain: rows.map((row) => row[key]), label: null, tickSize: 0, padding: 0.6, ticks: 12 },
        y: { type: 'log', domain },
        marks: [
          charts.axisY(ticks, charts.count),
          charts.gridY(ticks),
          Plot.ruleX(rows, { x: key, y1: 1, y2: 'sequences', stroke: 'var(--accent)', strokeOpacity: 0.35 }),
          Plot.dot(rows, { x: key, y: 'sequences', r: 4.5, fill: 'var(--accent)' }),
          charts.tip(rows, Plot.pointerX, {
            x: key,
            y: 'sequences',
            title: (row) => `${row[key]}\n${charts.count(row.sequences)} sequences`,
          }),
        ],
      });
    });
  }
}

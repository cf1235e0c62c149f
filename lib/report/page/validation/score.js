'use strict';

{
  const SMALLEST = 1e-5; // a logarithmic scale has no place for a perfect score
  const scores = pageData.scores.map((score) => ({ ...score, x: Math.max(score.value, SMALLEST) }));
  const ours = scores.filter((score) => score.kind === 'model');
  const lowest = d3.min(scores, (score) => Math.max(score.low ?? score.x, SMALLEST));
  const domain = [Math.min(0.003, lowest / 1.2), 1];
  const colour = ({ kind }) => ({ model: 'var(--accent)', winner: 'var(--second)', baseline: 'var(--soft)' })[kind];

  charts.draw('score', (width) => {
    const ticks = charts.roundValues(domain, width);
    const base = charts.rows(
      width,
      scores.map((score) => score.label),
    );
    return Plot.plot({
      ...base,
      height: 34 + scores.length * 32,
      marginRight: 56,
      x: { type: 'log', domain: [...domain].reverse() },
      y: { ...base.y, padding: 0.4 },
      marks: [
        charts.axisX(ticks, String, { anchor: 'top' }),
        charts.gridX(ticks),
        Plot.ruleY(ours, {
          y: 'label',
          x1: (score) => Math.max(score.low, SMALLEST),
          x2: 'high',
          stroke: 'var(--accent)',
          strokeWidth: 8,
          strokeOpacity: 0.28,
          strokeLinecap: 'round',
        }),
        Plot.dot(scores, { x: 'x', y: 'label', r: (score) => (score.kind === 'model' ? 6 : 4.5), fill: colour }),
        Plot.text(scores, {
          x: (score) => Math.max(score.low ?? score.x, SMALLEST),
          y: 'label',
          text: (score) => score.value.toFixed(4),
          dx: 13,
          textAnchor: 'start',
          fill: colour,
          fontWeight: (score) => (score.kind === 'model' ? 'bold' : 'normal'),
        }),
      ],
    });
  });
}

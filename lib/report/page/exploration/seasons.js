'use strict';

{
  const { seasons } = pageData;
  const parts = seasons.flatMap(({ season, sequences, empties }) => [
    { season, part: 'with animals', from: 0, to: sequences - empties, colour: 'var(--accent)' },
    { season, part: 'empty', from: sequences - empties, to: sequences, colour: 'var(--line)' },
  ]);

  charts.draw('seasons', (width) =>
    Plot.plot({
      width,
      height: 40 + seasons.length * 28,
      marginLeft: 60,
      marginRight: 24,
      marginBottom: 34,
      x: { tickFormat: '~s', ticks: 5, tickSize: 0, label: 'sequences →' },
      y: { domain: seasons.map(({ season }) => season), label: null, tickSize: 0, padding: 0.25 },
      marks: [
        Plot.barX(parts, { x1: 'from', x2: 'to', y: 'season', fill: 'colour' }),
        charts.tip(parts, Plot.pointer, {
          x: ({ from, to }) => (from + to) / 2,
          y: 'season',
          title: ({ season, part, from, to }) => `${season}, ${part}\n${charts.count(to - from)} sequences`,
        }),
      ],
    }),
  );
}

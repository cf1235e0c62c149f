'use strict';

{
  const { percent, count } = charts;
  const sites = pageData.sites.filter((site) => site.sequences > 0);
  const [least = 1, most = 1] = d3.extent(sites, (site) => site.sequences);
  const emptyShare = (site) => site.empties / site.sequences;

  charts.draw('sites', (width) => {
    const rounds = charts.roundValues([least, most], width);
    const ticks = rounds.length < 2 ? [...new Set([least, most])] : rounds;
    return Plot.plot({
      width,
      height: Math.min(380, Math.max(260, width * 0.5)),
      marginLeft: 46,
      marginTop: 26,
      marginRight: 24,
      marginBottom: 40,
      x: { type: 'log' },
      y: { domain: [0, 1], label: '↑ empty', ticks: 5, tickSize: 0, tickFormat: percent },
      r: { range: [1.5, 9] },
      marks: [
        charts.axisX(ticks, charts.shortCount(width), { label: 'sequences of the site →', labelOffset: 36 }),
        Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
        Plot.dot(sites, {
          x: 'sequences',
          y: emptyShare,
          r: 'species',
          fill: 'var(--accent)',
          fillOpacity: 0.4,
          stroke: 'var(--accent)',
        }),
        charts.tip(sites, Plot.pointer, {
          x: 'sequences',
          y: emptyShare,
          title: (site) =>
            `${site.site}\n${count(site.sequences)} sequences, ${percent(emptyShare(site))} empty\n${count(site.species)} kinds of animals`,
        }),
      ],
    });
  });
}

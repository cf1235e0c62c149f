'use strict';

{
  const NAMED = 6;
  const { percent, count } = charts;
  const mean = pageData.accuracy;
  const sites = pageData.sites.filter((site) => site.sequences > 0);
  const [least = 1, most = 1] = d3.extent(sites, (site) => site.sequences);
  const floor = Math.max(0, Math.floor(10 * Math.min(mean - 0.2, d3.min(sites, (site) => site.accuracy) ?? 0)) / 10);

  /** Half the width of the band that 95 % of sites with so many sequences would be in, were all alike. */
  const spread = (sequences) => 1.96 * Math.sqrt((mean * (1 - mean)) / sequences);
  const surprise = (site) => (site.accuracy === mean ? 0 : (site.accuracy - mean) / spread(site.sequences));
  const outside = (site) => Math.abs(surprise(site)) > 1;
  const worst = d3.sort(sites.filter(outside), surprise).slice(0, NAMED);
  const band = d3.range(61).map((step) => {
    const sequences = least * (most / least) ** (step / 60);
    const half = spread(sequences);
    return { sequences, low: Math.max(floor, mean - half), high: Math.min(1, mean + half) };
  });

  charts.draw('sites', (width) => {
    const rounds = charts.roundValues([least, most], width);
    const ticks = rounds.length < 2 ? [...new Set([least, most])] : rounds;
    return Plot.plot({
      width,
      height: Math.min(360, Math.max(240, width * 0.5)),
      marginLeft: 46,
      marginTop: 26,
      marginRight: 24,
      marginBottom: 40,
      x: { type: 'log' },
      y: { domain: [floor, 1], label: '↑ right', ticks: 5, tickSize: 0, tickFormat: percent },
      marks: [
        charts.axisX(ticks, charts.shortCount(width), { label: 'sequences of the site →', labelOffset: 36 }),
        Plot.areaY(band, { x: 'sequences', y1: 'low', y2: 'high', fill: 'var(--accent)', fillOpacity: 0.08 }),
        Plot.ruleY([mean], { stroke: 'var(--accent)', strokeOpacity: 0.6 }),
        Plot.dot(sites, {
          x: 'sequences',
          y: 'accuracy',
          r: 4,
          fill: (site) => (outside(site) ? 'var(--second)' : 'var(--accent)'),
          fillOpacity: 0.75,
        }),
        Plot.text(
          worst.filter((site) => site.accuracy < mean),
          { x: 'sequences', y: 'accuracy', text: 'name', dy: 11, fill: 'var(--second)' },
        ),
        charts.tip(sites, Plot.pointer, {
          x: 'sequences',
          y: 'accuracy',
          title: (site) =>
            `${site.name}\n${count(site.sequences)} sequences, ${percent(site.accuracy)} right\nlog loss ${site.logLoss.toFixed(4)}`,
        }),
      ],
    });
  });
}

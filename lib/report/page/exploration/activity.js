'use strict';

{
  const LEAST_MONTHS = 6;
  const { percent, count } = charts;
  const animals = pageData.perClass.filter((row) => row.className !== pageData.emptyClass && d3.sum(row.hours) > 0);

  drawHours();
  drawMonths();

  /** Night animals above, day animals below: sorted by the share of their sequences between six and six. */
  function drawHours() {
    const byDay = (row) => d3.sum(row.hours.slice(6, 18)) / d3.sum(row.hours);
    const names = d3.sort(animals, byDay).map((row) => row.className);
    const cells = animals.flatMap(({ className, hours }) => {
      const all = d3.sum(hours);
      return hours.map((sequences, hour) => ({ className, hour, sequences, share: sequences / all }));
    });
    const most = d3.max(cells, (cell) => cell.share) ?? 1;
    charts.draw('hours', (width) =>
      Plot.plot({
        width,
        height: 40 + names.length * 17,
        marginLeft: 132,
        marginTop: 26,
        marginBottom: 8,
        x: {
          domain: d3.range(24),
          axis: 'top',
          label: null,
          tickSize: 0,
          padding: 0.06,
          ticks: d3.range(0, 24, width < 560 ? 6 : 2),
        },
        y: { domain: names, label: null, tickSize: 0, padding: 0.06 },
        opacity: { domain: [0, 1] },
        marks: [
          Plot.frame({ fill: 'var(--sunk)', stroke: 'none' }),
          Plot.cell(cells, {
            x: 'hour',
            y: 'className',
            fill: 'var(--accent)',
            fillOpacity: (cell) => Math.sqrt(cell.share / most),
            inset: 0.25,
          }),
          charts.tip(cells, Plot.pointer, {
            x: 'hour',
            y: 'className',
            title: ({ className, hour, sequences, share }) =>
              `${className}, ${hour}:00 to ${hour + 1}:00\n${count(sequences)} sequences (${percent(share)})`,
          }),
        ],
      }),
    );
  }

  function drawMonths() {
    const select = document.querySelector('[data-months]');
    const months = d3.sort(new Set(pageData.perClass.flatMap((row) => Object.keys(row.months))));
    const all = months.length === 0 ? [] : monthsFrom(new Date(months[0]), new Date(months.at(-1)));
    const redraw = charts.draw('months', (width) => {
      const chosen = select.value === '' ? animals : pageData.perClass.filter((row) => row.className === select.value);
      const rows = all.map((month) => {
        const key = month.toISOString().slice(0, 7);
        return { month, sequences: d3.sum(chosen, (row) => row.months[key] ?? 0) };
      });
      return Plot.plot({
        width,
        height: 220,
        marginLeft: 46,
        marginBottom: 34,
        x: { type: 'utc', label: null, tickSize: 0 },
        y: { label: '↑ sequences', tickSize: 0, ticks: 4, tickFormat: d3.format('~s'), zero: true },
        marks: [
          Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
          Plot.rectY(rows, { x: 'month', interval: 'month', y: 'sequences', fill: 'var(--accent)', inset: 0.5 }),
          charts.tip(rows, Plot.pointerX, {
            x: 'month',
            y: 'sequences',
            title: ({ month, sequences }) => `${month.toISOString().slice(0, 7)}\n${count(sequences)} sequences`,
          }),
        ],
      });
    });
    select.addEventListener('change', redraw);
  }

  /** At least half a year: a month alone would be a wall. */
  function monthsFrom(first, last) {
    return d3.utcMonths(first, d3.max([d3.utcDay.offset(last, 1), d3.utcMonth.offset(first, LEAST_MONTHS)]));
  }
}

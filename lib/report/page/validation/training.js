'use strict';

{
  const { history } = pageData;
  const last = history.at(-1)?.epoch ?? 1;

  drawCurves('loss', ['loss', 'monitorLoss'], { zero: true }, (value) => value.toFixed(2));
  drawCurves('accuracy', ['accuracy', 'monitorAccuracy'], { domain: [0, 1] }, charts.percent);

  function drawCurves(chart, [trainingKey, monitorKey], scale, format) {
    const series = [
      { name: 'training', key: trainingKey, colour: 'var(--accent)' },
      { name: 'monitor', key: monitorKey, colour: 'var(--second)' },
    ].filter(({ key }) => history.some((epoch) => Number.isFinite(epoch[key])));
    const points = series.flatMap(({ name, key, colour }) =>
      history
        .filter((epoch) => Number.isFinite(epoch[key]))
        .map((epoch) => ({ epoch: epoch.epoch, value: epoch[key], name, colour })),
    );
    const ends = d3.sort(
      series.map(({ name }) => points.findLast((point) => point.name === name)),
      (point) => -point.value,
    );
    charts.draw(chart, (width) => {
      const ticks = d3.ticks(1, Math.max(last, 2), 6).filter(Number.isInteger);
      return Plot.plot({
        width,
        height: Math.min(300, width * 0.65),
        marginLeft: 46,
        marginRight: 64,
        marginBottom: 40,
        x: { domain: [1, Math.max(2, last)], label: 'epoch →', labelOffset: 36 },
        y: { label: null, tickSize: 0, ticks: 5, tickFormat: format, ...scale },
        marks: [
          charts.axisX(ticks, String, { label: 'epoch →', labelOffset: 36 }),
          Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
          Plot.lineY(points, { x: 'epoch', y: 'value', z: 'name', stroke: 'colour', strokeWidth: 2 }),
          last < 4 ? Plot.dot(points, { x: 'epoch', y: 'value', fill: 'colour' }) : null,
          // The names stand apart even where the curves meet.
          ends.map((end, place) =>
            Plot.text([end], {
              x: 'epoch',
              y: 'value',
              text: 'name',
              fill: end.colour,
              textAnchor: 'start',
              dx: 6,
              dy: ends.length > 1 ? (place === 0 ? -6 : 6) : 0,
            }),
          ),
          charts.tip(points, Plot.pointerX, {
            x: 'epoch',
            y: 'value',
            title: (point) => `epoch ${point.epoch}\n${point.name} ${format(point.value)}`,
          }),
        ],
      });
    });
  }
}

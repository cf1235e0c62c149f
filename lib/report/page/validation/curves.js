'use strict';

{
  const SHARES = d3.range(0, 1.01, 0.2);
  const { percent, count } = charts;

  drawPrecisionRecall();
  drawCalibration();

  function square(width, [xLabel, yLabel], marks, options = {}) {
    return Plot.plot({
      width,
      height: Math.min(width, 400),
      marginLeft: 46,
      marginTop: 26,
      marginRight: 24,
      marginBottom: 40,
      x: { domain: [0, 1] },
      y: { domain: [0, 1] },
      ...options,
      marks: [
        charts.axisX(SHARES, percent, { label: xLabel, labelOffset: 36 }),
        charts.axisY(SHARES, percent, { label: yLabel }),
        charts.gridX(SHARES),
        charts.gridY(SHARES),
        ...marks,
      ],
    });
  }

  function drawPrecisionRecall() {
    const points = pageData.precisionRecall.flatMap(({ className, points: all }) =>
      all.map(([recall, precision]) => ({ className, recall, precision })),
    );
    const select = document.querySelector('[data-curve="precision-recall"]');
    const redraw = charts.draw('precision-recall', (width) =>
      square(
        width,
        ['recall →', '↑ precision'],
        [
          Plot.line(points, {
            x: 'recall',
            y: 'precision',
            z: 'className',
            stroke: 'var(--soft)',
            strokeOpacity: 0.35,
            strokeWidth: 1,
          }),
          Plot.line(
            points.filter((point) => point.className === select.value),
            { x: 'recall', y: 'precision', stroke: 'var(--accent)', strokeWidth: 2.5 },
          ),
          charts.tip(points, Plot.pointer, {
            x: 'recall',
            y: 'precision',
            title: ({ className, precision, recall }) =>
              `${className}\nprecision ${percent(precision)} at recall ${percent(recall)}`,
          }),
        ],
      ),
    );
    select.addEventListener('change', redraw);
  }

  function drawCalibration() {
    const bins = pageData.calibration.filter((bin) => bin.count > 0);
    charts.draw('calibration', (width) =>
      square(
        width,
        ['confidence →', '↑ right'],
        [
          Plot.line([[0, 0], [1, 1]], { stroke: 'var(--soft)' }), // prettier-ignore
          Plot.line(bins, { x: 'confidence', y: 'accuracy', stroke: 'var(--accent)', strokeOpacity: 0.5 }),
          Plot.dot(bins, {
            x: 'confidence',
            y: 'accuracy',
            r: 'count',
            fill: 'var(--accent)',
            fillOpacity: 0.55,
            stroke: 'var(--accent)',
          }),
          charts.tip(bins, Plot.pointer, {
            x: 'confidence',
            y: 'accuracy',
            title: (bin) =>
              `${count(bin.count)} sequences\nsure of ${percent(bin.confidence)}, right in ${percent(bin.accuracy)}`,
          }),
        ],
        { r: { range: [0, 18] } },
      ),
    );
  }
}

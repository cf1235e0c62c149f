'use strict';

{
  const { draw, percent, count, ink, soft, line, accent, second } = charts;
  const data = pageData;

  drawScores();
  drawHistory('loss', 'loss', 'monitorLoss', (value) => value.toFixed(4));
  drawHistory('accuracy', 'accuracy', 'monitorAccuracy', percent);
  drawConfusion();
  drawPrecisionRecall();
  drawCalibration();
  drawSites();
  drawSampling();

  function drawScores() {
    const smallest = 1e-5; // a logarithmic scale has no place for a perfect score
    const scores = data.scores.map((score) => ({ ...score, x: Math.max(score.value, smallest) }));
    const ours = scores.filter((score) => score.kind === 'model');
    const colour = (score) => (score.kind === 'model' ? accent : score.kind === 'winner' ? second : soft);
    draw('score', (width) =>
      Plot.plot({
        width,
        height: 40 + scores.length * 34,
        marginLeft: 132,
        marginRight: 54,
        marginTop: 24,
        x: {
          type: 'log',
          axis: 'top',
          label: 'log loss, smaller is better →',
          ticks: width < 500 ? 3 : 5,
          tickFormat: '~g',
          reverse: true,
        },
        y: { domain: scores.map((score) => score.label), label: null, tickSize: 0, padding: 0.4 },
        marks: [
          Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: width < 500 ? 3 : 5 }),
          Plot.ruleY(ours, {
            y: 'label',
            x1: (score) => Math.max(score.low, smallest),
            x2: 'high',
            stroke: accent,
            strokeWidth: 7,
            strokeOpacity: 0.25,
            strokeLinecap: 'round',
          }),
          Plot.dot(scores, { x: 'x', y: 'label', r: (score) => (score.kind === 'model' ? 7 : 4.5), fill: colour }),
          Plot.text(scores, {
            x: 'x',
            y: 'label',
            text: (score) => score.value.toFixed(4),
            dx: 12,
            textAnchor: 'start',
            fill: colour,
            fontWeight: (score) => (score.kind === 'model' ? 'bold' : 'normal'),
          }),
        ],
      }),
    );
  }

  function drawHistory(chart, key, monitorKey, format) {
    const series = [
      { name: 'training', key, stroke: accent },
      { name: 'monitor', key: monitorKey, stroke: second },
    ].filter((one) => data.history.some((epoch) => Number.isFinite(epoch[one.key])));
    const points = series.flatMap((one) =>
      data.history
        .filter((epoch) => Number.isFinite(epoch[one.key]))
        .map((epoch) => ({ epoch: epoch.epoch, value: epoch[one.key], name: one.name, stroke: one.stroke })),
    );
    const epochs = data.history.length;
    draw(chart, (width) =>
      Plot.plot({
        width,
        height: Math.min(300, width * 0.65),
        marginRight: 64,
        x: { label: 'epoch →', ticks: Math.min(epochs, 6), tickFormat: 'd', domain: [1, Math.max(2, epochs)] },
        y: {
          label: null,
          zero: key === 'loss',
          domain: key === 'accuracy' ? [0, 1] : undefined,
          tickFormat: key === 'accuracy' ? percent : undefined,
          ticks: 5,
        },
        marks: [
          Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
          Plot.lineY(points, { x: 'epoch', y: 'value', z: 'name', stroke: 'stroke', strokeWidth: 2 }),
          epochs < 4 ? Plot.dot(points, { x: 'epoch', y: 'value', fill: 'stroke' }) : null,
          Plot.text(
            points,
            Plot.selectLast({
              x: 'epoch',
              y: 'value',
              z: 'name',
              text: 'name',
              fill: 'stroke',
              textAnchor: 'start',
              dx: 6,
            }),
          ),
          Plot.tip(
            points,
            Plot.pointerX({
              x: 'epoch',
              y: 'value',
              title: (point) => `epoch ${point.epoch}\n${point.name} ${format(point.value)}`,
              fill: 'var(--panel)',
              stroke: line,
            }),
          ),
        ],
      }),
    );
  }

  function drawConfusion() {
    const { classes, confusion } = data;
    const sumOfRow = confusion.map((row) => d3.sum(row));
    const sumOfColumn = classes.map((_, column) => d3.sum(confusion, (row) => row[column]));
    const present = d3.range(classes.length).filter((index) => sumOfRow[index] + sumOfColumn[index] > 0);
    const select = document.querySelector('[data-order="confusion"]');
    const order = () =>
      select.value === 'name'
        ? d3.sort(present, (index) => classes[index])
        : d3.sort(
            present,
            (index) => -sumOfRow[index],
            (index) => classes[index],
          );
    const cells = present.flatMap((truth) =>
      present
        .filter((answer) => confusion[truth][answer] > 0)
        .map((answer) => ({
          truth: classes[truth],
          answer: classes[answer],
          sequences: confusion[truth][answer],
          all: sumOfRow[truth],
          share: confusion[truth][answer] / sumOfRow[truth],
          right: truth === answer,
        })),
    );
    const longest = d3.max(present, (index) => classes[index].length) ?? 0;
    const label = Math.min(150, 14 + longest * 6.4);
    const redraw = draw('confusion', (width) => {
      const names = order().map((index) => classes[index]);
      const size = Math.max(14, Math.min(44, (width - label - 16) / names.length));
      const drawnWidth = label + 16 + size * names.length;
      const figure = Plot.plot({
        width: drawnWidth,
        height: label + 28 + size * names.length,
        marginLeft: label,
        marginTop: label,
        marginRight: 16,
        marginBottom: 28,
        style: { maxWidth: 'none' },
        x: {
          domain: names,
          axis: 'top',
          tickRotate: -90,
          label: 'answer →',
          labelAnchor: 'right',
          labelArrow: 'none',
          labelOffset: label - 12,
          tickSize: 0,
          padding: 0.06,
        },
        y: { domain: names, label: null, tickSize: 0, padding: 0.06 },
        opacity: { domain: [0, 1] },
        marks: [
          Plot.frame({ fill: 'var(--sunk)', stroke: 'none' }),
          Plot.cell(cells, {
            x: 'answer',
            y: 'truth',
            fill: (cell) => (cell.right ? accent : second),
            fillOpacity: (cell) => 0.12 + 0.88 * cell.share,
            inset: 0.25,
          }),
          size >= 26
            ? Plot.text(cells, {
                x: 'answer',
                y: 'truth',
                text: (cell) => Math.round(cell.share * 100),
                fill: (cell) => (cell.share > 0.55 ? 'var(--paper)' : ink),
                fontSize: 11,
              })
            : null,
          Plot.tip(
            cells,
            Plot.pointer({
              x: 'answer',
              y: 'truth',
              title: (cell) =>
                `${cell.truth} → ${cell.answer}\n${count(cell.sequences)} of ${count(cell.all)} sequences (${percent(cell.share)})`,
              fill: 'var(--panel)',
              stroke: line,
            }),
          ),
        ],
      });
      return figure;
    });
    select?.addEventListener('change', redraw);
  }

  function drawPrecisionRecall() {
    const points = data.precisionRecall.flatMap(({ className, points: all }) =>
      all.map(([recall, precision]) => ({ className, recall, precision })),
    );
    const select = document.querySelector('[data-curve="precision-recall"]');
    const redraw = draw('precision-recall', (width) => {
      const chosen = points.filter((point) => point.className === select.value);
      const height = Math.min(width, 400);
      return Plot.plot({
        width,
        height,
        marginLeft: 46,
        x: { domain: [0, 1], label: 'recall →', ticks: 5, tickFormat: percent },
        y: { domain: [0, 1], label: '↑ precision', ticks: 5, tickFormat: percent },
        marks: [
          Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: 5 }),
          Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
          Plot.line(points, {
            x: 'recall',
            y: 'precision',
            z: 'className',
            stroke: soft,
            strokeOpacity: 0.35,
            strokeWidth: 1,
          }),
          Plot.line(chosen, { x: 'recall', y: 'precision', stroke: accent, strokeWidth: 2.5 }),
          Plot.tip(
            points,
            Plot.pointer({
              x: 'recall',
              y: 'precision',
              title: (point) =>
                `${point.className}\nprecision ${percent(point.precision)} at recall ${percent(point.recall)}`,
              fill: 'var(--panel)',
              stroke: line,
            }),
          ),
        ],
      });
    });
    select?.addEventListener('change', redraw);
  }

  function drawCalibration() {
    const bins = data.calibration.filter((bin) => bin.count > 0);
    draw('calibration', (width) =>
      Plot.plot({
        width,
        height: Math.min(width, 400),
        marginLeft: 46,
        x: { domain: [0, 1], label: 'confidence →', ticks: 5, tickFormat: percent },
        y: { domain: [0, 1], label: '↑ right', ticks: 5, tickFormat: percent },
        r: { range: [0, 18] },
        marks: [
          Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: 5 }),
          Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
          Plot.line(
            [
              [0, 0],
              [1, 1],
            ],
            { stroke: soft },
          ),
          Plot.line(bins, { x: 'confidence', y: 'accuracy', stroke: accent, strokeOpacity: 0.5 }),
          Plot.dot(bins, {
            x: 'confidence',
            y: 'accuracy',
            r: 'count',
            fill: accent,
            fillOpacity: 0.55,
            stroke: accent,
          }),
          Plot.tip(
            bins,
            Plot.pointer({
              x: 'confidence',
              y: 'accuracy',
              title: (bin) =>
                `${count(bin.count)} sequences\nsure of ${percent(bin.confidence)}, right in ${percent(bin.accuracy)}`,
              fill: 'var(--panel)',
              stroke: line,
            }),
          ),
        ],
      }),
    );
  }

  function drawSites() {
    const sites = data.sites.filter((site) => site.sequences > 0);
    const mean = data.accuracy;
    const most = d3.max(sites, (site) => site.sequences) ?? 1;
    const least = d3.min(sites, (site) => site.sequences) ?? 1;
    const spread = (sequences) => 1.96 * Math.sqrt((mean * (1 - mean)) / sequences);
    const funnel = d3.range(61).map((step) => {
      const sequences = least * (most / least) ** (step / 60);
      return { sequences, low: Math.max(0, mean - spread(sequences)), high: Math.min(1, mean + spread(sequences)) };
    });
    const outside = (site) => Math.abs(site.accuracy - mean) > spread(site.sequences);
    draw('sites', (width) =>
      Plot.plot({
        width,
        height: Math.min(360, Math.max(240, width * 0.5)),
        marginLeft: 46,
        marginRight: 24,
        x: { type: 'log', label: 'sequences of the site →', tickFormat: '~s', ticks: 5 },
        y: { domain: [0, 1], label: '↑ right', ticks: 5, tickFormat: percent },
        marks: [
          Plot.areaY(funnel, { x: 'sequences', y1: 'low', y2: 'high', fill: accent, fillOpacity: 0.08 }),
          Plot.ruleY([mean], { stroke: accent, strokeOpacity: 0.6 }),
          Plot.dot(sites, {
            x: 'sequences',
            y: 'accuracy',
            r: 4,
            fill: (site) => (outside(site) ? second : accent),
            fillOpacity: 0.75,
          }),
          Plot.text(sites.filter((site) => outside(site) && site.accuracy < mean).slice(0, 12), {
            x: 'sequences',
            y: 'accuracy',
            text: 'name',
            dy: 11,
            fill: second,
          }),
          Plot.tip(
            sites,
            Plot.pointer({
              x: 'sequences',
              y: 'accuracy',
              title: (site) =>
                `${site.name}\n${count(site.sequences)} sequences, ${percent(site.accuracy)} right\nlog loss ${site.logLoss.toFixed(4)}`,
              fill: 'var(--panel)',
              stroke: line,
            }),
          ),
        ],
      }),
    );
  }

  function drawSampling() {
    const rows = d3.sort(
      data.counts.filter((row) => row.split === 'train' && row.before > 0),
      (row) => -row.before,
    );
    draw('sampling', (width) =>
      Plot.plot({
        width,
        height: 48 + rows.length * 20,
        marginLeft: 132,
        marginRight: 24,
        x: {
          type: 'log',
          axis: 'top',
          label: 'sequences →',
          ticks: 5,
          tickFormat: '~s',
          domain: [1, Math.max(10, d3.max(rows, (row) => row.before) ?? 10)],
        },
        y: { domain: rows.map((row) => row.className), label: null, tickSize: 0 },
        marks: [
          Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: 5 }),
          Plot.ruleY(rows, {
            y: 'className',
            x1: (row) => Math.max(1, row.after),
            x2: 'before',
            stroke: soft,
            strokeOpacity: 0.6,
          }),
          Plot.dot(rows, { x: 'before', y: 'className', r: 4, stroke: soft, fill: 'var(--paper)' }),
          Plot.dot(
            rows.filter((row) => row.after > 0),
            { x: 'after', y: 'className', r: 4.5, fill: accent },
          ),
          Plot.tip(
            rows,
            Plot.pointerY({
              x: 'before',
              y: 'className',
              title: (row) => `${row.className}\n${count(row.after)} of ${count(row.before)} used`,
              fill: 'var(--panel)',
              stroke: line,
            }),
          ),
        ],
      }),
    );
  }
}

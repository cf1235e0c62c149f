'use strict';

/** What the charts of all pages share. Their colours come from the page's style sheet, so they follow its theme. */
globalThis.charts = (() => {
  const PRINTED_WIDTH = 640;
  const drawn = [];

  /** Draws into a chart's place, and again when its width changes. `render(width)` gives an element of that width. */
  function draw(name, render) {
    const place = document.querySelector(`[data-chart="${name}"]`);
    if (place === null) return () => {};
    let width = 0;
    const redraw = (wanted = place.clientWidth) => {
      if (wanted === 0) return; // inside something closed: drawn when it opens
      width = wanted;
      const element = render(wanted);
      describe(element, place.dataset.text);
      place.replaceChildren(element);
      place.dataset.drawn = 'true';
    };
    new ResizeObserver(() => {
      if (Math.abs(place.clientWidth - width) > 1) redraw();
    }).observe(place);
    redraw();
    drawn.push(redraw);
    return () => redraw();
  }

  function describe(element, text) {
    const svg = element.matches('svg') ? element : element.querySelector('svg');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', text);
  }

  addEventListener('beforeprint', () => drawn.forEach((redraw) => redraw(PRINTED_WIDTH)));
  addEventListener('afterprint', () => drawn.forEach((redraw) => redraw()));

  /** Round values between the ends of a logarithmic scale, fewer where there is little room. */
  function roundValues([low, high], width) {
    const powers = d3.range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1);
    const between = (digits) =>
      powers
        .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
        .filter((value) => value >= low && value <= high);
    const few = between([1]);
    return few.length > 2 && (width < 560 || few.length > 5) ? few : between([1, 2, 5]);
  }

  return {
    draw,
    roundValues,
    percent: (share) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`,
    count: (value) => value.toLocaleString('en-US'),
    /** Counts on an axis: short where there is little room. */
    shortCount: (width) => (width < 560 ? d3.format('~s') : (value) => value.toLocaleString('en-US')),
    /** A plot of one row a name: the names stand to the left, the axis above. */
    rows: (width, names) => ({
      width,
      marginLeft: 132,
      marginTop: 26,
      y: { domain: names, label: null, tickSize: 0 },
    }),
    /** Lines across the whole plot at some values. */
    gridX: (ticks) => Plot.gridX(ticks, { stroke: 'var(--line)', strokeOpacity: 1 }),
    gridY: (ticks) => Plot.gridY(ticks, { stroke: 'var(--line)', strokeOpacity: 1 }),
    /** Labels of an axis at exactly these values. */
    axisX: (ticks, text, options) => Plot.axisX(ticks, { text, tickSize: 0, label: null, ...options }),
    axisY: (ticks, text, options) => Plot.axisY(ticks, { text, tickSize: 0, label: null, ...options }),
    /** What a mark says when it is pointed at. `pointer`: Plot.pointer, or along one axis. */
    tip: (rows, pointer, options) =>
      Plot.tip(rows, pointer({ fill: 'var(--panel)', stroke: 'var(--line)', ...options })),
  };
})();

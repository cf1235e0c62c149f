'use strict';

/** Draws charts into their places and again when their width changes. Colours come from the page's style sheet. */
globalThis.charts = (() => {
  const PRINTED_WIDTH = 640;
  const drawn = [];

  const ink = 'var(--ink)';
  const soft = 'var(--soft)';
  const line = 'var(--line)';
  const accent = 'var(--accent)';
  const second = 'var(--second)';

  /** `render(width)` gives an element for a place of so many pixels. */
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

  const percent = (share) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  const count = (value) => value.toLocaleString('en-US');

  return { draw, percent, count, ink, soft, line, accent, second };
})();

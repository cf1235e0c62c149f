'use strict';

/** How much was reviewed, how often the model is right, and how far people agree. */
{
  const SVG = 'http://www.w3.org/2000/svg';
  const WIDTH = 260;
  const HEIGHT = 84;
  const accuracy = document.getElementById('accuracy');
  const people = document.getElementById('people');
  const count = (value) => new Intl.NumberFormat('en-US').format(value);
  const { element, percent } = review;

  /** @param onShow called with `random` or `disputed`, where somebody wants to see these */
  review.showProgress = (progress, onShow) => {
    accuracy.replaceChildren(...accuracyOf(progress, onShow));
    people.replaceChildren(...peopleOf(progress, onShow));
  };

  function accuracyOf({ accuracy: { points, needed, leftOut }, sequences, reviewed }, onShow) {
    const last = points.at(-1);
    const howMuch = element('p', `${count(reviewed)} of ${count(sequences)} sequences reviewed.`);
    const draw = link('Random draw', () => onShow('random'));
    if (last === undefined) {
      const text = element('p', 'Nothing is known of its accuracy yet. Go through the ');
      text.append(draw, ': a first estimate takes about 30 sequences, ±3 points about ');
      text.append(`${count(needed[1].more)}.`);
      return [text, howMuch];
    }
    const figure = element('p', percent(last.value), 'figure');
    const isExact = last.low === last.high;
    figure.append(element('span', isExact ? 'of all' : `${percent(last.low)} to ${percent(last.high)}`, 'range'));
    const next = needed.find(({ more }) => more > 0);
    const parts = [`Right in this share of all sequences, by ${count(last.reviewed)} of the random draw`];
    if (leftOut > 0) parts.push(`; ${count(leftOut)} are left out that are disputed or that nobody could tell`);
    parts.push(isExact ? ': that is all there are.' : '.');
    const text = element('p', parts.join(''));
    if (next !== undefined) {
      text.append(` ±${Math.round(next.margin * 100)} points take about ${count(next.more)} more of the `, draw, '.');
    }
    return [figure, chartOf(points), text, howMuch];
  }

  function peopleOf({ people: all, agreements, disputed }, onShow) {
    if (all.length === 0) return [];
    const list = element('p', `Marks: ${all.map(({ by, marks }) => `${by} ${count(marks)}`).join(' · ')}`, 'names');
    const lines = agreements.slice(0, 6).map(({ people: [first, second], both, same, kappa }) => {
      const chance = kappa === undefined ? '' : `, κ ${kappa.toFixed(2)}`;
      return element('p', `${first} and ${second} agree on ${percent(same / both)} of ${count(both)}${chance}`);
    });
    if (disputed === 0) return [list, ...lines];
    const text = disputed === 1 ? 'Show the disagreement' : `Show the ${count(disputed)} disagreements`;
    const line = document.createElement('p');
    line.append(link(text, () => onShow('disputed')));
    return [list, ...lines, line];
  }

  function link(text, act) {
    const button = element('button', text, 'link');
    button.type = 'button';
    button.addEventListener('click', act);
    return button;
  }

  /** The estimate over the number of reviews, its interval as a band. */
  function chartOf(points) {
    const lowest = Math.min(0.9, ...points.slice(Math.floor(points.length / 4)).map(({ low }) => low));
    const floor = Math.floor(lowest * 10) / 10;
    const last = points.at(-1).reviewed;
    const x = ({ reviewed }) => 30 + ((WIDTH - 34) * reviewed) / last;
    const y = (share) => 6 + (HEIGHT - 24) * (1 - (Math.max(floor, share) - floor) / (1 - floor));
    const place = (point, key) => `${x(point).toFixed(1)},${y(point[key]).toFixed(1)}`;
    const band = [...points.map((point) => place(point, 'high')), ...points.map((p) => place(p, 'low')).reverse()];
    const svg = node('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
    svg.append(
      node('title', {}, 'The estimate and its 95 % interval, over the number of reviews'),
      ...[floor, 1].flatMap((share) => [
        node('line', { x1: 30, x2: WIDTH - 4, y1: y(share), y2: y(share), class: 'grid' }),
        node('text', { x: 26, y: y(share) + 3.5, 'text-anchor': 'end' }, `${Math.round(100 * share)} %`),
      ]),
      node('polygon', { points: band.join(' '), class: 'band' }),
      node('polyline', { points: points.map((point) => place(point, 'value')).join(' '), class: 'line' }),
      node('circle', { cx: x(points.at(-1)), cy: y(points.at(-1).value), r: 3 }),
      node('text', { x: WIDTH - 4, y: HEIGHT - 4, 'text-anchor': 'end' }, `${count(last)} reviews`),
    );
    return svg;
  }

  function node(name, attributes, text = '') {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.textContent = text;
    return made;
  }
}

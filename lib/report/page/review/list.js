'use strict';

/** The list of sequences: as many rows in the page as can be seen, their data fetched in slices. */
{
  const ROW = 64;
  const AROUND = 6;
  const NOT_FOUND = 404;
  const SLICE = 100;
  const MOST_SLICES = 40;
  /** Who drags the bar through the list wants what lies where they stop. */
  const LOAD_MILLISECONDS = 60;
  /** Browsers draw no element that is much higher: beyond it, a pixel of scrolling is more than one. */
  const MOST_HEIGHT = 8_000_000;
  const box = document.getElementById('rows');
  const all = box.firstElementChild;
  const drawn = new Map();
  let view = { id: '', total: 0, by: '' };
  let slices = new Map();
  let onChoose = () => {};
  let onRows = () => {};
  let onLost = () => {};
  let current = -1;
  let isDue = false;
  let loading;

  review.list = {
    /** @param handlers `choose(index)` when a row is clicked, `rows()` when rows have come, `lost()` when the server has forgotten the view */
    begin(handlers) {
      onChoose = handlers.choose;
      onRows = handlers.rows;
      onLost = handlers.lost;
    },
    show(next) {
      view = next;
      slices = new Map();
      for (const row of drawn.values()) row.remove();
      drawn.clear();
      current = -1;
      all.style.height = `${height()}px`;
      box.scrollTop = 0;
      draw();
    },
    get total() {
      return view.total;
    },
    /** The row's data, or `undefined` while it is being fetched. */
    row(index) {
      if (index < 0 || index >= view.total) return undefined;
      return slice(Math.floor(index / SLICE)).rows?.[index % SLICE];
    },
    select(index) {
      current = index;
      const place = index * ROW;
      const top = firstPixel();
      const room = box.clientHeight - ROW;
      if (place < top) scrollTo(place);
      else if (place > top + room) scrollTo(place - room);
      for (const [place, row] of drawn) row.setAttribute('aria-selected', String(place === current));
      draw();
    },
    redraw(index) {
      drawn.get(index)?.remove();
      drawn.delete(index);
      draw();
    },
    /** Fetches one row anew. */
    async renew(index) {
      const from = view;
      const [row] = await review.ask(
        `/views/${view.id}?${new URLSearchParams({ from: index, count: 1, by: view.by })}`,
      );
      const known = slices.get(Math.floor(index / SLICE))?.rows;
      if (from !== view || known === undefined || row === undefined) return;
      known[index % SLICE] = row;
      review.list.redraw(index);
    },
  };

  box.addEventListener('scroll', () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  });
  new ResizeObserver(() => draw()).observe(box);

  function height() {
    return Math.min(view.total * ROW, MOST_HEIGHT);
  }

  /** Where the list stands, in pixels of all its rows. */
  function firstPixel() {
    const scrollable = height() - box.clientHeight;
    if (scrollable <= 0) return 0;
    return (box.scrollTop / scrollable) * (view.total * ROW - box.clientHeight);
  }

  function scrollTo(pixel) {
    const scrollable = height() - box.clientHeight;
    box.scrollTop = (pixel / (view.total * ROW - box.clientHeight)) * scrollable;
  }

  function draw() {
    const top = firstPixel();
    const first = Math.max(0, Math.floor(top / ROW) - AROUND);
    const end = Math.min(view.total, Math.ceil((top + box.clientHeight) / ROW) + AROUND);
    for (const [index, row] of drawn) {
      if (index >= first && index < end) continue;
      row.remove();
      drawn.delete(index);
    }
    // Rows lie where the scrolling is, wherever they would lie if all could be drawn.
    const shift = box.scrollTop - top;
    for (let index = first; index < end; index++) {
      let row = drawn.get(index);
      if (row === undefined) {
        row = rowOf(index);
        drawn.set(index, row);
        all.append(row);
      }
      row.style.transform = `translateY(${index * ROW + shift}px)`;
    }
    loading ??= setTimeout(() => loadSeen(), LOAD_MILLISECONDS);
    box.setAttribute('aria-activedescendant', drawn.has(current) ? `row-${current}` : '');
  }

  function loadSeen() {
    loading = undefined;
    const seen = [...drawn.keys()].map((index) => Math.floor(index / SLICE));
    for (const number of new Set(seen)) slice(number);
  }

  function rowOf(index) {
    const row = document.createElement('div');
    const data = slices.get(Math.floor(index / SLICE))?.rows?.[index % SLICE];
    row.className = 'row';
    row.id = `row-${index}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', String(index === current));
    row.setAttribute('aria-setsize', String(view.total));
    row.setAttribute('aria-posinset', String(index + 1));
    row.addEventListener('click', () => onChoose(index));
    if (data === undefined) return row;
    const image = document.createElement('img');
    image.src = review.addressOf(data, 0, 'small');
    image.alt = '';
    image.decoding = 'async';
    image.addEventListener('error', () => image.removeAttribute('src'));
    const [label, probability] = data.answers[0];
    row.append(
      image,
      review.element('b', label),
      review.element('span', review.percent(probability), 'share'),
      review.element('span', [data.site, data.taken.replace('T', ' ')].join(' · '), 'small'),
    );
    if (data.mine !== undefined) row.append(review.markOf(data));
    return row;
  }

  function slice(number) {
    let known = slices.get(number);
    if (known === undefined) {
      known = {};
      void load(number, known);
    }
    // The one that was looked at last goes last.
    slices.delete(number);
    slices.set(number, known);
    const [oldest] = slices.keys();
    if (slices.size > MOST_SLICES) slices.delete(oldest);
    return known;
  }

  /** @returns `undefined` where the server has forgotten the view, which is then asked for anew */
  async function fetchRows(from, count) {
    const asked = view;
    try {
      return await review.ask(`/views/${view.id}?${new URLSearchParams({ from, count, by: view.by })}`);
    } catch (error) {
      if (error.status !== NOT_FOUND) throw error;
      if (asked === view) onLost();
      return undefined;
    }
  }

  async function load(number, known) {
    const from = view;
    try {
      known.rows = await fetchRows(number * SLICE, SLICE);
    } catch (error) {
      if (from !== view) return;
      slices.delete(number);
      return review.complain(`The list cannot be fetched. ${error.message}`);
    }
    if (from !== view || known.rows === undefined) return;
    for (const [index, row] of drawn) {
      if (Math.floor(index / SLICE) !== number) continue;
      row.remove();
      drawn.delete(index);
    }
    draw();
    onRows();
  }
}

review.element = (name, text, className) => {
  const element = document.createElement(name);
  element.textContent = text;
  if (className !== undefined) element.className = className;
  return element;
};

/** Of a photograph of a row, for as long as the server runs that the row came from. */
review.addressOf = ({ position, of }, photograph, size) =>
  `/photographs/${position}/${photograph}?${new URLSearchParams({ of, size })}`;

/** 99.96 % is not 100 %. */
review.percent = (share) => {
  const isNearEnd = share !== 1 && share !== 0 && (share > 0.9905 || share < 0.0995);
  const text = (100 * share).toFixed(isNearEnd ? 1 : 0);
  return `${share < 1 && text === '100.0' ? '99.9' : text}\u00a0%`;
};

/** What this person said of a sequence. */
review.markOf = ({ mine, answers }) => {
  if (mine.length === 0) return review.element('span', 'cannot tell', 'mark');
  const isAccepted = mine.some((label) => label.toLowerCase() === answers[0][0].toLowerCase());
  if (isAccepted && mine.length === 1) return review.element('span', 'accepted', 'mark accepted');
  return review.element('span', mine.join(', '), isAccepted ? 'mark accepted' : 'mark corrected');
};

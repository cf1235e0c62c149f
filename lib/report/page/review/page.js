'use strict';

/** One sequence after the other: what is shown, what the keys do. */
{
  const { data, list, element, percent } = review;
  const NAME = 'serengeti-reviewer';
  const PLAY_MILLISECONDS = 250;
  const MOST_ANSWERS = 5;
  const get = (id) => document.getElementById(id);
  const filters = get('filters');
  const large = get('large');
  const photograph = get('photograph');
  const classes = [...data.classes];
  const done = [];
  let by = localStorage.getItem(NAME) ?? '';
  let viewId = '';
  let index = 0;
  let shown;
  let frame = 0;
  let player;

  const actions = {
    accept: () => mark([shown.answers[0][0]]),
    correct: () => review.search(classes, shown.answers, mark),
    empty: () => mark([data.emptyClass]),
    person: () => mark([data.personClass]),
    unsure: () => mark([]),
  };
  const keys = {
    Enter: actions.accept,
    c: actions.correct,
    '/': actions.correct,
    e: actions.empty,
    p: actions.person,
    u: actions.unsure,
    z: undo,
    j: () => go(index + 1),
    ArrowDown: () => go(index + 1),
    k: () => go(index - 1),
    ArrowUp: () => go(index - 1),
    ArrowRight: () => showFrame(frame + 1),
    ArrowLeft: () => showFrame(frame - 1),
    ' ': play,
    f: () => look(50, 50),
    '?': () => get('keys-dialog').showModal(),
  };
  /** Of those that a held key repeats, these do no harm. */
  const REPEATED = ['j', 'k', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight'];
  const NEED_NO_SEQUENCE = [undo, keys['?']];

  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]') !== null || event.isComposing) return;
    const isUndo = (event.ctrlKey || event.metaKey) && event.key === 'z';
    if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (event.target.matches('input, select')) return event.key === 'Enter' ? event.target.blur() : undefined;
    if (event.target.matches('summary, a, button') && (event.key === 'Enter' || event.key === ' ')) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = answerKey(key) ?? keys[key];
    if (act === undefined) return;
    event.preventDefault();
    if (event.repeat && !REPEATED.includes(key)) return;
    if (shown !== undefined || NEED_NO_SEQUENCE.includes(act)) act();
  });

  for (const [id, act] of Object.entries(actions)) get(id).addEventListener('click', () => shown && act());
  get('undo').addEventListener('click', undo);
  get('next').addEventListener('click', () => go(index + 1));
  get('previous').addEventListener('click', () => go(index - 1));
  get('keys').addEventListener('click', keys['?']);
  get('who').addEventListener('click', askName);
  get('open-list').addEventListener('click', () => document.body.classList.add('listing'));
  get('close-list').addEventListener('click', () => document.body.classList.remove('listing'));
  filters.addEventListener('change', () => void openView());
  filters.addEventListener('submit', (event) => event.preventDefault());
  // A button that was clicked would take the next Enter.
  document.addEventListener('click', (event) => {
    if (event.detail > 0) event.target.closest('button, summary, a')?.blur();
  });
  document.addEventListener('change', (event) => {
    if (event.target.matches('select')) event.target.blur();
  });
  photograph.addEventListener('click', (event) => {
    const area = photograph.getBoundingClientRect();
    look((100 * (event.clientX - area.x)) / area.width, (100 * (event.clientY - area.y)) / area.height);
  });
  large.addEventListener('error', () => {
    showMissing(true);
    void review.renewSecret();
  });
  large.addEventListener('load', () => showMissing(false));
  get('name-dialog').addEventListener('cancel', (event) => by === '' && event.preventDefault());
  get('name-dialog').addEventListener('close', () => {
    const name = get('name').value.trim();
    if (name === '') return by === '' ? askName() : undefined;
    by = name;
    localStorage.setItem(NAME, by);
    done.length = 0;
    void begin();
  });

  // Views and positions are those of a server.
  addEventListener('restart', () => void openView(index));

  list.begin({
    choose(chosen) {
      document.body.classList.remove('listing');
      go(chosen);
    },
    rows: () => shown === undefined && show(),
    lost: () => void openView(index),
  });
  const asked = new URLSearchParams(location.search);
  for (const control of filters.elements) {
    if (asked.has(control.name)) control.value = asked.get(control.name);
    if (control.selectedIndex === -1) control.selectedIndex = 0;
  }
  if (by === '') askName();
  else void begin();

  function askName() {
    get('name').value = by;
    get('name-dialog').showModal();
  }

  async function begin() {
    get('who').textContent = by;
    await openView();
    try {
      showProgress(await review.ask('/progress'));
    } catch (error) {
      review.complain(error.message);
    }
  }

  /** What is asked for stands in the address, so that it can be loaded again and given to others. */
  async function openView(first = 0) {
    const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ''));
    history.replaceState(null, '', `?${query}`);
    query.set('by', by);
    try {
      const { view, total } = await review.ask(`/views?${query}`);
      viewId = view;
      list.show({ id: view, total, by });
      get('total').textContent = `${total.toLocaleString('en-US')} ${total === 1 ? 'sequence' : 'sequences'}`;
      review.complain('');
      go(first);
    } catch (error) {
      review.complain(error.message);
    }
  }

  function go(wanted) {
    index = Math.max(0, Math.min(wanted, list.total - 1));
    list.select(index);
    show();
  }

  function show() {
    shown = list.row(index);
    document.body.classList.toggle('nothing', shown === undefined);
    get('place').textContent = '';
    get('answers').replaceChildren();
    get('strip').replaceChildren();
    get('verdict').replaceChildren();
    stop();
    if (shown === undefined) {
      large.removeAttribute('src');
      get('frame-position').textContent = '';
      if (list.total === 0) get('place').textContent = 'No sequence is like that.';
      return;
    }
    const { site, taken, sequence, answers } = shown;
    get('place').append(
      element('b', site),
      element('span', taken === '' ? 'no time' : taken.replace('T', ' ')),
      element('span', `${(index + 1).toLocaleString('en-US')} of ${list.total.toLocaleString('en-US')}`),
    );
    get('place').title = sequence;
    get('answers').append(...answers.slice(0, MOST_ANSWERS).map(answerRow));
    showVerdict();
    showStrip();
    showFrame(0);
    preload();
  }

  function answerRow([label, probability], position) {
    const row = document.createElement('li');
    const button = element('button', '', 'answer');
    button.type = 'button';
    button.title = `Choose it: ${position + 1}`;
    const bar = element('span', '', 'bar');
    bar.style.width = `${100 * probability}%`;
    button.append(bar, element('span', label, 'name'), element('span', percent(probability), 'share'));
    button.addEventListener('click', () => mark([label]));
    row.append(button);
    return row;
  }

  function showVerdict() {
    const { mine, others = [] } = shown;
    const lines = others.map(({ by: other, labels }) => {
      const isSame = sameLabels(labels, mine);
      const text = `${other}: ${labels.length === 0 ? 'cannot tell' : labels.join(', ')}`;
      return element('span', text, isSame || labels.length === 0 || mine.length === 0 ? 'other' : 'other differs');
    });
    if (mine === undefined) return get('verdict').replaceChildren();
    get('verdict').replaceChildren(element('span', 'You: ', 'note'), review.markOf(shown), ...lines);
  }

  function sameLabels(a, b) {
    const fold = (labels) => [...new Set(labels.map((label) => label.toLowerCase()))].sort().join('\n');
    return fold(a) === fold(b);
  }

  function showStrip() {
    if (shown.photographs.length < 2) return;
    const thumbs = shown.photographs.map((file, position) => {
      const button = element('button', '');
      button.type = 'button';
      button.title = file;
      const image = document.createElement('img');
      image.loading = 'lazy';
      image.alt = `Photograph ${position + 1}`;
      image.src = review.addressOf(shown, position, 'small');
      image.addEventListener('error', () => (image.hidden = true));
      button.append(image);
      button.addEventListener('click', () => showFrame(position));
      return button;
    });
    get('strip').replaceChildren(...thumbs);
  }

  function showFrame(wanted) {
    const count = shown.photographs.length;
    frame = (wanted + count) % count;
    photograph.classList.remove('closer');
    large.alt = `${shown.answers[0][0]}? ${shown.photographs[frame]}`;
    const source = review.addressOf(shown, frame, 'large');
    if (large.getAttribute('src') !== source) large.src = source;
    get('frame-position').textContent = count > 1 ? `${frame + 1} / ${count}` : '';
    for (const [position, button] of [...get('strip').children].entries()) {
      button.classList.toggle('shown', position === frame);
      if (position === frame) button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }

  /** What comes next is there when it is wanted. */
  function preload() {
    const next = list.row(index + 1);
    if (next !== undefined) new Image().src = review.addressOf(next, 0, 'large');
    if (shown.photographs.length > 1) new Image().src = review.addressOf(shown, 1, 'large');
  }

  function showMissing(isMissing) {
    photograph.classList.toggle('broken', isMissing);
    photograph.querySelector('.missing').hidden = !isMissing;
  }

  function play() {
    if (player !== undefined) return stop();
    player = setInterval(() => {
      if (large.complete) showFrame(frame + 1);
    }, PLAY_MILLISECONDS);
  }

  function stop() {
    clearInterval(player);
    player = undefined;
  }

  function look(x, y) {
    large.style.transformOrigin = `${x}% ${y}%`;
    photograph.classList.toggle('closer');
  }

  function answerKey(key) {
    const answer = /^[1-5]$/.test(key) ? shown?.answers[Number(key) - 1] : undefined;
    return answer === undefined ? undefined : () => mark([answer[0]]);
  }

  function mark(labels) {
    done.push({ row: shown, index, viewId, before: shown.mine });
    put(shown, index, labels);
    if (index + 1 < list.total) go(index + 1);
    else show();
  }

  function undo() {
    const last = done.pop();
    if (last === undefined) return;
    put(last.row, last.index, last.before ?? null);
    if (last.viewId === viewId) go(last.index);
  }

  /** @param labels `null` takes the mark back */
  function put(row, place, labels) {
    const before = row.mine;
    const from = viewId;
    const set = (value) => {
      // The list may have fetched it anew.
      const rows = from === viewId ? [row, list.row(place)] : [row];
      for (const one of rows) if (one?.sequence === row.sequence) one.mine = value;
      if (from === viewId) list.redraw(place);
      if (shown?.sequence === row.sequence) showVerdict();
    };
    set(labels ?? undefined);
    for (const label of labels ?? []) {
      if (!classes.some((name) => name.toLowerCase() === label.toLowerCase())) classes.push(label);
    }
    review.send(
      { sequence: row.sequence, by, labels },
      (progress) => {
        showProgress(progress);
        if (from !== viewId) return;
        list
          .renew(place)
          .then(() => {
            if (shown?.sequence !== row.sequence) return;
            shown = list.row(index) ?? shown;
            showVerdict();
          })
          .catch((error) => review.complain(error.message));
      },
      () => set(before),
    );
  }

  function showProgress(progress) {
    review.showProgress(progress, (what) => {
      filters.elements.order.value = what === 'random' ? 'random' : 'doubt';
      filters.elements.show.value = what === 'random' ? 'all' : 'disputed';
      for (const name of ['label', 'site', 'day']) filters.elements[name].value = '';
      void openView();
    });
  }
}

'use strict';

/** Typing to search a class. */
{
  const MOST = 12;
  const dialog = document.getElementById('search-dialog');
  const input = document.getElementById('search');
  const found = document.getElementById('found');
  const chosenBox = document.getElementById('chosen');
  const folded = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
  let classes = [];
  let options = [];
  let active = 0;
  let chosen = [];
  let onChosen = () => {};

  /**
   * @param known all classes
   * @param answers of the model, which come first
   * @param take called with the labels that were chosen
   */
  review.search = (known, answers, take) => {
    const likely = new Map(answers);
    classes = [...known].sort((a, b) => (likely.get(b) ?? -1) - (likely.get(a) ?? -1) || (a < b ? -1 : 1));
    onChosen = take;
    chosen = [];
    input.value = '';
    find();
    dialog.showModal();
    input.focus();
  };

  input.addEventListener('input', find);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + options.length) % Math.max(1, options.length);
      draw();
    } else if (event.key === 'Enter') {
      choose(active, event.shiftKey);
    } else {
      return;
    }
    event.preventDefault();
  });

  /** Names that begin with what was typed, then those with a word that does, then those that hold it. */
  function find() {
    const text = folded(input.value);
    const rank = (name) => {
      const place = folded(name).indexOf(text);
      if (place <= 0) return place === 0 ? 0 : 3;
      return /[\p{L}\p{N}]/u.test(folded(name)[place - 1]) ? 2 : 1;
    };
    options = classes
      .map((name) => ({ name, rank: rank(name) }))
      .filter((option) => option.rank < 3 && !chosen.includes(option.name))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, MOST)
      .map(({ name }) => ({ name, text: name }));
    const typed = input.value.trim();
    if (typed !== '' && !classes.some((name) => folded(name) === text)) {
      options.push({ name: typed, text: `“${typed}”, a new class` });
    }
    active = 0;
    draw();
  }

  function draw() {
    const rows = options.map(({ text }, index) => {
      const row = review.element('li', text);
      row.id = `found-${index}`;
      row.setAttribute('role', 'option');
      row.setAttribute('aria-selected', String(index === active));
      row.addEventListener('click', (event) => choose(index, event.shiftKey));
      return row;
    });
    found.replaceChildren(...rows);
    chosenBox.replaceChildren(...chosen.map((name) => review.element('span', name, 'mark corrected')));
    input.setAttribute('aria-activedescendant', options.length > 0 ? `found-${active}` : '');
    rows[active]?.scrollIntoView({ block: 'nearest' });
  }

  /** Who has chosen one and types nothing more wants that one. */
  function choose(index, isOneMore) {
    const isDone = chosen.length > 0 && input.value.trim() === '' && !isOneMore;
    if (!isDone) {
      if (options[index] === undefined) return;
      chosen.push(options[index].name);
    }
    input.value = '';
    if (isOneMore) return find();
    dialog.close();
    onChosen(chosen);
  }
}

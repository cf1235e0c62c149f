'use strict';

/** What every page does: tables sort, galleries flip and filter, text is copied, the contents follow the reading. */
globalThis.pageData = JSON.parse(document.getElementById('data').textContent);

const FIRST_CARDS = 12;

{
  for (const table of document.querySelectorAll('table')) {
    table.querySelectorAll('thead th').forEach((head, column) => {
      head.querySelector('button')?.addEventListener('click', () => sortTable(table, head, column));
    });
  }

  for (const frames of document.querySelectorAll('.frames')) makeFlippable(frames);

  for (const gallery of document.querySelectorAll('[data-gallery]')) makeBrowsable(gallery);

  for (const button of document.querySelectorAll('[data-copy]')) {
    button.addEventListener('click', () => copyText(button));
  }

  // Printed pages have no buttons to open what is closed.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open]):not(.screen)')];
    for (const details of closed) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of closed) details.open = false;
  });

  followReading(document.querySelectorAll('.contents a'));
}

function sortTable(table, head, column) {
  const numeric = head.classList.contains('number');
  const before = head.getAttribute('aria-sort');
  // Who sorts figures wants the largest first.
  const ascending = before === null ? !numeric : before === 'descending';
  for (const other of table.querySelectorAll('thead th')) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
  const body = table.tBodies[0];
  const valueOf = (row) => row.cells[column].dataset.value ?? '';
  const rows = [...body.rows].sort((a, b) => compareValues(valueOf(a), valueOf(b), numeric, ascending));
  body.append(...rows);
}

function compareValues(a, b, numeric, ascending) {
  if (a === '' || b === '') return (a === '') - (b === ''); // missing values stay at the end
  const order = numeric ? Number(a) - Number(b) : a.localeCompare(b, 'en', { numeric: true });
  return ascending ? order : -order;
}

function makeFlippable(frames) {
  const all = [...frames.querySelectorAll('.frame')];
  const position = frames.querySelector('.position');
  if (position === null) return;
  let shown = 0;
  const show = (index) => {
    all[shown].classList.remove('shown');
    shown = (index + all.length) % all.length;
    all[shown].classList.add('shown');
    position.textContent = `${shown + 1} / ${all.length}`;
  };
  frames.querySelector('.previous').addEventListener('click', () => show(shown - 1));
  frames.querySelector('.next').addEventListener('click', () => show(shown + 1));
  frames.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') show(shown - 1);
    else if (event.key === 'ArrowRight') show(shown + 1);
    else return;
    event.preventDefault();
  });
}

/** The first cards, all on request; or those of one class. */
function makeBrowsable(gallery) {
  const select = document.querySelector(`[data-filter="${gallery.dataset.gallery}"]`);
  const more = document.querySelector(`[data-more="${gallery.dataset.gallery}"]`);
  const cards = [...gallery.children];
  const show = (all) => {
    const label = select.value;
    const matches = cards.filter((card) => label === '' || JSON.parse(card.dataset.labels).includes(label));
    const shown = new Set(all || label !== '' ? matches : matches.slice(0, FIRST_CARDS));
    for (const card of cards) card.hidden = !shown.has(card);
    more.hidden = shown.size === matches.length;
  };
  select.addEventListener('change', () => show(false));
  more.addEventListener('click', () => {
    show(true);
    const next = cards[FIRST_CARDS];
    next.tabIndex = -1; // the reading goes on there
    next.focus();
  });
  show(false);
}

async function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(source); // pages opened from a disk may not write to the clipboard
    button.textContent = 'Selected: press Ctrl+C';
  }
  setTimeout(() => (button.textContent = label), 2000);
}

function followReading(links) {
  const byId = new Map([...links].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        for (const link of links) link.removeAttribute('aria-current');
        byId.get(target.id).setAttribute('aria-current', 'true');
      }
    },
    { rootMargin: '-20% 0px -70% 0px' },
  );
  for (const id of byId.keys()) observer.observe(document.getElementById(id));
}

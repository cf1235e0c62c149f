'use strict';

/** Look at a random animal: a kind and a seed choose a sequence, whose frames are flipped through. */
{
  const form = document.querySelector('[data-viewer-form]');
  if (form !== null) {
    const viewer = document.querySelector('[data-viewer]');
    const frames = viewer.querySelector('.frames');
    const strip = viewer.querySelector('.strip');
    const place = viewer.querySelector('.place');
    const { kind, seed } = form.elements;
    let sequence;
    let shown = 0;

    form.addEventListener('submit', (event) => event.preventDefault());
    kind.addEventListener('change', choose);
    seed.addEventListener('input', choose);
    form.querySelector('[data-another]').addEventListener('click', () => {
      const before = sequence;
      const choices = sequencesOf(kind.value).length;
      do {
        seed.value = (Number(seed.value) + 1) % 2 ** 32;
        choose();
      } while (sequence === before && choices > 1);
    });
    frames.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      show(shown + step);
    });
    choose();

    function sequencesOf(name) {
      return pageData.gallery.filter(({ labels }) => labels.includes(name));
    }

    function choose() {
      const sequences = sequencesOf(kind.value);
      sequence = sequences[hash(`${kind.value}:${Number(seed.value)}`) % sequences.length];
      strip.replaceChildren(...(sequence.frames.length > 1 ? sequence.frames.map(thumbnailOf) : []));
      show(0);
    }

    function show(index) {
      const count = sequence.frames.length;
      shown = (index + count) % count;
      const { image, fileName } = sequence.frames[shown];
      frames.replaceChildren(image === undefined ? missing(fileName) : picture(image, fileName), ...flippers(count));
      [...strip.children].forEach((button, position) => button.classList.toggle('shown', position === shown));
      const name = document.createElement('b');
      name.textContent = sequence.labels.join(' and ');
      const when = sequence.datetime === undefined ? [] : [sequence.datetime];
      const where = [sequence.season, sequence.site, ...when, `frame ${shown + 1} of ${count}`, sequence.sequence];
      place.replaceChildren(name, ` · ${where.join(' · ')}`);
    }

    function picture({ url, width, height }, fileName) {
      return Object.assign(new Image(width, height), {
        src: url,
        alt: `${sequence.labels.join(' and ')}, ${fileName}`,
      });
    }

    function missing(fileName) {
      const text = document.createElement('p');
      text.className = 'missing';
      text.textContent = `${fileName} is not at hand.`;
      return text;
    }

    function flippers(count) {
      if (count < 2) return [];
      return [
        { className: 'previous', text: '‹', label: 'Previous frame', step: -1 },
        { className: 'next', text: '›', label: 'Next frame', step: 1 },
      ].map(({ className, text, label, step }) => {
        const button = Object.assign(document.createElement('button'), {
          type: 'button',
          className,
          textContent: text,
        });
        button.setAttribute('aria-label', label);
        button.addEventListener('click', () => {
          show(shown + step);
          frames.querySelector(`.${className}`).focus();
        });
        return button;
      });
    }

    function thumbnailOf({ image }, position) {
      const button = Object.assign(document.createElement('button'), { type: 'button', tabIndex: -1 });
      if (image !== undefined) button.append(Object.assign(new Image(), { src: image.url, alt: '' }));
      button.addEventListener('click', () => show(position));
      return button;
    }
  }

  /** FNV-1a with a final mix: neighbouring seeds give unrelated numbers. */
  function hash(text) {
    let value = 0x811c9dc5;
    for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193);
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    return (value ^ (value >>> 13)) >>> 0;
  }
}

import type { ValidationResult } from '../../contracts/validation';
import { count, percent } from '../format';
import { html, type Html } from '../html';
import type { Section } from '../page';

/** Empty against animal: what most people use such a model for first. */
export function blankSection(result: ValidationResult): Section {
  const { blank } = result;
  const cells = blankCells(result);
  return {
    id: 'blank',
    title: 'Empty or animal?',
    body: html`<p>
        Three quarters of a camera’s sequences can be empty; sorting them out saves most of the looking. Here any animal
        counts as one answer.
      </p>
      <div class="pair">
        <table class="two">
          <caption>
            Sequences
          </caption>
          <thead>
            <tr>
              <td></td>
              <th scope="col" class="number">answer: animal</th>
              <th scope="col" class="number">answer: ${result.emptyClass}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">animal</th>
              <td class="number right">${count(cells.found)}</td>
              <td class="number wrong">${count(cells.missed)}</td>
            </tr>
            <tr>
              <th scope="row">${result.emptyClass}</th>
              <td class="number wrong">${count(cells.false)}</td>
              <td class="number right">${count(cells.empty)}</td>
            </tr>
          </tbody>
        </table>
        <dl class="facts">
          ${fact('Right', percent(blank.accuracy), 'of all sequences')}
          ${fact('Recall', percent(blank.recall), 'of the animals are found')}
          ${fact('Precision', percent(blank.precision), 'of what is called an animal is one')}
          ${fact('Average precision', percent(blank.averagePrecision), 'area under the precision-recall curve')}
        </dl>
      </div>`,
  };
}

function fact(name: string, value: string, meaning: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd><b>${value}</b> ${meaning}</dd>
  </div>`;
}

function blankCells({ classes, emptyClass, confusion }: ValidationResult) {
  const empty = classes.indexOf(emptyClass);
  const cells = { found: 0, missed: 0, false: 0, empty: 0 };
  confusion.forEach((row, truth) =>
    row.forEach((sequences, answer) => {
      if (truth === empty) cells[answer === empty ? 'empty' : 'false'] += sequences;
      else cells[answer === empty ? 'missed' : 'found'] += sequences;
    }),
  );
  return cells;
}

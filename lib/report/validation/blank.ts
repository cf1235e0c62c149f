import type { AnimalThreshold, Estimate, ValidationResult } from '../../contracts/validation';
import { count, percent } from '../format';
import { html, type Html } from '../html';
import type { Section } from '../page';
import { estimateText, rangeText } from '../estimate';
import { table } from '../table';

/** Empty against animal: what most people use such a model for first. */
export function blankSection(result: ValidationResult): Section {
  const { blank, emptyClass, thresholds } = result;
  return {
    id: 'blank',
    title: 'Empty or animal?',
    body: html`<p>
        Three quarters of a camera’s sequences can be empty; sorting them out saves most of the looking. Here any animal
        counts as one answer, and the answer is an animal where “${emptyClass}” has a probability of at most one half.
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
              <th scope="col" class="number">answer: ${emptyClass}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">animal</th>
              <td class="number right">${count(blank.found)}</td>
              <td class="number wrong">${count(blank.missed)}</td>
            </tr>
            <tr>
              <th scope="row">${emptyClass}</th>
              <td class="number wrong">${count(blank.falseAlarms)}</td>
              <td class="number right">${count(blank.sortedOut)}</td>
            </tr>
          </tbody>
        </table>
        <dl class="facts">
          ${fact('Right', blank.accuracy, 'of all sequences')}
          ${fact('Recall', blank.recall, 'of the animals are found')}
          ${fact('Precision', blank.precision, 'of what is called an animal is one')}
          <div>
            <dt>Average precision</dt>
            <dd><b>${percent(blank.averagePrecision)}</b> area under the precision-recall curve</dd>
          </div>
        </dl>
      </div>
      ${thresholds.length === 0 ? null : savings(thresholds, result.sites)}`,
  };
}

function fact(name: string, estimate: Estimate | undefined, meaning: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>
      <b>${percent(estimate?.value)}</b> ${meaning}
      ${estimate === undefined ? null : html`<span class="range">95 %: ${rangeText(estimate, percent)}</span>`}
    </dd>
  </div>`;
}

function savings(thresholds: readonly AnimalThreshold[], sites: number): Html {
  const [some] = thresholds;
  const share = (estimate: Estimate | undefined): Html => html`${estimateText(estimate, percent)}`;
  return html`<h3>How much looking it saves</h3>
    <p>
      Whoever looks only at sequences whose probability of an animal reaches a threshold finds most animals and skips
      the rest.
      ${
        sites > 1
          ? 'What is found and skipped is measured at each site with the threshold that the other sites give, as it will be at a new one.'
          : 'All sequences are of one site, so the thresholds were set on the very sequences they are tried on: expect less elsewhere.'
      }
      Day is 6 to 18 o’clock by the camera’s clock.
    </p>
    ${table<AnimalThreshold>({
      id: 'thresholds',
      caption: 'Sequences that need no look, with 95 % intervals',
      rows: thresholds,
      columns: [
        { head: 'To find', cell: ({ target }) => percent(target, 0), value: ({ target }) => target },
        { head: 'look from', cell: ({ threshold }) => probability(threshold), value: ({ threshold }) => threshold },
        { head: 'Animals found', cell: ({ found }) => share(found), numeric: true },
        { head: 'No look needed', cell: ({ skipped }) => share(skipped), numeric: true },
        ...(some?.skippedByDay === undefined
          ? []
          : [{ head: 'by day', cell: (row: AnimalThreshold) => share(row.skippedByDay), numeric: true }]),
        ...(some?.skippedByNight === undefined
          ? []
          : [{ head: 'by night', cell: (row: AnimalThreshold) => share(row.skippedByNight), numeric: true }]),
      ],
    })}`;
}

/** Three digits that count: thresholds for 99 % can be close to 0. */
function probability(value: number): string {
  return value >= 0.001 ? `${Number((value * 100).toPrecision(3))}\u00a0%` : `${(value * 100).toPrecision(1)}\u00a0%`;
}

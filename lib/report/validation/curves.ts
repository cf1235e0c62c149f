import type { ValidationResult } from '../../contracts/validation';
import { count, percent } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

export function curveSection(result: ValidationResult): Section {
  const { bins, error } = result.calibration;
  return {
    id: 'curves',
    title: 'Can its probabilities be trusted?',
    body: html`<div class="pair">
        <div>
          <h3>Precision against recall</h3>
          <p class="controls">
            <label
              >Class
              <select data-curve="precision-recall">
                ${byFrequency(result).map((className) => html`<option value="${className}">${className}</option>`)}
              </select></label
            >
          </p>
          ${chart('precision-recall', 'Precision-recall curves of every class; the table of classes has their areas.', html`Every class with held-out sequences; the chosen one stands out.`)}
        </div>
        <div>
          <h3>Calibration</h3>
          <p>
            When the model says 80 %, it should be right in 80 % of cases. Its answers are off by ${percent(error)} on
            average.
          </p>
          ${chart('calibration', 'Accuracy against confidence; the table below has the same figures.', html`The line is perfect calibration; a dot’s area is its number of sequences.`)}
        </div>
      </div>
      <details>
        <summary>Calibration as a table</summary>
        ${table({
          id: 'calibration-table',
          caption: 'Confidence of the answer and how often it was right',
          rows: bins.filter((bin) => bin.count > 0),
          columns: [
            { head: 'Confidence from', cell: (bin) => percent(bin.from, 0), value: (bin) => bin.from },
            { head: 'to', cell: (bin) => percent(bin.to, 0), value: (bin) => bin.to },
            { head: 'Sequences', cell: (bin) => count(bin.count), value: (bin) => bin.count },
            { head: 'Mean confidence', cell: (bin) => percent(bin.confidence), value: (bin) => bin.confidence },
            { head: 'Right', cell: (bin) => percent(bin.accuracy), value: (bin) => bin.accuracy },
          ],
        })}
      </details>`,
  };
}

/** Classes with a curve, animals first, the commonest of them at the top. */
function byFrequency({ precisionRecall, perClass, emptyClass }: ValidationResult): string[] {
  const sequences = new Map(perClass.map((score) => [score.className, score.sequences]));
  const rank = (className: string): number => (className === emptyClass ? -1 : (sequences.get(className) ?? 0));
  return precisionRecall.map(({ className }) => className).sort((a, b) => rank(b) - rank(a));
}

import type { EpochRecord, ModelCard } from '../../contracts/model';
import { duration, percent, plural } from '../format';
import { html } from '../html';
import { chart, type Section } from '../page';
import { table } from '../table';

export function trainingSection(history: readonly EpochRecord[], { madeBy }: Pick<ModelCard, 'madeBy'>): Section {
  const monitored = history.some((epoch) => epoch.monitorLoss !== undefined);
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return {
    id: 'training',
    title: 'Training',
    body: html`<p>
        ${plural(history.length, 'epoch')} in ${duration(seconds)}.
        ${
          madeBy?.training.head === 'fitted'
            ? 'The head was fitted until it converged, under the penalty that cross-validation on the training seasons chose; the loss contains that penalty.'
            : 'The loss of training is measured with dropout active.'
        }${monitored ? ' The monitor is a slice of the training seasons whose sites training does not see; the held-out seasons play no part.' : null}
      </p>
      <div class="pair">
        ${chart('loss', 'Loss over the epochs; the table below has the same figures.', html`Loss by epoch`)}
        ${chart('accuracy', 'Accuracy over the epochs; the table below has the same figures.', html`Accuracy by epoch`)}
      </div>
      <details>
        <summary>Epochs as a table</summary>
        ${table({
          id: 'epochs',
          caption: 'Epochs',
          rows: history,
          columns: [
            { head: 'Epoch', cell: (epoch) => epoch.epoch, value: (epoch) => epoch.epoch },
            { head: 'Loss', cell: (epoch) => epoch.loss.toFixed(4), value: (epoch) => epoch.loss },
            { head: 'Accuracy', cell: (epoch) => percent(epoch.accuracy), value: (epoch) => epoch.accuracy },
            ...(monitored
              ? [
                  {
                    head: 'Monitor loss',
                    cell: (epoch: EpochRecord) => epoch.monitorLoss?.toFixed(4) ?? '—',
                    value: (epoch: EpochRecord) => epoch.monitorLoss ?? null,
                  },
                  {
                    head: 'Monitor accuracy',
                    cell: (epoch: EpochRecord) => percent(epoch.monitorAccuracy),
                    value: (epoch: EpochRecord) => epoch.monitorAccuracy ?? null,
                  },
                ]
              : []),
            {
              head: 'Step size',
              cell: (epoch) => epoch.learningRate.toPrecision(3),
              value: (epoch) => epoch.learningRate,
            },
            { head: 'Time', cell: (epoch) => duration(epoch.seconds), value: (epoch) => epoch.seconds },
          ],
        })}
      </details>`,
  };
}

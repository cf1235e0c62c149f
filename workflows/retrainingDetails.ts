import { setCurrentDetails } from '@temporalio/workflow';
import type { RetrainResult } from '../lib/contracts/retrain';
import type { Control } from './control';
import { inline, paragraphs, renderRows, renderStanding } from './details';

const HEADINGS: Readonly<Record<RetrainResult['outcome'], string>> = {
  'nothing new': 'Nothing new',
  waiting: 'Waits for seasons',
  promoted: 'New champion',
  kept: 'The champion stays',
};

/** What a look at a catalog is at, in the current details of its workflow. */
export class RetrainingDetails {
  readonly #control: Control;
  #doing = '';

  constructor(control: Control) {
    this.#control = control;
    control.onChange = () => this.#show();
  }

  /** @param doing - a sentence, in Markdown */
  say(doing: string): void {
    this.#doing = doing;
    this.#show();
  }

  end(text: string): void {
    setCurrentDetails(text);
  }

  #show(): void {
    setCurrentDetails(paragraphs(this.#doing, renderStanding(this.#control.standing, [])));
  }
}

/** What came of a look at the catalog, in Markdown. */
export function renderRetraining(result: RetrainResult): string {
  const { outcome, reason, newSeasons, waiting, champion, challenger, run, logLoss } = result;
  const rows = [
    ['Champion', champion],
    ['Challenger', challenger],
    ['New seasons', newSeasons.join(', ')],
    ['Run', run],
    [
      'Log loss',
      logLoss && `${logLoss.challenger.toFixed(5)} challenger, ${logLoss.champion.toFixed(5)} champion, same frames`,
    ],
  ].flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name!, value]]));
  return paragraphs(
    `### ${HEADINGS[outcome]}`,
    inline(reason),
    renderRows(rows),
    waiting.map(({ season, reason: why }) => `- **${inline(season)}** waits. ${inline(why)}`).join('\n'),
  );
}

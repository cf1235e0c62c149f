import type { RetrainResult } from '../lib/contracts/retrain';

const HEADINGS: Readonly<Record<RetrainResult['outcome'], string>> = {
  'nothing new': 'Nothing new',
  waiting: 'Waits for seasons',
  promoted: 'New champion',
  kept: 'The champion stays',
};

/** What came of a look at the catalog, in Markdown, for the Temporal UI. */
export function retrainingDetails(result: RetrainResult): string {
  const { outcome, reason, newSeasons, waiting, champion, challenger, run, logLoss } = result;
  const rows = [
    ['Champion', champion],
    ['Challenger', challenger],
    ['New seasons', newSeasons.join(', ')],
    ['Run', run === undefined ? undefined : `\`${run}\``],
    [
      'Log loss',
      logLoss && `${logLoss.challenger.toFixed(5)} challenger, ${logLoss.champion.toFixed(5)} champion, same frames`,
    ],
  ].filter(([, value]) => value !== undefined && value !== '');
  return [
    `### ${HEADINGS[outcome]}`,
    reason,
    rows.length === 0
      ? ''
      : ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n'),
    waiting.map(({ season, reason: why }) => `- **${season}** waits. ${why}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

import { answerOf } from './mark';
import type { Marks } from './marks';

/** How far two people agree on the sequences that both could tell. */
export interface Agreement {
  readonly people: readonly [string, string];
  readonly both: number;
  readonly same: number;
  /**
   * Cohen's kappa: 1 where they always agree, 0 where they agree as often as by chance; absent where chance alone would
   * make them agree. (J. Cohen 1960, Educ. Psychol. Meas. 20.)
   */
  readonly kappa?: number;
}

interface Tally {
  readonly people: readonly [string, string];
  both: number;
  same: number;
  /** How often each of the two gave an answer. */
  readonly answers: Map<string, [number, number]>;
}

/** Every two people who looked at the same sequences, those with most in common first. */
export function agreements(marks: Marks): Agreement[] {
  const tallies = new Map<string, Tally>();
  for (const [, opinions] of marks.all()) {
    const told = [...opinions].filter(([, labels]) => labels.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [position, [first, a]] of told.entries()) {
      for (const [second, b] of told.slice(position + 1)) {
        const key = JSON.stringify([first, second]);
        const tally = tallies.get(key) ?? { people: [first, second], both: 0, same: 0, answers: new Map() };
        tallies.set(key, tally);
        const [answerA, answerB] = [answerOf(a), answerOf(b)];
        tally.both += 1;
        tally.same += Number(answerA === answerB);
        count(tally.answers, answerA, 0);
        count(tally.answers, answerB, 1);
      }
    }
  }
  return [...tallies.values()].map(agreementOf).sort((a, b) => b.both - a.both);
}

function agreementOf({ people, both, same, answers }: Tally): Agreement {
  const byChance = [...answers.values()].reduce((sum, [a, b]) => sum + (a / both) * (b / both), 0);
  const agreement = { people, both, same };
  return byChance < 1 ? { ...agreement, kappa: (same / both - byChance) / (1 - byChance) } : agreement;
}

function count(answers: Map<string, [number, number]>, answer: string, who: 0 | 1): void {
  const counts = answers.get(answer) ?? [0, 0];
  counts[who] += 1;
  answers.set(answer, counts);
}

import { estimateMean, type Scale } from '../lib/model/metrics/estimate';
import { SimulatedSites } from '../test/lib/model/metrics/support/simulatedSites';
import type { BenchReport } from './harness';

const SITE_COUNTS = [2, 3, 5, 8, 15, 40];
const SCALES: readonly Scale[] = ['share', 'loss', 'difference'];

/**
 * How often a 95 % interval holds the true mean, and how often one of two equal models seems better (the difference lies
 * below zero).
 *
 * @param args - simulations of each kind
 */
export function run([draws = '4000']: readonly string[] = []): Promise<BenchReport> {
  const rows: string[][] = [['sites', ...SCALES, 'tie won']];
  let least = 1;
  let mostWon = 0;
  for (const siteCount of SITE_COUNTS) {
    const row = SCALES.map((scale) => simulate(scale, siteCount, Number(draws)));
    const won = row.at(-1)!.below;
    least = Math.min(least, ...row.map(({ held }) => held));
    mostWon = Math.max(mostWon, won);
    rows.push([String(siteCount), ...row.map(({ held }) => percent(held)), percent(won)]);
  }
  return Promise.resolve({ rows, ratios: { leastCoverage: least, mostTiesWon: mostWon } });
}

function simulate(scale: Scale, siteCount: number, draws: number): { readonly held: number; readonly below: number } {
  const simulation = new SimulatedSites(siteCount);
  let held = 0;
  let below = 0;
  for (let draw = 0; draw < draws; draw++) {
    const { values, sites, mean } = simulation.draw(scale, siteCount);
    const { low, high } = estimateMean({ values, sites, scale })!;
    if (low <= mean && mean <= high) held++;
    if (high < mean) below++;
  }
  return { held: held / draws, below: below / draws };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

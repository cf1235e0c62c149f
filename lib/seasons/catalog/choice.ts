import type { Catalog } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';

export interface SeasonChoice {
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

/**
 * Which seasons to train and to validate on: those asked for, else those that the catalog proposes, else the last
 * season validates. A side that was not asked for gives way to the one that was.
 *
 * @throws SerengetiError INPUT_INVALID, listing every unknown, repeated or overlapping season
 */
export function chooseSeasons(
  catalog: Catalog,
  wanted: {
    readonly trainSeasons?: readonly string[] | undefined;
    readonly validationSeasons?: readonly string[] | undefined;
  } = {},
): SeasonChoice {
  const known = catalog.seasons.map((season) => season.id);
  const proposal = catalog.split ?? { train: known.slice(0, -1), validation: known.slice(-1) };
  const { trainSeasons, validationSeasons } = wanted;
  const train =
    trainSeasons ?? firstNonEmpty(without(proposal.train, validationSeasons), without(known, validationSeasons));
  const validation =
    validationSeasons ?? firstNonEmpty(without(proposal.validation, train), without(known, train).slice(-1));
  const problems = [
    ...sideProblems('trainSeasons', train, known),
    ...sideProblems('validationSeasons', validation, known),
    ...distinct(train.filter((season) => validation.includes(season))).map(
      (season) => `"${season}" is both in trainSeasons and in validationSeasons`,
    ),
  ];
  if (problems.length > 0) throw invalid(catalog.name, known, problems);
  return { train, validation };
}

function sideProblems(field: string, seasons: readonly string[], known: readonly string[]): string[] {
  const unknown = distinct(seasons.filter((season) => !known.includes(season)));
  const repeated = distinct(seasons.filter((season, i) => seasons.indexOf(season) !== i));
  return [
    ...unknown.map((season) => `${field}: the catalog has no season "${season}"`),
    ...repeated.map((season) => `${field}: "${season}" occurs twice`),
    ...(seasons.length === 0 ? [`${field}: no season is left`] : []),
  ];
}

function invalid(catalog: string, known: readonly string[], problems: readonly string[]): SerengetiError {
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  return new SerengetiError(
    'INPUT_INVALID',
    `The choice of seasons does not fit the catalog "${catalog}", which has ${known.join(', ')}:\n${list}`,
    { details: { problems, catalog, seasons: known } },
  );
}

function without(seasons: readonly string[], others: readonly string[] = []): string[] {
  return seasons.filter((season) => !others.includes(season));
}

function firstNonEmpty(preferred: readonly string[], otherwise: readonly string[]): readonly string[] {
  return preferred.length > 0 ? preferred : otherwise;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

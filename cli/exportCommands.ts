import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseList, parseProbability } from './arguments';
import type { CamtrapDpOptions, SortOptions, SourceOptions } from './export';
import type { ReviewedOptions } from './reviewed';

/** `serengeti export …` and `serengeti sort`: results as others read them. */
export function addExportCommands(program: Command): void {
  const exportCommand = program.command('export').description('write labels as other programs read them');
  withSource(exportCommand.command('camtrap-dp').description('a Camtrap DP 1.0.2 package'))
    .option('--output <folder>', 'where to write the package', 'camtrap-dp')
    .requiredOption('--locations <where>', 'a CSV of site,latitude,longitude, or one place for all: -2.33,34.83')
    .option('--utc-offset <offset>', "of the cameras' clocks, such as +03:00", parseOffset, '+00:00')
    .option('--taxa <file>', 'a CSV of label,scientificName')
    .option('--descriptor <file>', 'JSON of what the package should say: title, contributors, project, licenses')
    .action(async (predictions: string | undefined, options: CamtrapDpOptions) =>
      (await import('./export.js')).exportCamtrapDp(predictions, options),
    );
  withSource(exportCommand.command('events').description('events.csv, and counts.csv by site, day and label'))
    .option('--output <folder>', 'where to write them', '.')
    .action(async (predictions: string | undefined, options: SourceOptions & { output: string }) =>
      (await import('./export.js')).exportEvents(predictions, options),
    );

  withReview(exportCommand.command('labels').description('what people said on `review`, as a CSV that `catalog` takes'))
    .option('--output <file>', 'where to write it', 'labels.csv')
    .action(async (predictions: string | undefined, options: ReviewedOptions & { output: string }) =>
      (await import('./export.js')).exportLabels(predictions, options),
    );
  withReview(exportCommand.command('megadetector').description("the same in MegaDetector's output format"))
    .option('--output <file>', 'where to write it', 'megadetector.json')
    .action(async (predictions: string | undefined, options: ReviewedOptions & { output: string }) =>
      (await import('./export.js')).exportMegaDetector(predictions, options),
    );

  program
    .command('sort')
    .description(
      'put the photographs that `predict` labelled into folders by class, people apart; they stay where they are',
    )
    .argument('<predictions>', 'the folder that `predict` wrote')
    .option('--output <folder>', 'new folder for people/, unsure/ and classes/', 'sorted')
    .option('--copy', 'copies instead of links')
    .option('--minimum <probability>', 'labels less probable go to unsure/', parseProbability)
    .option('--people <probability>', 'a person as probable as this goes to people/ (default: 0.2)', parseProbability)
    .action(async (predictions: string, options: SortOptions) =>
      (await import('./export.js')).sortPhotographs(predictions, options),
    );
}

/** What is or was reviewed. */
export function withReview(command: Command): Command {
  return command
    .argument('[predictions]', 'the folder that `predict` wrote; what people say goes there, too')
    .option('--model <name>', 'a registered model, such as m3, with the seasons that it was validated on, instead')
    .option('--marks <folder>', 'where what people say of these goes; by default MODEL-review in the working folder');
}

function withSource(command: Command): Command {
  return command
    .argument('[predictions]', 'the folder that `predict` wrote; without it, what runs have indexed')
    .option('--reviewed', 'what people said of the predictions on `serengeti review`, in place of the model')
    .option('--catalog <where>', 'as of `run`, or the name of one in the store (default: the latest in the store)')
    .addOption(
      new Option('--seasons <ids>', 'such as S1,S2 (default: those that runs have indexed)').argParser(parseList),
    );
}

function parseOffset(text: string): string {
  if (/^(Z|[+-]\d\d:\d\d)$/.test(text)) return text;
  throw new InvalidArgumentError('must be an offset from UTC such as +03:00');
}

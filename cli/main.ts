import { availableParallelism } from 'node:os';
import { Command, CommanderError, Option } from 'commander';
import { productVersions } from '../lib/store/versions';
import { parseClock, parseCount, parseDuration, parseList, parsePort, parseSeconds, parseSeed } from './arguments';
import { completionCommand } from './completion';
import { EXIT_CODES } from './exitCodes';
import type { ExploreOptions } from './explore';
import { addExportCommands, withReview } from './exportCommands';
import type { GarbageOptions } from './gc';
import { modelsCommand } from './models/commands';
import type { PredictOptions } from './predict';
import type { ReportOptions } from './report';
import type { ReviewedOptions } from './reviewed';
import type { ServeOptions } from './serve';
import { addRunCommands, runInputOption } from './runCommands';
import { scheduleCommand } from './schedule/commands';
import { workerCommand } from './worker';

// Threads that read files and decode photographs; it counts when the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

const PREDICT_HELP = `
Writes predictions.csv, a line a photograph, and predictions.json in MegaDetector's format. Files that cannot be read
are listed in both with the reason; they stop nothing. What is no photograph is counted by kind.
`;

/** The `serengeti` command. Commands load what they need when they are called: a worker's start is not the help's price. */
function createProgram(): Command {
  const program = new Command('serengeti')
    .description('Turns seasons of camera-trap archives into a validated, packaged species classifier.')
    .version(productVersions().serengeti ?? 'unknown')
    .showHelpAfterError('(add --help for the options)');

  program
    .command('start')
    .description('bring up everything on this machine and train on the sample seasons')
    .addOption(runInputOption())
    .action(async (options: { input: object }) => (await import('./start.js')).start(options));

  addRunCommands(program);

  program
    .command('seasons')
    .description('list the seasons of a catalog, with sizes and what is local')
    .option('--catalog <where>', '`sample`, `lila`, or the path or address of a catalog file', 'sample')
    .action(async (options: { catalog: string }) => (await import('./seasons.js')).listSeasons(options));

  program
    .command('catalog')
    .description('write a catalog for a folder of seasons: S1.zip or S1/ beside S1.json or S1.csv, or a folder a class')
    .argument('<folder>', 'the folder')
    .option('--output <file>', 'where to write the catalog', 'catalog.json')
    .action(async (folder: string, options: { output: string }) =>
      (await import('./catalog.js')).writeCatalog(folder, options),
    );

  program
    .command('predict')
    .description('label a folder of your own photographs; run it again to go on, or for new photographs only')
    .argument('<folder>', 'photographs, in it and in all folders below it; it is only read')
    .option(
      '--model <where>',
      'a model folder or a submission.zip; by default the champion, or the newest of the store',
    )
    .option('--output <folder>', 'where results go; by default NAME-predictions in the working folder')
    .option('--gap <seconds>', 'photographs of a folder this close in time are one sequence', parseSeconds, 5)
    .option(
      '--clock <folder=shift>',
      'put a clock that was wrong forward or back, such as river=+1h; give it again for further folders, `.` is all',
      parseClock,
    )
    .option('--detections <file>', "a detector's boxes in MegaDetector's format: each is given a class")
    .option('--batch-size <count>', 'photographs TensorFlow gets at once; by default as many as fit', parseCount)
    .addHelpText('after', PREDICT_HELP)
    .action(async (folder: string, options: PredictOptions) => (await import('./predict.js')).predict(folder, options));

  withReview(program.command('review'))
    .description('look at what a model said, photograph by photograph, and correct it in a browser')
    .option('--port <port>', 'port to listen on', parsePort, 8236)
    .option('--host <address>', 'address to listen on; others than the loopback interface need a token', '127.0.0.1')
    .option('--token <text>', 'asked of every request, as a password; better in SERENGETI_PAGES_TOKEN')
    .action(async (predictions: string | undefined, options: ServeOptions & ReviewedOptions) =>
      (await import('./review.js')).reviewPredictions(predictions, options),
    );

  addExportCommands(program);

  program
    .command('explore')
    .description('write a page about the data: frames, classes, hours, sites, random animals')
    .option('--catalog <where>', 'as of `run`, or the name of one in the store (default: the latest in the store)')
    .addOption(
      new Option('--seasons <ids>', 'such as S1,S2 (default: those that runs have indexed)').argParser(parseList),
    )
    .option('--output <file>', 'where to write the page', 'exploration.html')
    .addOption(new Option('--seed <number>', 'draws the animals').argParser(parseSeed).default(1))
    .action(async (options: ExploreOptions) => (await import('./explore.js')).explore(options));

  program
    .command('report')
    .description('fetch the page of a run from the store')
    .argument('<run>', 'workflow id')
    .addOption(
      new Option('--page <name>', 'how good its model is, or what its data is like')
        .choices(['report', 'exploration'])
        .default('report'),
    )
    .option('--output <file>', 'where to write it; by default PAGE.html')
    .action(async (run: string, options: ReportOptions) => (await import('./report.js')).fetchReport(run, options));

  program
    .command('serve')
    .description('serve the pages over the store: runs, models, reports, comparisons, submissions, seasons')
    .option('--port <port>', 'port to listen on', parsePort, 8235)
    .option('--host <address>', 'address to listen on; others than the loopback interface need a token', '127.0.0.1')
    .option('--token <text>', 'asked of every request, as a password; better in SERENGETI_PAGES_TOKEN')
    .action(async (options: ServeOptions) => (await import('./serve.js')).serve(options));

  program.addCommand(modelsCommand());
  program.addCommand(scheduleCommand());
  program.addCommand(workerCommand());
  program.addCommand(completionCommand());

  program
    .command('doctor')
    .description('check the machine, TensorFlow, weights, store, disk, server, workers, and say what to do')
    .action(async () => (await import('./doctor/doctor.js')).examine());

  program
    .command('gc')
    .description('show what no kept model and no running workflow needs')
    .option('--remove', 'and remove it; start no run meanwhile')
    .option('--superseded', 'also archives whose frames are unpacked, and fetched frames whose features are there')
    .option('--older-than <time>', 'only what is older, such as 12h or 7d', parseDuration, parseDuration('7d'))
    .option('--keep <count>', 'keep so many challengers of a catalog, the newest; by default all', parseCount)
    .action(async (options: GarbageOptions) => (await import('./gc.js')).collectGarbage(options));

  program
    .command('mirror')
    .description('serve the sample seasons on the loopback interface')
    .option('--port <port>', 'port to listen on', parsePort, 8234)
    .action(async (options: { port: number }) => (await import('../workers/sample.js')).runSampleMirror(options.port));

  return program;
}

/** Makes mistakes on the command line errors like others: commander would end the process by itself. */
function throwing(command: Command): Command {
  command.exitOverride();
  command.commands.forEach(throwing);
  return command;
}

throwing(createProgram())
  .parseAsync()
  .catch(async (error: unknown) => {
    // Help and version, when asked for, come as errors with the exit code 0.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    else (await import('./terminal/errors.js')).reportError(error);
  });

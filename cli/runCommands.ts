import { Option, type Command } from 'commander';
import { parseBandwidth, parseCatalog, parseJson } from './arguments';
import type { LogsOptions } from './logs';
import type { RunCommandOptions } from './runRequest';

const CATALOG = '`sample`, `lila`, or the path or address of a catalog file';

/** The commands that start, watch and steer runs. */
export function addRunCommands(program: Command): void {
  program
    .command('run')
    .description('run the pipeline on a catalog and watch it; Ctrl-C stops watching, not the run')
    .option('--catalog <where>', CATALOG, parseCatalog)
    .addOption(runInputOption())
    .option('--id <workflow-id>', 'name of the run; by default from the input, so that the same input joins its run')
    .action(async (options: RunCommandOptions) => (await import('./run.js')).run(options));

  program
    .command('plan')
    .description('show what a run would reuse and do, what it would fetch and keep, and how long; starts nothing')
    .option('--catalog <where>', CATALOG, parseCatalog)
    .addOption(runInputOption())
    .action(async (options: RunCommandOptions) => (await import('./plan.js')).plan(options));

  program
    .command('status')
    .description('list the runs, or show how one stands')
    .argument('[run]', 'workflow id')
    .action(async (id: string | undefined) => (await import('./status.js')).status(id));

  program
    .command('logs')
    .description('show what the workers of the embedded system wrote')
    .argument('[run]', 'only of this run and its children')
    .option('-f, --follow', 'go on as lines come', false)
    .option('-q, --quiet', 'without the lines that only say how far a step is', false)
    .action(async (id: string | undefined, options: LogsOptions) => (await import('./logs.js')).logs(id, options));

  addControls(program);
}

/** Commands to a run that is going. Without an id they mean the only one that is. */
function addControls(program: Command): void {
  const commands = {
    pause: 'stop what is running at its next safe point and free the workers; finished work stays',
    resume: 'go on with a paused run',
    retry: 'try again at once what waits for a repair',
    cancel: 'end a run; what it finished stays, and a new run uses it',
  } as const;
  for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
    program
      .command(name)
      .description(commands[name])
      .argument('[run]', 'workflow id; by default the only run that is going')
      .action(async (id: string | undefined) => (await import('./control.js'))[name](id));
  }
  program
    .command('bandwidth')
    .description('limit the downloads of a run, also those under way')
    .argument('<limit>', 'a second, all downloads of a worker together: 20MB, 500kB, or `none`', parseBandwidth)
    .argument('[run]', 'workflow id; by default the only run that is going')
    .action(async (limit: number | null, id: string | undefined) =>
      (await import('./control.js')).setBandwidth(limit, id),
    );
}

export function runInputOption(): Option {
  return new Option('--input <json>', 'run input as JSON, e.g. \'{"training":{"output":"sigmoid"}}\'')
    .argParser(parseJson)
    .default({}, '{}');
}

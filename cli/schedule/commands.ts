import { Command, Option } from 'commander';
import { parseCatalog, parseCount, parseList, parseSeconds } from '../arguments';
import type { CreateScheduleOptions } from './schedules';

const SCHEDULE_HELP = `
A schedule starts \`retrainOnNewSeasons\`: it reads the catalog, and when there are seasons that the champion does not know,
trains a challenger on old and new ones and promotes it if it beats the champion on the same held-out frames. While one look
is going on the next is skipped; looks that were missed while the server was down are made up for by one.
`;

/** `serengeti schedule`: retraining when new seasons arrive. */
export function scheduleCommand(): Command {
  const schedule = new Command('schedule').description('look for new seasons again and again, and retrain on them');
  schedule.addHelpText('after', SCHEDULE_HELP);
  schedule
    .command('create')
    .description('create a schedule, or change the one of this name')
    .option('--catalog <where>', '`sample`, `lila`, or the path or address of a catalog file', parseCatalog, 'sample')
    .addOption(new Option('--every <time>', 'such as 6h, 1d or 7d').default('1d').conflicts('cron'))
    .option('--cron <expression>', 'instead of --every, such as "0 3 * * MON" (UTC)')
    .addOption(
      new Option('--held-out <policy>', 'which seasons models are judged on')
        .choices(['fixed', 'newest'])
        .default('fixed'),
    )
    .addOption(
      new Option('--seasons <ids>', 'with fixed: such as S3,S7 (default: the champion’s)').argParser(parseList),
    )
    .option('--count <number>', 'with newest: how many seasons', parseCount)
    .option('--settle <seconds>', 'time between the two looks at a new season', parseSeconds)
    .option('--id <name>', 'name of the schedule; by default retrain-CATALOG')
    .action(async (options: CreateScheduleOptions) => (await import('./schedules.js')).createSchedule(options));
  schedule
    .command('list')
    .description('all schedules, with what came of the last look')
    .action(async () => (await import('./schedules.js')).listSchedules());
  schedule
    .command('pause')
    .description('start nothing more until it is resumed; what is going on goes on')
    .argument('<id>', 'name of the schedule')
    .option('--note <text>', 'why')
    .action(async (id: string, options: { note?: string }) =>
      (await import('./schedules.js')).pauseSchedule(id, options),
    );
  schedule
    .command('resume')
    .description('start again at the next time')
    .argument('<id>', 'name of the schedule')
    .option('--note <text>', 'why')
    .action(async (id: string, options: { note?: string }) =>
      (await import('./schedules.js')).resumeSchedule(id, options),
    );
  schedule
    .command('trigger')
    .description('look now, without waiting for the next time')
    .argument('<id>', 'name of the schedule')
    .action(async (id: string) => (await import('./schedules.js')).triggerSchedule(id));
  schedule
    .command('delete')
    .description('delete a schedule; models and runs stay')
    .argument('<id>', 'name of the schedule')
    .action(async (id: string) => (await import('./schedules.js')).deleteSchedule(id));
  return schedule;
}

import { Argument, Command, Option } from 'commander';
import { WORKER_SETTINGS, type Setting, type WorkerRole } from '../workers/settings';

const MORE = `
Temporal's own variables and profiles hold too: TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE, TEMPORAL_API_KEY, TEMPORAL_TLS…;
an s3:// store finds credentials where the AWS SDK looks for them, and another server by AWS_ENDPOINT_URL. See
docs/operations.md.`;

/** `serengeti worker io`, `serengeti worker gpu`, `serengeti worker health`. */
export function workerCommand(): Command {
  const worker = new Command('worker').description('run a worker until it is told to stop (SIGTERM)');
  worker.addCommand(
    roleCommand('io', 'workflows, downloads, archives, tables, pages', async (environment) =>
      (await import('../workers/io.js')).runIoWorker(environment),
    ),
  );
  worker.addCommand(
    roleCommand('gpu', 'features, training, validation; one worker a GPU', async (environment) =>
      (await import('../workers/gpu.js')).runGpuWorker(environment),
    ),
  );
  worker
    .command('health')
    .description('tell whether a worker on this host is alive; exit status 1 when it is not')
    .addArgument(new Argument('<role>', 'of the worker').choices(['io', 'gpu']))
    .action(async (role: WorkerRole) => {
      const { healthy, text } = await (await import('../workers/health.js')).readPulse(role);
      process.stdout.write(`${text}\n`);
      if (!healthy) process.exitCode = 1;
    });
  return worker;
}

function roleCommand(
  role: WorkerRole,
  description: string,
  run: (environment: NodeJS.ProcessEnv) => Promise<void>,
): Command {
  const command = new Command(role).description(description).addHelpText('after', MORE);
  const settings = WORKER_SETTINGS.filter(({ roles }) => roles.includes(role));
  for (const { variable, flag, meaning, fallback } of settings) {
    command.addOption(new Option(flag, `${meaning} (${variable}; default: ${fallback})`));
  }
  return command.action((options: Readonly<Record<string, string>>) =>
    run(withFlags(process.env, settings, command, options)),
  );
}

/** The environment as the flags change it. */
function withFlags(
  environment: NodeJS.ProcessEnv,
  settings: readonly Setting[],
  command: Command,
  options: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const changed = { ...environment };
  for (const { variable, flag } of settings) {
    const option = command.options.find((candidate) => candidate.flags === flag)!;
    const value = options[option.attributeName()];
    if (value !== undefined) changed[variable] = value;
  }
  return changed;
}

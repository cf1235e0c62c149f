import { Command } from 'commander';

const MODELS_HELP = `
A model is named as \`list\` names it (m3), or by the first digits of its key. Each catalog has a champion of its own: the
first model, until one beats it on the same held-out frames or somebody promotes another.
`;

/** `serengeti models`: the registry of models in the store. */
export function modelsCommand(): Command {
  const models = new Command('models').description('models that runs made, and which of them is the champion');
  models.addHelpText('after', MODELS_HELP);
  models
    .command('list')
    .description('all models with their scores, the newest last')
    .option('--catalog <name>', 'only those of one catalog')
    .action(async (options: { catalog?: string }) => (await import('./show.js')).listModels(options));
  models
    .command('show')
    .description('everything about a model: scores, lineage, files, and how it became champion or did not')
    .argument('<model>', 'its name')
    .option('--json', 'as JSON')
    .action(async (name: string, options: { json?: true }) => (await import('./show.js')).showModel(name, options));
  models
    .command('promote')
    .description('make a model the champion of its catalog')
    .argument('<model>', 'its name')
    .requiredOption('--reason <text>', 'why, for the history')
    .action(async (name: string, options: { reason: string }) =>
      (await import('./change.js')).promoteModel(name, options),
    );
  models
    .command('rollback')
    .description('take the last promotion back: the champion before is champion again')
    .requiredOption('--reason <text>', 'why, for the history')
    .option('--catalog <name>', 'which catalog; needed where the registry has several')
    .action(async (options: { reason: string; catalog?: string }) =>
      (await import('./change.js')).rollbackChampion(options),
    );
  models
    .command('compare')
    .description('write a page that sets two models beside each other')
    .argument('<first>', 'a model')
    .argument('[second]', 'the other one', 'the champion')
    .option('--output <file>', 'where to write the page; by default FIRST-SECOND.html')
    .action(async (first: string, second: string, options: { output?: string }) =>
      (await import('./compare.js')).compareModels(first, second, options),
    );
  return models;
}

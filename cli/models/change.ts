import { SerengetiError } from '../../lib/contracts/errors';
import { openRegistry } from './registry';

/** `serengeti models promote` */
export async function promoteModel(name: string, { reason }: { readonly reason: string }): Promise<void> {
  const { registry } = openRegistry();
  const before = (await registry.state()).champions;
  const model = await registry.promote(name, reason);
  const previous = before[model.catalog];
  process.stdout.write(
    previous === model.name
      ? `${model.name} is the champion of ${model.catalog} already.\n`
      : `${model.name} is the champion of ${model.catalog}${previous === undefined ? '' : `, after ${previous}`}.\n`,
  );
}

/** `serengeti models rollback` */
export async function rollbackChampion(options: { readonly reason: string; readonly catalog?: string }): Promise<void> {
  const { registry } = openRegistry();
  const { champions } = await registry.state();
  const catalog = options.catalog ?? onlyCatalog(Object.keys(champions));
  const { name } = await registry.rollback(catalog, options.reason, champions[catalog]);
  process.stdout.write(`${name} is the champion of ${catalog} again, after ${champions[catalog]}.\n`);
}

function onlyCatalog(catalogs: readonly string[]): string {
  if (catalogs.length === 1) return catalogs[0]!;
  throw catalogs.length === 0
    ? new SerengetiError('CHAMPION_MISSING', 'The registry has no champion that could be rolled back.')
    : new SerengetiError('INPUT_INVALID', `Say which catalog with --catalog: there are ${catalogs.join(', ')}.`);
}

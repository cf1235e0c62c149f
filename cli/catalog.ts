import { dirname, resolve } from 'node:path';
import { catalogFromFolder } from '../lib/seasons';
import { writeFileAtomic } from '../lib/io/files';
import { counted } from '../lib/contracts/format';

/** `serengeti catalog`: a catalog for a folder of one's own seasons. */
export async function writeCatalog(folder: string, { output }: { readonly output: string }): Promise<void> {
  const file = resolve(output);
  const passedOver: string[] = [];
  const catalog = await catalogFromFolder(resolve(folder), {
    tables: dirname(file),
    onPassedOver: (names) => passedOver.push(...names),
  });
  await writeFileAtomic(file, `${JSON.stringify(catalog, undefined, 2)}\n`);
  const { seasons, classes } = catalog;
  process.stdout.write(
    `${file}: ${counted(seasons.length, 'season')}, ${counted(classes.length, 'class', 'classes')}\n` +
      (passedOver.length === 0 ? '' : `Passed over: ${passedOver.join(', ')}\n`) +
      `Train on it with: npm run serengeti -- run --catalog ${output}\n`,
  );
}

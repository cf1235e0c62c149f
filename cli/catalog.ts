import { resolve } from 'node:path';
import { catalogFromFolder } from '../lib/seasons';
import { writeFileAtomic } from '../lib/io/files';
import { counted } from '../lib/contracts/format';

/** `serengeti catalog`: a catalog for a folder of one's own seasons. */
export async function writeCatalog(folder: string, { output }: { readonly output: string }): Promise<void> {
  const catalog = await catalogFromFolder(resolve(folder));
  const file = resolve(output);
  await writeFileAtomic(file, `${JSON.stringify(catalog, undefined, 2)}\n`);
  const { seasons, classes } = catalog;
  process.stdout.write(
    `${file}: ${counted(seasons.length, 'season')}, ${counted(classes.length, 'class', 'classes')}\n` +
      `Train on it with: npm run serengeti -- run --catalog ${output}\n`,
  );
}

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { csvLine } from '../../../lib/io/csvLine';

/** A sequence as `predict` answered it. */
export interface Predicted {
  readonly files: readonly string[];
  readonly taken?: string;
  /** One a class. */
  readonly probabilities: readonly number[];
}

/** Leaves the folder `card`, which need not be there, and what `predict` says of it, in `card-predictions`. */
export async function writePredicted(
  folder: string,
  classes: readonly string[],
  sequences: readonly Predicted[],
): Promise<string> {
  const output = join(folder, 'card-predictions');
  await mkdir(output, { recursive: true });
  const columns = ['file', 'sequence', 'taken', 'taken_from', 'label', 'probability', 'ended_early', 'failure'];
  const lines = sequences.flatMap(({ files, taken = '', probabilities }) => {
    const best = Math.max(...probabilities);
    const answer = [classes[probabilities.indexOf(best)]!, best];
    return files.map((file) => csvLine([file, files[0]!, taken, '', ...answer, '', '', ...probabilities]));
  });
  await writeFile(join(output, 'predictions.csv'), csvLine([...columns, ...classes]) + lines.join(''));
  await writeFile(join(output, 'predictions.json'), JSON.stringify({ info: { classifier: 'a model' }, images: [] }));
  await writeFile(join(output, 'journal.jsonl'), `${JSON.stringify({ model: 'm', folder: join(folder, 'card') })}\n`);
  return output;
}

/** A photograph of one colour. */
export async function writePhotograph(path: string, colour = '#7a6'): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await sharp({ create: { width: 64, height: 48, channels: 3, background: colour } })
    .jpeg()
    .toFile(path);
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableSequence } from '../lib/model';
import { FeatureTable, type FeatureFolder, type Head } from '../lib/model';
import { pathExists, writeFileAtomic } from '../lib/io/files';
import { npyHeader } from '../lib/model/npy';
import { measure, peerProgram, peerPython } from './harness';
import type { Picked } from './featureSet';

/** With fewer sites than this, sequences are set aside in their stead. */
const FEWEST_SITES = 5;

export interface LogisticInput extends Picked {
  readonly features: readonly FeatureFolder[];
  readonly classes: readonly string[];
}

export interface Regression {
  /** Inverse strength of the penalty, scikit-learn's C. */
  readonly strength: number;
  readonly head: Head;
}

/**
 * What a row of features is an example of, as `logistic.py` reads it: rows of several classes are an example of each,
 * with equal shares of their weight.
 */
export interface Examples {
  readonly classes: number;
  readonly row: number[];
  readonly label: number[];
  readonly weight: number[];
  readonly group: number[];
}

export function examplesOf(rows: readonly TableSequence[], classes: number): Examples {
  const sites = new Set(rows.map(({ site }) => site));
  const bySite = sites.size >= FEWEST_SITES;
  const groups = new Map<string, number>();
  const examples: Examples = { classes, row: [], label: [], weight: [], group: [] };
  rows.forEach(({ season, site, name, classes: labels }, row) => {
    const group = bySite ? site : `${season}\n${name}`;
    if (!groups.has(group)) groups.set(group, groups.size);
    for (const label of labels) {
      examples.row.push(row);
      examples.label.push(label);
      examples.weight.push(1 / labels.length);
      examples.group.push(groups.get(group)!);
    }
  });
  return examples;
}

/**
 * scikit-learn's logistic regression on the training frames' features, as a head of one layer: what is measured of it is
 * measured as of any other head. The same examples are fitted once.
 *
 * @param folder - for what the peer reads, and what it answered
 * @param strength - chosen by cross-validation where it is absent
 */
export async function fitLogistic(
  { features, frames, classes }: LogisticInput,
  folder: string,
  strength?: number,
): Promise<Regression> {
  const table = await FeatureTable.open({ features, frames, split: 'train', classes });
  try {
    const values = new Float32Array(table.rows * table.width);
    await table.read(
      Uint32Array.from({ length: table.rows }, (_, row) => row),
      values,
    );
    const rows = Array.from({ length: table.rows }, (_, row) => table.sequences[table.sequenceOf(row)]!);
    const npy = Buffer.concat([npyHeader(table.rows, table.width), Buffer.from(values.buffer)]);
    const answer = await answerOf(folder, npy, JSON.stringify(examplesOf(rows, classes.length)), strength);
    const layer = {
      inputs: table.width,
      outputs: classes.length,
      kernel: Float32Array.from(answer.kernel.flat()),
      bias: Float32Array.from(answer.bias),
    };
    return { strength: answer.strength, head: { layers: [layer], output: 'softmax' } };
  } finally {
    await table.close();
  }
}

/** What the peer prints. */
interface Answer {
  readonly strength: number;
  /** [features, classes] */
  readonly kernel: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

async function answerOf(folder: string, npy: Buffer, examples: string, strength?: number): Promise<Answer> {
  const program = peerProgram('logistic.py');
  const facts = [await readFile(program), npy, examples, String(strength)];
  const digest = facts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
  const own = join(folder, digest.slice(0, 16));
  const path = join(own, 'answer.json');
  if (!(await pathExists(path))) {
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'features.npy'), npy);
    await writeFile(join(own, 'examples.json'), examples);
    const { result } = await measure(peerPython(), [program, own, ...(strength === undefined ? [] : [`${strength}`])]);
    await writeFileAtomic(path, JSON.stringify(result));
  }
  return JSON.parse(await readFile(path, 'utf8')) as Answer;
}

import { setImmediate } from 'node:timers/promises';
import type { WorkOptions } from '../../contracts/progress';
import type { LessonTable } from '../features/table';
import type { Head } from './head';
import { HeadNetwork } from './network';

/** Frames that go through the head at once. */
const BATCH_ROWS = 1024;
/** Temperatures that are considered. */
const COLDEST = 0.05;
const HOTTEST = 20;
/** Each step narrows the range to 0.618 of its width; after so many it is a millionth. */
const STEPS = 30;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Values before the last activation, and what is true: a row a frame. */
export interface Logits {
  readonly values: Float32Array;
  readonly classesOf: (row: number) => readonly number[];
  readonly rows: number;
}

/**
 * The temperature that frames which training did not learn from ask for: logits divided by it have the least loss.
 * Above 1 the head is too sure of itself. Source: Guo et al. 2017, section 4.2; the search is by golden section, for the
 * loss has one minimum.
 */
export async function fitTemperature(
  logits: Logits,
  output: Head['output'],
  { signal }: WorkOptions = {},
): Promise<number> {
  let low = Math.log(COLDEST);
  let high = Math.log(HOTTEST);
  for (let step = 0; step < STEPS; step++) {
    const span = GOLDEN * (high - low);
    const left = lossAt(Math.exp(high - span), logits, output);
    const right = lossAt(Math.exp(low + span), logits, output);
    if (left <= right) high = low + span;
    else low = high - span;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return Math.exp((low + high) / 2);
}

/** The head whose logits are divided by a temperature: it is built into the last layer. */
export function cooled(head: Head, temperature: number): Head {
  const divide = (values: Float32Array) => values.map((value) => value / temperature);
  const last = head.layers.at(-1)!;
  const layer = { ...last, kernel: divide(last.kernel), bias: divide(last.bias) };
  return { ...head, layers: [...head.layers.slice(0, -1), layer] };
}

/** What a head makes of rows of a table. */
export async function logitsOfRows(
  head: Head,
  table: LessonTable,
  rows: Uint32Array,
  { signal }: WorkOptions = {},
): Promise<Logits> {
  const network = new HeadNetwork(head);
  const classes = head.layers.at(-1)!.outputs;
  const values = new Float32Array(rows.length * classes);
  try {
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      signal?.throwIfAborted();
      const batch = rows.subarray(start, start + BATCH_ROWS);
      const features = new Float32Array(batch.length * table.width);
      await table.read(batch, features);
      values.set(network.logits(features), start * classes);
      await setImmediate();
    }
  } finally {
    network.dispose();
  }
  const classesOf = (position: number) => table.sequences[table.sequenceOf(rows[position]!)]!.classes;
  return { values, rows: rows.length, classesOf };
}

/** Mean loss of logits divided by a temperature: that of training, without weights and smoothing. */
export function lossAt(temperature: number, { values, rows, classesOf }: Logits, output: Head['output']): number {
  const classes = values.length / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const scaled = values.subarray(row * classes, (row + 1) * classes).map((value) => value / temperature);
    sum += output === 'softmax' ? categoricalLoss(scaled, classesOf(row)) : binaryLoss(scaled, classesOf(row));
  }
  return sum / rows;
}

function categoricalLoss(logits: Float32Array, truth: readonly number[]): number {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most;
  return truth.reduce((sum, label) => sum + total - logits[label]!, 0) / truth.length;
}

function binaryLoss(logits: Float32Array, truth: readonly number[]): number {
  const ofNone = logits.reduce((sum, logit) => sum + Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))), 0);
  return (ofNone - truth.reduce((sum, label) => sum + logits[label]!, 0)) / logits.length;
}

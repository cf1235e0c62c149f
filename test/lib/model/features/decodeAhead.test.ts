import { setImmediate, setTimeout } from 'node:timers/promises';
import { SerengetiError } from '../../../../lib/contracts/errors';
import { DecodeAhead } from '../../../../lib/model/features/decodeAhead';
import { photograph, PREPROCESSING } from '../support';

const names = Array.from({ length: 20 }, (_, number) => String(number));
let file: Buffer;

beforeAll(async () => {
  file = await photograph(1);
});

test('an error of all photographs is thrown when its turn comes, not before', async () => {
  const readFrame = async (name: string) => {
    if (name === '3') throw new Error('the disk is gone');
    return { file };
  };
  const outcomes = new DecodeAhead(names, readFrame, PREPROCESSING, 8)[Symbol.asyncIterator]();
  for (let number = 0; number < 3; number++)
    expect((await outcomes.next()).value).toMatchObject([String(number), { truncated: false }]);
  await setTimeout(20);
  await expect(outcomes.next()).rejects.toThrow('the disk is gone');
});

test('an error of one photograph is its outcome', async () => {
  const readFrame = async (name: string) => {
    if (name === '1') throw new SerengetiError('ENTRY_CORRUPT', 'its CRC-32 differs');
    return { file };
  };
  const seen = [];
  for await (const outcome of new DecodeAhead(names.slice(0, 3), readFrame, PREPROCESSING, 8)) seen.push(outcome);
  expect(seen).toEqual([
    ['0', expect.objectContaining({ truncated: false })],
    ['1', { reason: 'its CRC-32 differs' }],
    ['2', expect.objectContaining({ truncated: false })],
  ]);
});

test('outcomes keep their order, however long each read takes', async () => {
  const files = await Promise.all(names.map((name) => photograph(Number(name))));
  const readFrame = async (name: string) => {
    await setTimeout((Number(name) * 7) % 11);
    return { file: files[Number(name)]! };
  };
  const inOrder = [];
  for await (const outcome of new DecodeAhead(names, readFrame, PREPROCESSING, 8)) inOrder.push(outcome);
  const alone = [];
  for await (const outcome of new DecodeAhead(names, readFrame, PREPROCESSING, 1)) alone.push(outcome);
  expect(inOrder).toEqual(alone);
});

test('no more are under way than asked for', async () => {
  let started = 0;
  let taken = 0;
  const readFrame = async () => {
    started++;
    expect(started - taken).toBeLessThanOrEqual(5);
    return { file };
  };
  for await (const _ of new DecodeAhead(names, readFrame, PREPROCESSING, 5)) {
    await setTimeout(2);
    taken++;
  }
  expect(started).toBe(names.length);
});

test('the cores are free once what was read is decoded, however many reads are still under way', async () => {
  const reads: string[] = [];
  const readFrame = async (name: string) => {
    if (Number(name) >= 4) await new Promise(() => undefined);
    reads.push(name);
    return { file };
  };
  const photographs = new DecodeAhead(names, readFrame, PREPROCESSING, 8);
  const outcomes = photographs[Symbol.asyncIterator]();
  await outcomes.next();
  await photographs.freeCores();
  const order: string[] = [];
  const taken = (async () => {
    for (let number = 1; number < 4; number++) order.push((await outcomes.next()).value![0]);
  })();
  await setImmediate(); // a decoder that is still at work reports back in a later turn of the event loop
  order.push('the next turn');
  await taken;
  expect(reads).toEqual(['0', '1', '2', '3']);
  expect(order).toEqual(['1', '2', '3', 'the next turn']);
});

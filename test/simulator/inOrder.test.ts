import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from '../../simulator/inOrder';

test('results come in the order of the items, whichever is ready first', async () => {
  const results: number[] = [];
  for await (const [item, result] of inOrder([30, 10, 20, 0], 3, async (wait) => sleep(wait, wait * 2))) {
    expect(result).toBe(item * 2);
    results.push(item);
  }
  expect(results).toEqual([30, 10, 20, 0]);
});

test('no more are under way than asked for', async () => {
  let underWay = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++underWay);
    await sleep(3);
    underWay--;
  };
  for await (const [item] of inOrder([1, 2, 3, 4, 5, 6], 2, work)) expect(item).toBeGreaterThan(0);
  expect(most).toBe(2);
});

test('a failure comes in its turn, and what is under way is waited for', async () => {
  let finished = 0;
  const seen: number[] = [];
  const reading = async (): Promise<void> => {
    const work = async (item: number): Promise<void> => {
      if (item === 2) throw new Error('the second one broke');
      await sleep(20);
      finished++;
    };
    for await (const [item] of inOrder([1, 2, 3], 3, work)) seen.push(item);
  };
  await expect(reading()).rejects.toThrow('the second one broke');
  expect(seen).toEqual([1]);
  expect(finished).toBe(2);
});

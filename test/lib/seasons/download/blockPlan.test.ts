import { BlockPlan, type Stretch } from '../../../../lib/seasons/download/blockPlan';

const BLOCK = 10;
const none = (): boolean => false;

/** Moves a stretch on, marking the blocks that this fills. */
function advance(plan: BlockPlan, stretch: Stretch, bytes: number): void {
  const target = Math.min(stretch.position + bytes, stretch.end);
  for (let end = nextEnd(stretch.position); ; end = nextEnd(end)) {
    const filled = Math.min(end, plan.bytes);
    if (filled > target) break;
    plan.written(Math.ceil(filled / BLOCK) - 1);
    if (filled === plan.bytes) break;
  }
  stretch.position = target;
}

const nextEnd = (position: number): number => (Math.floor(position / BLOCK) + 1) * BLOCK;

describe('BlockPlan', () => {
  test('gives free blocks from the beginning, the last one short', () => {
    const plan = new BlockPlan(45, BLOCK, none);
    expect(plan.freeBytes).toBe(45);
    expect(plan.take(2)).toEqual({ position: 0, end: 20 });
    expect(plan.take(9)).toEqual({ position: 20, end: 45 });
    expect(plan.freeBytes).toBe(0);
  });

  test('leaves out what is there already', () => {
    const plan = new BlockPlan(45, BLOCK, (block) => block === 1 || block === 4);
    expect(plan.freeBytes).toBe(30);
    expect(plan.take(9)).toEqual({ position: 0, end: 10 });
    expect(plan.take(9)).toEqual({ position: 20, end: 40 });
  });

  test('with nothing free, the back half of the longest rest changes hands', () => {
    const plan = new BlockPlan(100, BLOCK, none);
    const first = plan.take(10)!;
    advance(plan, first, 25);
    expect(plan.take(10)).toEqual({ position: 60, end: 100 });
    expect(first.end).toBe(60);
    expect(plan.take(10)).toEqual({ position: 40, end: 60 });
  });

  test("the block under way is no one else's", () => {
    const plan = new BlockPlan(20, BLOCK, none);
    const first = plan.take(2)!;
    advance(plan, first, 12);
    expect(plan.take(2)).toBeUndefined();
    expect(plan.finished).toBe(false);
  });

  test('what is given back is gone on with from the very byte', () => {
    const plan = new BlockPlan(60, BLOCK, none);
    const first = plan.take(3)!;
    advance(plan, first, 14);
    plan.giveBack(first);
    expect(plan.take(9)).toEqual({ position: 14, end: 60 });
  });

  test('a half-fetched block begins a stretch and is in the middle of none', () => {
    const plan = new BlockPlan(60, BLOCK, none);
    const [first, second] = [plan.take(2)!, plan.take(2)!];
    advance(plan, second, 5);
    plan.giveBack(second);
    plan.giveBack(first);
    expect(plan.take(9)).toEqual({ position: 0, end: 20 });
    expect(plan.take(9)).toEqual({ position: 25, end: 60 });
  });

  test('an empty file is finished from the beginning', () => {
    const plan = new BlockPlan(0, BLOCK, none);
    expect(plan.finished).toBe(true);
    expect(plan.take(1)).toBeUndefined();
  });

  test('whatever connections do, every byte is fetched exactly once', () => {
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 200; round++) {
      const bytes = random(1_000) + 1;
      const plan = new BlockPlan(bytes, BLOCK, none);
      const fetched = new Uint8Array(bytes);
      const active: Stretch[] = [];
      for (let step = 0; !plan.finished; step++) {
        const stretch = active.length < 4 ? plan.take(random(8) + 1) : undefined;
        if (stretch !== undefined) active.push(stretch);
        const turn = random(active.length);
        const current = active[turn]!;
        const before = current.position;
        advance(plan, current, random(30));
        for (let i = before; i < current.position; i++) fetched[i]!++;
        const ends = current.position >= current.end || random(10) === 0;
        if (ends) plan.giveBack(active.splice(turn, 1)[0]!);
        expect(step).toBeLessThan(10_000);
      }
      expect(fetched.every((count) => count === 1)).toBe(true);
    }
  });
});

import { PartPlan, type Stretch } from '../../../../lib/seasons/transfer/partPlan';

const PART = 10;
const none = (): boolean => false;

describe('PartPlan', () => {
  test('gives free parts from the beginning, the last one short', () => {
    const plan = new PartPlan(45, PART, none);
    expect([plan.freeParts, plan.freeBytes]).toEqual([5, 45]);
    expect(plan.take(2)).toEqual({ position: 0, end: 20 });
    expect(plan.take(9)).toEqual({ position: 20, end: 45 });
    expect([plan.freeParts, plan.freeBytes]).toEqual([0, 0]);
  });

  test('leaves out what is there already', () => {
    const plan = new PartPlan(45, PART, (part) => part === 1 || part === 4);
    expect(plan.freeBytes).toBe(30);
    expect(plan.take(9)).toEqual({ position: 0, end: 10 });
    expect(plan.take(9)).toEqual({ position: 20, end: 40 });
  });

  test('with nothing free, the back half of the longest rest changes hands', () => {
    const plan = new PartPlan(100, PART, none);
    const first = plan.take(10)!;
    first.position = 25;
    expect(plan.take(10)).toEqual({ position: 60, end: 100 });
    expect(first.end).toBe(60);
    expect(plan.take(10)).toEqual({ position: 40, end: 60 });
  });

  test("the part under way is no one else's", () => {
    const plan = new PartPlan(20, PART, none);
    plan.take(2)!.position = 12;
    expect(plan.take(2)).toBeUndefined();
  });

  test('knows where parts end', () => {
    const plan = new PartPlan(25, PART, none);
    expect([0, 9, 10, 20, 24].map((position) => plan.partEnd(position))).toEqual([10, 10, 20, 25, 25]);
  });

  test('an empty file has nothing to take', () => {
    const plan = new PartPlan(0, PART, none);
    expect([plan.freeBytes, plan.take(1)]).toEqual([0, undefined]);
  });

  test('however fast connections are, every byte is fetched exactly once', () => {
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 200; round++) {
      const bytes = random(1_000) + 1;
      const plan = new PartPlan(bytes, PART, none);
      const fetched = new Uint8Array(bytes);
      const active = new Set<Stretch>();
      for (let step = 0; plan.freeParts > 0 || active.size > 0; step++) {
        const stretch = active.size < 4 ? plan.take(random(8) + 1) : undefined;
        if (stretch !== undefined) active.add(stretch);
        const current = [...active][random(active.size)]!;
        const end = Math.min(current.position + random(30), current.end);
        while (current.position < end) fetched[current.position++]!++;
        if (current.position === current.end) {
          plan.finish(current);
          active.delete(current);
        }
        expect(step).toBeLessThan(10_000);
      }
      expect(fetched.every((count) => count === 1)).toBe(true);
    }
  });
});

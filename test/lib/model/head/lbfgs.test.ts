import { begin, isConverged, iterate, type MinimiserState, type Objective } from '../../../../lib/model/head/lbfgs';

/** Σ kᵢ (xᵢ − i)² / 2: steep along some coordinates, flat along others. */
const bowl: Objective = async (point) => {
  const curvature = (i: number) => 10 ** (i % 4);
  const value = point.reduce((sum, x, i) => sum + (curvature(i) * (x - i) ** 2) / 2, 0);
  return { value, gradient: point.map((x, i) => curvature(i) * (x - i)) };
};

/** Rosenbrock's valley, with its lowest point at (1, 1). */
const valley: Objective = async ([x, y]) => {
  const [a, b] = [1 - x!, y! - x! ** 2];
  return { value: a ** 2 + 100 * b ** 2, gradient: Float32Array.of(-2 * a - 400 * x! * b, 200 * b) };
};

async function minimise(objective: Objective, from: Float32Array): Promise<MinimiserState[]> {
  const states = [await begin(objective, from)];
  while (!isConverged(states.at(-1)!, 1e-3) && states.length < 200)
    states.push(await iterate(objective, states.at(-1)!));
  return states;
}

test.each([
  ['a bowl', bowl, new Float32Array(12), Array.from({ length: 12 }, (_, i) => i)],
  ['a curved valley', valley, Float32Array.of(-1.2, 1), [1, 1]],
])('finds the lowest point of %s', async (_, objective, from, lowest) => {
  const states = await minimise(objective, from);
  states.at(-1)!.point.forEach((x, i) => expect(x).toBeCloseTo(lowest[i]!, 2));
  expect(states.length).toBeLessThan(60);
});

test('each iteration lowers the value', async () => {
  const values = (await minimise(valley, Float32Array.of(-1.2, 1))).map(({ value }) => value);
  values.slice(1).forEach((value, i) => expect(value).toBeLessThan(values[i]!));
});

test('a kink, as ReLU makes, ends in its corner instead of for ever', async () => {
  const kink: Objective = async ([x]) => ({ value: Math.abs(x!), gradient: Float32Array.of(Math.sign(x!)) });
  const states = await minimise(kink, Float32Array.of(3.3));
  expect(Math.abs(states.at(-1)!.point[0]!)).toBeLessThan(1e-3);
});

test('goes on from any state to the very same end', async () => {
  const states = await minimise(valley, Float32Array.of(-1.2, 1));
  const stored = JSON.parse(
    JSON.stringify(states[9], (_, value: unknown) => (value instanceof Float32Array ? [...value] : value)),
  ) as Record<string, never>;
  const floats = (values: readonly number[]) => Float32Array.from(values);
  let state = {
    ...stored,
    point: floats(stored.point!),
    gradient: floats(stored.gradient!),
    steps: (stored.steps as unknown as number[][]).map(floats),
    changes: (stored.changes as unknown as number[][]).map(floats),
  } as unknown as MinimiserState;
  while (!isConverged(state, 1e-3)) state = await iterate(valley, state);
  expect(state.point).toEqual(states.at(-1)!.point);
  expect(state.iterations).toBe(states.at(-1)!.iterations);
});

/** Pairs of steps and changes of gradient that the curvature is estimated from. */
const MEMORY = 10;
/** Sufficient decrease and curvature of the weak Wolfe conditions: Nocedal and Wright 2006, equations 3.6. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
/** A line search that has not ended by then is at the limit of float32. */
const MOST_TRIALS = 25;

/** A function's value and its gradient at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** Where a minimisation is: all that its rest depends on. Vectors are float32, so that stored ones are the same. */
export interface MinimiserState extends Evaluation {
  readonly point: Float32Array;
  /** The last steps and what they changed in the gradient, oldest first. */
  readonly steps: readonly Float32Array[];
  readonly changes: readonly Float32Array[];
  readonly iterations: number;
  /** Length of the last step, relative to the direction. */
  readonly stepLength: number;
  /** No step along the last direction made the value smaller: float32 tells no more. */
  readonly isExhausted: boolean;
}

export type Objective = (point: Float32Array) => Promise<Evaluation>;

/** Where a minimisation begins. */
export async function begin(objective: Objective, point: Float32Array): Promise<MinimiserState> {
  const start = await objective(point);
  return { ...start, point, steps: [], changes: [], iterations: 0, stepLength: 0, isExhausted: false };
}

/** Whether no coordinate of the gradient is steeper than `tolerance`. */
export function isConverged({ gradient, isExhausted }: MinimiserState, tolerance: number): boolean {
  if (isExhausted) return true;
  for (let i = 0; i < gradient.length; i++) if (Math.abs(gradient[i]!) > tolerance) return false;
  return true;
}

/**
 * One iteration of limited-memory BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) with a line search that
 * brackets by bisection (Lewis and Overton 2013, algorithm 2.6), which also serves functions with kinks, as ReLU makes.
 */
export async function iterate(objective: Objective, state: MinimiserState): Promise<MinimiserState> {
  const direction = directionOf(state);
  const descent = dot(state.gradient, direction);
  let length = state.steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(state.gradient, state.gradient))) : 1;
  let [shortest, longest] = [0, Infinity];
  for (let trial = 0; trial < MOST_TRIALS; trial++) {
    const point = state.point.slice();
    add(point, direction, length);
    const reached = await objective(point);
    if (!(reached.value <= state.value + DECREASE * length * descent)) longest = length;
    else if (dot(reached.gradient, direction) < CURVATURE * descent) shortest = length;
    else return advanced(state, point, reached, length);
    length = longest === Infinity ? 2 * shortest : (shortest + longest) / 2;
  }
  return { ...state, isExhausted: true };
}

function advanced(state: MinimiserState, point: Float32Array, reached: Evaluation, stepLength: number): MinimiserState {
  const step = difference(point, state.point);
  const change = difference(reached.gradient, state.gradient);
  // Without positive curvature the pair would make the estimate indefinite.
  const isUsable = dot(step, change) > 0;
  const kept = (pairs: readonly Float32Array[], pair: Float32Array) =>
    isUsable ? [...pairs, pair].slice(-MEMORY) : pairs;
  return {
    ...reached,
    point,
    steps: kept(state.steps, step),
    changes: kept(state.changes, change),
    iterations: state.iterations + 1,
    stepLength,
    isExhausted: false,
  };
}

/** Down the gradient, as far as the curvature says: the two-loop recursion. */
function directionOf({ gradient, steps, changes }: MinimiserState): Float32Array {
  const direction = new Float32Array(gradient.length);
  add(direction, gradient, -1);
  const shares = new Float64Array(steps.length);
  for (let i = steps.length - 1; i >= 0; i--) {
    shares[i] = dot(steps[i]!, direction) / dot(steps[i]!, changes[i]!);
    add(direction, changes[i]!, -shares[i]!);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let i = 0; i < steps.length; i++) {
    const share = dot(changes[i]!, direction) / dot(steps[i]!, changes[i]!);
    add(direction, steps[i]!, shares[i]! - share);
  }
  return direction;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(target: Float32Array, values: Float32Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}

function difference(a: Float32Array, b: Float32Array): Float32Array {
  const result = a.slice();
  add(result, b, -1);
  return result;
}

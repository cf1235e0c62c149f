import { WeightSet } from '../../../../lib/model/weights';

/**
 * Weights from a formula: a hash of the tensor's name and the value's position, spread evenly over a range that suits
 * the tensor's kind. scripts/golden/formula.py does the same to the bit.
 */
export class FormulaWeights extends WeightSet {
  constructor() {
    super('formula', new Map());
  }

  override get(name: string, shape: readonly number[]): Float32Array {
    return formulaWeights(name, shape);
  }
}

export function formulaWeights(name: string, shape: readonly number[]): Float32Array {
  const [low, high] = range(name, shape);
  const start = fnv1a(name);
  return Float32Array.from(
    { length: product(shape) },
    (_, index) => low + (high - low) * (hash(start + index) / 2 ** 32),
  );
}

function range(name: string, shape: readonly number[]): [low: number, high: number] {
  const kind = name.slice(name.lastIndexOf('/') + 1);
  if (kind === 'gamma' || kind === 'moving_variance') return [0.5, 1.5];
  if (kind === 'beta' || kind === 'moving_mean' || kind === 'bias') return [-0.2, 0.2];
  const inputs = kind === 'depthwise_kernel' ? product(shape.slice(0, 2)) : product(shape.slice(0, -1));
  const limit = Math.sqrt(3.6 / inputs);
  return [-limit, limit];
}

/** FNV-1a, 32 bits. */
function fnv1a(name: string): number {
  return Buffer.from(name).reduce((value, byte) => Math.imul(value ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

/** The finaliser of MurmurHash3, on the lowest 32 bits. */
function hash(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35) >>> 0;
  return (bits ^ (bits >>> 16)) >>> 0;
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

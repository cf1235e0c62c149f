import type { PickleWorld } from './pickle';

/** Numbers of a storage, by the class that PyTorch names it with. */
const ELEMENTS = {
  FloatStorage: { bytes: 4, read: (view: DataView, index: number) => view.getFloat32(4 * index, true) },
  DoubleStorage: { bytes: 8, read: (view: DataView, index: number) => view.getFloat64(8 * index, true) },
  IntStorage: { bytes: 4, read: (view: DataView, index: number) => view.getInt32(4 * index, true) },
  LongStorage: { bytes: 8, read: (view: DataView, index: number) => Number(view.getBigInt64(8 * index, true)) },
} as const;

type ElementName = keyof typeof ELEMENTS;

/** A block of numbers that tensors look into; its bytes lie elsewhere in the file. */
export class StorageRef {
  readonly key: string;
  readonly length: number;
  readonly #elements: (typeof ELEMENTS)[ElementName];

  constructor(elements: ElementName, key: string, length: number) {
    this.#elements = ELEMENTS[elements];
    this.key = key;
    this.length = length;
  }

  get byteLength(): number {
    return this.length * this.#elements.bytes;
  }

  read(view: DataView, index: number): number {
    return this.#elements.read(view, index);
  }
}

/** A tensor as the pickle describes it: a walk over a storage. */
export class TensorRef {
  readonly storage: StorageRef;
  readonly shape: readonly number[];
  readonly #offset: number;
  readonly #strides: readonly number[];

  constructor(storage: StorageRef, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.shape = shape;
    this.#offset = offset;
    this.#strides = strides;
  }

  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** Position in the storage of the last element that the walk reaches. */
  get last(): number {
    return this.shape.reduce((sum, length, axis) => sum + (length - 1) * (this.#strides[axis] ?? 0), this.#offset);
  }

  /** The elements, last axis fastest. @param bytes - of the whole storage. */
  gather(bytes: Uint8Array): Float32Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = new Float32Array(this.size);
    const place = this.shape.map(() => 0);
    let index = this.#offset;
    for (let position = 0; position < values.length; position++) {
      values[position] = this.storage.read(view, index);
      index += this.#advance(place);
    }
    return values;
  }

  /** Counts the place on by one, and gives the step in the storage that goes with it. */
  #advance(place: number[]): number {
    let step = 0;
    for (let axis = place.length - 1; axis >= 0; axis--) {
      const length = this.shape[axis] ?? 1;
      const stride = this.#strides[axis] ?? 0;
      const next = (place[axis] ?? 0) + 1;
      if (next < length) {
        place[axis] = next;
        return step + stride;
      }
      place[axis] = 0;
      step -= (length - 1) * stride;
    }
    return step;
  }
}

const makeDictionary = Symbol('OrderedDict');
const rebuildTensor = Symbol('_rebuild_tensor_v2');
const rebuildParameter = Symbol('_rebuild_parameter');

/** The Python names that a checkpoint of plain tensors needs. */
const GLOBALS: ReadonlyMap<string, symbol | ElementName> = new Map<string, symbol | ElementName>([
  ['collections.OrderedDict', makeDictionary],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ...(Object.keys(ELEMENTS) as ElementName[]).map((name) => [`torch.${name}`, name] as const),
]);

/** What a checkpoint may refer to: ordered dictionaries, tensors, and storages. Gives {@link TensorRef}s for tensors. */
export const torchWorld: PickleWorld = {
  global(module, name) {
    const known = GLOBALS.get(`${module}.${name}`);
    if (known === undefined) throw new Error(`"${module}.${name}" is not allowed in a weights file`);
    return known;
  },

  call(callee, args) {
    if (callee === makeDictionary && args.length === 0) return new Map();
    if (callee === rebuildTensor) return tensorOf(args);
    if (callee === rebuildParameter && args[0] instanceof TensorRef) return args[0];
    throw new Error('a call that no checkpoint of plain tensors makes');
  },

  persistent(id) {
    const [kind, elements, key, , length, view = null] = Array.isArray(id) ? (id as unknown[]) : [];
    const known = kind === 'storage' && typeof elements === 'string' && elements in ELEMENTS;
    if (!known || typeof key !== 'string' || !isCount(length) || view !== null) {
      throw new Error('the description of a storage is not of the known form');
    }
    return new StorageRef(elements as ElementName, key, length);
  },
};

function tensorOf([storage, offset, shape, strides]: readonly unknown[]): TensorRef {
  if (!(storage instanceof StorageRef)) throw new Error('a tensor without a storage');
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
    throw new Error('the offset, shape or strides of a tensor are not whole numbers from 0 up');
  }
  const tensor = new TensorRef(storage, offset, shape, strides);
  const extent = `shape [${shape.join(', ')}], strides [${strides.join(', ')}], offset ${offset}`;
  // Also keeps a few bytes from pretending, with strides of 0, to be gigabytes.
  if (tensor.size > storage.length || (tensor.size > 0 && tensor.last >= storage.length)) {
    throw new Error(`a tensor with ${extent} does not fit its storage of ${storage.length} elements`);
  }
  return tensor;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

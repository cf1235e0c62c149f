import { PickleError, readPickle } from './pickle';
import { StoredZip } from './storedZip';
import { TensorRef, torchWorld } from './torchTensors';
import type { StorageRef } from './torchTensors';
import { invalidWeights, WeightSet } from './weightSet';
import type { Weight } from './weightSet';

/** First value of a file of PyTorch before 1.6. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;

/** Bytes of the storages, by key. */
type Storages = ReadonlyMap<string, Uint8Array>;

/**
 * Reads what `torch.save` wrote before PyTorch 1.6: five pickles (magic number, version, machine, data, order of the
 * storages), then each storage as its length and its raw elements. No code of the file is run.
 *
 * @throws SerengetiError WEIGHTS_INVALID with the byte or the tensor.
 */
export function readLegacyTorch(file: string, bytes: Uint8Array): WeightSet {
  const magic = unpickle(file, bytes, 0);
  expectEqual(file, 'magic number', LEGACY_MAGIC, magic.value);
  const version = unpickle(file, bytes, magic.end);
  expectEqual(file, 'format version', LEGACY_VERSION, version.value);
  const machine = unpickle(file, bytes, version.end);
  expectEqual(file, 'little_endian', true, machine.value instanceof Map && machine.value.get('little_endian'));
  const data = unpickle(file, bytes, machine.end);
  const order = unpickle(file, bytes, data.end);
  const tensors = tensorsOf(file, data.value);
  const storages = legacyStorages(file, bytes, order.end, order.value, storagesOf(tensors));
  return gather(file, tensors, storages, bytes.length);
}

/**
 * Reads what `torch.save` writes since PyTorch 1.6: a zip with the pickle `data.pkl` and one entry a storage under
 * `data/`. No code of the file is run.
 *
 * @throws SerengetiError WEIGHTS_INVALID with the entry, byte or tensor.
 */
export function readZippedTorch(file: string, bytes: Uint8Array): WeightSet {
  const zip = new StoredZip(file, bytes);
  const pickle = zip.names.find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) throw invalidWeights(file, 'the zip is not a checkpoint: it has no "…/data.pkl"');
  const root = pickle.slice(0, -'data.pkl'.length);
  if (zip.has(`${root}byteorder`)) {
    expectEqual(file, 'byteorder', 'little', Buffer.from(zip.read(`${root}byteorder`)).toString('latin1'));
  }
  const tensors = tensorsOf(file, unpickle(file, zip.read(pickle), 0, ` of "${pickle}"`).value);
  const storages = new Map<string, Uint8Array>();
  for (const { key, byteLength } of storagesOf(tensors).values()) {
    const content = zip.read(`${root}data/${key}`);
    expectEqual(file, `length of the storage "${key}"`, byteLength, content.length);
    storages.set(key, content);
  }
  return gather(file, tensors, storages, bytes.length);
}

/** @param where - names the bytes in messages when they are not the whole file. */
function unpickle(file: string, bytes: Uint8Array, start: number, where = ''): { value: unknown; end: number } {
  try {
    return readPickle(bytes, start, torchWorld);
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw invalidWeights(file, `byte ${error.byte}${where}: ${error.message}`, { byte: error.byte }, error);
  }
}

/** The tensors of a state dictionary, or of a training checkpoint that keeps one as its `state_dict`. */
function tensorsOf(file: string, data: unknown): ReadonlyMap<string, TensorRef> {
  const inner: unknown = data instanceof Map ? data.get('state_dict') : undefined;
  const state = inner instanceof Map ? inner : data;
  if (!(state instanceof Map)) throw invalidWeights(file, 'holds something other than a dictionary of tensors');
  const tensors = new Map<string, TensorRef>();
  for (const [name, value] of state) {
    if (typeof name === 'string' && value instanceof TensorRef) tensors.set(name, value);
  }
  return tensors;
}

function storagesOf(tensors: ReadonlyMap<string, TensorRef>): Map<string, StorageRef> {
  return new Map([...tensors.values()].map(({ storage }) => [storage.key, storage]));
}

/** Walks the blocks behind the pickles: eight bytes of length, then the elements. */
function legacyStorages(
  file: string,
  bytes: Uint8Array,
  start: number,
  order: unknown,
  known: ReadonlyMap<string, StorageRef>,
): Storages {
  if (!Array.isArray(order)) throw invalidWeights(file, 'has no list of its storages');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const storages = new Map<string, Uint8Array>();
  let position = start;
  for (const key of order as unknown[]) {
    const storage = typeof key === 'string' ? known.get(key) : undefined;
    if (storage === undefined) throw invalidWeights(file, `no tensor uses the storage "${String(key)}"`);
    const end = position + 8 + storage.byteLength;
    if (end > bytes.length) {
      throw invalidWeights(
        file,
        `ends at byte ${bytes.length}, within the storage "${storage.key}" that ends at byte ${end}`,
        { byte: bytes.length },
      );
    }
    const length = view.getBigUint64(position, true);
    expectEqual(file, `length at byte ${position}`, BigInt(storage.length), length);
    storages.set(storage.key, bytes.subarray(position + 8, end));
    position = end;
  }
  return storages;
}

function gather(
  file: string,
  tensors: ReadonlyMap<string, TensorRef>,
  storages: Storages,
  mostElements: number,
): WeightSet {
  const weights = new Map<string, Weight>();
  let elements = 0;
  for (const [name, tensor] of tensors) {
    // Tensors may share a storage, but not so often that a small file fills the memory.
    elements += tensor.size;
    if (elements > mostElements) {
      throw invalidWeights(
        file,
        `the tensor "${name}" brings the elements above the ${mostElements} bytes of the file`,
        {
          tensor: name,
        },
      );
    }
    const bytes = storages.get(tensor.storage.key);
    if (bytes === undefined) {
      throw invalidWeights(file, `the storage "${tensor.storage.key}" of the tensor "${name}" is missing`, {
        tensor: name,
      });
    }
    if (bytes.length < tensor.storage.byteLength) {
      throw invalidWeights(file, `the storage of the tensor "${name}" is too short`, { tensor: name });
    }
    weights.set(name, { shape: tensor.shape, data: tensor.gather(bytes) });
  }
  return new WeightSet(file, weights);
}

function expectEqual(file: string, what: string, expected: unknown, actual: unknown): void {
  if (actual !== expected) throw invalidWeights(file, `${what} is ${String(actual)}, expected ${String(expected)}`);
}

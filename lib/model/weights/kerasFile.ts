import type { Dataset, File as HdfFile, Group } from 'h5wasm';
import { SerengetiError } from '../../contracts/errors';
import { invalidWeights, WeightSet } from './weightSet';
import type { Weight } from './weightSet';

/** Path in the library's file system in memory: nothing of this machine can be reached from there. */
const MEMORY_PATH = '/weights.h5';

/** Keras nests a weight in its layer, its scope and its model; a file that goes on deeper, or wider, is a trap. */
const MAX_DEPTH = 16;
const MAX_OBJECTS = 100_000;

/**
 * Reads what Keras writes as `model.save('….h5')` or `model.save_weights('….h5')`, and what it publishes: the groups of
 * the layers, at the root or under `model_weights`. Names come out as `<layer>/<weight>`: `stem_conv1/kernel`.
 *
 * @throws SerengetiError WEIGHTS_INVALID with the path within the file.
 */
export async function readKerasFile(file: string, bytes: Uint8Array): Promise<WeightSet> {
  const { File, ready } = await import('h5wasm');
  const library = await ready;
  library.activate_throwing_error_handler(); // instead of writing errors to the terminal
  library.FS.writeFile(MEMORY_PATH, bytes);
  try {
    const hdf = new File(MEMORY_PATH, 'r');
    try {
      return new WeightSet(file, new Layers(file, bytes.length).read(hdf));
    } finally {
      hdf.close();
    }
  } catch (error) {
    if (error instanceof SerengetiError) throw error;
    throw invalidWeights(file, `is not a whole HDF5 file: ${reason(error)}`, {}, error);
  } finally {
    library.FS.unlink(MEMORY_PATH);
  }
}

class Layers {
  readonly #file: string;
  /** Keras does not compress, so that a file holds at most so many elements. */
  readonly #mostElements: number;
  readonly #weights = new Map<string, Weight>();
  #objects = 0;
  #elements = 0;

  constructor(file: string, bytes: number) {
    this.#file = file;
    this.#mostElements = bytes / Float32Array.BYTES_PER_ELEMENT;
  }

  read(hdf: HdfFile): ReadonlyMap<string, Weight> {
    const names = hdf.keys();
    if (names.includes('layers')) {
      throw invalidWeights(this.#file, 'names its weights by number only; save the model as `model.save("….h5")`');
    }
    const root = names.includes('model_weights') ? hdf.get('model_weights') : hdf;
    if (!isGroup(root)) throw invalidWeights(this.#file, '"/model_weights" is not a group');
    for (const layer of root.keys()) this.#collect(layer, root, layer, 0);
    return this.#weights;
  }

  #collect(layer: string, parent: Group, name: string, depth: number): void {
    this.#objects++;
    const path = `${parent.path}/${name}`;
    if (depth > MAX_DEPTH || this.#objects > MAX_OBJECTS) {
      throw invalidWeights(this.#file, `"${path}" goes deeper than ${MAX_DEPTH} groups or ${MAX_OBJECTS} objects`);
    }
    const entity = parent.get(name);
    if (isGroup(entity)) {
      for (const child of entity.keys()) this.#collect(layer, entity, child, depth + 1);
    } else if (isDataset(entity)) {
      this.#weights.set(`${layer}/${name.replace(/:0$/, '')}`, this.#load(path, entity));
    } else {
      throw invalidWeights(this.#file, `"${path}" is neither a group nor a dataset`, { path });
    }
  }

  #load(path: string, dataset: Dataset): Weight {
    const shape = dataset.shape ?? [];
    const size = shape.reduce((product, length) => product * length, 1);
    this.#elements += size;
    if (this.#elements > this.#mostElements) {
      throw invalidWeights(this.#file, `"${path}" announces more elements than the file has room for`, { path });
    }
    if (dataset.dtype !== '<f') {
      const type = JSON.stringify(dataset.dtype);
      throw invalidWeights(this.#file, `"${path}" is of the type ${type}, expected "<f" (float32)`, { path });
    }
    const data = dataset.value;
    if (!(data instanceof Float32Array) || data.length !== size) {
      throw invalidWeights(this.#file, `"${path}" cannot be read`, { path });
    }
    return { shape, data };
  }
}

function isGroup(entity: unknown): entity is Group {
  return hasType(entity, 'Group');
}

function isDataset(entity: unknown): entity is Dataset {
  return hasType(entity, 'Dataset');
}

/** The library marks its objects; its classes are loaded only when they are needed, too late for `instanceof` here. */
function hasType(entity: unknown, type: string): boolean {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === type;
}

/** The library tells the whole way to an error, from its surface inwards: what went wrong is said last. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return [...message.matchAll(/^ *#\d+: .*\(\): (.*)$/gm)].at(-1)?.[1] ?? message;
}

/** Where TensorFlow's operations run. */
export type Device = 'cpu' | 'gpu';

/** What tells that somebody wants a GPU used. */
export interface DeviceWish {
  /** `SERENGETI_DEVICE`. */
  readonly device: string | undefined;
  /** `CUDA_VISIBLE_DEVICES`. */
  readonly visible: string | undefined;
  /** Models of the GPUs that the driver lists. */
  readonly gpus: readonly string[];
}

/** @returns what to say when a GPU was asked for, or is there, and TensorFlow does not use it */
export function deviceWarning(device: Device, wish: DeviceWish): string | undefined {
  if (device === 'gpu' || wish.device === 'cpu' || hides(wish.visible)) return undefined;
  const reason = reasonOf(wish);
  if (reason === undefined) return undefined;
  return (
    `${reason}, but TensorFlow found no GPU that it can use and works on the CPU. Run ` +
    '`SERENGETI_DEVICE=gpu npm run setup`, see that `nvidia-smi` lists the GPU, and set TF_CPP_MIN_LOG_LEVEL=0 to read ' +
    "TensorFlow's reasons; SERENGETI_DEVICE=cpu says that the CPU is meant"
  );
}

function reasonOf({ device, visible, gpus }: DeviceWish): string | undefined {
  if (device === 'gpu') return 'SERENGETI_DEVICE asks for a GPU';
  if (visible !== undefined) return `CUDA_VISIBLE_DEVICES=${visible} asks for a GPU`;
  return gpus.length === 0 ? undefined : `This machine has a GPU (${gpus.join(', ')})`;
}

/** As CUDA reads it: nothing, or a number that no GPU has, hides all of them. */
function hides(visible: string | undefined): boolean {
  return visible !== undefined && (visible.trim() === '' || visible.trim().startsWith('-'));
}

/** Fewer than this at once is not worth a GPU. */
const SMALLEST_BATCH = 1;

/**
 * The largest batch, halved from `largest`, that memory has room for.
 *
 * @param attempt - does a batch of so many, and throws TensorFlow's error where memory is too small
 */
export function fitToMemory<T>(largest: number, attempt: (batch: number) => T): T {
  for (let batch = largest; ; batch = Math.ceil(batch / 2)) {
    try {
      return attempt(batch);
    } catch (error) {
      if (batch === SMALLEST_BATCH || !isOutOfMemory(error)) throw error;
    }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return /\bOOM\b|RESOURCE_EXHAUSTED|ResourceExhausted|out of memory/i.test(
    error instanceof Error ? error.message : '',
  );
}

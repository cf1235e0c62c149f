const CHANNELS = 3;
/** Of the cubic convolution kernel; Keys 1981. */
const A = -0.5;

/** A decoded photograph: 8-bit RGB, rows from the top. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Enlarges to `width`×`height` by cubic convolution with pixel centres at half integers, as Pillow's `BICUBIC` does.
 * Neither axis may shrink. libvips shrinks as Pillow does but enlarges half a pixel off, so this is not left to it.
 */
export function enlarge(pixels: Pixels, width: number, height: number): Pixels {
  if (pixels.width === width && pixels.height === height) return pixels;
  return enlargeRows(enlargeColumns(pixels, width), height);
}

function enlargeColumns({ data, width, height }: Pixels, target: number): Pixels {
  if (width === target) return { data, width, height };
  const taps = tapsOf(width, target);
  const result = new Uint8ClampedArray(target * height * CHANNELS);
  let position = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width * CHANNELS;
    for (const { places, weights } of taps) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        let sum = 0;
        for (let tap = 0; tap < places.length; tap++)
          sum += weights[tap]! * data[row + places[tap]! * CHANNELS + channel]!;
        result[position++] = sum;
      }
    }
  }
  return { data: new Uint8Array(result.buffer), width: target, height };
}

function enlargeRows({ data, width, height }: Pixels, target: number): Pixels {
  if (height === target) return { data, width, height };
  const stride = width * CHANNELS;
  const result = new Uint8ClampedArray(target * stride);
  tapsOf(height, target).forEach(({ places, weights }, y) => {
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      for (let tap = 0; tap < places.length; tap++) sum += weights[tap]! * data[places[tap]! * stride + x]!;
      result[y * stride + x] = sum;
    }
  });
  return { data: new Uint8Array(result.buffer), width, height: target };
}

interface Taps {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

/** Which source places make each target place, and how much; weights sum to 1 at the edges too. */
function tapsOf(source: number, target: number): Taps[] {
  return Array.from({ length: target }, (_, place) => {
    const centre = ((place + 0.5) * source) / target;
    const first = Math.max(0, Math.round(centre - 2));
    const last = Math.min(source, Math.round(centre + 2));
    const places = Array.from({ length: last - first }, (_, tap) => first + tap);
    const raw = places.map((p) => kernel(p + 0.5 - centre));
    const sum = raw.reduce((a, b) => a + b, 0);
    return { places, weights: raw.map((weight) => weight / sum) };
  });
}

function kernel(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
  return 0;
}

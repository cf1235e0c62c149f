/**
 * How a photograph becomes the network's input. Written once: Node, `main.py` and `main.mjs` all follow it.
 *
 * 1. Decode to 8-bit RGB without regard to embedded colour profiles. Grey is repeated, alpha dropped, CMYK becomes
 *    R = (255 − C)(255 − K) / 255 and so on. Of a truncated file what there is; libjpeg leaves the rest grey.
 *    Where `crop` is there, each box of an animal that a detector gave a confidence of `threshold` or more is a look of its
 *    own: what follows is done to the square around the box, cut out of the photograph, upright and decoded at full size
 *    (f = 1, so that step 5 is done by then). Of a box of x, y, w, h as shares of a photograph of W×H pixels, with
 *    L = max(wW, hH), its side is s = max(1, min(⌊2L + ½⌋, W, H)), its left edge
 *    max(0, min(W − s, ⌊(x + w / 2) W − s / 2 + ½⌋)), its upper edge likewise. A photograph without such a box is looked at
 *    as a whole.
 * 2. The photograph, upright, is W×H pixels; it fills w×h of the input's `width`×`height`. `stretch`: all of it, whatever
 *    its shape. `letterbox`: as much as its shape allows; where W · `height` ≥ H · `width`, w = `width` and
 *    h = max(1, ⌊(2H · `width` + W) / 2W⌋), which rounds halves up; else the same with the axes exchanged.
 * 3. JPEGs are decoded at 1/f of their size by libjpeg-turbo's scaled inverse DCT (`ratio` of TensorFlow's `decode_jpeg`,
 *    shrink-on-load of libvips; Pillow is built with other libraries here and there, which give other pixels).
 *    With s = min(W / w, H / h), f is the largest of 1, 2, 4, 8 that is at most s, then halved where f > 1 and ⌊s⌋ = f.
 *    Of the result the first ⌊file width / f⌋ columns and ⌊file height / f⌋ rows are kept: an incomplete last one is cut
 *    off.
 * 4. Resize to w×h (h×w for EXIF orientations 5–8, where the file's rows are the photograph's columns) by cubic convolution
 *    (a = −0.5) with pixel centres at half integers. An axis that shrinks has the kernel stretched by its scale; where that
 *    is 4 or more, blocks of half of it, rounded down, are averaged before (the last block is filled up with its last
 *    pixel). Rows first, then columns, each rounded to 8 bits, with libvips' arithmetic: positions in 64ths of a pixel,
 *    weights in 4096ths cut off after the point. An axis that grows is left to `Image.BICUBIC` of Pillow, or the same formula.
 * 5. Apply the EXIF orientation, 1 to 8.
 * 6. Around it, `letterbox` fills the input with grey, 127 in each channel: ⌊(`width` − w) / 2⌋ columns on the left,
 *    ⌊(`height` − h) / 2⌋ rows above, the rest on the right and below.
 * 7. Values are 0–255, channels last. Scale and shift are part of the graph.
 */
export interface Preprocessing {
  readonly width: number;
  readonly height: number;
  readonly channels: 'RGB';
  readonly fit: 'stretch' | 'letterbox';
  readonly crop?: Crop;
}

/** Detected animals are looked at one by one, instead of the photographs that they are in. */
export interface Crop {
  /** The least confidence of a box. */
  readonly threshold: number;
}

export type InputSize = Pick<Preprocessing, 'width' | 'height'>;

/**
 * Predicts which animals the sequences of a camera-trap test set show: what main.py does, with Node.
 *
 * Reads   data/test_metadata.csv       seq_id, file_name, …: one row a frame
 *         data/submission_format.csv   seq_id and one column a class: the rows and columns to write
 *         data/<file_name>             the frames
 *         data/detections.json         where the model looks at animals that a detector found: MegaDetector's format
 * Writes  submission.csv               a probability for every sequence and class
 *
 * Needs sharp and TensorFlow for Node: `npm install sharp @tensorflow/tfjs-node` beside this file, or SERENGETI_PROJECT
 * set to a clone of serengeti that is set up. `node main.mjs --help` lists options.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = dirname(fileURLToPath(import.meta.url));
const ASSETS = join(HERE, 'assets');

const BATCH = 64; // frames of 224×224 pixels a call of the model; of larger ones as many as take the same memory
const MARGIN = 2; // of a box's longer side: what the square around it measures
const SURROUND = 127; // grey around a frame that does not fill the model's input
const AHEAD = 32; // sequences that are being read; with dozens of frames each, more would fill the memory
const LOG_EVERY = 30; // seconds
const LOGGED_FRAMES = 20; // broken frames that are named one by one

/** The data folder, the model or the installation is not as it should be; the message says what and where. */
class InputError extends Error {}

const log = (level, message) => console.error(`${new Date().toISOString()} ${level} ${message}`);

// ---------------------------------------------------------------------------------------------------------- the tables

/** Header and rows of a CSV file. */
async function readRows(path) {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw error.code === 'ENOENT' ? new InputError(`${path} is missing`) : error;
  });
  const [header, ...rows] = parseCsv(text.replace(/^\ufeff/, ''));
  if (header === undefined) throw new InputError(`${path} is empty`);
  rows.forEach((row, index) => {
    if (row.length === header.length) return;
    throw new InputError(`${path}, row ${index + 2}: ${row.length} fields, the header has ${header.length}`);
  });
  return { header, rows };
}

/** Fields with or without quotes; empty lines are skipped. */
function parseCsv(text) {
  const rows = [];
  let row = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new InputError(`Row ${rows.length + 1} is not CSV`);
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === ',') {
      if (field.lastIndex === text.length) row.push('');
      else continue;
    }
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

/** Name of the index, the sequences and the columns that the submission has to have, in their order. */
async function readFormat(path, classes) {
  const { header, rows } = await readRows(path);
  const [index, ...columns] = header;
  const unknown = columns.filter((column) => !classes.includes(column));
  if (unknown.length > 0) throw new InputError(`${path} has columns that the model does not know: ${named(unknown)}`);
  refuseRepeats(columns, `${path}: column`);
  const sequences = rows.map((row) => row[0]);
  refuseRepeats(sequences, `${path}: sequence`);
  if (sequences.length === 0) throw new InputError(`${path} has no sequences`);
  return { index, sequences, columns };
}

/** File names of each sequence, in the order in which they were taken. */
async function readFrames(path, sequences) {
  const { header, rows } = await readRows(path);
  for (const column of ['seq_id', 'file_name']) {
    if (!header.includes(column)) throw new InputError(`${path} has no column "${column}"; it has ${named(header)}`);
  }
  const [sequenceAt, nameAt] = [header.indexOf('seq_id'), header.indexOf('file_name')];
  const frames = new Map();
  for (const row of rows) {
    if (!frames.has(row[sequenceAt])) frames.set(row[sequenceAt], []);
    frames.get(row[sequenceAt]).push(row[nameAt]);
  }
  const missing = sequences.filter((sequence) => !frames.has(sequence));
  if (missing.length > 0) {
    throw new InputError(`${path} lacks ${missing.length} sequences of the format: ${named(missing)}`);
  }
  const wanted = new Set(sequences);
  const extra = [...frames.keys()].filter((sequence) => !wanted.has(sequence));
  if (extra.length > 0) {
    throw new InputError(`${path} has ${extra.length} sequences that the format lacks: ${named(extra)}`);
  }
  return sequences.map((sequence) =>
    frames.get(sequence).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
}

/** The boxes of animals that are sure enough, by file name, as x, y, width and height within the frame. */
async function readDetections(path, threshold) {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    throw new InputError(`${path} is missing: the model looks at the animals that a detector found there`);
  });
  try {
    const { detection_categories: categories, images } = JSON.parse(text.replace(/^\ufeff/, ''));
    const isWanted = ({ category, conf }) =>
      categories[category].trim().toLowerCase() === 'animal' && conf >= threshold;
    return new Map(
      images.map(({ file, detections }) => [
        frameName(file),
        (detections ?? []).filter(isWanted).map(({ bbox }) => withinFrame(bbox)),
      ]),
    );
  } catch (error) {
    throw new InputError(`${path} is not in the format of MegaDetector: ${error.message}`);
  }
}

/** A frame's name as detectors on other systems write it too. */
function frameName(path) {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.\/+)+/, '')
    .normalize();
}

/** Detectors round the corners of boxes: what lies outside is cut off. */
function withinFrame([x, y, width, height]) {
  const box = [...within(x, width), ...within(y, height)];
  if (!(box[1] > 0 && box[3] > 0)) throw new Error(`a box without area: ${[x, y, width, height].join(', ')}`);
  return [box[0], box[2], box[1], box[3]];
}

function within(start, size) {
  if (start >= 0 && start + size <= 1) return [start, size];
  return [Math.max(start, 0), Math.min(start + size, 1) - Math.max(start, 0)];
}

function refuseRepeats(values, what) {
  const seen = new Set();
  for (const value of values) {
    if (seen.has(value)) throw new InputError(`${what} "${value}" occurs twice`);
    seen.add(value);
  }
}

function named(values) {
  return (
    values
      .slice(0, 5)
      .map((value) => `"${value}"`)
      .join(', ') + (values.length > 5 ? ' …' : '')
  );
}

// ---------------------------------------------------------------------------------------------------------- the frames

/** The frames to look at, of those that can be read. */
function choose(names, howMany) {
  const count = howMany === 'all' ? names.length : howMany === 'first' ? 1 : howMany;
  if (count >= names.length) return names;
  if (count === 1) return [names[0]];
  return Array.from({ length: count }, (_, place) => names[Math.floor((place * (names.length - 1)) / (count - 1))]);
}

/**
 * A photograph as the model takes it: height × width × 3 values of 0–255. Its steps are those of model.json's
 * preprocessing: scaled decoding, EXIF orientation, cubic resize, and grey around what keeps its shape. Of a box the square
 * around it, cut out of the photograph at full size.
 */
async function loadFrame(sharp, path, preprocessing, box) {
  const file = await readFile(path);
  const { space, autoOrient } = await sharp(file, { failOn: 'none', limitInputPixels: false }).metadata();
  const square = box && squareAround(box, autoOrient);
  const { left, top, width, height } = placementOf(square ?? autoOrient, preprocessing);
  const upright = sharp(file, {
    failOn: 'none',
    unlimited: true,
    limitInputPixels: false,
    ignoreIcc: true,
  }).autoOrient();
  const shrunk = (square ? upright.extract(square) : upright).resize({
    width,
    height,
    fit: 'fill',
    kernel: 'cubic',
    withoutEnlargement: true,
  });
  const cmyk = space === 'cmyk';
  const coloured = cmyk
    ? shrunk.pipelineColourspace('cmyk').toColourspace('cmyk')
    : shrunk.removeAlpha().toColourspace('srgb');
  const { data, info } = await coloured.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const pixels = cmyk ? rgbOf(data) : data;
  const wide = enlarge(pixels, { outer: info.height, places: info.width, inner: 3 }, width);
  const fitted = enlarge(wide, { outer: 1, places: info.height, inner: width * 3 }, height);
  const whole = new Uint8Array(preprocessing.width * preprocessing.height * 3).fill(SURROUND);
  for (let row = 0; row < height; row++) {
    const line = fitted.subarray(row * width * 3, (row + 1) * width * 3);
    whole.set(line, ((top + row) * preprocessing.width + left) * 3);
  }
  return whole;
}

/** The square around a box with its margin, within the photograph. */
function squareAround([x, y, boxWidth, boxHeight], { width, height }) {
  const longer = Math.max(boxWidth * width, boxHeight * height);
  const side = Math.max(1, Math.min(Math.floor(MARGIN * longer + 0.5), width, height));
  const start = (centre, whole) => Math.max(0, Math.min(whole - side, Math.floor(centre * whole - side / 2 + 0.5)));
  return { left: start(x + boxWidth / 2, width), top: start(y + boxHeight / 2, height), width: side, height: side };
}

/** The part of the input that a photograph fills. */
function placementOf(photograph, { width, height, fit }) {
  if (fit === 'stretch') return { left: 0, top: 0, width, height };
  const isWide = photograph.width * height >= photograph.height * width;
  const filled = isWide
    ? { width, height: share(photograph.height, width, photograph.width) }
    : { width: share(photograph.width, height, photograph.height), height };
  return { left: Math.floor((width - filled.width) / 2), top: Math.floor((height - filled.height) / 2), ...filled };
}

/** a · b / c in whole numbers, halves up, at least 1. */
function share(a, b, c) {
  return Math.max(1, Math.floor((2 * a * b + c) / (2 * c)));
}

/** Ink leaves (255 − ink) of the light, black ink of all of it. */
function rgbOf(cmyk) {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    for (let ink = 0; ink < 3; ink++) rgb[to++] = Math.round(((255 - cmyk[from + ink]) * (255 - cmyk[from + 3])) / 255);
  }
  return rgb;
}

/**
 * Enlarges one axis by cubic convolution with pixel centres at half integers, as Pillow does; libvips, which shrinks as
 * Pillow does, enlarges half a pixel off. `outer` × `places` × `inner` values become `outer` × `target` × `inner`.
 */
function enlarge(values, { outer, places, inner }, target) {
  if (places === target) return values;
  const result = new Uint8ClampedArray(outer * target * inner);
  for (let place = 0, to = 0; place < target; place++) {
    const taps = tapsOf(place, places, target);
    for (let block = 0; block < outer; block++) {
      to = (block * target + place) * inner;
      for (let value = 0; value < inner; value++) {
        let sum = 0;
        for (const { at, weight } of taps) sum += weight * values[(block * places + at) * inner + value];
        result[to++] = sum;
      }
    }
  }
  return result;
}

function tapsOf(place, places, target) {
  const centre = ((place + 0.5) * places) / target;
  const taps = [];
  for (let at = Math.max(0, Math.round(centre - 2)); at < Math.min(places, Math.round(centre + 2)); at++) {
    taps.push({ at, weight: cubic(at + 0.5 - centre) });
  }
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps.map(({ at, weight }) => ({ at, weight: weight / sum }));
}

/** Keys 1981, a = −0.5. */
function cubic(distance) {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
}

/** Reads the frames of sequences, several at once, in order, a little ahead of who uses them. */
class Reader {
  missing = 0;
  broken = 0;
  without = 0;

  constructor(sharp, folder, card, boxes) {
    this.boxes = boxes;
    this.sharp = sharp;
    this.folder = folder;
    this.card = card;
  }

  /** Yields, for each list of file names, the frames to look at with their pixels: none where none can be read. */
  async *sequences(frames) {
    const waiting = [];
    for (const names of frames) {
      waiting.push(this.read(names));
      if (waiting.length > AHEAD) yield this.account(await waiting.shift());
    }
    while (waiting.length > 0) yield this.account(await waiting.shift());
  }

  /** A sequence's frames as if those that cannot be read were not there. */
  async read(names) {
    const [pixels, failures] = [new Map(), []];
    let usable = names;
    for (;;) {
      const chosen = choose(usable, this.card.framesPerSequence);
      const unread = chosen.filter((name) => !pixels.has(name));
      if (unread.length === 0) return { names, frames: chosen.flatMap((name) => pixels.get(name)), failures };
      for (const name of unread) {
        try {
          pixels.set(name, await this.loadLooks(name));
        } catch (error) {
          failures.push({ name, error }); // decoders fail in many ways, none of which may stop the submission
          usable = usable.filter((other) => other !== name);
        }
      }
    }
  }

  /** A photograph's animals, each by itself; all of it where there is none. */
  async loadLooks(name) {
    const boxes = this.boxes.get(frameName(name)) ?? [];
    const looks = [];
    for (const box of boxes.length > 0 ? boxes : [undefined]) {
      const pixels = await loadFrame(this.sharp, join(this.folder, name), this.card.preprocessing, box);
      looks.push({ name, pixels });
    }
    return looks;
  }

  account({ names, frames, failures }) {
    for (const { name, error } of failures) {
      const gone = error.code === 'ENOENT';
      if (gone) this.missing++;
      else this.broken++;
      if (this.missing + this.broken > LOGGED_FRAMES) continue;
      log('WARNING', `${name} ${gone ? 'is missing' : `cannot be read: ${error.message.replaceAll('\n', ' ')}`}`);
    }
    if (frames.length === 0 && ++this.without <= LOGGED_FRAMES) {
      log('WARNING', `No frame of the sequence with ${names[0]} can be read: predicting the priors`);
    }
    return frames;
  }
}

// ----------------------------------------------------------------------------------------------------------- the model

/** A package that is installed beside this file, in the working directory or in a clone of serengeti. */
function load(...names) {
  const folders = [HERE, process.cwd(), process.env.SERENGETI_PROJECT].filter((folder) => folder !== undefined);
  for (const folder of folders) {
    const require = createRequire(join(resolve(folder), 'main.mjs'));
    const name = names.find((candidate) => isInstalled(require, candidate));
    if (name !== undefined) return require(name);
  }
  throw new InputError(
    `${names[0]} is not installed: run \`npm install sharp @tensorflow/tfjs-node\` in ${HERE}, ` +
      'or set SERENGETI_PROJECT to a clone of serengeti that is set up',
  );
}

function isInstalled(require, name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function loadTensorFlow() {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // tfjs-node calls this function, which Node 23 removed.
  const isNullOrUndefined = (value) => value === null || value === undefined;
  Object.assign(createRequire(import.meta.url)('node:util'), { isNullOrUndefined });
  const tf = load('@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu');
  tf.enableProdMode();
  return tf;
}

/** The SavedModel: frames in, rows of probabilities out, or of features where these are pooled. */
class Model {
  static async load(tf, folder, card) {
    const model = new Model();
    model.tf = tf;
    model.card = card;
    const { width, height } = card.preprocessing;
    model.batch = Math.max(1, Math.min(BATCH, Math.floor((BATCH * 224 * 224) / (width * height))));
    model.graph = await tf.node.loadSavedModel(folder, ['serve'], card.signature.name);
    if (card.headSignature) model.head = await tf.node.loadSavedModel(folder, ['serve'], card.headSignature.name);
    model.tryOut();
    return model;
  }

  /** A black photograph shows whether the weights are numbers at all. */
  tryOut() {
    const { width, height } = this.card.preprocessing;
    const [row] = this.predict([{ name: 'a black photograph', pixels: new Uint8Array(width * height * 3) }]);
    if (this.head) this.classify(row, ['a black photograph']);
  }

  /** One row a frame. `frames`: names and pixels. */
  predict(frames) {
    const rows = [];
    for (let start = 0; start < frames.length; start += this.batch)
      rows.push(...this.#predict(frames.slice(start, start + this.batch).map(({ pixels }) => pixels)));
    return rows.map((row, index) => finite(row, [frames[index].name]));
  }

  /** Probabilities for one row of features, which were pooled from the frames with these names. */
  classify(features, names) {
    const { input, output } = this.card.headSignature;
    const [row] = this.tf.tidy(() => this.head.predict({ [input]: this.tf.tensor2d([features]) })[output].arraySync());
    return finite(row, names);
  }

  #predict(frames) {
    const { width, height } = this.card.preprocessing;
    const { input, output } = this.card.signature;
    const values = new Float32Array(frames.length * width * height * 3);
    frames.forEach((frame, index) => values.set(frame, index * width * height * 3));
    return this.tf.tidy(() => {
      const images = this.tf.tensor4d(values, [frames.length, height, width, 3]);
      return this.graph.predict({ [input]: images })[output].arraySync();
    });
  }
}

/** A model that answers no number names no animal. */
function finite(row, names) {
  const value = row.find((candidate) => !Number.isFinite(candidate));
  if (value === undefined) return row;
  throw new InputError(`The model in ${ASSETS} is damaged: it answers ${value} for ${names.join(', ')}`);
}

/** Turns the frames of sequences into the sequences' probabilities, as model.json says. */
class Predictor {
  constructor(card, model) {
    this.card = card;
    this.model = model;
    this.empty = card.classes.indexOf(card.emptyClass);
    this.shift = priorShift(card, this.empty);
  }

  /** One row a sequence. `sequences`: a list of lists of frames. */
  predict(sequences) {
    const outputs = this.model.predict(sequences.flat());
    let start = 0;
    return sequences.map((frames) => {
      const rows = outputs.slice(start, (start += frames.length));
      const row =
        rows.length > 0
          ? this.calibrate(
              this.correct(
                this.pool(
                  rows,
                  frames.map(({ name }) => name),
                ),
              ),
            )
          : this.card.priors;
      return row.map((probability) => Math.min(1, Math.max(0, probability)));
    });
  }

  pool(rows, names) {
    const { pooling, output } = this.card;
    let pooled = rows[0].map((_, at) => {
      const values = rows.map((row) => row[at]);
      if (pooling === 'max' || pooling === 'features-max') return Math.max(...values);
      if (pooling === 'geometric' && at === this.empty) {
        return Math.exp(sum(values.map((value) => Math.log(Math.max(value, 1e-12)))) / values.length);
      }
      return sum(values) / values.length;
    });
    if (pooling.startsWith('features-')) pooled = this.model.classify(pooled, names);
    return output === 'softmax' ? normalised(pooled) : pooled;
  }

  /** Undoes what sampling the training sequences did to the priors: samplingRates of model.json. */
  correct(probabilities) {
    const { own, empties, others } = this.shift;
    if (this.card.output === 'softmax') return normalised(probabilities.map((p, at) => p * own[at]));
    return probabilities.map((p, at) => {
      const shown = p * own[at];
      const empty = Math.min(probabilities[this.empty], 1 - p);
      return shown / (shown + empty * empties[at] + (1 - p - empty) * others[at]);
    });
  }

  /** Makes the probabilities right on sequences that training did not learn from: calibration of model.json. */
  calibrate(probabilities) {
    if (!this.card.calibration) return probabilities;
    const { temperature, bias } = this.card.calibration;
    const within = probabilities.map((p) => Math.min(1 - 2 ** -23, Math.max(1e-12, p)));
    if (this.card.output === 'sigmoid') {
      return within.map((p, at) => 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) / temperature + bias[at]))));
    }
    const logits = within.map((p, at) => Math.log(p) / temperature + bias[at]);
    return normalised(logits.map((logit) => Math.exp(logit - Math.max(...logits))));
  }
}

/** For each class, how many sequences one stands for that shows it, that is empty, that shows others only. */
function priorShift({ classes, samplingRates, meanSamplingRate, priors }, empty) {
  const rates = classes.map((name, at) => (priors[at] > 0 ? (samplingRates[name] ?? 1) : 0));
  const kept = rates.map((rate, at) => rate * priors[at]);
  const mean = meanSamplingRate ?? (sum(kept) / sum(priors) || 1);
  const largest = Math.max(...rates) || 1;
  const own = rates.map((rate) => 1 / (rate || largest));
  const others = rates.map((_, at) => {
    const without = at === empty ? [at] : [empty, at];
    const share = 1 - sum(without.map((place) => priors[place]));
    const left = mean - sum(without.map((place) => kept[place]));
    return share > 1e-9 && left > 1e-9 ? share / left : 1 / mean;
  });
  return { own, others, empties: others.map((other, at) => (at === empty ? other : own[empty])) };
}

function normalised(values) {
  const whole = sum(values);
  return values.map((value) => value / whole);
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** Probabilities of all sequences, with a line on the way now and then. */
async function predictAll(predictor, reader, frames) {
  const rows = [];
  const progress = new ProgressLog(frames.length);
  let [group, held] = [[], 0];
  const flush = () => {
    rows.push(...predictor.predict(group));
    progress.advance(group.length, held);
    [group, held] = [[], 0];
  };
  for await (const readable of reader.sequences(frames)) {
    group.push(readable);
    held += readable.length;
    if (Math.max(held, group.length) >= predictor.model.batch) flush();
  }
  if (group.length > 0) flush();
  progress.finish();
  return rows;
}

class ProgressLog {
  sequences = 0;
  frames = 0;
  started = performance.now();
  last = this.started;

  constructor(total) {
    this.total = total;
  }

  advance(sequences, frames) {
    this.sequences += sequences;
    this.frames += frames;
    const now = performance.now();
    if (now - this.last < LOG_EVERY * 1000) return;
    this.last = now;
    const hours = ((now - this.started) * (this.total - this.sequences)) / this.sequences / 3_600_000;
    log(
      'INFO',
      `${this.sequences} of ${this.total} sequences, ${this.rate(now)} frames/s, ${hours.toFixed(2)} hours to go`,
    );
  }

  finish() {
    const now = performance.now();
    const seconds = ((now - this.started) / 1000).toFixed(2);
    log('INFO', `${this.sequences} sequences, ${this.frames} frames in ${seconds} s, ${this.rate(now)} frames/s`);
  }

  rate(now) {
    return ((this.frames * 1000) / Math.max(now - this.started, 1)).toFixed(1);
  }
}

// ------------------------------------------------------------------------------------------------------ the submission

/** Writes the file whole or not at all. */
async function writeSubmission(path, { index, sequences, columns }, classes, rows) {
  const order = columns.map((column) => classes.indexOf(column));
  const lines = sequences.map((sequence, at) =>
    [quoted(sequence), ...order.map((column) => float(rows[at][column]))].join(','),
  );
  await writeFile(`${path}.part`, `${[[index, ...columns].map(quoted).join(','), ...lines].join('\n')}\n`);
  await rename(`${path}.part`, path);
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function float(value) {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

async function performInference({ data, output }) {
  const card = JSON.parse(await readFile(join(ASSETS, 'model.json'), 'utf8'));
  const format = await readFormat(join(data, 'submission_format.csv'), card.classes);
  const frames = await readFrames(join(data, 'test_metadata.csv'), format.sequences);
  log('INFO', `${frames.length} sequences, ${frames.flat().length} frames, ${format.columns.length} classes`);
  const { crop } = card.preprocessing;
  const boxes = crop ? await readDetections(join(data, 'detections.json'), crop.threshold) : new Map();
  const sharp = load('sharp');
  sharp.concurrency(1);
  const tf = loadTensorFlow();
  log('INFO', `Loading the model with TensorFlow ${tf.backend().binding.TF_Version}`);
  const model = await Model.load(tf, join(ASSETS, 'saved_model'), card);
  const reader = new Reader(sharp, data, card, boxes);
  const rows = await predictAll(new Predictor(card, model), reader, frames);
  await writeSubmission(output, format, card.classes, rows);
  log('INFO', `${reader.missing} frames missing, ${reader.broken} unreadable, ${reader.without} sequences without any`);
  log('INFO', `Wrote ${output}`);
}

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(HERE, 'data') },
    output: { type: 'string', default: join(HERE, 'submission.csv') },
    help: { type: 'boolean' },
  },
});

if (options.help) {
  console.log('node main.mjs [--data FOLDER] [--output FILE]: predicts the sequences of a camera-trap test set');
} else {
  try {
    await performInference(options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    log('ERROR', error.message);
    process.exitCode = 1;
  }
}

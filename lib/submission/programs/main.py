"""Predicts which animals the sequences of a camera-trap test set show.

Reads   data/test_metadata.csv       seq_id, file_name, …: one row a frame
        data/submission_format.csv   seq_id and one column a class: the rows and columns to write
        data/<file_name>             the frames
        data/detections.json         where the model looks at animals that a detector found: MegaDetector's format
Writes  submission.csv               a probability for every sequence and class

Runs on Python 3.6 with TensorFlow 1.14 and Pillow 6.1, and on everything newer. `python main.py --help` lists options.
"""
import argparse
import csv
import io
import json
import logging
import math
import os
import re
import sys
import time
import unicodedata
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')

import numpy as np
from PIL import Image, ImageFile

HERE = os.path.dirname(os.path.abspath(__file__))
ASSETS = os.path.join(HERE, 'assets')

BATCH = 64  # frames of 224x224 pixels a call of the model; of larger ones as many as take the same memory
MARGIN = 2  # of a box's longer side: what the square around it measures
SURROUND = 127  # grey around a frame that does not fill the model's input
LOG_EVERY = 30  # seconds
LOGGED_FRAMES = 20  # broken frames that are named one by one

# The last frames of a camera's card are often cut off; what is there of them is worth a look.
ImageFile.LOAD_TRUNCATED_IMAGES = True
# A frame of a hundred megapixels is no attack here.
Image.MAX_IMAGE_PIXELS = None

ORIENTATION = 0x0112
TRANSPOSITIONS = {
    2: Image.FLIP_LEFT_RIGHT,
    3: Image.ROTATE_180,
    4: Image.FLIP_TOP_BOTTOM,
    5: Image.TRANSPOSE,
    6: Image.ROTATE_270,
    7: Image.TRANSVERSE,
    8: Image.ROTATE_90,
}


class InputError(Exception):
    """The data folder or the model is not as it should be; the message says what and where."""


# ---------------------------------------------------------------------------------------------------------- the tables


def read_rows(path):
    """Header and rows of a CSV file."""
    if not os.path.isfile(path):
        raise InputError('{} is missing'.format(path))
    with open(path, newline='', encoding='utf-8-sig') as file:
        rows = [row for row in csv.reader(file) if row]
    if not rows:
        raise InputError('{} is empty'.format(path))
    header = rows[0]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise InputError('{}, row {}: {} fields, the header has {}'.format(path, number, len(row), len(header)))
    return header, rows[1:]


def read_format(path, classes):
    """Name of the index, the sequences and the columns that the submission has to have, in their order."""
    header, rows = read_rows(path)
    columns = header[1:]
    unknown = [column for column in columns if column not in classes]
    if unknown:
        raise InputError('{} has columns that the model does not know: {}'.format(path, named(unknown)))
    refuse_repeats(columns, '{}: column'.format(path))
    sequences = [row[0] for row in rows]
    refuse_repeats(sequences, '{}: sequence'.format(path))
    if not sequences:
        raise InputError('{} has no sequences'.format(path))
    return header[0], sequences, columns


def read_frames(path, sequences):
    """File names of each sequence, in the order in which they were taken."""
    header, rows = read_rows(path)
    for column in ('seq_id', 'file_name'):
        if column not in header:
            raise InputError('{} has no column "{}"; it has {}'.format(path, column, named(header)))
    sequence_at, name_at = header.index('seq_id'), header.index('file_name')
    frames = {}
    for row in rows:
        frames.setdefault(row[sequence_at], []).append(row[name_at])
    missing = [sequence for sequence in sequences if sequence not in frames]
    if missing:
        raise InputError('{} lacks {} sequences of the format: {}'.format(path, len(missing), named(missing)))
    wanted = set(sequences)
    extra = [sequence for sequence in frames if sequence not in wanted]
    if extra:
        raise InputError('{} has {} sequences that the format lacks: {}'.format(path, len(extra), named(extra)))
    return [sorted(frames[sequence]) for sequence in sequences]


def read_detections(path, threshold):
    """The boxes of animals that are sure enough, by file name, as x, y, width and height within the frame."""
    if not os.path.isfile(path):
        raise InputError('{} is missing: the model looks at the animals that a detector found there'.format(path))
    try:
        with open(path, encoding='utf-8-sig') as file:
            content = json.load(file)
        kinds = {key: name.strip().lower() for key, name in content['detection_categories'].items()}
        return {
            frame_name(image['file']): [
                within_frame(one['bbox'])
                for one in image.get('detections') or []
                if kinds[one['category']] == 'animal' and one['conf'] >= threshold
            ]
            for image in content['images']
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError('{} is not in the format of MegaDetector: {!r}'.format(path, error))


def frame_name(path):
    """A frame's name as detectors on other systems write it too."""
    return re.sub(r'^(\./+)+', '', unicodedata.normalize('NFC', path.replace('\\', '/')))


def within_frame(box):
    """Detectors round the corners of boxes: what lies outside is cut off."""
    x, y, width, height = box
    if x < 0 or x + width > 1:
        x, width = max(x, 0), min(x + width, 1) - max(x, 0)
    if y < 0 or y + height > 1:
        y, height = max(y, 0), min(y + height, 1) - max(y, 0)
    if not (width > 0 and height > 0):
        raise ValueError('a box without area: {}'.format(box))
    return x, y, width, height


def refuse_repeats(values, what):
    seen = set()
    for value in values:
        if value in seen:
            raise InputError('{} "{}" occurs twice'.format(what, value))
        seen.add(value)


def named(values):
    return ', '.join('"{}"'.format(value) for value in values[:5]) + (' …' if len(values) > 5 else '')


# ---------------------------------------------------------------------------------------------------------- the frames


def choose(names, how_many):
    """The frames to look at, of those that can be read."""
    count = {'all': len(names), 'first': 1}.get(how_many, how_many)
    if count >= len(names):
        return names
    if count == 1:
        return names[:1]
    return [names[place * (len(names) - 1) // (count - 1)] for place in range(count)]


def load_looks(path, boxes, preprocessing, decode_jpeg):
    """A photograph's animals, each by itself; all of it where there is none."""
    return [load_frame(path, preprocessing, decode_jpeg, box) for box in boxes or [None]]


def load_frame(path, preprocessing, decode_jpeg, box=None):
    """A photograph as the model takes it: height × width × 3 values of 0–255. Its steps are those of model.json's
    preprocessing: scaled decoding, cubic resize, EXIF orientation, and grey around what keeps its shape. Of a box the square
    around it, cut out of the photograph at full size."""
    with open(path, 'rb') as file:
        data = file.read()
    with Image.open(io.BytesIO(data)) as image:
        orientation = orientation_of(image)
        turned = orientation >= 5
        upright = image.size[::-1] if turned else image.size
        square = None if box is None else square_around(box, upright)
        left, top, width, height = placement(upright if square is None else square[2:], preprocessing)
        size = (height, width) if turned else (width, height)
        if image.format == 'JPEG' and image.mode != 'CMYK':
            factor = 1 if square else shrink_on_load(image.size, size)
            # What does not fill a whole pixel at the right and lower edge is left out.
            pixels = decode_jpeg(data, factor)[: image.size[1] // factor, : image.size[0] // factor]
        else:
            pixels = np.asarray(image.convert('RGB'))
    if square is None:
        pixels = turn(resize(pixels, *size), orientation)
    else:
        x, y, side, _ = square
        pixels = resize(turn(pixels, orientation)[y : y + side, x : x + side], width, height)
    whole = np.full((preprocessing['height'], preprocessing['width'], 3), SURROUND, np.uint8)
    whole[top : top + height, left : left + width] = pixels
    return whole


def turn(pixels, orientation):
    if orientation not in TRANSPOSITIONS:
        return pixels
    return np.asarray(Image.fromarray(pixels).transpose(TRANSPOSITIONS[orientation]))


def square_around(box, photograph):
    """The square around a box with its margin, within the photograph: left, top, width, height."""
    x, y, box_width, box_height = box
    width, height = photograph
    longer = max(box_width * width, box_height * height)
    side = max(1, min(math.floor(MARGIN * longer + 0.5), width, height))

    def start(centre, whole):
        return max(0, min(whole - side, math.floor(centre * whole - side / 2 + 0.5)))

    return start(x + box_width / 2, width), start(y + box_height / 2, height), side, side


def placement(photograph, preprocessing):
    """The part of the input that a photograph fills, by its width and height: left, top, width, height."""
    width, height = preprocessing['width'], preprocessing['height']
    if preprocessing['fit'] == 'stretch':
        return 0, 0, width, height
    if photograph[0] * height >= photograph[1] * width:
        filled = width, share(photograph[1], width, photograph[0])
    else:
        filled = share(photograph[0], height, photograph[1]), height
    return (width - filled[0]) // 2, (height - filled[1]) // 2, filled[0], filled[1]


def share(a, b, c):
    """a * b / c in whole numbers, halves up, at least 1."""
    return max(1, (2 * a * b + c) // (2 * c))


def orientation_of(image):
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # a broken EXIF block says nothing; the photograph may be whole
        return 1
    return value if value in TRANSPOSITIONS else 1


def shrink_on_load(size, target):
    """How much smaller libjpeg decodes: 1/2, 1/4 or 1/8 where more than that is left over for the resize."""
    scale = min(size[0] / target[0], size[1] / target[1])
    factor = max(candidate for candidate in (1, 2, 4, 8) if candidate <= max(scale, 1))
    return factor // 2 if factor > 1 and int(scale) == factor else factor


def resize(pixels, width, height):
    """Shrinks rows, then columns, with the arithmetic of libvips, so that every value is the one of training; enlarges
    with Pillow what is too small."""
    if pixels.shape[0] > height:
        pixels = shrink(pixels, height)
    if pixels.shape[1] > width:
        pixels = shrink(pixels.swapaxes(0, 1), width).swapaxes(0, 1)
    if pixels.shape[:2] != (height, width):
        image = Image.fromarray(np.ascontiguousarray(pixels))
        pixels = np.asarray(image.resize((width, height), Image.BICUBIC))
    return pixels


def shrink(pixels, target):
    """Shrinks the first axis to `target` places."""
    places = pixels.shape[0]
    block = max(1, int(places / target / 2))
    values = averaged(pixels.reshape(places, -1).astype(np.int32), block)
    positions, weights = shrinking_taps(len(values), target, places / target / block)
    sums = np.full((target, values.shape[1]), 2048, np.int32)  # a half, in 4096ths
    for tap in range(positions.shape[1]):
        sums += weights[:, tap, None] * values[positions[:, tap]]
    return np.clip(sums >> 12, 0, 255).astype(np.uint8).reshape((target,) + pixels.shape[1:])


def averaged(values, block):
    """Each `block` places of the first axis by their mean, the last place again where some are missing. As in libvips,
    1/block is cut off after 24 binary places."""
    if block == 1:
        return values
    missing = -len(values) % block
    whole = np.concatenate([values] + missing * [values[-1:]])
    sums = whole.reshape((-1, block) + values.shape[1:]).sum(axis=1, dtype=np.int64)
    return ((sums + block // 2) * (2**24 // block) >> 24).astype(np.int32)


@lru_cache(maxsize=64)
def shrinking_taps(places, target, scale):
    """Which places make each target place, and how much: in 64ths of a place, in 4096ths cut off after the point."""
    taps = 2 * round(2 * scale) + 1
    positions = np.empty((target, taps), np.int64)
    weights = np.empty((target, taps), np.int32)
    for place in range(target):
        centre = (place + 0.5) * scale
        first = int(centre) - taps // 2
        offset = ((int(centre * 128) % 128 + 1) // 2) / 64
        raw = np.array([cubic((tap - offset - taps / 2 + 1) / scale) for tap in range(taps)])
        positions[place] = np.clip(np.arange(first, first + taps), 0, places - 1)
        weights[place] = np.trunc(raw / raw.sum() * 4096)
    return positions, weights


def cubic(distance):
    """Cubic convolution, a = -0.5. (Keys 1981.) Written as libvips does: where a weight is a whole number of 4096ths, the
    last bit decides."""
    x = abs(distance)
    if x <= 1:
        return (9 * (x * x * x) - 15 * (x * x) + 6) / 6
    return (-3 * (x * x * x) + 15 * (x * x) - 24 * x + 12) / 6 if x <= 2 else 0.0


class Reader:
    """Reads the frames of sequences on several threads, in order, a little ahead of who uses them."""

    def __init__(self, folder, card, workers, decode_jpeg, boxes):
        self.folder = folder
        self.boxes = boxes
        self.decode_jpeg = decode_jpeg
        self.how_many = card['framesPerSequence']
        self.preprocessing = card['preprocessing']
        self.workers = workers
        self.missing = 0
        self.broken = 0
        self.without = 0

    def sequences(self, frames):
        """Yields, for each list of file names, the frames to look at with their pixels: none where none can be read."""
        ahead = 2 * self.workers + 16  # sequences; with dozens of frames each, more would fill the memory
        with ThreadPoolExecutor(self.workers) as pool:
            waiting = deque()
            for names in frames:
                waiting.append(pool.submit(self.read, names))
                if len(waiting) > ahead:
                    yield self.account(waiting.popleft().result())
            while waiting:
                yield self.account(waiting.popleft().result())

    def read(self, names):
        """A sequence's frames as if those that cannot be read were not there."""
        usable, pixels, failures = list(names), {}, []
        while True:
            chosen = choose(usable, self.how_many)
            unread = [name for name in chosen if name not in pixels]
            if not unread:
                return names, [(name, look) for name in chosen for look in pixels[name]], failures
            for name in unread:
                try:
                    path = os.path.join(self.folder, name)
                    boxes = self.boxes.get(frame_name(name))
                    pixels[name] = load_looks(path, boxes, self.preprocessing, self.decode_jpeg)
                except FileNotFoundError:
                    failures.append((name, None))
                    usable.remove(name)
                except Exception as error:  # decoders fail in many ways, none of which may stop the submission
                    failures.append((name, error))
                    usable.remove(name)

    def account(self, result):
        names, frames, failures = result
        for name, error in failures:
            if error is None:
                self.missing += 1
            else:
                self.broken += 1
            if self.missing + self.broken <= LOGGED_FRAMES:
                logging.warning('%s %s', name, 'is missing' if error is None else 'cannot be read: {}'.format(error))
        if not frames:
            self.without += 1
            if self.without <= LOGGED_FRAMES:
                logging.warning('No frame of the sequence with %s can be read: predicting the priors', names[0])
        return frames


# ----------------------------------------------------------------------------------------------------------- the model


class JpegDecoder:
    """Decodes JPEGs with the libjpeg-turbo inside TensorFlow, which gives the same pixels in every version. Pillow is
    built with other libraries here and there, whose pixels differ."""

    def __init__(self):
        import tensorflow as tf

        with tf.Graph().as_default() as graph, tf.device('/cpu:0'):
            self.data = tf.compat.v1.placeholder(tf.string, [])
            self.pixels = {
                factor: tf.image.decode_jpeg(
                    self.data,
                    channels=3,
                    ratio=factor,
                    try_recover_truncated=True,
                    acceptable_fraction=0.0,
                    dct_method='INTEGER_ACCURATE',
                )
                for factor in (1, 2, 4, 8)
            }
        self.session = tf.compat.v1.Session(graph=graph, config=tf.compat.v1.ConfigProto(device_count={'GPU': 0}))

    def __call__(self, data, factor):
        """Height × width × 3 bytes, at 1/factor of the photograph's size. Called from several threads at once."""
        return self.session.run(self.pixels[factor], {self.data: data})


class Model:
    """The SavedModel, run in graph mode: the same on TensorFlow 1 and 2."""

    def __init__(self, folder, card):
        import tensorflow as tf  # takes seconds, so the tables are checked before

        logging.info('Loading the model with TensorFlow %s', tf.__version__)
        config = tf.compat.v1.ConfigProto()
        config.gpu_options.allow_growth = True
        self.session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
        with self.session.graph.as_default():
            loaded = tf.compat.v1.saved_model.load(self.session, ['serve'], folder)
        self.input, self.output = self.tensors(loaded, card['signature'])
        self.pools_features = 'headSignature' in card
        if self.pools_features:
            self.features, self.probabilities = self.tensors(loaded, card['headSignature'])
        width, height = card['preprocessing']['width'], card['preprocessing']['height']
        self.batch = max(1, min(BATCH, BATCH * 224 * 224 // (width * height)))
        self.try_out(width, height)

    def try_out(self, width, height):
        """A black photograph shows whether the weights are numbers at all."""
        name = 'a black photograph'
        row = self.predict([(name, np.zeros((height, width, 3)))])[0]
        if self.pools_features:
            self.classify(row, [name])

    @staticmethod
    def tensors(loaded, signature):
        definition = loaded.signature_def[signature['name']]
        return definition.inputs[signature['input']].name, definition.outputs[signature['output']].name

    def predict(self, frames):
        """One row a frame: a probability for each class, or features where these are pooled. `frames`: names and pixels."""
        pixels = [values for _, values in frames]
        parts = [
            self.session.run(self.output, {self.input: np.stack(pixels[start : start + self.batch]).astype(np.float32)})
            for start in range(0, len(pixels), self.batch)
        ]
        rows = np.concatenate(parts).astype(np.float64)
        for (name, _), row in zip(frames, rows):
            expect_finite(row, [name])
        return rows

    def classify(self, features, names):
        """Probabilities for one row of features, which were pooled from the frames with these names."""
        row = self.session.run(self.probabilities, {self.features: features[None].astype(np.float32)})[0].astype(np.float64)
        expect_finite(row, names)
        return row


def expect_finite(row, names):
    """A model that answers no number names no animal."""
    if not np.isfinite(row).all():
        value = row[~np.isfinite(row)][0]
        raise InputError('The model in {} is damaged: it answers {} for {}'.format(ASSETS, value, ', '.join(names)))


class Predictor:
    """Turns the frames of sequences into the sequences' probabilities, as model.json says."""

    def __init__(self, card, model):
        self.model = model
        self.pooling = card['pooling']
        self.softmax = card['output'] == 'softmax'
        self.empty = card['classes'].index(card['emptyClass'])
        self.priors = np.array(card['priors'], dtype=np.float64)
        self.own, self.empties, self.others = prior_shift(card, self.priors, self.empty)
        self.calibration = card.get('calibration')

    def predict(self, sequences):
        """One row a sequence. `sequences`: a list of lists of frames, which are names and pixels."""
        frames = [frame for readable in sequences for frame in readable]
        outputs = self.model.predict(frames) if frames else None
        rows, start = [], 0
        for readable in sequences:
            end = start + len(readable)
            if readable:
                pooled = self.pool(outputs[start:end], [name for name, _ in readable])
                rows.append(self.calibrate(self.correct(pooled)))
            else:
                rows.append(self.priors)
            start = end
        return np.clip(np.stack(rows), 0, 1)

    def pool(self, outputs, names):
        pooled = outputs.max(axis=0) if self.pooling in ('max', 'features-max') else outputs.mean(axis=0)
        if self.pooling.startswith('features-'):
            pooled = self.model.classify(pooled, names)
        if self.pooling == 'geometric':
            pooled[self.empty] = np.exp(np.log(np.maximum(outputs[:, self.empty], 1e-12)).mean())
        return pooled / pooled.sum() if self.softmax else pooled

    def correct(self, probabilities):
        """Undoes what sampling the training sequences did to the priors: samplingRates of model.json."""
        shown = probabilities * self.own
        if self.softmax:
            return shown / shown.sum()
        empty = np.minimum(probabilities[self.empty], 1 - probabilities)
        return shown / (shown + empty * self.empties + (1 - probabilities - empty) * self.others)

    def calibrate(self, probabilities):
        """Makes the probabilities right on sequences that training did not learn from: calibration of model.json."""
        if self.calibration is None:
            return probabilities
        temperature, bias = self.calibration['temperature'], np.array(self.calibration['bias'], dtype=np.float64)
        within = np.clip(probabilities, 1e-12, 1 - 2.0**-23)
        if not self.softmax:
            return 1 / (1 + np.exp(-(np.log(within / (1 - within)) / temperature + bias)))
        logits = np.log(within) / temperature + bias
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()


def prior_shift(card, priors, empty):
    """For each class, how many sequences one stands for that shows it, that is empty, that shows others only."""
    rates = np.array([card['samplingRates'].get(name, 1) for name in card['classes']], dtype=np.float64)
    rates[priors == 0] = 0
    kept = rates * priors
    mean = card.get('meanSamplingRate') or (kept.sum() / priors.sum() if kept.sum() > 0 else 1)
    own = 1 / np.where(rates > 0, rates, rates.max() or 1)
    # The empty class is taken from the rest once, not twice.
    itself = np.arange(len(rates)) == empty
    share = 1 - priors[empty] - np.where(itself, 0, priors)
    left = mean - kept[empty] - np.where(itself, 0, kept)
    known = (share > 1e-9) & (left > 1e-9)
    others = np.where(known, share / np.where(known, left, 1), 1 / mean)
    return own, np.where(itself, others, own[empty]), others


def predict_all(predictor, reader, frames):
    """Probabilities of all sequences, with a line on the way now and then."""
    rows, group, held = [], [], 0
    log = ProgressLog(len(frames))
    for readable in reader.sequences(frames):
        group.append(readable)
        held += len(readable)
        if max(held, len(group)) >= predictor.model.batch:
            rows.append(predictor.predict(group))
            log.advance(len(group), held)
            group, held = [], 0
    if group:
        rows.append(predictor.predict(group))
        log.advance(len(group), held)
    log.finish()
    return np.concatenate(rows)


class ProgressLog:
    def __init__(self, sequences):
        self.total = sequences
        self.sequences = 0
        self.frames = 0
        self.started = self.last = time.time()

    def advance(self, sequences, frames):
        self.sequences += sequences
        self.frames += frames
        now = time.time()
        if now - self.last >= LOG_EVERY:
            self.last = now
            hours = (now - self.started) * (self.total - self.sequences) / self.sequences / 3600
            logging.info('%d of %d sequences, %.1f frames/s, %.2f hours to go', self.sequences, self.total, self.rate(now), hours)

    def finish(self):
        now = time.time()
        logging.info('%d sequences, %d frames in %.2f s, %.1f frames/s', self.sequences, self.frames, now - self.started, self.rate(now))

    def rate(self, now):
        return self.frames / max(now - self.started, 1e-3)


# ------------------------------------------------------------------------------------------------------ the submission


def write_submission(path, index, sequences, columns, classes, rows):
    """Writes the file whole or not at all."""
    order = [classes.index(column) for column in columns]
    temporary = path + '.part'
    with open(temporary, 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow([index] + columns)
        for sequence, row in zip(sequences, rows):
            writer.writerow([sequence] + [repr(float(row[position])) for position in order])
    os.replace(temporary, path)


def read_options():
    parser = argparse.ArgumentParser(description='Predicts the sequences of a camera-trap test set.')
    parser.add_argument('--data', default=os.path.join(HERE, 'data'), help='folder of the test set (default: data)')
    parser.add_argument('--output', default=os.path.join(HERE, 'submission.csv'), help='default: submission.csv')
    parser.add_argument('--workers', type=int, default=os.cpu_count() or 1, help='threads that decode (default: all cores)')
    return parser.parse_args()


def perform_inference(options):
    with open(os.path.join(ASSETS, 'model.json'), encoding='utf-8') as file:
        card = json.load(file)
    index, sequences, columns = read_format(os.path.join(options.data, 'submission_format.csv'), card['classes'])
    frames = read_frames(os.path.join(options.data, 'test_metadata.csv'), sequences)
    logging.info('%d sequences, %d frames, %d classes', len(sequences), sum(map(len, frames)), len(columns))
    crop = card['preprocessing'].get('crop')
    boxes = read_detections(os.path.join(options.data, 'detections.json'), crop['threshold']) if crop else {}
    model = Model(os.path.join(ASSETS, 'saved_model'), card)
    reader = Reader(options.data, card, max(options.workers, 1), JpegDecoder(), boxes)
    rows = predict_all(Predictor(card, model), reader, frames)
    write_submission(options.output, index, sequences, columns, card['classes'], rows)
    logging.info('%d frames missing, %d unreadable, %d sequences without any', reader.missing, reader.broken, reader.without)
    logging.info('Wrote %s', options.output)


def main():
    logging.basicConfig(level=logging.INFO, format='%(asctime)s %(levelname)s %(message)s')
    try:
        perform_inference(read_options())
    except InputError as error:
        logging.error('%s', error)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())

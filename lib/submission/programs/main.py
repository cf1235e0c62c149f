"""Predicts which animals the sequences of a camera-trap test set show.

Reads   data/test_metadata.csv       seq_id, file_name, …: one row a frame
        data/submission_format.csv   seq_id and one column a class: the rows and columns to write
        data/<file_name>             the frames
Writes  submission.csv               a probability for every sequence and class

Runs on Python 3.6 with TensorFlow 1.14 and Pillow 6.1, and on everything newer. `python main.py --help` lists options.
"""
import argparse
import csv
import json
import logging
import os
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')

import numpy as np
from PIL import Image, ImageFile

HERE = os.path.dirname(os.path.abspath(__file__))
ASSETS = os.path.join(HERE, 'assets')

BATCH = 64  # frames a call of the model
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
    """The data folder is not as it should be; the message says what and where."""


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
    """The frames to look at first, and the others in the order in which they stand in for broken ones."""
    if how_many == 'all':
        return list(names), []
    count = 1 if how_many == 'first' else how_many
    if count >= len(names):
        return list(names), []
    if count == 1:
        positions = [0]
    else:
        positions = [place * (len(names) - 1) // (count - 1) for place in range(count)]
    others = [name for position, name in enumerate(names) if position not in positions]
    return [names[position] for position in positions], others


def load_frame(path, width, height):
    """A photograph as the model takes it: height × width × 3 values of 0–255. Its steps are those of model.json's
    preprocessing: scaled decoding, EXIF orientation, cubic resize without regard to the aspect ratio."""
    with Image.open(path) as image:
        orientation = orientation_of(image)
        if image.format == 'JPEG' and image.mode != 'CMYK':
            image = shrink_on_load(image, *((height, width) if orientation >= 5 else (width, height)))
        pixels = image.convert('RGB')
    if orientation in TRANSPOSITIONS:
        pixels = pixels.transpose(TRANSPOSITIONS[orientation])
    return np.asarray(pixels.resize((width, height), Image.BICUBIC), dtype=np.float32)


def orientation_of(image):
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # a broken EXIF block says nothing; the photograph may be whole
        return 1
    return value if value in TRANSPOSITIONS else 1


def shrink_on_load(image, width, height):
    """Has libjpeg decode at 1/2, 1/4 or 1/8 where more than that is left over for the resize.

    What does not fill a whole pixel at the right and lower edge is left out, as libvips does.
    """
    scale = min(image.size[0] / width, image.size[1] / height)
    factor = max(candidate for candidate in (1, 2, 4, 8) if candidate <= max(scale, 1))
    if factor > 1 and int(scale) == factor:
        factor //= 2
    if factor == 1:
        return image
    whole = (image.size[0] // factor, image.size[1] // factor)
    image.draft('RGB', whole)
    return image.crop((0, 0) + whole)


class Reader:
    """Reads the frames of sequences on several threads, in order, a little ahead of who uses them."""

    def __init__(self, folder, card, workers):
        self.folder = folder
        self.how_many = card['framesPerSequence']
        self.width = card['preprocessing']['width']
        self.height = card['preprocessing']['height']
        self.workers = workers
        self.missing = 0
        self.broken = 0
        self.without = 0

    def sequences(self, frames):
        """Yields, for each list of file names, the pixels of those that can be read, maybe none."""
        ahead = 4 * self.workers + BATCH
        with ThreadPoolExecutor(self.workers) as pool:
            waiting = deque()
            for names in frames:
                waiting.append(pool.submit(self.read, names))
                if len(waiting) > ahead:
                    yield self.account(waiting.popleft().result())
            while waiting:
                yield self.account(waiting.popleft().result())

    def read(self, names):
        """Pixels of a sequence's frames; what cannot be read is replaced by the sequence's other frames."""
        chosen, others = choose(names, self.how_many)
        wanted, pixels, failures = len(chosen), [], []
        for name in chosen + others:
            if len(pixels) == wanted:
                break
            try:
                pixels.append(load_frame(os.path.join(self.folder, name), self.width, self.height))
            except FileNotFoundError:
                failures.append((name, None))
            except Exception as error:  # decoders fail in many ways, none of which may stop the submission
                failures.append((name, error))
        return names, pixels, failures

    def account(self, result):
        names, pixels, failures = result
        for name, error in failures:
            if error is None:
                self.missing += 1
            else:
                self.broken += 1
            if self.missing + self.broken <= LOGGED_FRAMES:
                logging.warning('%s %s', name, 'is missing' if error is None else 'cannot be read: {}'.format(error))
        if not pixels:
            self.without += 1
            if self.without <= LOGGED_FRAMES:
                logging.warning('No frame of the sequence with %s can be read: predicting the priors', names[0])
        return pixels


# ----------------------------------------------------------------------------------------------------------- the model


class Model:
    """The SavedModel, run in graph mode: the same on TensorFlow 1 and 2."""

    def __init__(self, folder, signature):
        import tensorflow as tf  # takes seconds, so the tables are checked before

        logging.info('Loading the model with TensorFlow %s', tf.__version__)
        config = tf.compat.v1.ConfigProto()
        config.gpu_options.allow_growth = True
        self.session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
        with self.session.graph.as_default():
            loaded = tf.compat.v1.saved_model.load(self.session, ['serve'], folder)
        definition = loaded.signature_def[signature['name']]
        self.input = definition.inputs[signature['input']].name
        self.output = definition.outputs[signature['output']].name

    def predict(self, frames):
        """Probabilities of frames: one row a frame, one column a class."""
        parts = [
            self.session.run(self.output, {self.input: np.stack(frames[start : start + BATCH])})
            for start in range(0, len(frames), BATCH)
        ]
        return np.concatenate(parts).astype(np.float64)


class Predictor:
    """Turns the frames of sequences into the sequences' probabilities, as model.json says."""

    def __init__(self, card, model):
        self.model = model
        self.pooling = card['pooling']
        self.softmax = card['output'] == 'softmax'
        self.empty = card['classes'].index(card['emptyClass'])
        self.priors = np.array(card['priors'], dtype=np.float64)
        rates = [card['samplingRates'].get(name, 1) or 1 for name in card['classes']]
        self.weights = 1 / np.array(rates, dtype=np.float64)

    def predict(self, sequences):
        """One row a sequence. `sequences`: a list of lists of pixels."""
        frames = [frame for pixels in sequences for frame in pixels]
        outputs = self.model.predict(frames) if frames else None
        rows, start = [], 0
        for pixels in sequences:
            end = start + len(pixels)
            rows.append(self.correct(self.pool(outputs[start:end])) if pixels else self.priors)
            start = end
        return np.clip(np.stack(rows), 0, 1)

    def pool(self, outputs):
        pooled = outputs.max(axis=0) if self.pooling == 'max' else outputs.mean(axis=0)
        if self.pooling == 'geometric':
            pooled[self.empty] = np.exp(np.log(np.maximum(outputs[:, self.empty], 1e-12)).mean())
        return pooled / pooled.sum() if self.softmax else pooled

    def correct(self, probabilities):
        """Undoes the shift of the priors that sampling the training data made."""
        return probabilities * self.weights / (1 + (probabilities * (self.weights - 1)).sum())


def predict_all(predictor, reader, frames):
    """Probabilities of all sequences, with a line on the way now and then."""
    rows, group, held = [], [], 0
    log = ProgressLog(len(frames))
    for pixels in reader.sequences(frames):
        group.append(pixels)
        held += len(pixels)
        if held >= BATCH:
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
    model = Model(os.path.join(ASSETS, 'saved_model'), card['signature'])
    reader = Reader(options.data, card, max(options.workers, 1))
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

"""The tutorial's training program on the Keras of today: frozen NASNetMobile, ImageDataGenerator, batches of 128,
12 workers. Prints one JSON object.

    tutorial.py WEIGHTS FRAMES.csv EPOCHS
"""
import json
import os
import resource
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pandas as pd
from PIL import ImageFile
from tensorflow.keras.applications import nasnet
from tensorflow.keras.callbacks import Callback
from tensorflow.keras.layers import Dense, Dropout, GlobalMaxPooling2D, Input
from tensorflow.keras.models import Model
from tensorflow.keras.preprocessing.image import ImageDataGenerator

ImageFile.LOAD_TRUNCATED_IMAGES = True
BATCH, WORKERS, QUEUE = 128, 12, 10
# Batches that a steady stretch has at least.
FEWEST_STEADY = 4


class Clock(Callback):
    """When each batch of the first epoch ended, how many photographs were decoded by then, how long the epochs took."""

    def __init__(self, decoded):
        super().__init__()
        self.decoded, self.batches, self.epochs = decoded, [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if not self.epochs:
            self.batches.append((time.perf_counter(), len(self.decoded)))

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(time.perf_counter() - self.started)


def steady(batches, frames):
    """Photographs a second in the longest stretch of the first epoch that begins and ends with as many of them lying
    ready. What was decoded while the compiler ran is then no gift, nor is the end, when nothing is left to decode.
    """
    marks = [(at, decoded, BATCH * (number + 1)) for number, (at, decoded) in enumerate(batches) if decoded < frames]
    stretches = [
        ((last[1] - first[1] + last[2] - first[2]) / 2, last[0] - first[0])
        for first in marks
        for last in marks
        if last[2] - first[2] >= FEWEST_STEADY * BATCH
        and abs((last[1] - last[2]) - (first[1] - first[2])) <= BATCH / 4
    ]
    if not stretches:
        return None
    done, seconds = max(stretches)
    return {"framesPerSecond": done / seconds, "steadyFrames": done}


def main(weights, frames, epochs):
    table = pd.read_csv(frames)
    classes = [name for name in table.columns if name != "file"]
    inputs = Input(shape=(224, 224, 3))
    transfer = nasnet.NASNetMobile(include_top=False, weights=None, input_shape=(224, 224, 3))
    transfer.load_weights(weights)
    transfer.trainable = False
    x = GlobalMaxPooling2D()(transfer(inputs))
    x = Dense(256, activation="relu")(Dropout(0.2)(x))
    outputs = Dense(len(classes), activation="softmax")(Dropout(0.2)(x))
    model = Model(inputs, outputs)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["acc"])
    decoded = []

    def preprocess(image):
        decoded.append(None)  # threads may do so at once
        return nasnet.preprocess_input(image)

    generator = ImageDataGenerator(preprocessing_function=preprocess).flow_from_dataframe(
        table, x_col="file", y_col=classes, class_mode="raw", target_size=(224, 224), batch_size=BATCH, shuffle=True
    )
    generator.workers = WORKERS
    generator.max_queue_size = QUEUE
    clock = Clock(decoded)
    model.fit(generator, epochs=epochs, callbacks=[clock], verbose=0)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "steady": steady(clock.batches, len(table)),
                "epochSeconds": clock.epochs,
                "cpuSeconds": usage.ru_utime + usage.ru_stime,
                "peakBytes": usage.ru_maxrss * 1024,
            }
        )
    )


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

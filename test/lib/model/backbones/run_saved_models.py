"""Runs SavedModels by their default signature.

    python run_saved_models.py IMAGES COUNT OUTPUT MODEL...

IMAGES holds COUNT pictures of 224 by 224 pixels, uint8; each model's only output is written to MODEL/OUTPUT, float32.
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf


def main(images: str, count: str, output: str, *models: str) -> None:
    pixels = np.fromfile(images, np.uint8).reshape(int(count), 224, 224, 3)
    for model in models:
        signature = tf.saved_model.load(model).signatures["serving_default"]
        (inputs,) = signature.structured_input_signature[1].values()
        assert inputs.shape.as_list() == [None, 224, 224, 3], inputs
        (values,) = signature(images=tf.constant(pixels)).values()
        values.numpy().tofile(Path(model) / output)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Writes what keras.applications.NASNetMobile makes of photographs, with weights from a formula.

    .serengeti/python/bin/python scripts/golden/nasnet.py

With a path, saves the network there as Keras does, in an `.h5` file, instead.

Needs `node scripts/setup.mjs --test` to have run. The result is test/lib/model/backbones/fixtures/nasnet-mobile.json.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import photographs
from formula import formula_weights

ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPHS = ["imagenet_00_243.jpg", "imagenet_16_251.jpg", "imagenet_19_305.jpg"]
RESULT = ROOT / "test/lib/model/backbones/fixtures/nasnet-mobile.json"


# Neither square nor even all the way down: 74×109 places after the stem, then 37×55, 19×28, 10×14, 5×7.
OTHER_SIZE = (150, 220)


def network(height: int = 224, width: int = 224) -> keras.Model:
    model = keras.applications.NASNetMobile(include_top=False, weights=None, input_shape=(height, width, 3))
    for layer in model.layers:
        for weight in layer.weights:
            weight.assign(formula_weights(f"{layer.name}/{weight.name}", tuple(weight.shape)))
    return model


def main(weights: str | None = None) -> None:
    if weights is not None:
        network().save(weights)
        return
    folder = ROOT / ".serengeti/native/photographs"
    images = [photographs.load(folder / name) for name in PHOTOGRAPHS]
    maps = maps_of(network(), np.stack(images))
    height, width = OTHER_SIZE
    [other] = maps_of(network(height, width), images[0][None, :height, :width])
    result = {
        "keras": keras.__version__,
        "part": {"height": height, "width": width, **pooled(other)},
        "photographs": [
            {
                "file": name,
                "sha256": photographs.digest(image),
                **pooled(map),
            }
            for name, image, map in zip(PHOTOGRAPHS, images, maps)
        ],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result) + "\n")


def maps_of(model: keras.Model, images: np.ndarray) -> np.ndarray:
    inputs = keras.applications.nasnet.preprocess_input(images.astype(np.float32))
    return np.asarray(model(inputs, training=False))


def pooled(map: np.ndarray) -> dict[str, list[float]]:
    return {"average": rounded(map.mean(axis=(0, 1))), "max": rounded(map.max(axis=(0, 1)))}


def rounded(values: np.ndarray) -> list[float]:
    """Seven digits: as many as float32 holds."""
    return [float(f"{value:.7g}") for value in values]


if __name__ == "__main__":
    main(*sys.argv[1:2])

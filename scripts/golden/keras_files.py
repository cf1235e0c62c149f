"""Writes small weights files with Keras.

    .serengeti/python/bin/python scripts/golden/keras_files.py

The results are test/lib/model/weights/fixtures/*.h5.
"""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
from formula import formula_weights

FIXTURES = Path(__file__).resolve().parents[2] / "test/lib/model/weights/fixtures"


def network() -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(4, 3, name="stem", use_bias=False),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.SeparableConv2D(5, 3, name="separable"),
        ]
    )
    for layer in model.layers:
        for weight in layer.weights:
            weight.assign(formula_weights(f"{layer.name}/{weight.name}", tuple(weight.shape)))
    return model


def published(model: keras.Model, path: Path) -> None:
    """The layout of the files that Keras publishes: version 2 wrote the layers at the root, and `:0` after the names."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights):
                group[name] = np.asarray(weight)


def odd_files() -> None:
    with h5py.File(FIXTURES / "doubles.h5", "w") as file:
        file["stem/stem/kernel:0"] = np.zeros((2, 2), np.float64)
    with h5py.File(FIXTURES / "bloated.h5", "w") as file:
        # No bytes are stored: HDF5 would make up two billion zeros.
        file.create_dataset("stem/stem/kernel:0", (2_000_000_000,), np.float32, chunks=(1_000_000,))
    with h5py.File(FIXTURES / "endless.h5", "w") as file:
        group = file.create_group("stem")
        group["itself"] = group
    with h5py.File(FIXTURES / "outward.h5", "w") as file:
        file.create_group("stem")["kernel:0"] = h5py.ExternalLink("/etc/passwd", "/kernel")


def main() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    model = network()
    model.save(FIXTURES / "saved.h5")
    model.save_weights(FIXTURES / "numbered.weights.h5")
    published(model, FIXTURES / "published.h5")
    odd_files()


if __name__ == "__main__":
    main()

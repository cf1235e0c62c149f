"""Writes what the PyTorch port of EfficientNet-Lite0 makes of photographs, with its published weights.

    python -m venv /tmp/torch
    /tmp/torch/bin/pip install numpy pillow torch safetensors efficientnet-lite-pytorch==0.1.0
    /tmp/torch/bin/python scripts/golden/efficientnet_lite.py

Needs `node scripts/setup.mjs --test` to have run. The result is
test/lib/model/backbones/fixtures/efficientnet-lite0.json.
"""

import json
from pathlib import Path

import numpy as np
import photographs
import torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / ".serengeti/native/efficientnet-lite0/efficientnet-lite0-57934424.safetensors"
PHOTOGRAPHS = ["imagenet_00_243.jpg", "imagenet_16_251.jpg", "imagenet_19_305.jpg"]
RESULT = ROOT / "test/lib/model/backbones/fixtures/efficientnet-lite0.json"


def main() -> None:
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(load_file(WEIGHTS))
    network.eval()
    images = [photographs.load(ROOT / ".serengeti/native/photographs" / name) for name in PHOTOGRAPHS]
    inputs = (np.stack(images).astype(np.float32) - 127) / 128
    with torch.no_grad():
        maps = network.extract_features(torch.from_numpy(inputs.transpose(0, 3, 1, 2).copy())).numpy()
    result = {
        "torch": torch.__version__,
        "photographs": [
            {
                "file": name,
                "sha256": photographs.digest(image),
                "average": rounded(map.mean(axis=(1, 2))),
                "max": rounded(map.max(axis=(1, 2))),
            }
            for name, image, map in zip(PHOTOGRAPHS, images, maps)
        ],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result) + "\n")


def rounded(values: np.ndarray) -> list:
    """Seven digits: as many as float32 holds."""
    return [float(f"{value:.7g}") for value in values]


if __name__ == "__main__":
    main()

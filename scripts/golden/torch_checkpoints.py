"""Writes small checkpoints with PyTorch, in the format before 1.6 and in the one since.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install numpy torch
    /tmp/torch/bin/python scripts/golden/torch_checkpoints.py

The results are test/lib/model/weights/fixtures/{legacy,zipped}.pth.
"""

from collections import OrderedDict
from pathlib import Path

import torch

FIXTURES = Path(__file__).resolve().parents[2] / "test/lib/model/weights/fixtures"


def state() -> "OrderedDict[str, torch.Tensor]":
    count = torch.arange(24, dtype=torch.float32)
    return OrderedDict(
        plain=count[:6].reshape(2, 3).clone(),
        transposed=count[:6].reshape(2, 3).clone().t(),
        channels_last=count.reshape(1, 2, 3, 4).clone().contiguous(memory_format=torch.channels_last),
        window=count.clone()[4:10].reshape(3, 2),
        every_second=count.clone()[1:9:2],
        parameter=torch.nn.Parameter(count[:2].clone()),
        doubles=count[:3].double() / 4,
        integers=torch.tensor([-1, 2], dtype=torch.int32),
        scalar=torch.tensor(2**40),
        empty=torch.zeros(0, 3),
    )


def main() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    tied = torch.ones(2)
    checkpoint = {"epoch": 3, "state_dict": OrderedDict(state(), tied=tied, tied_too=tied)}
    torch.save(state(), FIXTURES / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(checkpoint, FIXTURES / "zipped.pth")


if __name__ == "__main__":
    main()

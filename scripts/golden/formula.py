"""Weights from a formula, so that both sides of a comparison can have them and no file has to hold them.

The value at position i of the tensor `name` is a hash of both, spread evenly over a range that suits the tensor's kind.
test/lib/model/backbones/formula.ts does the same to the bit.
"""

import numpy as np


def formula_weights(name: str, shape: tuple[int, ...]) -> np.ndarray:
    size = int(np.prod(shape))
    low, high = _range(name, shape)
    unit = _hash(np.arange(size, dtype=np.uint64) + _fnv1a(name)) / 2.0**32
    return (low + (high - low) * unit).astype(np.float32).reshape(shape)


def _range(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    kind = name.rsplit("/", 1)[1]
    if kind in ("gamma", "moving_variance"):
        return 0.5, 1.5
    if kind in ("beta", "moving_mean", "bias"):
        return -0.2, 0.2
    # Keeps the spread of the values that go through: a uniform range of ±sqrt(3.6 / inputs).
    inputs = int(np.prod(shape[:2])) if kind == "depthwise_kernel" else int(np.prod(shape[:-1]))
    limit = float(np.sqrt(3.6 / inputs))
    return -limit, limit


def _fnv1a(name: str) -> int:
    """FNV-1a, 32 bits."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def _hash(values: np.ndarray) -> np.ndarray:
    """The finaliser of MurmurHash3, on the lowest 32 bits."""
    mask = np.uint64(0xFFFFFFFF)
    values = values & mask
    values ^= values >> np.uint64(16)
    values = (values * np.uint64(0x85EBCA6B)) & mask
    values ^= values >> np.uint64(13)
    values = (values * np.uint64(0xC2B2AE35)) & mask
    values ^= values >> np.uint64(16)
    return values

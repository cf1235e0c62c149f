"""Writes probabilities, and what undoing the sampling and calibrating makes of them by NumPy, SciPy and scikit-learn, which
test/lib/model/corrections.golden.test.ts compares with. Nothing here knows rates: everything is counted from sequences.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    /tmp/golden/bin/python scripts/golden/probabilities.py
"""
import json
from pathlib import Path

import numpy as np
from scipy.special import expit, logit, softmax
from sklearn.utils.class_weight import compute_sample_weight

PATH = Path(__file__).parents[2] / "test/lib/model/fixtures/probabilities.json"
CLASSES = ["buffalo", "elephant", "empty", "impala", "zebra"]
EMPTY = CLASSES.index("empty")
SEQUENCES, ROWS, MOST_WEIGHT = 5000, 40, 10
random = np.random.default_rng(3)


def sample(several):
    """Labels of sequences as a matrix of truth values, and which of them were kept: few empties, some zebras."""
    labels = np.zeros((SEQUENCES, len(CLASSES)), bool)
    labels[np.arange(SEQUENCES), random.choice(len(CLASSES), SEQUENCES, p=[0.08, 0.002, 0.7, 0.1, 0.118])] = True
    if several:
        labels[:, 3] |= labels[:, 4] & (random.random(SEQUENCES) < 0.4)
    share = np.where(labels[:, EMPTY], 0.1, np.where(labels[:, 4], 0.4, 1))
    return labels, random.random(SEQUENCES) < share


def stands_for(group, weights):
    """How many sequences of a group one that is learned from stands for."""
    return group.sum() / weights[group].sum()


def exclusive(p, labels, weights):
    """Saerens et al. 2002."""
    corrected = p * [stands_for(labels[:, label], weights) for label in range(len(CLASSES))]
    return corrected / corrected.sum(axis=1, keepdims=True)


def independent(p, labels, weights):
    """The same for each class: a sequence shows it, is empty, or shows others only."""
    empty, corrected = labels[:, EMPTY], np.empty_like(p)
    for label in range(len(CLASSES)):
        groups = [(labels[:, label], p[:, label])]
        rest = 1 - p[:, label]
        if label != EMPTY:
            groups.append((empty, np.minimum(p[:, EMPTY], rest)))
            rest = rest - groups[-1][1]
        groups.append((~empty & ~labels[:, label], rest))
        masses = np.stack([stands_for(group, weights) * mass for group, mass in groups])
        corrected[:, label] = masses[0] / masses.sum(axis=0)
    return corrected


def case(output, balanced):
    labels, kept = sample(several=output == "sigmoid")
    weights = kept.astype(float)
    if balanced:
        weights[kept] = np.minimum(compute_sample_weight("balanced", labels[kept].argmax(axis=1)), MOST_WEIGHT)
    raw = random.dirichlet(np.full(len(CLASSES), 0.4), ROWS)
    p = raw if output == "softmax" else np.clip(raw + 0.5 * random.random(raw.shape) ** 3, 0.001, 0.999)
    corrected = exclusive(p, labels, weights) if output == "softmax" else independent(p, labels, weights)
    temperature, bias = 1.6, random.normal(0, 0.5, len(CLASSES))
    if output == "softmax":
        calibrated = softmax(np.log(np.maximum(corrected, 1e-12)) / temperature + bias, axis=1)
    else:
        calibrated = expit(logit(corrected) / temperature + bias)
    return {
        "output": output,
        "classWeights": "balanced" if balanced else "none",
        "sequences": {"before": SEQUENCES, "after": int(kept.sum())},
        "counts": {
            name: {"before": int(labels[:, label].sum()), "after": int(labels[kept, label].sum())}
            for label, name in enumerate(CLASSES)
        },
        "calibration": {"temperature": temperature, "bias": bias.tolist()},
        "pooled": p.tolist(),
        "corrected": corrected.tolist(),
        "calibrated": calibrated.tolist(),
    }


cases = [case("softmax", False), case("softmax", True), case("sigmoid", False)]
PATH.parent.mkdir(parents=True, exist_ok=True)
PATH.write_text(json.dumps({"classes": CLASSES, "emptyClass": "empty", "cases": cases}, separators=(",", ":")) + "\n")

"""Writes predictions and their scores by scikit-learn, which test/lib/model/metrics/golden.test.ts compares with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    /tmp/golden/bin/python scripts/golden/metrics.py
"""
import json
from pathlib import Path

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    confusion_matrix,
    log_loss,
    precision_recall_curve,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)

PATH = Path(__file__).parents[2] / "test/lib/model/metrics/fixtures/metrics.json"
CLASSES = ["buffalo", "eland", "elephant", "empty", "giraffe", "hare", "impala", "lion", "zebra"]
EMPTY = CLASSES.index("empty")
SEQUENCES, SITES, BINS, CLIP = 240, 7, 15, 1e-7

random = np.random.default_rng(1)
# Nothing shows a hare, everything else is there; one sequence in twelve shows two species.
shares = np.array([0.1, 0.03, 0.08, 0.45, 0.1, 0.0, 0.09, 0.05, 0.1])
truth = []
for sequence in range(SEQUENCES):
    labels = {int(random.choice(len(CLASSES), p=shares))}
    if sequence % 12 == 0 and EMPTY not in labels:
        labels.add(int(random.choice([0, 2, 4, 6, 8])))
    truth.append(sorted(labels))
y = np.zeros((SEQUENCES, len(CLASSES)), int)
for sequence, labels in enumerate(truth):
    y[sequence, labels] = 1

# Probabilities are 64ths, so that float32 holds them exactly and ties and zeros occur.
raw = random.dirichlet(np.full(len(CLASSES), 0.4), SEQUENCES) + 1.3 * random.random((SEQUENCES, 1)) * y
p = np.floor(64 * raw / raw.sum(1, keepdims=True))
p[np.arange(SEQUENCES), p.argmax(1)] += 64 - p.sum(1)
p /= 64
clipped = np.clip(p, CLIP, 1 - CLIP)

predicted = p.argmax(1)
correct = y[np.arange(SEQUENCES), predicted]
rows = [label if label in labels else labels[0] for label, labels in zip(predicted, truth)]
single = np.flatnonzero(y.sum(1) == 1)
order = np.argsort(-p, axis=1, kind="stable")[:, :5]
animal = y[:, [c for c in range(len(CLASSES)) if c != EMPTY]].any(1).astype(int)
called = (1 - p[:, EMPTY] >= 0.5).astype(int)
blank_precision, blank_recall, _, _ = precision_recall_fscore_support(animal, called, average="binary")
precision, recall, _, support = precision_recall_fscore_support(
    y, np.eye(len(CLASSES), dtype=int)[predicted], average=None, zero_division=0
)
confidence = p.max(1)
bin_accuracy, bin_confidence = calibration_curve(correct, confidence, n_bins=BINS, strategy="uniform")
bin_counts = np.histogram(-confidence, -np.linspace(0, 1, BINS + 1)[::-1])[0][::-1]  # bins closed on the right
filled = bin_counts[bin_counts > 0]
# One copy of a sequence for each of its classes, so that scikit-learn's loss takes several.
copies = [(sequence, label, 1 / len(labels)) for sequence, labels in enumerate(truth) for label in labels]
zebra_precision, zebra_recall, _ = precision_recall_curve(y[:, -1], p[:, -1], drop_intermediate=False)

scores = {
    "accuracy": accuracy_score(rows, predicted),
    "top5": float(np.mean([y[s, order[s]].any() for s in range(SEQUENCES)])),
    "top5OfSingle": top_k_accuracy_score(
        [truth[s][0] for s in single], p[single] - 1e-9 * np.arange(len(CLASSES)), k=5, labels=range(len(CLASSES))
    ),
    "crossEntropy": log_loss(
        [label for _, label, _ in copies],
        clipped[[s for s, _, _ in copies]],
        sample_weight=[weight for _, _, weight in copies],
        labels=range(len(CLASSES)),
    ),
    "logLoss": float(np.mean([log_loss(y[:, c], clipped[:, c], labels=[0, 1]) for c in range(len(CLASSES))])),
    "blank": {
        "accuracy": accuracy_score(animal, called),
        "precision": blank_precision,
        "recall": blank_recall,
        "averagePrecision": average_precision_score(animal, 1 - p[:, EMPTY]),
    },
    "perClass": [
        {
            "sequences": int(support[c]),
            "predicted": int((predicted == c).sum()),
            "precision": float(precision[c]) if (predicted == c).any() else None,
            "recall": float(recall[c]) if support[c] else None,
            "averagePrecision": average_precision_score(y[:, c], p[:, c]) if support[c] else None,
        }
        for c in range(len(CLASSES))
    ],
    "confusion": confusion_matrix(rows, predicted, labels=range(len(CLASSES))).tolist(),
    "calibrationError": float((filled * np.abs(bin_accuracy - bin_confidence)).sum() / SEQUENCES),
    "zebraCurve": sorted({(round(float(r), 12), round(float(q), 12)) for r, q in zip(zebra_recall, zebra_precision)}),
}
fixture = {
    "classes": CLASSES,
    "emptyClass": "empty",
    "truth": truth,
    "sites": [f"site-{random.integers(SITES)}" for _ in range(SEQUENCES)],
    "sixtyFourths": (p * 64).astype(int).tolist(),
    "single": single.tolist(),
    "scores": scores,
}
PATH.parent.mkdir(parents=True, exist_ok=True)
PATH.write_text(json.dumps(fixture, default=float, separators=(",", ":")) + "\n")

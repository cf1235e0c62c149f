"""Logistic regression as one writes it down with scikit-learn, on features that are given. Prints one JSON object: the
strength C, and kernel [features, classes] and bias [classes] of the softmax layer that it amounts to.

    logistic.py FOLDER [C]

FOLDER has features.npy [rows, features] and examples.json: for each example its `row`, its `label` (a number below
`classes`), its `weight`, and the `group` that it is set aside with. Without C, the one with the least log loss in a
cross-validation that sets groups aside.
"""
import json
import os
import sys
import warnings
from pathlib import Path

# Sums come in the same order then, however many cores there are.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

STRENGTHS = np.logspace(-4, 0, 9)
FOLDS = 5
CLIP = 1e-7
# Of a class without an example: as good as never.
NEVER = -30.0


def fitted(x, labels, weights, strength):
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=1000))
    return model.fit(x, labels, logisticregression__sample_weight=weights)


def layer(model, features, classes):
    """The scaler and the regression as one layer; with two classes, scikit-learn keeps the second one's half alone."""
    scaler, regression = model[0], model[-1]
    weights, bias = regression.coef_, regression.intercept_
    if len(weights) == 1:
        weights, bias = np.stack([0 * weights[0], weights[0]]), np.array([0.0, bias[0]])
    kernel = np.zeros((features, classes))
    offset = np.full(classes, NEVER)
    scaled = weights / scaler.scale_
    kernel[:, regression.classes_] = scaled.T
    offset[regression.classes_] = bias - scaled @ scaler.mean_
    return kernel, offset


def probabilities(kernel, bias, x):
    logits = x @ kernel + bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def log_loss(p, labels, weights):
    """Mean over the classes of the binary log loss: what the models are compared by."""
    truth = np.eye(p.shape[1])[labels]
    p = np.clip(p, CLIP, 1 - CLIP)
    return np.average(-(truth * np.log(p) + (1 - truth) * np.log(1 - p)).mean(axis=1), weights=weights)


def chosen(x, labels, weights, groups, classes):
    folds = min(FOLDS, len(np.unique(groups)))
    losses = []
    for strength in STRENGTHS:
        if len(losses) >= 3 and losses[-3] < losses[-2] < losses[-1]:
            break  # it only gets worse from here on, and slower
        p = np.zeros((len(x), classes))
        for learned, tested in GroupKFold(folds).split(x, groups=groups):
            if len(np.unique(labels[learned])) == 1:
                p[tested, labels[learned][0]] = 1
                continue
            model = fitted(x[learned], labels[learned], weights[learned], strength)
            p[tested] = probabilities(*layer(model, x.shape[1], classes), x[tested])
        losses.append(log_loss(p, labels, weights))
    return float(STRENGTHS[np.argmin(losses)])


def main(folder, strength=None):
    warnings.simplefilter("ignore", ConvergenceWarning)
    examples = json.loads((folder / "examples.json").read_text())
    classes = examples["classes"]
    x = np.load(folder / "features.npy").astype(np.float64)[examples["row"]]
    labels, weights, groups = (np.array(examples[name]) for name in ("label", "weight", "group"))
    if strength is None:
        strength = chosen(x, labels, weights, groups, classes)
    kernel, bias = layer(fitted(x, labels, weights, strength), x.shape[1], classes)
    print(json.dumps({"strength": strength, "kernel": kernel.tolist(), "bias": bias.tolist()}))


main(Path(sys.argv[1]), *map(float, sys.argv[2:]))

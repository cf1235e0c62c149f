"""Writes two models' losses a sequence and their paired interval over sites by numpy and scipy, which
test/lib/model/metrics/paired.test.ts compares with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy==2.4.6 scipy==1.17.1
    /tmp/golden/bin/python scripts/golden/paired.py
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats

PATH = Path(__file__).parents[2] / "test/lib/model/metrics/fixtures/paired.json"
SITES, SEQUENCES = 9, 160

random = np.random.default_rng(3)
site = random.choice(SITES, SEQUENCES, p=random.dirichlet(np.full(SITES, 1.5)))
# Numbers with six digits: what the two sides read is the same.
first = np.round(random.gamma(0.5, 0.1, SEQUENCES), 6)
second = np.round(np.maximum(0, first * np.exp(random.normal(-0.2, 0.4, SEQUENCES)) + 0.01 * site / SITES), 6)
right = random.random((2, SEQUENCES)) < [[0.7], [0.75]]
animal = random.random(SEQUENCES) < 0.6
found = random.random((2, SEQUENCES)) < [[0.8], [0.85]]


def interval(difference, clusters):
    """Ratio of sums over clusters: delete-one-cluster jackknife, Student's t of the effective number of clusters."""
    sums = np.array([difference[clusters == c].sum() for c in np.unique(clusters)])
    sizes = np.array([(clusters == c).sum() for c in np.unique(clusters)])
    n, mean = len(sums), sums.sum() / sizes.sum()
    without = (sums.sum() - sums) / (sizes.sum() - sizes)
    error = np.sqrt((n - 1) / n * ((without - mean) ** 2).sum())
    freedom = sizes.sum() ** 2 / (sizes**2).sum() - 1
    low, high = stats.t.interval(0.95, freedom, loc=mean, scale=error)
    return {"value": mean, "low": low, "high": high}


# With as many sequences a site and a site for each, this is the paired t test: the formula above is checked by it.
single = second - first
classic = stats.ttest_rel(second, first).confidence_interval(0.95)
ours = interval(single, np.arange(SEQUENCES))
assert np.allclose([ours["low"], ours["high"]], [classic.low, classic.high], atol=1e-12)

fixture = {
    "sites": [f"site-{s}" for s in site],
    "first": [first.tolist(), right[0].tolist(), found[0].tolist()],
    "second": [second.tolist(), right[1].tolist(), found[1].tolist()],
    "animal": animal.tolist(),
    "difference": {
        "logLoss": interval(single, site),
        "accuracy": interval(right[1].astype(float) - right[0], site),
        "animalRecall": interval((found[1].astype(float) - found[0])[animal], site[animal]),
    },
    "pairedT": {"value": single.mean(), "low": classic.low, "high": classic.high},
    "student": [[f, stats.t.ppf(0.975, f)] for f in (1, 1.05, 1.3, 2, 2.7, 5, 11.5, 80, 400, 10000)],
}
PATH.write_text(json.dumps(fixture, default=float, separators=(",", ":")) + "\n")

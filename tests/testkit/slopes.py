"""Series with slopes between their steps, and these slopes by a plain sort."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from nep_toolbox.core.trend.pairs import Steps, Workspace, count_pairs


def sorted_slopes(series, years):
    """All slopes between two values that are there, from the smallest to the largest."""
    return sorted((series[j] - series[i]) / (years[j] - years[i]) for i, j in combinations(range(len(series)), 2)
                  if np.isfinite(series[i]) and np.isfinite(series[j]))


def series(gaps, dtype=np.float64, n=20, pixels=500, decimals=8, rise=0.5):
    """Rising noise; with gaps each pixel lacks at least one value."""
    rng = np.random.default_rng(20)
    x = np.round(rise * np.arange(n)[:, None] + rng.normal(0, 3, (n, pixels)), decimals) + 0.0
    if gaps:
        x[rng.random(x.shape) < 0.2] = np.nan
        x[rng.integers(0, n, pixels), np.arange(pixels)] = np.nan
    return x.astype(dtype), Steps.of(2000 + np.arange(n)), np.isfinite(x).sum(axis=0).astype(np.int32)


def signs_of(x):
    """Number of falling and of rising pairs."""
    work = Workspace()
    return count_pairs(np.less, x, work), count_pairs(np.greater, x, work)

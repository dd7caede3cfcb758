"""The contextual Mann-Kendall test beside the test of each pixel alone, and beside its definition written out in numpy.

    python benchmarks/contextual_kernel.py [side]
"""

from __future__ import annotations

import sys
from statistics import median

import numpy as np

from clock import rounds, seconds
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.trend.contextual import contextual_trend
from nep_toolbox.core.trend.theil_sen import trend
from sections import Section, show, spread

SIDE = 500
BY_HAND = 12
LENGTHS = (20, 40)
WANTED = ("slope", "z", "p_value")


def by_hand(stack: np.ndarray) -> np.ndarray:
    """Z of the inner pixels of a small raster (n, rows, cols) without gaps and ties: all pairs of each window."""
    n, rows, cols = stack.shape
    signs = np.sign(stack[np.newaxis] - stack[:, np.newaxis])[np.triu_indices(n, 1)].sum(axis=0)
    variance = n * (n - 1) * (2 * n + 5) / 18
    z = np.empty((rows - 2, cols - 2))
    for row in range(rows - 2):
        for col in range(cols - 2):
            r = np.corrcoef(stack[:, row : row + 3, col : col + 3].reshape(n, 9).T) * (n - 1) / n
            np.fill_diagonal(r, 1.0)
            z[row, col] = signs[row : row + 3, col : col + 3].mean() / np.sqrt(variance * r.sum() / 81)
    return z


def row(n: int, side: int) -> tuple:
    """One row of the table."""
    stack, years = np.random.default_rng(n).standard_normal((n, side, side)), np.arange(n)
    corner = stack[:, :BY_HAND, :BY_HAND]
    inner = slice(1, BY_HAND - 1)

    def ours(some):
        return contextual_trend(Surrounded(some, slice(None), slice(None)), years, wanted=WANTED)

    difference = np.abs(ours(corner)["z"][inner, inner] - by_hand(corner)).max()
    mine, alone, theirs = rounds(
        lambda: seconds(lambda: ours(stack)) / side**2,
        lambda: seconds(lambda: trend(stack, years, wanted=WANTED)) / side**2,
        lambda: seconds(lambda: by_hand(corner)) / (BY_HAND - 2) ** 2,
    )
    return (n, f"{median(mine) * 1e9:.0f}", spread([one / other for one, other in zip(mine, alone)]),
            spread([other / one for other, one in zip(theirs, mine)], 0), f"{difference:.0e}")


def sections(side: int = SIDE) -> list:
    """The table of this benchmark."""
    return [Section(
        "Contextual trend kernel", f"One thread, processor time, float64, numpy {np.__version__}: slope, Z and p. The "
        "definition by hand takes all pairs of each window of 3 x 3.",
        ("n", "ours, ns a pixel", "ours / each pixel alone", "by hand / ours", "largest difference of Z"),
        [row(n, side) for n in LENGTHS],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else SIDE))

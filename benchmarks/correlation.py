"""The correlation kernel beside scipy.stats.pearsonr on each pixel, in one process.

    python benchmarks/correlation.py [pixels]

The partial correlation is compared with least squares and pearsonr on the residuals, which is what one would write by
hand.
"""

from __future__ import annotations

import sys
from statistics import median

import numpy as np
from scipy.stats import pearsonr

from clock import rounds, seconds
from nep_toolbox.core.correlation.coefficients import partial, pearson
from sections import Section, show, spread

PIXELS = 300_000
SCIPY_PIXELS = 1500
CASES = ((20, 0, False), (20, 0, True), (40, 0, False), (20, 2, False), (20, 5, False))


def by_hand(x, y, controls) -> float:
    """Partial correlation of one pixel."""
    design = np.column_stack([np.ones(len(x)), *controls])
    left = [values - design @ np.linalg.lstsq(design, values, rcond=None)[0] for values in (x, y)]
    return pearsonr(*left)[0]


def row(n: int, number: int, gaps: bool, count: int) -> tuple:
    """One row of the table."""
    random = np.random.default_rng(n + number)
    x, y, *controls = random.standard_normal((2 + number, n, count)).astype(np.float32)
    if gaps:
        x[random.random(x.shape) < 0.05] = np.nan
    columns = [
        tuple(series[:, pixel][np.isfinite(x[:, pixel])].astype(float) for series in (x, y, *controls))
        for pixel in range(min(count, SCIPY_PIXELS))
    ]

    def ours():
        return (partial(x, y, controls) if number else pearson(x, y)).r

    def theirs():
        return [by_hand(a, b, rest) if number else pearsonr(a, b)[0] for a, b, *rest in columns]

    difference = np.abs(ours()[: len(columns)] - theirs()).max()
    mine, scipys = rounds(lambda: seconds(ours) / count, lambda: seconds(theirs) / len(columns))
    return (n, number, "yes" if gaps else "no", f"{median(mine) * 1e9:.0f}",
            spread([other / one for other, one in zip(scipys, mine)], 0), f"{difference:.0e}")


def sections(count: int = PIXELS) -> list:
    """The table of this benchmark."""
    return [Section(
        "Correlation kernel", f"One thread, processor time, numpy {np.__version__}.",
        ("n", "controls", "gaps", "ours, ns a pixel", "scipy / ours", "largest difference of r"),
        [row(*case, count) for case in CASES],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else PIXELS))

"""The seasonal trend kernel beside pymannkendall on the same pixels, in one process.

    python benchmarks/seasonal_kernel.py [pixels]

Needs pymannkendall.
"""

from __future__ import annotations

import sys
from statistics import median

import numpy as np

from clock import rounds, seconds
from nep_toolbox.core.trend.seasonal import seasonal_trend
from sections import Section, show, spread

PIXELS = 40_000
SERIES = 20
MONTHS = 12
CASES = ((20, 0.0, False), (20, 0.05, False), (20, 0.0, True), (40, 0.0, False), (40, 0.0, True))


def row(years: int, gaps: float, correlated: bool, pixels: int) -> tuple:
    """One row of the table."""
    import pymannkendall

    random = np.random.default_rng(years)
    steps = np.arange(years * MONTHS)
    stack = random.standard_normal((len(steps), pixels)).astype(np.float32) + np.float32(0.02) * steps[:, np.newaxis]
    stack = np.where(random.random(stack.shape) < gaps, np.float32(np.nan), stack.astype(np.float32))
    places = np.stack(np.divmod(steps, MONTHS), axis=1)
    columns = list(stack[:, :SERIES].T.astype(np.float64))
    test = pymannkendall.correlated_seasonal_test if correlated else pymannkendall.seasonal_test

    def ours(some):
        return seasonal_trend(some, np.arange(years), places, correlated=correlated)

    def theirs():
        return [test(column, period=MONTHS) for column in columns]

    found = ours(stack[:, :SERIES].astype(np.float64))
    difference = max(
        np.abs(found[name] - [getattr(one, key) for one in theirs()]).max()
        for name, key in (("slope", "slope"), ("z", "z"), ("p_value", "p"))
    )
    mine, others = rounds(lambda: seconds(lambda: ours(stack)) / pixels, lambda: seconds(theirs) / len(columns))
    return (years, "correlated" if correlated else "plain", f"{100 * gaps:.0f} %", f"{median(mine) * 1e6:.1f}",
            spread([other / one for other, one in zip(others, mine)], 0), f"{difference:.0e}")


def sections(pixels: int = PIXELS) -> list:
    """The table of this benchmark."""
    return [Section(
        "Seasonal trend kernel", f"Months as float32, one thread, processor time, numpy {np.__version__}: the test and "
        "the slope. The difference is that of slope, Z and p on the same values in double precision.",
        ("years", "seasons", "missing", "ours, µs a pixel", "pymannkendall / ours", "largest difference"),
        [row(*case, pixels) for case in CASES],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else PIXELS))

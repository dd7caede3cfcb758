"""The attribution kernel beside statsmodels on the same pixels, in one process.

    python benchmarks/attribution_kernel.py [pixels]

Needs statsmodels. Its side is what one would write: OLS with a constant, and the year where the fit is detrended, and
its coefficients, t, p, R squared and p of F read off; in first differences, OLS of the differences. Ours gives these
and what they do not: partial r, standardised coefficients, variance inflation, contributions, climate part and rest.
"""

from __future__ import annotations

import sys
from statistics import median

import numpy as np

from clock import rounds, seconds
from nep_toolbox.core.attribution.regression import DETRENDED, DIFFERENCES, PLAIN, fit
from sections import Section, show, spread

PIXELS = 200_000
SERIES = 150
CASES = ((20, 2, PLAIN, 0.0), (20, 2, DETRENDED, 0.0), (20, 4, DETRENDED, 0.0), (20, 4, DETRENDED, 0.05),
         (20, 4, DIFFERENCES, 0.0), (40, 4, DETRENDED, 0.0))
WORDS = {PLAIN: "plain", DETRENDED: "detrended", DIFFERENCES: "first differences"}


def by_statsmodels(y, drivers, years, method) -> tuple:
    """Coefficients, t and p of the drivers, and R squared and p of F of the whole model, of one pixel."""
    from statsmodels.api import OLS

    there = np.isfinite(y)
    y, columns = y[there], [driver[there] for driver in drivers]
    if method == DIFFERENCES:
        y, columns = np.diff(y), [np.diff(each) for each in columns]
    elif method == DETRENDED:
        columns = [*columns, years[there]]
    found = OLS(y, np.column_stack([*columns, np.ones(len(y))])).fit()
    k = len(drivers)
    return found.params[:k], found.tvalues[:k], found.pvalues[:k], found.rsquared, found.f_pvalue


def row(n: int, k: int, method: int, gaps: float, pixels: int) -> tuple:
    """One row of the table."""
    random, years = np.random.default_rng(n + k), np.arange(n, dtype=float)
    y, *drivers = random.standard_normal((k + 1, n, pixels))
    y += 0.1 * years[:, np.newaxis] + sum(drivers)
    y[random.random(y.shape) < gaps] = np.nan
    some = [(y[:, i].copy(), [driver[:, i].copy() for driver in drivers]) for i in range(SERIES)]

    def ours():
        return fit(y, drivers, years, method=method)

    def theirs():
        return [by_statsmodels(one, its, years, method) for one, its in some]

    found = ours()
    compared = ((found.coefficients, 0), (found.t, 1), (found.driver_p, 2))
    others = theirs()
    difference = max(
        np.abs(mine[:, :SERIES].T / np.array([each[place] for each in others]) - 1).max() for mine, place in compared
    )
    mine, other = rounds(lambda: seconds(ours) / pixels, lambda: seconds(theirs) / len(some))
    return (n, k, WORDS[method], f"{100 * gaps:.0f} %", f"{median(mine) * 1e9:.0f}",
            spread([one / each for one, each in zip(other, mine)], 0), f"{difference:.0e}")


def sections(pixels: int = PIXELS) -> list:
    """The table of this benchmark."""
    return [Section(
        "Attribution kernel", f"One thread, processor time, numpy {np.__version__}. statsmodels gives "
        "coefficients, t, p, R squared and p of F; ours these, and partial correlations, variance inflation, "
        "contributions and both parts of the trend. The difference is relative, of coefficients, t and p.",
        ("n", "drivers", "fit", "missing", "ours, ns a pixel", "statsmodels / ours", "largest difference"),
        [row(*case, pixels) for case in CASES],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else PIXELS))

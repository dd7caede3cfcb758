"""The Hurst kernel beside nolds on the same series, in one process.

    python benchmarks/hurst_kernel.py [series]

Needs nolds. The first column of nolds uses its own choice of window lengths, of which it takes fewer; the second all
of ours. Where the line is taken out, numpy's polyfit takes it out for nolds. p is against the simulated distribution,
which is made before.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from statistics import median

import numpy as np

from clock import rounds, seconds
from nep_toolbox.core.persistence.hurst import Detrend, hurst
from sections import Section, show, spread

NOLDS_SERIES = 400
SERIES = 300_000


def load_nolds():
    """The measures of nolds, without its data sets, which nolds 0.6.2 cannot load before Python 3.12."""
    found = importlib.util.find_spec("nolds")
    if found is None:
        sys.exit("This benchmark needs nolds: pip install nolds")
    package = types.ModuleType("nolds")
    package.__path__ = list(found.submodule_search_locations)
    sys.modules["nolds"] = package
    return importlib.import_module("nolds.measures")


def row(nolds, n: int, detrended: bool, count: int) -> tuple:
    """One row of the table."""
    stack = np.random.default_rng(n).standard_normal((n, count))
    columns = list(stack[:, :NOLDS_SERIES].T.copy())
    lengths, years = range(4, n // 2 + 1), np.arange(n)
    options = {"detrend": Detrend.OLS, "years": years, "significance": True} if detrended else {}
    hurst(stack[:, :10], **options)

    def prepared(x):
        return x - np.polyval(np.polyfit(years, x, 1), years) if detrended else x

    ours, theirs, same = rounds(
        lambda: seconds(lambda: hurst(stack, **options)) / count,
        *(lambda chosen=chosen: seconds(lambda: [
            nolds.hurst_rs(prepared(x), fit="poly", **chosen) for x in columns
        ]) / len(columns) for chosen in ({}, {"nvals": lengths})),
    )
    return (n, "yes" if detrended else "no", f"{median(ours) * 1e9:.0f}",
            *(spread([other / mine for other, mine in zip(side, ours)], 0) for side in (theirs, same)))


def sections(count: int = SERIES) -> list:
    """The table of this benchmark."""
    nolds = load_nolds()
    return [Section(
        "Hurst kernel", f"Rescaled range, one thread, processor time, numpy {np.__version__}. nolds takes fewer window "
        "lengths than we do, and once all of ours.",
        ("n", "line taken out, and p", "ours, ns a series", "nolds / ours", "nolds, all lengths / ours"),
        [row(nolds, n, detrended, count) for detrended in (False, True) for n in (20, 22, 30, 40)],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else SERIES))

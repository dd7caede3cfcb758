"""Series a second of the Hurst kernel, beside nolds on the same series in the same process.

    python benchmarks/hurst_kernel.py [series]

Needs nolds. Each ratio is the median of several rounds in which both take their turn, so that a busy machine slows
both. The first nolds column uses its own choice of window lengths, of which it takes fewer; the second all of ours.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import sys
import time
import types
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nep_toolbox.core.persistence.hurst import hurst  # noqa: E402

ROUNDS = 5
NOLDS_SERIES = 400


def load_nolds():
    """The measures of nolds, without its data sets, which nolds 0.6.2 cannot load before Python 3.12."""
    found = importlib.util.find_spec("nolds")
    if found is None:
        sys.exit("This benchmark needs nolds: pip install nolds")
    package = types.ModuleType("nolds")
    package.__path__ = list(found.submodule_search_locations)
    sys.modules["nolds"] = package
    return importlib.import_module("nolds.measures")


def rate(count: int, work) -> float:
    """Items a second of processor time; one process, one thread."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def main(count: int) -> None:
    """Print the table."""
    nolds = load_nolds()
    print(f"{count} series, numpy {np.__version__}, median of {ROUNDS} rounds")
    print(f"{'n':>4} {'ours/s':>12} {'nolds/s':>9} {'ratio':>7} {'nolds, all lengths/s':>21} {'ratio':>7}")
    for n in (20, 22, 30, 40):
        stack = np.random.default_rng(n).standard_normal((n, count))
        columns = list(stack[:, :NOLDS_SERIES].T.copy())
        lengths = range(4, n // 2 + 1)
        hurst(stack[:, :10])
        rounds = []
        for _ in range(ROUNDS):
            ours = rate(count, lambda: hurst(stack))  # noqa: B023
            theirs = rate(len(columns), lambda: [nolds.hurst_rs(x, fit="poly") for x in columns])  # noqa: B023
            same = rate(len(columns), lambda: [nolds.hurst_rs(x, nvals=lengths, fit="poly") for x in columns])  # noqa: B023
            rounds.append((ours, theirs, ours / theirs, same, ours / same))
        ours, theirs, ratio, same, same_ratio = (statistics.median(column) for column in zip(*rounds))
        print(f"{n:>4} {ours:>12.0f} {theirs:>9.0f} {ratio:>7.0f} {same:>21.0f} {same_ratio:>7.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)

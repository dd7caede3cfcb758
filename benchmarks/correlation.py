"""Pixels a second of the correlation kernel, beside scipy.stats.pearsonr on each pixel in the same process.

    python benchmarks/correlation.py [pixels]

Each ratio is the median of several rounds in which both take their turn, so that a busy machine slows both. The partial
correlation stands beside least squares and pearsonr on the residuals, which is what one would write by hand.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import pearsonr

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nep_toolbox.core.correlation.coefficients import partial, pearson  # noqa: E402

ROUNDS = 5
SCIPY_PIXELS = 1500


def rate(count: int, work) -> float:
    """Items a second of processor time; one process, one thread."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def by_hand(x, y, controls) -> float:
    """Partial correlation of one pixel."""
    design = np.column_stack([np.ones(len(x)), *controls])
    left = [values - design @ np.linalg.lstsq(design, values, rcond=None)[0] for values in (x, y)]
    return pearsonr(*left)[0]


def main(count: int) -> None:
    """Print the table."""
    print(f"{count} pixels, numpy {np.__version__}, median of {ROUNDS} rounds")
    print(f"{'n':>4} {'controls':>8} {'gaps':>5} {'ours/s':>12} {'scipy/s':>9} {'ratio':>7} {'largest difference':>19}")
    for n, number, gaps in ((20, 0, False), (20, 0, True), (40, 0, False), (20, 2, False), (20, 5, False)):
        rng = np.random.default_rng(n + number)
        x, y, *controls = rng.standard_normal((2 + number, n, count)).astype(np.float32)
        if gaps:
            x[rng.random(x.shape) < 0.05] = np.nan
        columns = [
            tuple(series[:, pixel][np.isfinite(x[:, pixel])].astype(float) for series in (x, y, *controls))
            for pixel in range(min(count, SCIPY_PIXELS))
        ]

        def ours():
            return (partial(x, y, controls) if number else pearson(x, y)).r  # noqa: B023

        def theirs():
            return [by_hand(a, b, rest) if number else pearsonr(a, b)[0] for a, b, *rest in columns]  # noqa: B023

        difference = np.abs(ours()[: len(columns)] - theirs()).max()
        rounds = []
        for _ in range(ROUNDS):
            mine, scipys = rate(count, ours), rate(len(columns), theirs)
            rounds.append((mine, scipys, mine / scipys))
        mine, scipys, ratio = (statistics.median(column) for column in zip(*rounds))
        print(f"{n:>4} {number:>8} {'yes' if gaps else 'no':>5} {mine:>12.0f} {scipys:>9.0f} {ratio:>7.0f} "
              f"{difference:>19.1e}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)

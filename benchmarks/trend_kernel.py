"""Pixels a second of the trend kernel, beside pymannkendall on the same pixels in the same process.

    python benchmarks/trend_kernel.py [pixels]

Needs pymannkendall. Each ratio is the median of several rounds in which both take their turn, so that a busy machine
slows both. One thread is measured in processor time; two threads, each with its own half, in wall time.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nep_toolbox.core.trend.theil_sen import trend  # noqa: E402

ROUNDS = 7
REFERENCE_PIXELS = 100
STEPS = 20


def seconds(clock, work) -> float:
    """Time that ``work()`` takes by that clock."""
    start = clock()
    work()
    return clock() - start


def in_two_threads(stack, years) -> None:
    """The two halves of the stack at the same time."""
    threads = [threading.Thread(target=trend, args=(half, years)) for half in np.array_split(stack, 2, axis=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cases(pixels: int) -> dict:
    """Series of several kinds, (STEPS, pixels)."""
    generator = np.random.default_rng(0)
    noise = generator.standard_normal((STEPS, pixels)).astype(np.float32)
    gaps = noise.copy()
    gaps[generator.random(noise.shape) < 0.05] = np.nan
    return {
        "float32": noise,
        "float64": noise.astype(np.float64),
        "float32, whole numbers": np.round(noise * 500 + 5000),
        "float32, few values": np.round(noise * 3),
        "float32, 5 % missing": gaps,
    }


def main(pixels: int) -> None:
    """Print the table."""
    try:
        import pymannkendall
    except ImportError:
        sys.exit("This benchmark needs pymannkendall: pip install pymannkendall")
    years = 2001 + np.arange(STEPS)
    print(f"{pixels} pixels, n = {STEPS}, numpy {np.__version__}, median of {ROUNDS} rounds")
    print(f"{'series':<24} {'us a pixel':>10} {'two threads':>12} {'reference':>10} {'ratio':>7} {'two threads':>12}")
    for name, stack in cases(pixels).items():
        columns = list(stack[:, :REFERENCE_PIXELS].T.astype(np.float64))
        rounds = []
        for _ in range(ROUNDS):
            theirs = seconds(time.process_time, lambda: [pymannkendall.original_test(x) for x in columns])  # noqa: B023
            one = seconds(time.process_time, lambda: trend(stack, years))  # noqa: B023
            two = seconds(time.perf_counter, lambda: in_two_threads(stack, years))  # noqa: B023
            rounds.append((one / pixels, two / pixels, theirs / len(columns)))
        one, two, theirs = (statistics.median(column) * 1e6 for column in zip(*rounds))
        print(f"{name:<24} {one:>10.2f} {two:>12.2f} {theirs:>10.0f} {theirs / one:>7.0f} {theirs / two:>12.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)

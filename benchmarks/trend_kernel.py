"""The trend kernel beside pymannkendall and beside kernels in C on the same pixels, in one process.

    python benchmarks/trend_kernel.py [pixels]

Needs pymannkendall; the kernels in C are compiled by gcc from bench/mk_kernel.c in the folder NEP_SHARED (default: the
folder shared beside the project) and left out where it is not there. They compute slope, intercept, S, its variance, Z
and p in single precision. One thread is measured in processor time; two threads, each with its own half, by the clock.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from clock import in_threads, rounds, seconds
from nep_toolbox.core.trend.theil_sen import trend
from sections import Section, show, spread

REFERENCE_PIXELS = 100
PIXELS = 400_000
SHARED = Path(os.environ.get("NEP_SHARED", Path(__file__).resolve().parents[2] / "shared"))
HEAD = ("series", "n", "one thread, ns a pixel", "two threads", "two threads, times faster", "pymannkendall / ours",
        "C with SIMD / ours", "C without / ours")


def compiled(folder: Path):
    """The kernels in C, or None."""
    source = SHARED / "bench" / "mk_kernel.c"
    if not source.exists() or not shutil.which("gcc"):
        return None
    library = folder / "kernel.so"
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def call_c(function, stack: np.ndarray) -> None:
    """One of the kernels on a float32 stack (n, pixels)."""
    results = np.empty((6, stack.shape[1]), np.float32)
    pointer = ctypes.POINTER(ctypes.c_float)
    function(stack.ctypes.data_as(pointer), ctypes.c_int(len(stack)), ctypes.c_long(stack.shape[1]),
             results.ctypes.data_as(pointer))


def cases(pixels: int) -> list:
    """Series of several kinds: name and stack (n, pixels)."""
    random = np.random.default_rng(0)

    def noise(steps: int):
        return random.standard_normal((steps, pixels * 20 // steps)).astype(np.float32) * 40 + 400

    plain, gaps = noise(20), noise(20)
    gaps[random.random(gaps.shape) < 0.05] = np.nan
    return [
        ("float32", plain), ("float32", noise(10)), ("float32", noise(40)), ("float32", noise(60)),
        ("float64", plain.astype(np.float64)), ("float32, whole numbers", np.rint(plain * 10)),
        ("float32, few values", np.rint(plain / 20)), ("float32, 5 % missing", gaps),
    ]


def row(name: str, stack: np.ndarray, library) -> tuple:
    """One row of the table."""
    import pymannkendall

    pixels, years = stack.shape[1], 2001 + np.arange(len(stack))
    columns = [column[np.isfinite(column)] for column in stack[:, :REFERENCE_PIXELS].T.astype(np.float64)]
    halves = [np.ascontiguousarray(half) for half in np.array_split(stack, 2, axis=1)]
    kernels = [library.trend_simd, library.trend_scalar] if library and stack.dtype == np.float32 else []
    one, two, theirs, *in_c = rounds(
        lambda: seconds(lambda: trend(stack, years)) / pixels,
        lambda: seconds(lambda: in_threads(partial(trend, half, years) for half in halves), time.perf_counter) / pixels,
        lambda: seconds(lambda: [pymannkendall.original_test(column) for column in columns]) / len(columns),
        *(lambda kernel=kernel: seconds(lambda: call_c(kernel, stack)) / pixels for kernel in kernels),
    )

    def ratio(others: list, digits: int) -> str:
        return spread([other / mine for other, mine in zip(others, one)], digits)

    return (
        name, len(stack), f"{median(one) * 1e9:.0f}", f"{median(two) * 1e9:.0f}",
        spread([mine / both for mine, both in zip(one, two)]), ratio(theirs, 0),
        *([ratio(others, 2) for others in in_c] or ["", ""]),
    )


def sections(pixels: int = PIXELS) -> list:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        library = compiled(Path(folder))
        rows = [row(name, stack, library) for name, stack in cases(pixels)]
    text = ("Theil-Sen and Mann-Kendall of each pixel, all seven results. A ratio above 1: ours is faster. The kernels "
            "in C compute in single precision and leave out tau.")
    return [Section("Trend kernel", f"{text} numpy {np.__version__}.", HEAD, rows)]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else PIXELS))

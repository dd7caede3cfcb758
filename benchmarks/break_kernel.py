"""The kernels of breaks beside the packages that look for them pixel by pixel, in one process.

    python benchmarks/break_kernel.py [pixels]

Needs pyhomogeneity. strucchange takes its turn where Rscript and the package are at hand. Beside it, and for the
turning point, of which there is no package, stands what one would write by hand: a fit by numpy for each year.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Callable

import numpy as np

from clock import rounds, seconds
from nep_toolbox.core.breakpoint.break_point import Method, break_point
from sections import Section, show, spread

PIXELS = 200_000
SERIES = 200
SIMULATED = 3
SEGMENT = 5
LENGTHS = (20, 40)
R_SCRIPT = """
arguments <- commandArgs(TRUE)
series <- as.matrix(read.csv(arguments[1], header = FALSE))
least <- as.integer(arguments[2])
suppressPackageStartupMessages(library(strucchange))
t <- seq_len(nrow(series))
search <- function(x) max(Fstats(x ~ t, from = least, to = nrow(series) - least)$Fstats)
found <- apply(series[, 1:2], 2, search)
taken <- system.time(apply(series, 2, search))["user.self"]
cat("seconds", taken / ncol(series), "\\n")
cat("found", format(found, digits = 17), "\\n")
"""


def of_pyhomogeneity(columns: list, simulated: int | None) -> None:
    """Pettitt's test of some series; p from simulations of its own for each of them, or no p."""
    import pyhomogeneity

    for column in columns:
        pyhomogeneity.pettitt_test(column, sim=simulated)


def by_hand(columns: list, two_lines: bool) -> list:
    """The largest F of some series."""
    found = []
    for column in columns:
        time = np.arange(len(column), dtype=float)
        line = np.column_stack([np.ones(len(time)), time])
        whole = squares(line, column)
        largest = -np.inf
        for k in range(SEGMENT, len(time) - SEGMENT + 1):
            if two_lines:
                left = squares(line[:k], column[:k]) + squares(line[k:], column[k:])
            else:
                left = squares(np.column_stack([line, np.maximum(time - time[k - 1], 0)]), column)
            largest = max(largest, (whole - left) / (left / (len(time) - (4 if two_lines else 3))))
        found.append(largest)
    return found


def squares(design: np.ndarray, values: np.ndarray) -> float:
    """The sum of squared residuals of a fit."""
    return float(np.linalg.lstsq(design, values, rcond=None)[1][0])


def of_strucchange(columns: list) -> tuple | None:
    """Seconds a series of strucchange in R, and the largest F of the first two; None without it."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        script, table = Path(name, "search.R"), Path(name, "series.csv")
        script.write_text(R_SCRIPT, encoding="utf-8")
        np.savetxt(table, np.transpose(columns), delimiter=",", fmt="%.17g")
        run = subprocess.run(["Rscript", str(script), str(table), str(SEGMENT)], capture_output=True, text=True,
                             check=False)
    said = dict(line.split(maxsplit=1) for line in run.stdout.splitlines())
    if "seconds" not in said:
        return None
    return float(said["seconds"]), [float(number) for number in said["found"].split()]


def row(method: Method, words: str, stack: np.ndarray, theirs: Callable[[], float]) -> tuple:
    """One row of the table; ``theirs`` gives the seconds a series of the other side."""
    years = np.arange(len(stack))

    def ours(sloped: bool) -> float:
        taken = seconds(lambda: break_point(stack, years, method=method, min_segment=SEGMENT, sloped=sloped))
        return taken / stack.shape[1]

    plain, whole, other = rounds(lambda: ours(False), lambda: ours(True), theirs)
    return (method.name.lower().replace("_", " "), len(stack), f"{median(plain) * 1e9:.0f}",
            f"{median(whole) * 1e9:.0f}", words, spread([one / mine for one, mine in zip(other, plain)], 0))


def rows(n: int, pixels: int) -> list:
    """The rows of one length."""
    stack = np.random.default_rng(n).standard_normal((n, pixels))
    columns = list(stack[:, :SERIES].T.copy())
    for method in Method:  # the simulated distributions are there before anything is timed
        break_point(stack[:, :10], np.arange(n), method=method, min_segment=SEGMENT)

    def each(work: Callable, some: list) -> Callable[[], float]:
        return lambda: seconds(lambda: work(some)) / len(some)

    made = [
        row(Method.PETTITT, "pyhomogeneity, no p", stack, each(lambda some: of_pyhomogeneity(some, None), columns)),
        row(Method.PETTITT, "pyhomogeneity, p by its simulation", stack,
            each(lambda some: of_pyhomogeneity(some, 20_000), columns[:SIMULATED])),
        *(row(method, "numpy, a fit for each year", stack,
              each(lambda some, method=method: by_hand(some, method == Method.TWO_LINES), columns))
          for method in (Method.TURNING_POINT, Method.TWO_LINES)),
    ]
    if of_strucchange(columns[:2]):
        made.append(row(Method.TWO_LINES, "strucchange in R", stack, lambda: of_strucchange(columns)[0]))
    return made


def agree(n: int) -> float:
    """The largest relative difference of F from the other sides."""
    stack = np.random.default_rng(n).standard_normal((n, 2))
    columns, largest = list(stack.T.copy()), 0.0
    for method in (Method.TURNING_POINT, Method.TWO_LINES):
        ours = break_point(stack, np.arange(n), method=method, min_segment=SEGMENT)["statistic"]
        others = [by_hand(columns, method == Method.TWO_LINES)]
        in_r = of_strucchange(columns) if method == Method.TWO_LINES else None
        others += [in_r[1]] if in_r else []
        largest = max([largest, *(float(np.abs(np.array(other) / ours - 1).max()) for other in others)])
    return largest


def sections(pixels: int = PIXELS) -> list:
    """The table of this benchmark."""
    difference = max(agree(n) for n in LENGTHS)
    return [Section(
        "Break kernels", f"One thread, processor time, numpy {np.__version__}. Ours gives the statistic, the year, p "
        "against simulated white noise and the class of the turn, and in the second column the slopes of both parts "
        f"with their p. F differs from the other sides by {difference:.0e} at most.",
        ("method", "n", "ours, ns a pixel", "with all slopes", "the other side", "the other side / ours"),
        [one for n in LENGTHS for one in rows(n, pixels)],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else PIXELS))

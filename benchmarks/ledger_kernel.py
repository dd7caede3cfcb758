"""The kernels of the carbon ledger beside what a script would do, in one process.

    python benchmarks/ledger_kernel.py [pixels]

A script asks scipy for each pixel, one after the other, or numpy for each draw, for all pixels of a raster at a time.
"""

from __future__ import annotations

import sys
from statistics import median
from typing import Callable

import numpy as np
import scipy
from scipy import stats

from clock import rounds, seconds
from nep_toolbox.core.balance.source_sink import source_sink
from nep_toolbox.core.balance.variability import variability
from nep_toolbox.core.ensemble.draws import Draws, draw
from nep_toolbox.core.ensemble.uncertainty import Method, uncertainty_block
from nep_toolbox.core.productivity.respiration import Forcing
from sections import Section, show, spread

PIXELS = 100_000
#: That scipy is asked for.
OTHERS = 1000
YEARS = tuple(range(2001, 2021))
LIMITS = (0.05, 0.10, 0.15, 0.20)
COUNT = 100
ERRORS = {"b": 0.05, "d": 0.1, "npp": 0.1, "temperature": 0.5}
#: Rows and columns of the block of which NEP is drawn, with twelve months a year.
BLOCK = (32, 128)


def sources(stack: np.ndarray) -> np.ndarray:
    """p of every pixel by ours, whatever else comes with it."""
    return source_sink(stack, alpha=0.05, min_observations=8)["p_value"]


def sources_by_scipy(stack: np.ndarray) -> np.ndarray:
    """p of the t test, pixel by pixel."""
    return np.array([stats.ttest_1samp(column, 0.0).pvalue for column in stack.T])


def stability(stack: np.ndarray) -> np.ndarray:
    """Coefficient of variation around the line of every pixel by ours; the plain one comes with it."""
    return variability(stack, YEARS, limits=LIMITS)["cv_detrended"]


def stability_by_scipy(stack: np.ndarray) -> np.ndarray:
    """The same, pixel by pixel."""
    found = []
    for column in stack.T:
        stats.variation(column, ddof=1)
        line = stats.linregress(YEARS, column)
        rest = column - line.intercept - line.slope * np.array(YEARS)
        found.append(np.sqrt((rest**2).sum() / (len(YEARS) - 2)) / abs(column.mean()))
    return np.array(found)


def climate() -> tuple:
    """NPP, temperature and precipitation of a block."""
    random, months = np.random.default_rng(3), 12 * len(YEARS)
    season = -np.cos(2 * np.pi * np.arange(months) / 12)[:, np.newaxis, np.newaxis]
    return (random.normal(600, 60, (len(YEARS), *BLOCK)), 12 + 12 * season + random.normal(0, 1, (months, *BLOCK)),
            random.gamma(2, 35, (months, *BLOCK)))


def drawn(inputs: tuple, draws: Draws) -> np.ndarray:
    """The standard deviation of mean NEP by ours; quantiles, shares and the sums of the block come with it."""
    method = Method(YEARS, Forcing.MONTHLY, draws, sloped=False)
    return uncertainty_block(*inputs, cell_area=np.full((BLOCK[0], 1), 1e6), method=method)["sd"]


def drawn_by_numpy(inputs: tuple, draws: Draws) -> np.ndarray:
    """The same, draw by draw."""
    npp, temperature, precipitation = inputs
    means = []
    for each in draws.each():
        heat = np.exp(0.0913 * each["b"] * (temperature + each["temperature"]))
        months = 0.22 * (heat + np.log(0.3145 * precipitation + 1)) * 30 * each["d"] * 0.465
        means.append((each["npp"] * npp - months.reshape(len(YEARS), 12, *BLOCK).sum(axis=1)).mean(axis=0))
    np.quantile(means, (0.05, 0.95), axis=0)
    return np.std(means, axis=0, ddof=1)


def per_pixel(words: str, pixels: int, mine: Callable, theirs: Callable) -> tuple:
    """The row of a kernel and of a loop over pixels."""
    stack = np.random.default_rng(1).normal(50, 40, (len(YEARS), pixels))
    some = stack[:, :OTHERS]
    made, other = mine(some), theirs(some)
    known = np.isfinite(made)
    taken, looped = rounds(lambda: seconds(lambda: mine(stack)) / pixels,
                           lambda: seconds(lambda: theirs(some)) / OTHERS)
    return (words, "a pixel", f"{median(taken) * 1e9:,.0f}", spread([b / a for a, b in zip(taken, looped)], 0),
            f"{np.abs(made[known] / other[known] - 1).max():.0e}")


def of_draws() -> tuple:
    """The row of the draws."""
    inputs, draws = climate(), draw(ERRORS, COUNT, 1)
    size = inputs[0].size * COUNT
    made, other = drawn(inputs, draws), drawn_by_numpy(inputs, draws)
    taken, looped = rounds(lambda: seconds(lambda: drawn(inputs, draws)) / size,
                           lambda: seconds(lambda: drawn_by_numpy(inputs, draws)) / size)
    return (f"uncertainty, {COUNT} draws, monthly", "a pixel, year and draw", f"{median(taken) * 1e9:,.0f}",
            spread([b / a for a, b in zip(taken, looped)], 1), f"{np.abs(made / other - 1).max():.0e}")


def sections(pixels: int = PIXELS) -> list:
    """The table of this benchmark."""
    return [Section(
        "Ledger kernels", f"One thread, processor time, numpy {np.__version__}, scipy {scipy.__version__}. "
        f"{len(YEARS)} years. Beside ours stands a script: scipy's ttest_1samp, or variation and linregress, pixel by "
        "pixel; numpy on the whole block, draw by draw. The difference is relative.",
        ("kernel", "of", "ours, ns", "script / ours", "largest difference"),
        [per_pixel("sources and sinks", pixels, sources, sources_by_scipy),
         per_pixel("variability", pixels, stability, stability_by_scipy), of_draws()],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else PIXELS))

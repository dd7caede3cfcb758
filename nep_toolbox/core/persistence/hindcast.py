"""Hindcast: trend and persistence of the first years of a series against the slope of the years after them.

Whether a trend goes on is an event that can be counted: the Theil-Sen slope of the last years has the sign of that of
the first ones, or not. A block of a raster gives nothing but counts, so that no result depends on the blocks.
"""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter, SeriesTooShort
from ..checkpoint import checkpoint
from ..trend.theil_sen import trend, trend_class
from .future_trend import future_trend
from .hurst import CLASS_NODATA, Detrend, hurst

#: Fewest steps that are fitted, of which the pieces of the Hurst exponent need so many, and that are scored.
FEWEST_FITTED, FEWEST_SCORED = 12, 5

#: Side of the squares of pixels, in cells, that are in one fold or the other like the squares of a chessboard.
SQUARE = 16

#: Axes of the counts: the fold of the pixel; H below, at and above 0.5; its category; whether the sign stayed.
FOLDS, SIDES, CATEGORIES, OUTCOMES = 2, 3, 30, 2

_TOO_SHORT = (
    "'{}' has {} time steps, and a hindcast needs {}: {} to fit, since a Hurst exponent of pieces needs so many, and "
    "{} to score. Add years."
)
_NO_PARTS = (
    "⟨FRACTION⟩ is {:g}, which leaves {} of the {} time steps of '{}' to fit and {} to score. A hindcast needs {} and "
    "{}: give {:g} to {:g}."
)

# Pixels of one chunk, whose values are copied.
_CHUNK_PIXELS = 65536


def fitted_steps(steps: int, fraction: float, name: str = "the series") -> int:
    """How many steps of a series come first and are fitted; those after them are scored.

    Parameters
    ----------
    steps : int
    fraction : float
        Share of the steps that are fitted, rounded down to whole steps.
    name : str
        What to call the series in an error.

    Raises
    ------
    SeriesTooShort
        If no share leaves enough steps for both.
    InvalidParameter
        If this one does not.
    """
    fewest = FEWEST_FITTED + FEWEST_SCORED
    if steps < fewest:
        raise SeriesTooShort(_TOO_SHORT.format(name, steps, fewest, FEWEST_FITTED, FEWEST_SCORED))
    fitted = int(np.floor(fraction * steps + 1e-9))
    if fitted < FEWEST_FITTED or steps - fitted < FEWEST_SCORED:
        lowest = -(-100 * FEWEST_FITTED // steps)
        highest = (100 * (steps - FEWEST_SCORED + 1) - 1) // steps
        raise InvalidParameter(
            _NO_PARTS.format(
                fraction, fitted, steps, name, steps - fitted, FEWEST_FITTED, FEWEST_SCORED, lowest / 100, highest / 100
            )
        )
    return fitted


def hindcast(
    stack, years, fitted: int, *, alpha: float = 0.1, detrend: Detrend = Detrend.OLS, min_window: int = 4
) -> dict:
    """What the first years of a series say of each pixel, and what came of it.

    Parameters
    ----------
    stack : float array (n, pixels)
        Values in order of time, all finite.
    years : array (n,)
        The time of each step.
    fitted : int
        How many steps are fitted, from `fitted_steps`.
    alpha : float
        Evidence of persistence is a p of the Hurst exponent below it.
    detrend, min_window
        As for `hurst`, whose form is that of pieces, corrected.

    Returns
    -------
    dict of arrays (pixels,)
        Of the fitted steps ``category`` (int16, a code of `EVIDENCE_LABELS`; CLASS_NODATA where there is no Hurst
        exponent) and ``hurst``; ``sloped``, whether neither part has a slope of exactly 0; ``same``, whether both
        slopes have one sign. The slopes are those of Theil and Sen.
    """
    years = np.asarray(years)
    before = trend(stack[:fitted], years[:fitted], wanted=("slope", "p_value"))
    after = trend(stack[fitted:], years[fitted:], min_observations=2, wanted=("slope",))["slope"]
    found = hurst(
        stack[:fitted], min_window=min_window, significance=True, detrend=detrend, years=years[:fitted]
    )
    classes = trend_class(before["slope"], before["p_value"])
    return {
        "category": future_trend(classes, found["hurst"], found["p_value"], alpha),
        "hurst": found["hurst"],
        "sloped": (before["slope"] != 0) & (after != 0),
        "same": np.sign(before["slope"]) == np.sign(after),
    }


def hindcast_block(stack, place, *, years, fitted: int, **options) -> dict:
    """The counts of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        NaN and infinite values are missing.
    place : object
        ``row`` and ``col``, those of the first cell in the whole raster: they say which fold a pixel is in.
    years, fitted, **options
        As for `hindcast`.

    Returns
    -------
    dict
        ``counts``, int64 array (FOLDS, SIDES, CATEGORIES, OUTCOMES) of the pixels that are scored: those with a value
        in every step, a slope in both parts and a Hurst exponent with its p; ``complete``, ``level`` and ``lost``, the
        numbers of pixels with a value in every step, and of those among them without a slope, and with slopes but
        without that exponent.
    """
    flat = np.asarray(stack).reshape(len(stack), -1)
    fold = _folds(place, stack.shape[1:]).reshape(-1)
    complete = np.flatnonzero(np.isfinite(flat).all(axis=0))
    counts = np.zeros(FOLDS * SIDES * CATEGORIES * OUTCOMES, dtype=np.int64)
    level = lost = 0
    for start in range(0, complete.size, _CHUNK_PIXELS):
        checkpoint()
        chosen = complete[start : start + _CHUNK_PIXELS]
        found = hindcast(flat[:, chosen], years, fitted, **options)
        known = found["category"] != CLASS_NODATA
        scored = found["sloped"] & known
        level += int(np.count_nonzero(~found["sloped"]))
        lost += int(np.count_nonzero(found["sloped"] & ~known))
        counts += np.bincount(_cells(fold[chosen], found)[scored], minlength=counts.size)
    return {
        "counts": counts.reshape(FOLDS, SIDES, CATEGORIES, OUTCOMES),
        "complete": int(complete.size),
        "level": level,
        "lost": lost,
    }


def _folds(place, shape: tuple) -> np.ndarray:
    """The fold of each pixel, by its square in the whole raster."""
    rows, cols = (first + np.arange(size) for first, size in zip((place.row, place.col), shape))
    return np.add.outer(rows // SQUARE, cols // SQUARE) % FOLDS


def _cells(fold: np.ndarray, found: dict) -> np.ndarray:
    """The place of each pixel in the counts, laid out in one dimension."""
    with np.errstate(invalid="ignore"):
        side = 1 + (found["hurst"] > 0.5) - (found["hurst"] < 0.5)
    place = (fold * SIDES + side) * CATEGORIES + found["category"].astype(np.int64)
    return place * OUTCOMES + found["same"]

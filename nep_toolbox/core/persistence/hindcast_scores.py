"""Scores of a hindcast, from the counts of its pixels.

All are ratios of whole numbers and computed as such.

References
----------
Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Mon. Wea. Rev. 78, 1-3.
Murphy, A. H. (1973). A new vector partition of the probability score. J. Appl. Meteor. 12, 595-600.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ...errors import NothingToScore
from .future_trend import EVIDENCE_LABELS
from .hindcast import FOLDS, OUTCOMES, SQUARE

#: A category of fewer pixels in the fold that forecasts come from is forecast by the share of all pixels there.
FEWEST_PIXELS = 30

#: The Brier score of a coin, which says one half of every pixel.
COIN = 0.25

#: The rule that is often taken for a forecast: a slope goes on where H is above 0.5, and turns where it is below.
_RULE = (Fraction(0), Fraction(1, 2), Fraction(1))

_GROUPS = 10

_NO_FOLD = (
    "Of '{}' {} pixels can be scored, and none in one of the two halves of a chessboard of {} x {} pixels, so that the "
    "other one has no forecast. A pixel needs a value in every year, a slope in both parts and a Hurst exponent: give "
    "a larger raster, or one with fewer gaps."
)


def hindcast_scores(counts: np.ndarray, name: str = "the series") -> dict:
    """Scores of the forecasts that one fold makes for the other.

    A pixel is forecast by the share of its category, among the pixels of the other fold, whose slope kept its sign; a
    category of fewer than `FEWEST_PIXELS` there by the share of all of them, which is the climatology.

    Parameters
    ----------
    counts : int array (FOLDS, SIDES, CATEGORIES, OUTCOMES)
        The sum of what `hindcast_block` gives.
    name : str
        What to call the series in an error.

    Returns
    -------
    dict
        ``n``, the number of pixels; ``base_rate``, the share whose slope kept its sign; ``brier`` and
        ``brier_climatology``, mean squares of forecast less outcome; ``skill`` = 1 - brier / brier_climatology (0 where
        the latter is 0); ``brier_trend_only`` and ``skill_trend_only`` of forecasts by the group of the trend without
        the persistence; ``brier_rule`` and ``skill_rule`` of the forecast 1 where H is above 0.5, 0 where it is below
        and 0.5 where it equals 0.5.

    Raises
    ------
    NothingToScore
        If a fold has no pixel, so that the other one has no forecast.
    """
    if not np.asarray(counts).sum(axis=(1, 2, 3)).all():
        raise NothingToScore(_NO_FOLD.format(name, int(np.sum(counts)), SQUARE, SQUARE))
    full = _by_category(counts)
    total = int(np.sum(counts))
    climatology = _brier(full, np.broadcast_to(_overall(full)[:, np.newaxis], full.shape[:2]))
    group = full.reshape(FOLDS, -1, _GROUPS, OUTCOMES).sum(axis=1)
    rule = np.asarray(counts).sum(axis=2)
    brier, brier_group = (_brier(some, _forecasts(some)) for some in (full, group))
    brier_rule = _brier(rule, np.broadcast_to(np.array(_RULE), rule.shape[:2]))
    scores = {
        "base_rate": Fraction(int(full[..., 1].sum()), total),
        "brier": brier,
        "brier_climatology": climatology,
        "skill": _skill(brier, climatology),
        "brier_trend_only": brier_group,
        "skill_trend_only": _skill(brier_group, climatology),
        "brier_rule": brier_rule,
        "skill_rule": _skill(brier_rule, climatology),
    }
    return {"n": total, **{key: float(value) for key, value in scores.items()}}


def coverage(counts: np.ndarray) -> dict:
    """How many pixels have no forecast but the share of all, as their category is too small in the other fold.

    Parameters
    ----------
    counts : int array (FOLDS, SIDES, CATEGORIES, OUTCOMES)
        As for `hindcast_scores`.

    Returns
    -------
    dict
        ``evidence``, the number of pixels that are likely to continue or to reverse; ``evidence_small``, how many of
        them are in a category of fewer than `FEWEST_PIXELS` in the other fold; ``trend_small``, how many of all pixels
        are in such a group of the trend.
    """
    full = _by_category(counts)
    group = full.reshape(FOLDS, -1, _GROUPS, OUTCOMES).sum(axis=1)
    pixels, of_group = full.sum(axis=2), group.sum(axis=2)
    evident = pixels * (np.arange(pixels.shape[1]) >= _GROUPS)
    return {
        "evidence": int(evident.sum()),
        "evidence_small": int(evident[pixels[::-1] < FEWEST_PIXELS].sum()),
        "trend_small": int(of_group[of_group[::-1] < FEWEST_PIXELS].sum()),
    }


def reliability(counts: np.ndarray) -> list:
    """What was forecast of each category, and what came.

    Parameters
    ----------
    counts : int array (FOLDS, SIDES, CATEGORIES, OUTCOMES)
        With pixels in both folds.

    Returns
    -------
    list of (category, label, pixels, forecast, observed)
        The categories that occur, from the highest code to the lowest; mean forecast, and share of the pixels whose
        slope kept its sign.
    """
    full = _by_category(counts)
    forecasts = _forecasts(full)
    rows = []
    for category in sorted(EVIDENCE_LABELS, reverse=True):
        of_fold = [int(pixels) for pixels in full[:, category].sum(axis=1)]
        pixels = sum(of_fold)
        if pixels:
            forecast = sum(number * share for number, share in zip(of_fold, forecasts[:, category])) / pixels
            observed = Fraction(int(full[:, category, 1].sum()), pixels)
            rows.append((category, EVIDENCE_LABELS[category], pixels, float(forecast), float(observed)))
    return rows


def _by_category(counts: np.ndarray) -> np.ndarray:
    """Counts (FOLDS, CATEGORIES, OUTCOMES)."""
    return np.asarray(counts).sum(axis=1)


def _overall(counts: np.ndarray) -> np.ndarray:
    """For each fold the share of all pixels of the other one whose slope kept its sign; counts (FOLDS, kinds, 2)."""
    other = counts[::-1].sum(axis=1)
    return np.array([Fraction(int(kept), int(turned + kept)) for turned, kept in other], dtype=object)


def _forecasts(counts: np.ndarray) -> np.ndarray:
    """The forecast of each fold and kind: object array (FOLDS, kinds) of fractions, from counts (FOLDS, kinds, 2)."""
    forecasts = np.empty(counts.shape[:2], dtype=object)
    forecasts[:] = _overall(counts)[:, np.newaxis]
    other = counts[::-1]
    for fold, kind in np.argwhere(other.sum(axis=2) >= FEWEST_PIXELS).tolist():
        turned, kept = other[fold, kind].tolist()
        forecasts[fold, kind] = Fraction(kept, turned + kept)
    return forecasts


def _brier(counts: np.ndarray, forecasts: np.ndarray) -> Fraction:
    """Mean square of forecast less outcome."""
    total = Fraction(0)
    for (turned, kept), forecast in zip(counts.reshape(-1, OUTCOMES).tolist(), forecasts.reshape(-1).tolist()):
        total += turned * forecast**2 + kept * (1 - forecast) ** 2
    return total / int(counts.sum())


def _skill(brier: Fraction, climatology: Fraction) -> Fraction:
    return 1 - brier / climatology if climatology else Fraction(0)

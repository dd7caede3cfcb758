"""Attribution of every pixel's trend to its drivers and the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..trend.serial_correlation import Correction
from ..trend.theil_sen import theil_sen_slope, trend
from .regression import DETRENDED, PLAIN, Fit, climate_and_residual, fit
from .shares import shares

#: How slopes are measured.
OLS, SEN = range(2)

#: What a dialog calls them, by their number.
SLOPE_METHODS = ["Least squares (the parts add up)", "Theil-Sen (the parts do not add up)"]

#: Values of one chunk of one series.
_CHUNK_VALUES = 1 << 20


class Attributed(NamedTuple):
    """Result of `attribute`; NaN where the fit gives none.

    Attributes
    ----------
    fit : Fit
    slope, slope_climate, slope_residual : arrays (pixels,)
        A year, by the method asked for.
    p_slope : array (pixels,)
        Two-sided p of the observed trend by the Mann-Kendall test, over the years of the fit.
    residual_p : array (pixels,)
        Two-sided p of the slope of the rest: Mann-Kendall for `PLAIN`, t for `DETRENDED`, else NaN.
    classes : int16 array (pixels,)
    share : array (pixels,)
        As `shares` gives them.
    climate, residual : arrays (n, pixels), or None where they are not wanted
    """

    fit: Fit
    slope: np.ndarray
    slope_climate: np.ndarray
    slope_residual: np.ndarray
    p_slope: np.ndarray
    residual_p: np.ndarray
    classes: np.ndarray
    share: np.ndarray
    climate: np.ndarray | None
    residual: np.ndarray | None


def attribute(
    y, drivers, years, *, method=DETRENDED, slopes=OLS, correction=Correction.NONE, min_df=5, max_vif=10.0,
    series=True, tested=True,
) -> Attributed:
    """Fit the drivers, and share the trend between them and the rest.

    Parameters
    ----------
    y, drivers, years, method, min_df, max_vif
        As for `fit`.
    slopes : int
        `OLS` or `SEN`.
    correction : Correction
        For serial correlation, of the Mann-Kendall test of the residual series with `PLAIN`.
    series : bool
        Whether the climate and the residual series are wanted.
    tested : bool
        Whether the p of the residual slope is wanted.

    Returns
    -------
    Attributed
    """
    options = {"method": method, "min_df": min_df, "max_vif": max_vif}
    chunk = max(1, _CHUNK_VALUES // max(len(y), 1))
    parts = []
    for start in range(0, max(y.shape[1], 1), chunk):
        checkpoint()
        part = slice(start, start + chunk)
        parts.append(_attribute(
            y[:, part], [each[:, part] for each in drivers], years, options, slopes, correction, series, tested
        ))
    return _beside(parts)


def _attribute(y, drivers, years, options: dict, slopes, correction, series: bool, tested: bool) -> Attributed:
    """The result of a few pixels."""
    found = fit(y, drivers, years, **options)
    method = options["method"]
    own_test = tested and method == PLAIN
    climate = residual = None
    if series or slopes == SEN or own_test:
        climate, residual = climate_and_residual(found, y, drivers)
    together = _together(y, drivers, found)
    observed = trend(together, years, min_observations=2, wanted=("p_value", *(("slope",) if slopes == SEN else ())))
    given = np.isfinite(found.slope)
    if slopes == SEN:
        parts = [np.where(given, each, np.nan) for each in (
            observed["slope"], theil_sen_slope(climate, years), theil_sen_slope(residual, years)
        )]
    else:
        parts = [found.slope, found.slope_climate, found.slope_residual]
    residual_p = found.residual_p
    if own_test:
        residual_p = trend(
            residual, years, min_observations=2, correction=correction, wanted=("p_value",)
        )["p_value"]
    classes, share = shares(*parts)
    return Attributed(
        found, *parts, np.where(given, observed["p_value"], np.nan), np.where(given, residual_p, np.nan), classes,
        share, *((climate, residual) if series else (None, None)),
    )


def _beside(parts: list) -> Attributed:
    """Results of pixels that lie beside each other."""
    if len(parts) == 1:
        return parts[0]
    fits, *others = zip(*parts)
    return Attributed(
        Fit(*(np.concatenate(each, axis=-1) for each in zip(*fits))),
        *(None if each[0] is None else np.concatenate(each, axis=-1) for each in others),
    )


def _together(y, drivers, found: Fit) -> np.ndarray:
    """The target in the years in which the drivers have a value too."""
    if (found.count == len(y)).all():
        return y
    lost = ~np.logical_and.reduce([np.isfinite(each) for each in drivers])
    return np.where(lost, y.dtype.type(np.nan), y)

"""What each driver of every pixel's series accounts for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..sums import sum_over_time
from .columns import Columns, columns_of
from .importance import correlations, lmg
from .regression import COLLINEAR, DETRENDED, FINE, Fit, fit
from .ridge import ridge

#: Values of one chunk of one series.
CHUNK_VALUES = 1 << 17


class Accounts(NamedTuple):
    """Result of `accounts`; k drivers.

    Attributes
    ----------
    fit : Fit
    beta : array (k, pixels)
        Standardised coefficients.
    contributions : array (k + 1, pixels)
        Slope a year of the part of each driver and, last, of the rest: they add up to that of the target. The rest
        stands where drivers are collinear too.
    lmg : array (k, pixels) or None
        Relative importance, which adds up to R squared; None where it is not wanted.
    """

    fit: Fit
    beta: np.ndarray
    contributions: np.ndarray
    lmg: np.ndarray | None


def accounts(
    y, drivers, years, *, method: int = DETRENDED, min_df: int = 5, max_vif: float = 10.0, penalised: bool = False,
    important: bool = True,
) -> Accounts:
    """Fit the drivers, and tell what each accounts for.

    Parameters
    ----------
    y, drivers, years, method, min_df, max_vif
        As for `fit`; ``method`` is `PLAIN` or `DETRENDED`. What is not of the fit is of the detrended series, too,
        where they are detrended.
    penalised : bool
        Whether ``beta`` and ``contributions`` are those of ridge regression; they are given where drivers are
        collinear, too.
    important : bool
        Whether ``lmg`` is wanted.
    """
    found = fit(y, drivers, years, method=method, min_df=min_df, max_vif=max_vif)
    result = Accounts(
        found, found.beta.copy(), np.vstack([found.contributions, found.slope_residual]),
        np.full(found.beta.shape, np.nan) if important else None,
    )
    if not penalised and not important:
        return result
    for start in range(0, y.shape[1], max(1, CHUNK_VALUES // len(y))):
        checkpoint()
        part = slice(start, start + max(1, CHUNK_VALUES // len(y)))
        columns = columns_of(y[:, part], [each[:, part] for each in drivers], np.asarray(years, dtype=np.float64))
        series = columns.beyond_years() if method == DETRENDED else [each.values for each in columns.columns]
        correlation, status = correlations(series[1:], series[0]), found.status[part]
        if important:
            result.lmg[:, part] = np.where(status == FINE, lmg(correlation), np.nan)
        if penalised:
            beta = ridge(correlation, columns.count).beta
            beta[:, (status != FINE) & (status != COLLINEAR)] = np.nan
            result.beta[:, part], result.contributions[:, part] = beta, _contributions(beta, series, columns)
    return result


def _contributions(beta: np.ndarray, series: list, columns: Columns) -> np.ndarray:
    """Contributions, the rest last, by the standardised coefficients (k, pixels) of ``series``."""
    length = [np.sqrt(sum_over_time(values * values)) for values in series]
    rest, parts = columns.columns[0].slope.copy(), []
    for each, own, column in zip(beta, length[1:], columns.columns[1:]):
        with np.errstate(divide="ignore", invalid="ignore"):
            parts.append(each * (length[0] / own) * column.slope)
        rest -= parts[-1]
    return np.stack([*parts, rest])

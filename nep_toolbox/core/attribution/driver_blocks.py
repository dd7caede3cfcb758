"""What each of several drivers accounts for, in a block of a raster."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from ..class_areas import areas_of_map
from ..sums import sum_over_time
from ..zonal.blocks import zonal_block
from .columns import columns_of
from .dominant import dominant_driver
from .importance import correlations, lmg
from .regression import CHUNK_VALUES, COLLINEAR, DETRENDED, FINE, TOO_FEW, fit
from .ridge import ridge

#: What is known of each driver in each zone, in the order of the planes of `regional_planes`; the rest comes last.
REGIONAL = ("positive", "negative", "significant", "partial_r", "contribution", "lmg")


def drivers_block(
    series, drivers, cell_area=None, regions=None, *, years, method: int = DETRENDED, alpha: float = 0.05,
    min_df: int = 5, max_vif: float = 10.0, penalised: bool = False, important: bool = True, summed: bool = False,
    means: bool = False,
) -> dict:
    """Regression of a series on its drivers in one block, and what the table needs of it.

    Parameters
    ----------
    series : array (n, rows, cols)
    drivers : tuple of k arrays (n, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    years : sequence of int (n,)
    method, min_df, max_vif
        As for `regression.fit`.
    alpha : float
        As for `dominant_driver`.
    penalised : bool
        Whether ``contributions`` and ``beta`` are those of ridge regression.
    important : bool
        Whether ``lmg`` is wanted.
    summed, means : bool
        Whether ``sums`` and ``means`` are wanted.

    Returns
    -------
    dict
        ``dominant`` (int16), ``r_squared``, ``p_value``: (rows, cols); ``partial_r``, ``driver_p``, ``beta``, and
        ``lmg`` where wanted: (k, rows, cols); ``contributions``: (k + 1, rows, cols), the last is the rest; the areas
        of the codes of ``dominant``, as `areas_of_map`, where the lost pixels are those with enough years but no
        result; ``statuses``, how many pixels have each `regression.Fit.status`; ``largest_vif`` (k,), and
        ``collinear`` (k,), how many pixels have a larger VIF than allowed; ``sums``, the `zonal_block` of
        `regional_planes`, None where not wanted; ``means``, for the series and each driver the `zonal_block` of the
        values that all of them have, empty where not wanted.
    """
    shape, k = series.shape[1:], len(drivers)
    flat = [values.reshape(len(values), -1) for values in (series, *drivers)]
    width = max(1, CHUNK_VALUES // len(series))
    planes: dict = {}
    for start in range(0, flat[0].shape[1], width):
        checkpoint()
        part = slice(start, start + width)
        y, *x = (values[:, part] for values in flat)
        found = of_pixels(
            y, x, years, method=method, min_df=min_df, max_vif=max_vif, penalised=penalised, important=important
        )
        for name, values in found.items():
            planes.setdefault(name, np.empty((len(values), flat[0].shape[1])))[:, part] = values
    planes = {name: values.reshape(len(values), *shape) for name, values in planes.items()}
    status, vif = planes.pop("status")[0].astype(np.int8), planes.pop("vif")
    dominant = dominant_driver(planes["partial_r"], planes["driver_p"], alpha)
    tested = status != TOO_FEW
    with np.errstate(invalid="ignore"):
        collinear = np.count_nonzero(vif > max_vif, axis=(1, 2))
    results = {**planes, **{name: planes[name][0] for name in ("r_squared", "p_value")}}
    return {
        **results,
        "dominant": dominant,
        **areas_of_map(dominant, -k, k, tested & (status != FINE), cell_area, regions),
        "statuses": np.bincount(status.ravel(), minlength=COLLINEAR + 1),
        "largest_vif": np.fmax.reduce(vif.reshape(k, -1), axis=1, initial=1.0),
        "collinear": collinear,
        "sums": zonal_block(regional_planes(results, dominant, tested, alpha), cell_area, regions) if summed else None,
        "means": _means((series, *drivers), cell_area, regions) if means else (),
    }


def _means(stacks: tuple, cell_area, regions) -> tuple:
    together = np.logical_and.reduce([np.isfinite(values) for values in stacks])
    return tuple(zonal_block(np.where(together, values, np.nan), cell_area, regions) for values in stacks)


def regional_planes(results: dict, dominant: np.ndarray, tested: np.ndarray, alpha: float) -> np.ndarray:
    """What is averaged in zones.

    Parameters
    ----------
    results : dict of arrays
        Of `drivers_block`.
    dominant : int16 array (rows, cols)
    tested : bool array (rows, cols)
        Pixels with enough years: the whole of the shares.
    alpha : float

    Returns
    -------
    array (6 k + 1, rows, cols)
        Of each driver, one after the other, the planes of `REGIONAL`: 1 where it is dominant and its correlation
        positive, the same where negative, 1 where it is significant, else 0 (NaN where not tested); its partial
        correlation, contribution and importance (NaN where not wanted). Last the rest, where drivers have a
        contribution.
    """
    k = len(results["partial_r"])
    planes = np.full((len(REGIONAL) * k + 1, *dominant.shape), np.nan)
    for driver in range(k):
        of_driver = planes[len(REGIONAL) * driver :]
        with np.errstate(invalid="ignore"):
            shares = (dominant == driver + 1, dominant == -driver - 1, results["driver_p"][driver] < alpha)
        for plane, share in zip(of_driver, shares):
            plane[tested] = share[tested]
        for place, name in enumerate(("partial_r", "contributions", "lmg"), start=len(shares)):
            if name in results:
                of_driver[place] = results[name][driver]
    *of_drivers, rest = results["contributions"]
    planes[-1] = np.where(np.isnan(of_drivers[0]), np.nan, rest)
    return planes


def of_pixels(
    y, x: list, years, *, method: int = DETRENDED, min_df: int = 5, max_vif: float = 10.0, penalised: bool = False,
    important: bool = True,
) -> dict:
    """What each driver accounts for.

    Parameters
    ----------
    y : array (n, pixels)
    x : list of k arrays (n, pixels)
    years, method, min_df, max_vif, penalised, important
        As for `drivers_block`.

    Returns
    -------
    dict of arrays (planes, pixels)
        ``partial_r``, ``driver_p``, ``beta``, and ``lmg`` where wanted: a plane a driver; ``contributions``: one a
        driver and the rest; ``r_squared``, ``p_value`` and ``status``: one; ``vif``: one a driver.
    """
    found = fit(y, x, years, method=method, min_df=min_df, max_vif=max_vif)
    results = {
        "partial_r": found.partial_r, "driver_p": found.driver_p, "beta": found.beta,
        "contributions": np.vstack([found.contributions, found.slope_residual]),
        **{name: getattr(found, name)[np.newaxis] for name in ("r_squared", "p_value", "status")}, "vif": found.vif,
    }
    if not penalised and not important:
        return results
    columns = columns_of(y, x, np.asarray(years, dtype=np.float64))
    series = columns.beyond_years() if method == DETRENDED else [each.values for each in columns.columns]
    correlation = correlations(series[1:], series[0])
    if important:
        results["lmg"] = np.where(found.status == FINE, lmg(correlation), np.nan)
    if penalised:
        kept = (found.status == FINE) | (found.status == COLLINEAR)
        results["beta"] = np.where(kept, ridge(correlation, found.count).beta, np.nan)
        results["contributions"] = _contributions(results["beta"], series, [each.slope for each in columns.columns])
    return results


def _contributions(beta: np.ndarray, series: list, slopes: list) -> np.ndarray:
    """Contributions (k + 1, pixels), the rest last, of standardised coefficients of the ``series``."""
    length = [np.sqrt(sum_over_time(values * values)) for values in series]
    with np.errstate(divide="ignore", invalid="ignore"):
        of_drivers = [each * (length[0] / own) * slope for each, own, slope in zip(beta, length[1:], slopes[1:])]
    rest = slopes[0].copy()
    for each in of_drivers:
        rest -= each
    return np.stack([*of_drivers, rest])

"""What each of several drivers accounts for, in a block of a raster."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..zonal.blocks import zonal_block
from ..zonal.together import zonal_blocks_together
from .accounts import Accounts, accounts
from .dominant import dominant_driver
from .fit_counts import fit_counts
from .regression import DETRENDED, FINE, TOO_FEW

#: What is known of each driver in each zone, in the order of the planes of `regional_planes`; the rest comes last.
REGIONAL = ("positive", "negative", "significant", "partial_r", "contribution", "lmg")


def drivers_block(
    series, drivers, cell_area=None, regions=None, *, years, method: int = DETRENDED, alpha: float = 0.05,
    min_df: int = 5, max_vif: float = 10.0, penalised: bool = False, important: bool = True, summed: bool = False,
    means: bool = False,
) -> dict:
    """What the drivers of each pixel of a block account for, and what the table needs of it.

    Parameters
    ----------
    series : array (n, rows, cols)
        The target; NaN is missing.
    drivers : tuple of k arrays (n, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    years, method, min_df, max_vif, penalised, important
        As for `accounts`.
    alpha : float
        As for `dominant_driver`.
    summed, means : bool
        Whether ``sums`` and ``means`` are wanted.

    Returns
    -------
    dict
        ``dominant`` (int16), ``r_squared``, ``p_value``: (rows, cols); ``partial_r``, ``driver_p``, ``beta`` and, where
        wanted, ``lmg``: (k, rows, cols); ``contributions``: (k + 1, rows, cols), the last is the rest; the areas of the
        codes of ``dominant``, as `areas_of_map`, where the lost pixels are those with enough years but no result; the
        `fit_counts`; ``sums``, the `zonal_block` of `regional_planes`, None where not wanted; ``means``, of the target
        and each driver the `zonal_block` of the values that all of them have, empty where not wanted.
    """
    shape, k = series.shape[1:], len(drivers)
    found = accounts(
        series.reshape(len(series), -1), [each.reshape(len(each), -1) for each in drivers], years, method=method,
        min_df=min_df, max_vif=max_vif, penalised=penalised, important=important,
    )
    dominant = dominant_driver(found.fit.partial_r, found.fit.driver_p, alpha)
    maps = {
        "dominant": dominant, "contributions": found.contributions, "beta": found.beta,
        **{name: getattr(found.fit, name) for name in ("partial_r", "driver_p", "r_squared", "p_value")},
        **({"lmg": found.lmg} if important else {}),
    }
    maps = {name: values.reshape(*values.shape[:-1], *shape) for name, values in maps.items()}
    lost = ((found.fit.status != TOO_FEW) & (found.fit.status != FINE)).reshape(shape)
    sums = None
    if summed:
        sums = zonal_block(regional_planes(found, dominant, alpha).reshape(-1, *shape), cell_area, regions)
    return {
        **maps,
        **areas_of_map(maps["dominant"], -k, k, lost, cell_area, regions),
        **fit_counts(found.fit),
        "sums": sums,
        "means": zonal_blocks_together((series, *drivers), cell_area, regions) if means else (),
    }


def regional_planes(found: Accounts, dominant: np.ndarray, alpha: float) -> np.ndarray:
    """What is averaged in zones.

    Parameters
    ----------
    found : Accounts
    dominant : int16 array (pixels,)
        From `dominant_driver`.
    alpha : float

    Returns
    -------
    array (6 k + 1, pixels)
        Of each driver, one after the other, the planes of `REGIONAL`: 1 where it is dominant and its correlation
        positive, 1 where it is dominant and negative, 1 where it is significant, else 0 (NaN where there are too few
        years); its partial correlation, contribution and importance (NaN where not wanted). Last the rest, where
        drivers have a contribution.
    """
    fit, rest = found.fit, found.contributions[-1]
    unknown = np.full(dominant.shape, np.nan)
    tested = fit.status != TOO_FEW
    planes = []
    for place, (partial_r, p_value, contribution) in enumerate(zip(fit.partial_r, fit.driver_p, found.contributions)):
        with np.errstate(invalid="ignore"):
            shares = (dominant == place + 1, dominant == -place - 1, p_value < alpha)
        planes += [np.where(tested, share, np.nan) for share in shares]
        planes += [partial_r, contribution, unknown if found.lmg is None else found.lmg[place]]
    return np.stack([*planes, np.where(np.isnan(found.contributions[0]), np.nan, rest)])

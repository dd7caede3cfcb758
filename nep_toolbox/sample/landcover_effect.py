"""What the change of land cover does to total NEP of the synthetic sample province, by formulas written out here."""

from __future__ import annotations

import numpy as np

from .province import LANDCOVER_NODATA, Province


def landcover_effect(province: Province, first: np.ndarray, last: np.ndarray, pixel_km2: float) -> dict:
    """The parts of the change of the total from the first to the last date of the land cover.

    Parameters
    ----------
    province : Province
    first, last : arrays (rows, cols)
        NEP of the years of these dates, or its mean over years around them, gC m-2 yr-1; NaN is missing.
    pixel_km2 : float

    Returns
    -------
    dict
        ``from_year``, ``to_year``, ``pixels`` that have NEP on both dates, ``density`` of each class (gC m-2 yr-1), the
        parts of the change of each transition and of the whole (Tg C yr-1).
    """
    dates = province.landcover_years
    before, after = (province.landcover(year) for year in (dates[0], dates[-1]))
    used = ~np.isnan(first + last) & (before != LANDCOVER_NODATA) & (after != LANDCOVER_NODATA)
    codes = sorted({int(code) for cover in (before, after) for code in np.unique(cover[used])})
    density = {code: _density(used, before == code, after == code, first, last) for code in codes}
    teragram = pixel_km2 * 1e6 / 1e12
    rows = []
    for source in codes:
        for target in codes:
            here = used & (before == source) & (after == target)
            if here.any():
                change = float((last[here] - first[here]).sum()) * teragram
                land_use = int(here.sum()) * (density[target] - density[source]) * teragram
                rows.append({"from": source, "to": target, "pixels": int(here.sum()), "change_tg": change,
                             "land_use_tg": land_use, "density_tg": change - land_use})
    return {
        "rule": "land use: area times the difference of the densities of both classes; density of a class: mean NEP of "
                "both dates of the pixels that keep it, else of all that have it at a date",
        "from_year": dates[0], "to_year": dates[-1], "pixels": int(used.sum()),
        "density": {str(code): value for code, value in density.items()}, "transitions": rows,
        **{key: sum(row[key] for row in rows) for key in ("change_tg", "land_use_tg", "density_tg")},
    }


def _density(used: np.ndarray, then: np.ndarray, now: np.ndarray, first: np.ndarray, last: np.ndarray) -> float:
    """The mean of both dates over the pixels of a class."""
    kept = used & then & now
    chosen = (kept, kept) if kept.any() else (used & then, used & now)
    means = [float(values[here].mean()) for values, here in zip((first, last), chosen) if here.any()]
    return sum(means) / len(means)

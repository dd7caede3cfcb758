"""The known answers of the synthetic sample province.

They are computed from the province's own layers by the formulas written out here, independently of the kernels of the
toolbox, so that a run of the tools on the sample data can be checked against something other than the tools.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from .attribution import attribution
from .landcover import Conversion
from .landcover_effect import landcover_effect
from .patches import Patch
from .province import (
    LANDCOVER_CLASSES,
    LANDCOVER_NODATA,
    NPP_CODES,
    NPP_NODATA,
    NPP_SCALE,
    NPP_VALID_RANGE,
    Province,
)
from .shape import CAPITAL
from .years import COEFFICIENTS, Walk, years_around

MIN_OBSERVATIONS = 8
"""Valid years below which a trend is given as missing (the default of the trend tool)."""

QUANTILE_STRATA = 5
"""Number of quantile classes behind the q values of the continuous factors."""

_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def known_answers(province: Province) -> dict:
    """Work out what the tools must find in a province.

    Parameters
    ----------
    province : Province

    Returns
    -------
    dict
        Of plain numbers, strings, lists and dicts, ready for ``json.dump``. Its keys: ``about``, ``grid``, ``npp``,
        ``respiration``, ``annual`` (means and totals of each year in three forcings), ``multi_year``, ``regions``,
        ``patches`` (blocks of exactly known trend), ``design`` (what was built in), ``gravity``, ``correlation``,
        ``drivers``, ``ledger`` (sources and sinks), ``landcover_effect`` (what changes of land cover did to the
        total), the same ``_averaged`` over years around both dates, ``attribution`` (what climate explains of the trend
        of NPP), ``landcover``; and ``annual_monthly_equivalent`` with those that depend on the form of the respiration
        for the other form that takes annual climate.

    Notes
    -----
    R_H = a (exp(bT) + ln(cP + 1)) d e of Pei et al. (2010), NEP = NPP - R_H, in float64 from the layers as stored.
    Everything is of NEP by the literal annual form where nothing else is said. A tool that writes Float32 agrees to
    about 1e-6 of the value.
    """
    pixel_km2 = province.cell_size**2 / 1e6
    walk = Walk(province, pixel_km2)
    return {
        "about": "Synthetic data, made by a formula for demonstration and tests. It describes no place on earth.",
        "seed": province.seed,
        "grid": {
            "epsg": province.epsg, "rows": province.rows, "cols": province.cols, "cell_size_m": province.cell_size,
            "geotransform": list(province.geotransform), "years": list(province.years),
            "pixels": int(province.valid.sum()), "area_km2": float(province.valid.sum() * pixel_km2),
        },
        "npp": _npp_coding(),
        "respiration": {
            "formula": "a * (exp(b * T) + ln(c * P + 1)) * d * e", **COEFFICIENTS,
            "annual_literal": "mean T and total P of the year, once",
            "monthly": "sum over the months of the formula at T and P of the month",
            "annual_monthly_equivalent": "twelve times the formula at mean T and a twelfth of P",
        },
        "annual": walk.annual,
        "patches": _patches(province),
        "design": _design(province),
        "attribution": attribution(province, walk.moments, walk.annual),
        "landcover": {**_landcover(province, pixel_km2), "nep_by_class": walk.forms["annual_literal"].by_class},
        **_of_form(walk, "annual_literal"),
        "annual_monthly_equivalent": {
            "annual": walk.forms["annual_monthly_equivalent"].annual,
            "nep_by_class": walk.forms["annual_monthly_equivalent"].by_class,
            **_of_form(walk, "annual_monthly_equivalent"),
        },
    }


def _of_form(walk: Walk, name: str) -> dict:
    """What holds of NEP by one form of the respiration."""
    province, form = walk.province, walk.forms[name]
    means = [row["nep_mean"][name] for row in walk.annual]
    return {
        "multi_year": _multi_year(province.years, means, form.nep_mean),
        "regions": [
            {"name": region, "pixels": int((province.region_index == position).sum()),
             "area_km2": float((province.region_index == position).sum() * walk.pixel_km2), "annual": rows,
             **_mann_kendall(province.years, [row["nep_mean"] for row in rows])}
            for position, (region, rows) in enumerate(form.regional.items())
        ],
        "gravity": _gravity(province.years, form.centres, int(walk.common.sum())),
        "correlation": {
            "rule": "Pearson r of the yearly means over the pixels that have NEP in that year",
            "r_nep_precipitation": _pearson(means, [row["precipitation_mean"] for row in walk.annual]),
            "r_nep_temperature": _pearson(means, [row["temperature_mean"] for row in walk.annual]),
        },
        "drivers": _drivers(province, form.nep_mean, walk.climate),
        "ledger": {"budget": form.ledger.budget, "sources_and_sinks": form.ledger.sources_and_sinks()},
        "landcover_effect": landcover_effect(province, *form.of_date.values(), walk.pixel_km2),
        "landcover_effect_averaged": {
            "years": list(years_around(province).values()),
            **landcover_effect(province, *form.around.values(), walk.pixel_km2),
        },
    }


def _npp_coding() -> dict:
    return {"unit": "gC m-2 yr-1 after the scale", "scale": NPP_SCALE, "valid_range": list(NPP_VALID_RANGE),
            "declared_nodata": NPP_NODATA, "codes": {str(code): text for code, text in NPP_CODES.items()}}


def _multi_year(years: Sequence[int], means: Sequence[float], nep_mean: np.ndarray) -> dict:
    slope, _ = _line(years, means)
    return {
        "mean_of_annual_means": float(np.mean(means)), "mean_of_pixel_means": float(np.nanmean(nep_mean)),
        "least_squares_slope": slope, **_mann_kendall(years, means),
    }


def _mann_kendall(years: Sequence[int], values: Sequence[float]) -> dict:
    """Theil-Sen slope and Mann-Kendall test of one series, pair by pair."""
    n = len(values)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    score = sum((values[j] > values[i]) - (values[j] < values[i]) for i, j in pairs)
    ties = [list(values).count(value) for value in sorted(set(values))]
    variance = (n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in ties)) / 18.0
    z = 0.0 if score == 0 else (score - math.copysign(1.0, score)) / math.sqrt(variance)
    return {
        "theil_sen_slope": median((values[j] - values[i]) / (years[j] - years[i]) for i, j in pairs),
        "s": score, "variance_s": variance, "z": z, "p_value": math.erfc(abs(z) / math.sqrt(2.0)),
    }


def _trend_class(slope: float, p_value: float) -> int:
    if slope == 0:
        return 0
    size = 4 if p_value < 0.01 else 3 if p_value < 0.05 else 2 if p_value < 0.10 else 1
    return size if slope > 0 else -size


def _patches(province: Province) -> list[dict]:
    """Blocks in which NPP follows a rule exactly; as their climate is constant, NEP has the same trend as NPP."""
    west, cell, _, north, _, _ = province.geotransform
    stored = {year: province.npp(year) for year in province.years}
    answers = []
    for patch in province.patches:
        series = [int(stored[year][patch.rows.start, patch.cols.start]) for year in province.years]
        steps = [(year, value) for year, value in zip(province.years, series) if value not in NPP_CODES]
        # whole numbers keep the ties and the slope exact; the scale comes last
        trend = _mann_kendall([year for year, _ in steps], [value for _, value in steps])
        trend["theil_sen_slope"] /= 10.0
        enough = len(steps) >= MIN_OBSERVATIONS
        changes = [after - before for before, after in zip(series, series[1:])
                   if before not in NPP_CODES and after not in NPP_CODES]
        answers.append({
            "name": patch.name,
            "rows": [patch.rows.start, patch.rows.stop], "cols": [patch.cols.start, patch.cols.stop],
            "bounds": [west + patch.cols.start * cell, north - patch.rows.stop * cell,
                       west + patch.cols.stop * cell, north - patch.rows.start * cell],
            "pixels": (patch.rows.stop - patch.rows.start) * (patch.cols.stop - patch.cols.start),
            "stored_npp": series, "valid_years": len(steps), **trend,
            "trend_class": _trend_class(trend["theil_sen_slope"], trend["p_value"]) if enough else None,
            "increases": sum(change > 0 for change in changes), "decreases": sum(change < 0 for change in changes),
            "unchanged": sum(change == 0 for change in changes),
            "note": "temperature and precipitation are the same every year here, so that a correlation is undefined",
        })
    return answers


def _design(province: Province) -> dict:
    """What was built into the noise, as shares of the pixels outside of the patches."""
    free = province.valid & ~np.logical_or.reduce([_mask(province, patch) for patch in province.patches])
    return {
        "pixels": int(free.sum()),
        "rising_percent": float(100.0 * (province.growth[free] > 0).mean()),
        "rain_helps_percent": float(100.0 * (province.rain_response[free] > 0).mean()),
        "falling_place": CAPITAL,
        "note": "planned, before weather and noise: the tools find shares near these, not these",
    }


def _mask(province: Province, patch: Patch) -> np.ndarray:
    mask = np.zeros((province.rows, province.cols), dtype=bool)
    mask[patch.rows, patch.cols] = True
    return mask


def _gravity(years: Sequence[int], centres: list[tuple[float, float]], pixels: int) -> dict:
    drift_x, _ = _line(years, [x for x, _ in centres])
    drift_y, _ = _line(years, [y for _, y in centres])
    azimuth = math.degrees(math.atan2(drift_x, drift_y)) % 360.0
    return {
        "rule": "pixels with NEP in every year; sum of NEP times map coordinate by sum of NEP",
        "pixels": pixels,
        "centres": [{"year": year, "x": x, "y": y} for year, (x, y) in zip(years, centres)],
        "drift_m_per_year": [drift_x, drift_y],
        "drift_grid_azimuth": azimuth,
        "drift_direction": _POINTS[int((azimuth + 22.5) // 45.0) % 8],
    }


def _line(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Least-squares slope and intercept."""
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)
    return slope, mean_y - slope * mean_x


def _pearson(x: Sequence[float], y: Sequence[float]) -> float:
    slope_y, _ = _line(x, y)
    slope_x, _ = _line(y, x)
    return math.copysign(math.sqrt(slope_x * slope_y), slope_y)


def _drivers(province: Province, nep_mean: np.ndarray, climate: dict[str, np.ndarray]) -> dict:
    """Share of the spatial variance of mean NEP that each factor explains (geodetector q)."""
    used = ~np.isnan(nep_mean)
    target = nep_mean[used]
    factors = {"elevation": province.elevation(), **climate, "population": province.population(),
               "pm25": province.pm25()}
    q = {name: _q(target, _quantile_strata(factor[used].astype(np.float64))) for name, factor in factors.items()}
    order = sorted(q, key=q.get, reverse=True)
    return {
        "rule": f"q of the multi-year mean NEP of {target.size} pixels; continuous factors in {QUANTILE_STRATA} "
                "quantile classes, climate as multi-year means, land cover of the first year as it is",
        "pixels": int(target.size), "q_quantile": q, "order": order, "strongest": order[0], "weakest": order[-1],
        "q_landcover": _q(target, province.landcover(province.years[0])[used].astype(np.int64)),
    }


def _quantile_strata(values: np.ndarray) -> np.ndarray:
    """Class 0.. of each value: the first whose upper quantile (type 7) is not below it."""
    ordered = np.sort(values)
    breaks = []
    for step in range(1, QUANTILE_STRATA):
        place, rest = divmod(step * (values.size - 1), QUANTILE_STRATA)
        breaks.append(ordered[place] + (ordered[min(place + 1, values.size - 1)] - ordered[place])
                      * (rest / QUANTILE_STRATA))
    return np.searchsorted(np.array(breaks), values, side="left")


def _q(target: np.ndarray, strata: np.ndarray) -> float:
    within = sum(target[strata == code].var() * np.count_nonzero(strata == code) for code in np.unique(strata))
    return float(1.0 - within / (target.size * target.var()))


def _landcover(province: Province, pixel_km2: float) -> dict:
    """Areas and transitions, by bookkeeping from the first map and the plan of conversions."""
    first = province.landcover(province.years[0])
    start = {item.code: int((first == item.code).sum()) for item in LANDCOVER_CLASSES}
    dates = province.landcover_years

    def converted(plan: Conversion, year: int) -> int:
        return min(plan.per_year * (year - province.years[0]), plan.total)

    areas, transitions = [], []
    for year in dates:
        pixels = dict(start)
        for plan in province.conversions:
            pixels[plan.source] -= converted(plan, year)
            pixels[plan.target] += converted(plan, year)
        areas += [{"year": year, "class": code, "pixels": count, "area_km2": count * pixel_km2}
                  for code, count in pixels.items()]
    held = {(row["year"], row["class"]): row["pixels"] for row in areas}
    for before, after in zip(dates, dates[1:]):
        moved = {(plan.source, plan.target): converted(plan, after) - converted(plan, before)
                 for plan in province.conversions}
        for item in LANDCOVER_CLASSES:
            left = sum(count for (source, _), count in moved.items() if source == item.code)
            moved[item.code, item.code] = held[before, item.code] - left
        transitions += [{"from_year": before, "to_year": after, "from_class": source, "to_class": target,
                         "pixels": count, "area_km2": count * pixel_km2}
                        for (source, target), count in sorted(moved.items()) if count]
    return {
        "classes": {str(item.code): item.name for item in LANDCOVER_CLASSES}, "nodata": LANDCOVER_NODATA,
        "dates": list(dates), "areas": areas, "transitions": transitions,
        "conversions_per_year": [plan._asdict() for plan in province.conversions],
    }

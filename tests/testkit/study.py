"""A small study, written by hand: the tables of its folder and its settings."""

from __future__ import annotations

import copy

from nep_toolbox.core.attribution.shares import CLASS_LABELS
from nep_toolbox.core.persistence.future_trend import EVIDENCE_LABELS

from .study_ledger import EFFECT_NUMBERS, UNCERTAINTY_NUMBERS, ledger

YEARS = list(range(2001, 2009))
MEANS = [300.0, 320.0, 310.0, 340.0, 335.0, 350.0, 360.0, 365.0]  # 335 on average
SINKS = [98.0, 99.0, 99.5, 100.0, 100.0, 100.0, 100.0, 99.95]

SETTINGS = {
    "variable": "NEP", "unit": "gC m-2 yr-1", "region_name": "Sample Province", "years": YEARS, "language": "en",
    "alpha": 0.05, "map_years": [2001, 2004, 2008], "stages": [[2001, 2004], [2005, 2008]], "lc_years": [2001, 2008],
    "detector_years": [2001, 2008], "min_class_area": 0.5, "min_coverage": 10.0, "carbon": True,
    "has": {"climate": True, "landcover": True, "regions": True, "factors": True},
    "numbers": {
        "centre": {"MEAN_DISTANCE_KM": 8.19, "OFFSET_KM": 16.5, "OFFSET_AZIMUTH": 225.0, "NET_KM": 4.25,
                   "NET_AZIMUTH": 10.0},
        "hurst": {"MEAN_H": 0.56, "WHITE_NOISE_MEAN": 0.497, "WHITE_NOISE_PERSISTENT": 50.4,
                  "SIGNIFICANT_PERCENT": 12.5},
        "attribution": {"drivers": ["precipitation", "temperature"], "years": 8, "period": [2001, 2008],
                        "REST_PERCENT": 32.25},
        "drivers": {"drivers": ["precipitation", "temperature"], "years": 8, "period": [2001, 2008],
                    "SIGNIFICANT_PERCENT": 58.25, "REFUSED_PERCENT": 0.4},
        "landcover_effect": EFFECT_NUMBERS, "uncertainty": UNCERTAINTY_NUMBERS,
        "trend": {"LIMITS_EXCLUDE_ZERO": 38.5, "SIGNIFICANT": 38.25, "FDR_SIGNIFICANT": 21.25},
    },
    "gradient": {"r_x": 0.1, "r_y": -0.55},
    "place": {"area_km2": 165_700.0, "lon": 113.62, "lat": 33.88, "regions": 4, "pixels": 160_123, "cell": 1000.0,
              "cell_unit": "m", "crs": "EPSG:32650"},
}

_CLASS_LABELS = {
    4: "Extremely significant increase", 3: "Significant increase", 2: "Slightly significant increase",
    1: "Non-significant increase", 0: "No change", -1: "Non-significant decrease", -2: "Slightly significant decrease",
    -3: "Significant decrease", -4: "Extremely significant decrease", None: "no result",
}


def classes(region: str, percents: dict, labels: dict, area: float = 1000.0) -> list:
    """Rows of a table of classes, from the percentage of each."""
    return [
        {"region": region, "class": code, "label": labels.get(code, ""), "pixels": round(percent * area / 100),
         "area_km2": percent * area / 100, "percent": percent}
        for code, percent in percents.items()
    ]


def _annual() -> list:
    return [
        {"year": year, "pixels": 160_000, "area_km2": 161_200.0, "mean": mean, "std": 50.0, "total": mean * 1.6e11,
         "total_tg": mean * 0.16, "sink_percent": sink, "npp": mean + 200, "rh": 200.0,
         "rh_of_npp_percent": 20_000 / (mean + 200), "precipitation": 700.0 + year - 2001, "temperature": 14.0}
        for year, mean, sink in zip(YEARS, MEANS, SINKS)
    ]


def _summary() -> list:
    base = {"mean": 335.0, "slope": 9.0, "sen_slope": 9.2, "sen_lower": 5.0, "sen_upper": 13.0, "z": 2.85,
            "p_mk": 0.0044, "p_ols": 0.0003, "cv": 6.9, "min": 300.0, "min_year": 2001, "max": 365.0, "max_year": 2008,
            "years_above": 4}
    return [
        {"variable": "nep", **base}, {"variable": "npp", **base, "mean": 535.0, "slope": 9.6},
        {"variable": "rh", **base, "mean": 200.0, "slope": 0.6},
        {"variable": "precipitation", **base, "mean": 703.5, "sen_slope": 1.5, "p_mk": 0.0031},
        {"variable": "temperature", **base, "mean": 14.0, "sen_slope": 0.0, "p_mk": 1.0},
    ]


def _regions() -> list:
    names = (("Alba", 420.0, 1, 97.0), ("Bern", 350.0, 2, 95.0), ("Como", 280.0, 3, 99.0), ("Dole", 900.0, None, 4.0))
    return [
        {"region": name, "pixels": 40_000, "area_km2": 40_000.0, "mean": mean, "std": 30.0, "total": mean * 4e10,
         "total_tg": mean * 0.04, "share_percent": 25.0, "rank": rank, "sink_percent": 99.0, "coverage": coverage,
         "sen_slope": 4.0, "p_mk": 0.01}
        for name, mean, rank, coverage in names
    ]


def _frequency() -> list:
    counts = (("all", 5, 2, 0.453), ("Alba", 7, 0, 0.0156), ("Bern", 3, 4, 1.0), ("Como", 2, 5, 0.453),
              ("Dole", 5, 2, 0.4))
    return [
        {"region": name, "increases": rises, "decreases": falls, "unchanged": 0, "comparisons": 7, "p_sign": p}
        for name, rises, falls, p in counts
    ]


def _transitions() -> list:
    moved = ((1, 1, 600.0), (1, 2, 50.0), (2, 2, 300.0), (3, 3, 47.0), (3, 1, 3.0))
    labels = {1: "Cropland", 2: "Forest", 3: "Built-up"}
    return [
        {"from_year": 2001, "to_year": 2008, "from_class": old, "to_class": new, "from_label": labels[old],
         "to_label": labels[new], "pixels": int(area), "area_km2": area, "percent_of_from": 1.0}
        for old, new, area in moved
    ]


def _land_cover() -> dict:
    labels = {1: "Cropland", 2: "Forest", 3: "Built-up", 4: "Water"}
    shares = {2001: {1: 65.0, 2: 30.0, 3: 4.9, 4: 0.1}, 2008: {1: 60.3, 2: 35.0, 3: 4.6, 4: 0.1}}
    base = {"slope": 8.0, "p": 0.001, "total": 1.0, "total_tg": 10.0}
    return {
        "fig08_areas": [
            {"year": year, "class": code, "label": labels[code], "pixels": int(percent * 10), "area_km2": percent * 10,
             "percent": percent} for year, found in shares.items() for code, percent in found.items()
        ],
        "fig08_transitions": _transitions(),
        "fig08_largest": [{"from_class": 1, "to_class": 2, "from_label": "Cropland", "to_label": "Forest",
                           "area_km2": 50.0, "percent": 5.0, "change_tg": 0.0042}],
        "fig09_classes": [
            {"class": 1, "label": "Cropland", "mean": 320.0, "sen_slope": 7.0, "share": 58.0, "area_km2": 620.0,
             "area_percent": 62.0, **base},
            {"class": 2, "label": "Forest", "mean": 480.0, "sen_slope": 9.5, "share": 40.0, "area_km2": 330.0,
             "area_percent": 33.0, **base},
            {"class": 3, "label": "Built-up", "mean": 150.0, "sen_slope": -1.0, "share": 1.9, "area_km2": 48.0,
             "area_percent": 4.9, **base},
            {"class": 4, "label": "Water", "mean": 700.0, "sen_slope": 20.0, "share": 0.1, "area_km2": 1.0,
             "area_percent": 0.1, **base},
        ],
    }


def _drivers() -> dict:
    def row(variable: str, driver: str, r: float, p: float, positive: float) -> dict:
        return {"variable": variable, "driver": driver, "r": r, "p": p, "partial_r": r - 0.05, "partial_p": p,
                "positive_percent": positive, "significant_positive_percent": positive / 2,
                "negative_percent": 100 - positive, "significant_negative_percent": (100 - positive) / 4}

    def factors(year: int, found: dict) -> list:
        return [{"year": year, "factor": name, "kind": "continuous", "method": "quantile", "classes": 6, "breaks": "",
                 "q": q, "p": 0.0, "p_f": 0.0, "significant": True, "rank": place + 1,
                 "q_lower": q - 0.012, "q_upper": q + 0.01, "q_adjusted": q - 0.001}
                for place, (name, q) in enumerate(found.items())]

    def pair(one: str, two: str, q: float, kind: str) -> dict:
        return {"year": 2008, "factor_1": one, "factor_2": two, "q_1": 0.3, "q_2": 0.2, "q_12": q, "p_12": 0.0,
                "interaction": kind}

    classes_of = {2: "Significant positive correlation", -1: "Negative correlation, not significant"}
    return {
        "fig07_class_areas": [
            {"variable": variable, "driver": "precipitation", **each}
            for variable, percent in (("nep", 90.0), ("npp", 70.0))
            for region in ("all", "Alba") for each in classes(region, {2: percent, -1: 100.0 - percent}, classes_of)
        ],
        "fig07_correlation": [
            row("nep", "precipitation", 0.78, 0.0002, 98.77), row("nep", "temperature", -0.21, 0.4, 43.74),
            row("npp", "precipitation", 0.81, 0.0001, 99.99), row("npp", "temperature", 0.05, 0.9, 55.0),
        ],
        "fig10_factors": factors(2001, {"precipitation": 0.41, "Elevation": 0.35, "PM2.5": 0.12})
        + factors(2008, {"precipitation": 0.44, "PM2.5": 0.38, "Elevation": 0.31}),
        "fig10_pairs": [pair("precipitation", "PM2.5", 0.61, "enhance, bi-variable"),
                        pair("precipitation", "Elevation", 0.79, "enhance, nonlinear"),
                        pair("PM2.5", "Elevation", 0.37, "weaken, uni-variable")],
        "fig10_vif": [{"year": 2008, "factor": "precipitation", "vif": 12.4},
                      {"year": 2008, "factor": "PM2.5", "vif": 1.2}],
        "fig10_spacing": [{"step": step, "rows": rows, "factor": "precipitation", "q": q}
                          for step, rows, q in ((1, 160_000, 0.44), (2, 40_000, 0.441), (5, 6_400, 0.438))],
    }


def _attribution() -> dict:
    def areas(variable: str, region: str, percents: dict) -> list:
        return [{"variable": variable, **row, "significant_percent": None if row["class"] is None else 50.0}
                for row in classes(region, percents, {**CLASS_LABELS, None: "no result"})]

    def parts(variable: str, region: str, *slopes: float) -> dict:
        names = ("slope", "slope_climate", "slope_residual")
        return {"variable": variable, "region": region, **dict(zip(names, slopes)),
                "share": max(0.0, 100.0 * slopes[1] / slopes[0]) if slopes[0] > 5.0 else None, "r2": 0.71, "p": 0.0123}

    def row(variable: str, region: str, driver: str, *numbers: float | None) -> dict:
        return {"variable": variable, "region": region, "driver": driver, **dict(zip(
            ("dominant_positive_percent", "dominant_negative_percent", "significant_percent", "mean_partial",
             "mean_contribution", "mean_lmg"), numbers))}

    return {
        "fig11_class_areas": [
            *areas("nep", "all", {1: 40.5, 2: 30.0, 3: 15.0, -1: 4.0, -2: 3.0, -3: 5.5, None: 2.0}),
            *areas("nep", "Alba", {1: 70.0, 3: 30.0}), *areas("nep", "Bern", {2: 60.0, -3: 40.0}),
            *areas("npp", "all", {1: 50.0, 3: 50.0}),
        ],
        "fig11_summary": [
            parts("nep", "all", 9.0, 5.4, 3.6), parts("nep", "Alba", 12.0, 9.0, 3.0),
            parts("nep", "Bern", 4.0, 1.0, 3.0), parts("nep", "Como", 6.0, 4.5, 1.5),
            parts("nep", "Dole", 6.0, -9.0, 15.0), parts("npp", "all", 10.0, 4.25, 5.75),
        ],
        "fig12_drivers": [
            row("nep", "all", "precipitation", 45.25, 1.25, 48.0, 0.62, 4.8, 0.52),
            row("nep", "all", "temperature", 3.0, 8.5, 14.0, -0.21, 0.6, 0.12),
            row("nep", "all", "rest", None, None, None, None, 3.6, None),
            row("nep", "Alba", "precipitation", 60.0, 0.0, 61.0, 0.7, 8.0, 0.6),
            row("nep", "Alba", "temperature", 0.0, 5.0, 9.0, -0.1, 1.0, 0.1),
            row("nep", "Alba", "rest", None, None, None, None, 3.0, None),
            row("npp", "all", "precipitation", 35.75, 0.25, 38.0, 0.5, 4.0, 0.4),
            row("npp", "all", "temperature", 2.5, 1.5, 6.0, 0.05, 0.25, 0.05),
        ],
    }


def _change() -> dict:
    persistence = {1: "Anti-persistent (H < 0.5)", 0: "Random (H = 0.5)", 2: "Persistent (H > 0.5)", None: "no result"}
    evidence = {2: "Likely to continue", 0: "Unclear", 1: "Likely to reverse", None: "no result"}
    centres = ((2001, None, None, 0.0), (2002, 10.0, 90.0, 10.0), (2003, 4.0, 0.0, 14.0), (2004, 12.0, 180.0, 26.0))
    return {
        "fig05_class_areas": [
            *classes("all", {4: 20.0, 3: 15.0, 2: 5.0, 1: 45.0, 0: 0.5, -1: 10.0, -2: 1.0, -3: 2.0, -4: 1.0,
                             None: 0.5}, _CLASS_LABELS),
            *classes("Alba", {4: 50.0, 1: 50.0}, _CLASS_LABELS),
            *classes("Bern", {1: 80.0, -3: 8.0, -4: 12.0}, _CLASS_LABELS),
            *classes("Como", {1: 93.0, -3: 7.0}, _CLASS_LABELS),
            *classes("Dole", {-4: 100.0}, _CLASS_LABELS),
        ],
        "fig05_stages": [
            {"region": "all", "stage": f"{first}-{last}", "from_year": first, "to_year": last, "path_km": 14.0,
             "net_km": net, "azimuth": azimuth, "km_per_year": 4.0}
            for first, last, net, azimuth in ((2001, 2004, 5.5, 0.0), (2004, 2008, 3.1, 200.0))
        ],
        "fig05_centers": [
            {"region": "all", "year": year, "x": 1.0, "y": 1.0, "distance_km": km, "azimuth": azimuth,
             "cumulative_km": total, "coverage": 97.0} for year, km, azimuth, total in centres
        ],
        "fig06_persistence": [
            *classes("all", {2: 53.46, 1: 46.04, None: 0.5}, persistence),
            *classes("Alba", {2: 70.0, 1: 30.0}, persistence), *classes("Bern", {2: 45.0, 1: 55.0}, persistence),
            *classes("Como", {2: 52.0, 1: 48.0}, persistence),
        ],
        "fig06_class_areas": [
            *classes("all", {25: 7.0, 15: 3.5, 24: 1.0, 14: 0.5, 21: 0.25, 11: 0.75, 5: 24.5, 4: 60.0, 1: 2.0,
                             None: 0.5}, EVIDENCE_LABELS),
            *classes("Alba", {25: 20.0, 5: 80.0}, EVIDENCE_LABELS),
            *classes("Bern", {14: 2.5, 11: 1.5, 4: 96.0}, EVIDENCE_LABELS),
            *classes("Como", {24: 5.0, 4: 95.0}, EVIDENCE_LABELS), *classes("Dole", {1: 100.0}, EVIDENCE_LABELS),
        ],
        "fig06_evidence": [
            *classes("all", {2: 8.25, 0: 86.5, 1: 4.75, None: 0.5}, evidence),
            *classes("Alba", {2: 20.0, 0: 80.0}, evidence), *classes("Bern", {0: 96.0, 1: 4.0}, evidence),
            *classes("Como", {2: 5.0, 0: 95.0}, evidence), *classes("Dole", {0: 100.0}, evidence),
        ],
        "fig06_hindcast_scores": [
            {"fit": "2001-2006", "score": "2007-2008", "fit_from": 2001, "fit_to": 2006, "score_from": 2007,
             "score_to": 2008, "pixels": 150_001, "base_rate_percent": 72.25, "brier": 0.1801,
             "brier_climatology": 0.2005, "skill": 0.1017, "skill_trend_only": 0.0995, "brier_rule": 0.4845,
             "skill_rule": -1.4164},
        ],
        "fig06_hindcast": [
            {"class": code, "label": EVIDENCE_LABELS[code], "pixels": pixels, "forecast_percent": forecast,
             "observed_percent": observed}
            for code, pixels, forecast, observed in ((25, 9_000, 95.4, 95.1), (5, 141_001, 70.2, 70.8))
        ],
    }


TABLES = {
    "data": [
        {"variable": "npp", "files": 8, "years": "2001-2008", "unit": "gC m-2 yr-1", "cell": 500.0,
         "resampling": "average", "missing_percent": 1.25},
        {"variable": "precipitation", "files": 96, "years": "2001-2008", "unit": "mm", "cell": 1000.0,
         "resampling": "bilinear", "missing_percent": 0.0},
    ],
    "fig02_annual": _annual(), "fig02_summary": _summary(),
    "fig02_stages": [
        {"stage": "2001-2004", "from_year": 2001, "to_year": 2004, "mean": 317.5, "change_percent": None},
        {"stage": "2005-2008", "from_year": 2005, "to_year": 2008, "mean": 352.5, "change_percent": 11.0236},
    ],
    "fig03_regions": _regions(),
    "fig03_years": [{"year": year, "mean": MEANS[year - 2001], "sink_percent": SINKS[year - 2001]}
                    for year in (2001, 2004, 2008)],
    "fig04_frequency": _frequency(),
    "fig04_counts": [
        {"count": count, "increase_km2": percent * 1600, "increase_percent": percent, "decrease_km2": 0.0,
         "decrease_percent": 0.0} for count, percent in enumerate((1.0, 4.0, 10.0, 20.0, 30.0, 25.0, 8.0, 2.0))
    ],
    **_change(), **_land_cover(), **_drivers(), **_attribution(), **ledger(YEARS),
}


def study() -> tuple:
    """Copies of the tables and the settings, to change."""
    return copy.deepcopy(TABLES), copy.deepcopy(SETTINGS)

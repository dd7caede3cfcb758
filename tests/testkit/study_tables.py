"""The tables of a study, made up: rows as charts for print take them."""

from __future__ import annotations

import math
import random

from nep_toolbox.core.attribution.shares import CLASS_LABELS as CAUSES
from nep_toolbox.core.persistence.future_trend import EVIDENCE_LABELS

from .study_ledger import budget, effect

YEARS = range(2001, 2021)
TREND = {
    4: ("Extremely significant increase", 20.1), 3: ("Significant increase", 20.78),
    2: ("Slightly significant increase", 10.9), 1: ("Non-significant increase", 39.29), 0: ("No change", 0.03),
    -1: ("Non-significant decrease", 5.2), -2: ("Slightly significant decrease", 0.6),
    -3: ("Significant decrease", 0.7), -4: ("Extremely significant decrease", 0.4),
}
FUTURE = {
    code: (EVIDENCE_LABELS[code], share) for code, share in (
        (25, 6.0), (24, 3.0), (22, 1.0), (21, 0.4), (15, 1.6), (14, 2.0), (12, 0.5), (11, 0.1), (5, 32.0), (4, 42.0),
        (2, 6.4), (1, 5.0), (23, 0.0),
    )
}
EVIDENCE = {2: ("Likely to continue", 10.4), 0: ("Unclear", 85.4), 1: ("Likely to reverse", 4.2)}
ATTRIBUTION = {
    code: (CAUSES[code], share) for code, share in (
        (1, 30.0), (2, 22.0), (3, 26.5), (-3, 12.0), (-2, 6.0), (-1, 3.0), (0, 0.5), (9, 0.0),
    )
}
CLASSES = {
    1: ("Cropland", 70.5), 2: ("Forest", 16.0), 3: ("Shrub", 1.2), 4: ("Grassland", 1.1), 5: ("Water", 1.1),
    7: ("Barren", 0.1), 8: ("Impervious surface", 10.0),
}
FACTORS = (
    "Precipitation", "Temperature", "Elevation", "Slope", "Land cover", "Population density", "GDP",
    "PM2.5", "O3",
)


def annual_rows(years=YEARS, level=330.0, rise=5.5) -> list:
    chance = random.Random(1)
    rows = []
    for year in years:
        rain, warmth = chance.gauss(760, 110), 14.6 + chance.gauss(0, 0.4)
        mean = level + rise * (year - years[0]) + 0.15 * (rain - 760) + chance.gauss(0, 18)
        rows.append({
            "year": year, "mean": mean, "std": 95 + chance.gauss(0, 6), "precipitation": rain, "temperature": warmth
        })
    return rows


def class_rows(classes: dict) -> list:
    rows = [{"class": code, "label": label, "percent": share} for code, (label, share) in classes.items()]
    rows.append({"class": None, "label": "no result", "percent": 2.0})
    return [{"region": region, **row} for region in ("all", "North") for row in rows]


def landcover_rows(dates=(2001, 2005, 2010, 2015, 2020), classes=CLASSES) -> tuple:
    """Rows of areas and of transitions that belong together."""
    chance, whole = random.Random(3), 133_000.0
    area = {code: whole * share / 100 for code, (_, share) in classes.items()}
    areas, transitions = [], []

    def note(year):
        areas.extend(
            {"year": year, "class": code, "label": classes[code][0], "area_km2": km2, "percent": 100 * km2 / whole}
            for code, km2 in area.items()
        )

    note(dates[0])
    for first, last in zip(dates, dates[1:]):
        after = dict.fromkeys(area, 0.0)
        for source, km2 in area.items():
            flows = {target: 0.02 * chance.random() * km2 for target in area if target != source}
            flows[source] = km2 - math.fsum(flows.values())
            for target, flow in flows.items():
                after[target] += flow
                transitions.append({
                    "from_year": first, "to_year": last, "from_class": source, "to_class": target, "area_km2": flow
                })
        area = after
        note(last)
    return areas, transitions


def landcover_means(years=YEARS, classes=CLASSES) -> list:
    chance = random.Random(4)
    rows = []
    for year in years:
        for code, (label, share) in classes.items():
            area, mean = 1330 * share, 100 + 60 * code + 4 * (year - 2001) + chance.gauss(0, 20)
            rows.append({
                "year": year, "class": code, "label": label, "area_km2": area, "mean": mean,
                "total": mean * area * 1e6, "total_tg": mean * area * 1e-6,
            })
    return rows


def detector_rows(dates=(2013, 2015, 2017, 2019), names=FACTORS) -> tuple:
    """Rows of factors and of pairs."""
    chance = random.Random(2)
    strength = {name: 0.45 * chance.random() for name in names}
    factors, pairs = [], []
    for year in dates:
        q = {name: max(0.005, base + chance.gauss(0, 0.05)) for name, base in strength.items()}
        factors += [{"year": year, "factor": name, "q": power} for name, power in q.items()]
        for place, first in enumerate(names):
            for second in names[:place]:
                both = max(q[first], q[second]) + 0.2 * chance.random()
                kind = "enhance, nonlinear" if both > q[first] + q[second] else "enhance, bi-variable"
                pairs.append({"year": year, "factor_1": second, "factor_2": first, "q_12": both, "interaction": kind})
    return factors, pairs


def attribution_rows(regions=("all", "North", "South"), drivers=("precipitation", "temperature", "PM2.5")) -> tuple:
    """Rows of classes, of the annual means and of drivers."""
    chance = random.Random(5)
    areas = [{"variable": "nep", "region": region, "class": code, "label": label, "percent": percent,
              "significant_percent": 60.0}
             for region in regions for code, (label, percent) in ATTRIBUTION.items()]
    parts, rows = [], []
    for region in regions:
        values = [chance.gauss(0, 3) for _ in drivers]
        rest = chance.gauss(1, 2)
        parts.append({"variable": "nep", "region": region, "slope": math.fsum(values) + rest,
                      "slope_climate": math.fsum(values), "slope_residual": rest})
        for place, (driver, value) in enumerate(zip(drivers, values)):
            rows.append({
                "variable": "nep", "region": region, "driver": driver, "dominant_positive_percent": 25.0 / (place + 1),
                "dominant_negative_percent": 4.0 * place, "mean_contribution": value, "mean_lmg": 0.3 / (place + 1),
            })
        rows.append({"variable": "nep", "region": region, "driver": "rest", "mean_contribution": rest})
    other = [{**row, "variable": "npp", "region": "all"} for row in (areas[0], parts[0], rows[0])]
    return tuple([*found, extra] for found, extra in zip((areas, parts, rows), other))


def all_tables() -> dict:
    areas, transitions = landcover_rows()
    factors, pairs = detector_rows()
    causes, parts, drivers = attribution_rows()
    counts = [math.comb(19, count) / 2**19 * 100 for count in range(20)]
    return {
        "fig02_annual": annual_rows(), "fig02_budget": budget(YEARS), **effect(),
        "fig02_summary": [
            {"variable": "npp", "sen_slope": 1.0},
            {"variable": "nep", "sen_slope": 5.21, "p_mk": 0.0004, "mean": 382.7},
        ],
        "fig04_counts": [
            {"count": count, "increase_percent": share, "decrease_percent": counts[19 - count]}
            for count, share in enumerate(counts)
        ],
        "fig05_class_areas": class_rows(TREND),
        "fig06_class_areas": class_rows(FUTURE),
        "fig06_evidence": class_rows(EVIDENCE),
        "fig07_correlation": [
            {"variable": variable, "driver": driver, "r": r * part, "p": p}
            for variable, part in (("npp", 0.5), ("nep", 1.0))
            for driver, r, p in (("precipitation", 0.71, 0.0004), ("temperature", -0.1, 0.6))
        ],
        "fig08_areas": areas, "fig08_transitions": transitions, "fig09_annual": landcover_means(),
        "fig10_factors": factors, "fig10_pairs": pairs, "fig11_class_areas": causes, "fig11_summary": parts,
        "fig12_drivers": drivers,
    }

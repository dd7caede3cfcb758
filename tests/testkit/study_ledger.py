"""Sources and sinks, the effect of land cover and uncertainty in a small study, written by hand."""

from __future__ import annotations

LABELS = {1: "Cropland", 2: "Forest", 3: "Built-up"}
SINK_LABELS = {
    2: "Significant carbon sink", 1: "Carbon sink, not significant", -1: "Carbon source, not significant",
    -2: "Significant carbon source",
}
#: What the step of the effect gives as single numbers, and that of the uncertainty.
EFFECT_NUMBERS = {"period": [2001, 2008], "window": 1}
UNCERTAINTY_NUMBERS = {
    "draws": 100, "errors": [{"name": "npp", "sd": 0.125}, {"name": "b", "sd": 0.0625},
                             {"name": "temperature", "sd": 0.375}],
    "possible": ["npp", "temperature", "precipitation", "a", "b", "c", "d", "e"],
}


def budget(years) -> list:
    """Sinks rise from 50 Tg by 2 a year, sources fall from 16 Tg by 4; Alba holds half of the sinks."""
    rows = []
    for place, year in enumerate(years):
        sink, source = 50.0 + 2.0 * place, -16.0 + 4.0 * place if place < 4 else -2.0
        for region, part, other in (("all", 1.0, 1.0), ("Alba", 0.5, 0.0)):
            rows.append({
                "region": region, "year": year, "pixels": int(160_000 * part), "area_km2": 160_000.0 * part,
                "sink_area_km2": 150_000.0 * part, "source_area_km2": 10_000.0 * other, "sink_tg": sink * part,
                "source_tg": source * other, "net_tg": sink * part + source * other,
            })
    return rows


def sinks() -> list:
    """Classes by the mean of the years."""
    return [
        {"region": region, "class": code, "label": SINK_LABELS[code], "pixels": round(10 * percent),
         "area_km2": 10.0 * percent, "percent": percent}
        for region, found in (("all", {2: 61.25, 1: 20.5, -1: 11.75, -2: 6.5}), ("Alba", {2: 100.0}),
                              ("Bern", {1: 40.0, -2: 60.0}))
        for code, percent in found.items()
    ]


def effect() -> dict:
    """The total rises by 6 Tg, of which 1.5 comes with the change of land cover."""
    pairs = (
        (1, 1, 600.0, 3.25, 0.0), (1, 2, 50.0, 2.5, 2.75), (1, 3, 20.0, -1.5, -1.25), (2, 2, 300.0, 1.75, 0.0),
        (3, 1, 3.0, 0.0, 0.0),
    )
    rows = [
        {"region": "all", "from": old, "to": new, "from_label": LABELS[old], "to_label": LABELS[new],
         "pixels": int(area), "area_km2": area, "mean_start": 300.0, "mean_end": 310.0, "change_tg": change,
         "land_use_tg": moved, "density_tg": change - moved, "fallback": int(3 in (old, new))}
        for old, new, area, change, moved in pairs
    ]
    total = {"region": "all", "pixels": 973, "area_km2": 973.0, "change_tg": 6.0, "land_use_tg": 1.5, "density_tg": 4.5}
    regions = (("Alba", 4.0, 1.75), ("Bern", 1.0, -0.5), ("Como", 0.75, 0.125), ("Dole", 0.25, -9.0))
    return {
        "fig09b_effect": [*rows, {**total, "from": None, "to": None, "from_label": "total", "to_label": "total",
                                  "mean_start": 300.0, "mean_end": 310.0, "fallback": 1}],
        "fig09b_effect_total": [
            {**total, "changed_km2": 73.0, "share": 25.0},
            *({"region": name, "pixels": 240, "area_km2": 240.0, "changed_km2": 18.0, "change_tg": change,
               "land_use_tg": moved, "density_tg": change - moved, "share": 100.0 * moved / change}
              for name, change, moved in regions),
        ],
    }


def uncertainty() -> list:
    """What 100 draws leave of the level, the sign and the trend."""
    names = ("region", "mean", "sd", "lower", "upper", "slope", "slope_sd", "total_tg", "total_sd",
             "probability_of_sink", "total_lower", "total_upper", "probability_of_increase")
    rows = (
        ("all", 336.0, 41.25, 262.5, 401.5, 9.25, 0.75, 53.75, 6.625, 0.97, 42.0, 64.25, 1.0),
        ("Alba", 421.0, 50.0, 330.0, 500.0, 8.0, 0.5, 17.0, 2.0, 1.0, 13.25, 20.0, 1.0),
        ("Bern", 20.0, 45.0, -55.0, 90.0, 4.0, 0.5, 0.8, 1.8, 0.64, -2.25, 3.5, 1.0),
        ("Dole", 5.0, 45.0, -70.0, 75.0, 4.0, 0.5, 0.2, 1.8, 0.53, -2.75, 3.0, 0.99),
    )
    return [dict(zip(names, row)) for row in rows]


def ledger(years) -> dict:
    """All of its tables."""
    return {
        "fig02_budget": budget(years), "fig03_sinks": sinks(), "uncertainty": uncertainty(), **effect(),
    }

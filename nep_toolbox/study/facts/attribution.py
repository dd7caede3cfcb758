"""Facts of figures 11 and 12: how much of the trend follows the drivers, and which of them."""

from __future__ import annotations

from .common import code, numbers_of, present, share, sparse_names, whole

#: Classes of the attribution by their sign: both parts, that of the drivers, the rest.
BOTH, DRIVERS, REST = 1, 2, 3
_PARTS = {"both": BOTH, "drivers": DRIVERS, "rest": REST}
#: The row of a table of drivers that is none of them.
REST_ROW = "rest"
#: Percent of the area without a result from which it is told of.
_TOLD = 1.0


def attribution(tables: dict, settings: dict, alpha: float) -> dict:
    """The trend divided into what follows the drivers and the rest, of annual means and pixel by pixel."""
    asked = numbers_of(settings, "attribution")
    if "drivers" not in asked or "fig11_class_areas" not in tables:
        return {}
    summary, areas = (_of(tables.get(f"fig11_{name}", []), _main(tables)) for name in ("summary", "class_areas"))
    found, rows = next(iter(whole(summary)), {}), whole(areas)
    ways = {name: _way(rows, sign, _percent) for name, sign in (("rise", 1), ("fall", -1))}
    significant = _way(rows, 0, _significant)
    return present({
        "drivers": asked["drivers"], "count": len(asked["drivers"]), "years": asked["years"],
        "period": asked["period"], **_parts(found, alpha), **ways, "empty": not any(ways.values()),
        "rest_significant_percent": asked.get("REST_PERCENT"), "by_chance_percent": 100.0 * alpha,
        "significant": significant, "tested": any(row.get("significant_percent") is not None for row in rows),
        "no_result_percent": _without(rows), "regions": _regions(summary, tables, settings),
        "npp": _beside(tables, "fig11_summary", lambda rows: _parts(next(iter(whole(rows)), {}), alpha)),
    })


def _main(tables: dict) -> str:
    """The variable of the study, as its tables call it."""
    return next((name for name in ("nep", "npp") for row in tables.get("fig11_summary", []) + tables.get(
        "fig12_drivers", []) if row["variable"] == name), "nep")


def _of(rows: list, variable: str) -> list:
    return [row for row in rows if row["variable"] == variable]


def _beside(tables: dict, table: str, taken) -> dict | None:
    """What is taken of the rows of NPP, where they stand beside those of NEP."""
    rows = _of(tables.get(table, []), "npp")
    return taken(rows) if rows and _main(tables) == "nep" else None


def _parts(row: dict, alpha: float) -> dict:
    """The slope of annual means and its parts, with the test of the drivers."""
    p, share_percent = row.get("p"), row.get("share")
    return present({
        "slope": row.get("slope"), "of_drivers": row.get("slope_climate"), "of_rest": row.get("slope_residual"),
        "share_percent": share_percent, "rest_percent": None if share_percent is None else 100.0 - share_percent,
        "r2": row.get("r2"), "p": p, "explained": None if p is None else p < alpha,
    })


def _way(rows: list, sign: int, share_of) -> dict:
    """Percentages of the area by what makes it rise (1), fall (-1) or both (0); empty where nothing does."""
    found = {
        name: sum(share_of(row) for row in rows if code(row) in ((sign * part,) if sign else (part, -part)))
        for name, part in _PARTS.items()
    }
    every = sum(found.values())
    return {"percent": every, **{f"{name}_percent": value for name, value in found.items()}} if every else {}


def _percent(row: dict) -> float:
    return row.get("percent") or 0.0


def _significant(row: dict) -> float:
    """Percent of the area that is of a class and has a significant trend: its table has percent of the class."""
    return _percent(row) * (row.get("significant_percent") or 0.0) / 100.0


def _without(rows: list) -> float | None:
    """Percent of the area that has no class; None where it is too little to be told of."""
    found = 100.0 - share(rows, lambda _class: True) if rows else 0.0
    return found if found >= _TOLD else None


def _regions(summary: list, tables: dict, settings: dict) -> dict | None:
    """The regions in which most and least of the change follows the drivers."""
    sparse = sparse_names(tables, settings)
    found = [
        {"name": row["region"], "slope": row["slope"], "of_drivers": row["slope_climate"]} for row in summary
        if row not in whole(summary) and row["region"] not in sparse
        and row.get("slope") is not None and row.get("slope_climate") is not None
    ]
    if len(found) < 2:
        return None
    found.sort(key=lambda each: -each["of_drivers"])
    return {"most": found[0], "least": found[-1]}


def drivers(tables: dict, settings: dict, alpha: float) -> dict:
    """Where each driver is the strongest, what it adds to the trend, and how much of the variance it explains."""
    rows = whole(_of(tables.get("fig12_drivers", []), _main(tables)))
    asked = numbers_of(settings, "drivers")
    if "drivers" not in asked or "fig12_drivers" not in tables:
        return {}
    known = [_driver(row) for row in rows if row["driver"] != REST_ROW]
    given = [each for each in known if "contribution" in each]
    significant, refused = asked.get("SIGNIFICANT_PERCENT"), asked.get("REFUSED_PERCENT")
    tested = significant is not None and refused is not None
    return present({
        "drivers": known, "count": len(known), "period": asked["period"],
        "refused": not any("partial" in each for each in known), "by_chance_percent": 100.0 * alpha,
        "dominant": _dominant(known), "refused_percent": refused or None,
        "none_percent": max(0.0, 100.0 - significant - refused) if tested else None,
        "contributions": given if len(given) == len(known) else [],
        "rest": next((row.get("mean_contribution") for row in rows if row["driver"] == REST_ROW), None),
        "importance": sorted((each for each in known if "lmg" in each), key=lambda each: -each["lmg"]),
        "npp": _beside(tables, "fig12_drivers", _dominant_of_rows),
    })


def _driver(row: dict) -> dict:
    positive, negative = row.get("dominant_positive_percent"), row.get("dominant_negative_percent")
    return present({
        "driver": row["driver"], "positive_percent": positive, "negative_percent": negative,
        "dominant_percent": None if positive is None or negative is None else positive + negative,
        "significant_percent": row.get("significant_percent"), "partial": row.get("mean_partial"),
        "contribution": row.get("mean_contribution"), "lmg": row.get("mean_lmg"),
    })


def _dominant(known: list) -> list:
    """The drivers that are the strongest somewhere, most of the area first."""
    return sorted((each for each in known if each.get("dominant_percent")), key=lambda each: -each["dominant_percent"])


def _dominant_of_rows(rows: list) -> dict:
    return {"dominant": _dominant([_driver(row) for row in whole(rows) if row["driver"] != REST_ROW])}

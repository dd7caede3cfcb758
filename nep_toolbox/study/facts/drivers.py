"""Facts of figures 7 and 10: climate, and the factors of the geodetector."""

from __future__ import annotations

from .common import listing, present

_DRIVERS = ("precipitation", "temperature")
_SHOWN = ("r", "p", "partial_r", "partial_p", "positive_percent", "significant_positive_percent", "negative_percent",
          "significant_negative_percent")
#: Confidence of the interval of q, in percent.
CONFIDENCE = 95
#: Factors named for a year, and the variance inflation factor from which factors are called collinear.
_NAMED, _COLLINEAR = 3, 10.0


def correlation(tables: dict, alpha: float) -> dict:
    """Correlation of the variable, and of NPP where the variable is computed from the drivers, with each driver."""
    rows = {(row["variable"], row["driver"]): row for row in tables.get("fig07_correlation", [])}
    main = "nep" if any(variable == "nep" for variable, _ in rows) else "npp"
    drivers = []
    for (variable, driver), row in rows.items():
        if variable == main:
            drivers.append({
                "driver": driver, **_of(row, alpha),
                **({"npp": _of(rows["npp", driver], alpha)} if main == "nep" and ("npp", driver) in rows else {}),
            })
    order = {name: place for place, name in enumerate(_DRIVERS)}
    return present({"drivers": sorted(drivers, key=lambda each: order.get(each["driver"], len(order)))})


def _of(row: dict, alpha: float) -> dict:
    p, partial_p = row.get("p"), row.get("partial_p")
    return present({
        **{name: row.get(name) for name in _SHOWN},
        "significant": None if p is None else p < alpha,
        "partial_significant": None if partial_p is None else partial_p < alpha,
    })


def detector(tables: dict) -> dict:
    """What the factors explain in each year, how their ranks changed, and how pairs of them interact."""
    rows = [row for row in tables.get("fig10_factors", []) if row.get("q") is not None]
    if not rows:
        return {}
    by_year: dict = {}
    for row in rows:
        by_year.setdefault(row["year"], []).append(row)
    years = [
        {"year": year, "factors": [{"name": row["factor"], "q": row["q"]} for row in _ranked(found)[:_NAMED]],
         "count": len(found)}
        for year, found in sorted(by_year.items())
    ]
    last = max(by_year)
    strongest = _ranked(by_year[last])[0]
    spacing = tables.get("fig10_spacing", [])
    finest = min((row["step"] for row in spacing), default=None)
    return present({
        "years": years, "last": last, "factors": len(by_year[last]), "riser": _riser(by_year),
        "first": min(by_year) if len(by_year) > 1 else None, "same": _same(years),
        "pairs": _pairs(tables, last), "interval": _interval(strongest),
        "spacing": _spacing(spacing, strongest["factor"]),
        "rows": next((row["rows"] for row in spacing if row["step"] == finest), None),
        "collinear": _collinear(tables, last),
    })


def _ranked(rows: list) -> list:
    return sorted(rows, key=lambda row: -row["q"])


def _same(years: list) -> list | None:
    """q of the strongest factors in the years before the last, where they have the same order in all of them."""
    orders = [[each["name"] for each in year["factors"]] for year in years]
    if any(order != orders[0] for order in orders):
        return None
    return [{"year": year["year"], "qs": [each["q"] for each in year["factors"]]} for year in years[:-1]]


def _riser(by_year: dict) -> dict | None:
    """The factor whose rank rose most from the first year to the last; None where no rank rose."""
    first, last = (
        {row["factor"]: place for place, row in enumerate(_ranked(by_year[pick(by_year)]), start=1)}
        for pick in (min, max)
    )
    rises = {name: first[name] - last[name] for name in last if name in first and first[name] > last[name]}
    if not rises:
        return None
    name = max(rises, key=rises.get)
    return {"name": name, "from": first[name], "to": last[name]}


def _pairs(tables: dict, year: int) -> dict | None:
    rows = [row for row in tables.get("fig10_pairs", []) if row["year"] == year and row.get("q_12") is not None]
    if not rows:
        return None
    strongest = max(rows, key=lambda row: row["q_12"])
    kinds = [str(row["interaction"]) for row in rows]
    return {
        "count": len(rows), "enhancing": sum(kind.startswith("enhance") for kind in kinds),
        "nonlinear": sum(kind == "enhance, nonlinear" for kind in kinds),
        "factor_1": strongest["factor_1"], "factor_2": strongest["factor_2"], "q": strongest["q_12"],
    }


def _interval(row: dict) -> dict | None:
    """The limits of q of a factor."""
    lower, upper = row.get("q_lower"), row.get("q_upper")
    if lower is None or upper is None:
        return None
    return {"name": row["factor"], "lower": lower, "upper": upper, "confidence": CONFIDENCE}


def _spacing(rows: list, factor: str) -> dict | None:
    """q of the first factor on coarser samples."""
    found = sorted((row for row in rows if row["factor"] == factor and row.get("q") is not None),
                   key=lambda row: row["step"])
    if len(found) < 2:
        return None
    return {"name": factor, "q": found[0]["q"],
            "steps": [{"step": row["step"], "rows": row["rows"], "q": row["q"]} for row in found[1:]]}


def _collinear(tables: dict, year: int) -> dict | None:
    rows = sorted((row for row in tables.get("fig10_vif", []) if row["year"] == year and (row.get("vif") or 0.0) >
                   _COLLINEAR), key=lambda row: -row["vif"])
    return listing([{"name": row["factor"], "vif": row["vif"]} for row in rows]) if rows else None

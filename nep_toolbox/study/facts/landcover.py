"""Facts of figures 8 and 9: how land cover changed, and the variable by class."""

from __future__ import annotations

from .common import listing, present

#: Shares of a total that are a part of it, in percent, up to here.
_ALL = 100.0


def change(tables: dict, settings: dict) -> dict:
    """Classes at the first and the last date, and the largest changes of class."""
    rows = [row for row in tables.get("fig08_areas", []) if row.get("class") is not None]
    if not rows:
        return {}
    first, last = (pick(row["year"] for row in rows) for pick in (min, max))
    before, after = ({row["class"]: row for row in rows if row["year"] == year} for year in (first, last))
    classes = [
        {"name": _name(after.get(each) or before.get(each)), "before": _percent(before.get(each)),
         "after": _percent(after.get(each))}
        for each in dict.fromkeys([*before, *after])
    ]
    largest = next((row for row in tables.get("fig08_largest", []) if row.get("area_km2")), None)
    return present({
        "first": first, "last": last, "dates": len({row["year"] for row in rows}),
        "classes": _told(classes) if last > first else None,
        "dominant": max(classes, key=lambda each: each["after"]), "intervals": intervals(tables),
        "largest": None if largest is None else present({
            "from": _name(largest, "from_"), "to": _name(largest, "to_"), "area_km2": largest["area_km2"],
            "percent": largest.get("percent"),
            "change_tg": largest.get("change_tg") if settings.get("carbon") else None,
        }),
    })


def _name(row: dict, end: str = "") -> str:
    """What a class is called: its label, else its number."""
    label = row.get(f"{end}label")
    return str(row[f"{end}class"]) if label in (None, "") else str(label)


def _percent(row: dict | None) -> float:
    return (row or {}).get("percent") or 0.0


def _told(classes: list) -> list:
    """The classes that a sentence tells of: the largest, and those that gained and lost most."""
    gain = max(classes, key=lambda each: each["after"] - each["before"])
    loss = min(classes, key=lambda each: each["after"] - each["before"])
    told = [max(classes, key=lambda each: each["before"])]
    for each, moved in ((loss, loss["after"] < loss["before"]), (gain, gain["after"] > gain["before"])):
        if moved and each not in told:
            told.append(each)
    return told


def intervals(tables: dict) -> list:
    """Share of the area that changed its class, from each date to the next."""
    every: dict = {}
    changed: dict = {}
    for row in tables.get("fig08_transitions", []):
        if row["area_km2"] is None:
            continue
        years = (row["from_year"], row["to_year"])
        every[years] = every.get(years, 0.0) + row["area_km2"]
        changed[years] = changed.get(years, 0.0) + (row["area_km2"] if row["from_class"] != row["to_class"] else 0.0)
    return [
        {"from": years[0], "to": years[1], "percent": 100.0 * changed[years] / every[years]}
        for years in sorted(every) if every[years]
    ]


def by_class(tables: dict, settings: dict, alpha: float) -> dict:
    """Which class has the highest mean, gives most of the total and rose fastest, among those of enough area."""
    rows = [row for row in tables.get("fig09_classes", []) if row.get("mean") is not None]
    least = settings.get("min_class_area") or 0.0
    shown = [row for row in rows if (row.get("area_percent") or 0.0) >= least]
    if not shown:
        return {}
    highest = max(shown, key=lambda row: row["mean"])
    giving = [row for row in shown if row.get("share") is not None and row["share"] > 0]
    rising = [row for row in shown if row.get("sen_slope") is not None and row["sen_slope"] > 0]
    small = [_name(row) for row in rows if row not in shown]
    return present({
        "count": len(shown), "highest": {"name": _name(highest), "mean": highest["mean"]},
        "largest": _giving(giving), "fastest": _fastest(rising, alpha), "rising": len(rising),
        "tested": sum(row.get("sen_slope") is not None for row in shown),
        "significant": any(row["p"] < alpha for row in shown if row.get("p") is not None),
        "small": listing(small) if small else None, "min_class_area": least if small else None,
    })


def _giving(rows: list) -> dict | None:
    """The class with the largest share of the total; where sinks and sources cancel shares above 100 % are none."""
    row = max(rows, key=lambda each: each["share"], default=None)
    if row is None or row["share"] > _ALL:
        return None
    return {"name": _name(row), "share": row["share"], "area_percent": row.get("area_percent")}


def _fastest(rows: list, alpha: float) -> dict | None:
    if not rows:
        return None
    row = max(rows, key=lambda each: each["sen_slope"])
    p = row.get("p")
    return present({"name": _name(row), "sen": row["sen_slope"], "p": p, "significant": p is not None and p < alpha})

"""What the facts of several figures are taken by."""

from __future__ import annotations

#: The row of a table that stands for the whole study area.
WHOLE = "all"
#: Names in one sentence; the others are counted.
MOST_NAMES = 5


def listing(items: list, most: int = MOST_NAMES) -> dict:
    """A list for a sentence: the first ``items``, how many ``others`` there are, and the ``count`` of all.

    One name more than ``most`` is named too: "and 1 other" would be no shorter.
    """
    named = items if len(items) <= most + 1 else items[:most]
    return {"items": named, "others": len(items) - len(named), "count": len(items)}


def spans(years: list) -> list:
    """Years as spans of following ones: ``[{"years": [2001, 2003]}, {"years": [2006, 2006]}]``."""
    found: list = []
    for year in sorted(years):
        if found and found[-1]["years"][1] == year - 1:
            found[-1]["years"][1] = year
        else:
            found.append({"years": [year, year]})
    return found


def whole(rows: list) -> list:
    """The rows of a table about the whole area."""
    return [row for row in rows if row.get("region") in (WHOLE, None)]


def regional(rows: list) -> list:
    """The rows of a table about single regions."""
    return [row for row in rows if row.get("region") not in (WHOLE, None)]


def by_region(rows: list) -> dict:
    """The rows of each single region, in the order of the table."""
    found: dict = {}
    for row in regional(rows):
        found.setdefault(row["region"], []).append(row)
    return found


def share(rows: list, fits) -> float:
    """Sum of the percentages of the classes that ``fits`` takes; rows without a class ("no result") never do."""
    return sum(row["percent"] or 0.0 for row in rows if code(row) is not None and fits(code(row)))


def code(row: dict) -> int | None:
    """The class of a row, whatever its column is called."""
    return row["class"] if "class" in row else row.get("code")


def present(facts: dict) -> dict:
    """The facts that there are: what is None, and lists and dicts without a part, are left out."""
    return {name: value for name, value in facts.items() if value is not None and value not in ([], {})}


def numbers_of(settings: dict, step: str) -> dict:
    """What a step gave as single numbers, without those that are none."""
    found = settings.get("numbers", {}).get(step, {})
    return {name: value for name, value in found.items() if value is not None and value == value}


def sparse_names(tables: dict, settings: dict) -> set:
    """Names of the regions that the values cover too little of, or nothing, to be compared with others."""
    coverage = coverages(tables, settings)
    return {*coverage.get("sparse", []), *coverage.get("empty", [])}


def coverages(tables: dict, settings: dict) -> dict:
    """How many ``regions`` there are; which are ``empty``, and which have values on too little of their area."""
    least = settings.get("min_coverage") or 0.0
    rows = regional(tables.get("fig03_regions", []))
    names = {"empty": [], "sparse": []}
    for row in rows:
        if row.get("pixels") == 0 or row.get("coverage") == 0:
            names["empty"].append(row["region"])
        elif row.get("coverage") is not None and row["coverage"] < least:
            names["sparse"].append(row["region"])
    return present({
        "regions": len(rows) or None, **names, "empty_count": len(names["empty"]) or None,
        "sparse_count": len(names["sparse"]) or None,
        "min_coverage": settings.get("min_coverage") if any(row.get("coverage") is not None for row in rows) else None,
    })

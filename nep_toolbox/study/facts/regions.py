"""Facts of figures 3 and 4: how regions differ, and how often each rose and fell."""

from __future__ import annotations

import math

from .common import MOST_NAMES, coverages, listing, present, regional, sparse_names, whole

#: Regions named at each end of the ranking.
_ENDS = 2
#: A gradient is spoken of where the correlation with a coordinate is stronger than this.
_GRADIENT = 0.3


def regions(tables: dict, settings: dict, balance: bool) -> dict:
    """Sources and sinks, the ends of the ranking of regions, and the direction in which values rise."""
    rows = regional(tables.get("fig03_regions", []))
    coverage = coverages(tables, settings)
    sparse = sparse_names(tables, settings)
    known = (row for row in rows if row.get("mean") is not None and row.get("rank", 1) is not None)
    ranked = sorted((row for row in known if row["region"] not in sparse), key=lambda row: -row["mean"])
    ends = min(_ENDS, len(ranked) // 2)
    named = [{"name": row["region"], "mean": row["mean"]} for row in ranked]
    return present({
        "sinks": _sinks(tables) if balance else None,
        "highest": named[:ends], "lowest": named[:-ends - 1:-1] if ends else None,
        **coverage, "sparse": listing(coverage["sparse"]) if "sparse" in coverage else None,
        # A list of all those without a value tells no more than their number.
        "empty": listing(coverage["empty"]) if 0 < coverage.get("empty_count", 0) <= MOST_NAMES else None,
        "map_years": settings.get("map_years"), "gradient": gradient(settings.get("gradient") or {}),
    })


def _sinks(tables: dict) -> list:
    rows = [row for row in tables.get("fig03_years", []) if row.get("sink_percent") is not None]
    ends = rows if len(rows) < 2 else [rows[0], rows[-1]]
    return [{"year": row["year"], "percent": row["sink_percent"]} for row in ends]


def gradient(found: dict) -> dict:
    """Where values rise from and to: azimuths of the correlations with both coordinates; empty where they are weak."""
    east, north = (found.get(name) or 0.0 for name in ("r_x", "r_y"))
    x, y = (value if abs(value) > _GRADIENT else 0.0 for value in (east, north))
    if not x and not y:
        return {}
    towards = math.degrees(math.atan2(x, y)) % 360.0
    return {"r_x": east, "r_y": north, "towards": towards, "from": (towards + 180.0) % 360.0}


def frequency(tables: dict, settings: dict, alpha: float) -> dict:
    """Which regions fell more often than they rose, and how much of the area rose in most comparisons."""
    every = tables.get("fig04_frequency", [])
    if not every:
        return {}
    count, sparse = len(regional(every)), sparse_names(tables, settings)
    # A region without a pixel has nothing to compare.
    every = [row for row in every if row["comparisons"] and None not in (row["increases"], row["decreases"])]
    rows = [row for row in regional(every) if row["region"] not in sparse]
    overall = whole(every)
    comparisons = max((row["comparisons"] for row in every), default=0)
    fell = sorted((row for row in rows if row["decreases"] > row["increases"]),
                  key=lambda row: row["increases"] - row["decreases"])
    tested = [row["region"] for row in rows if row.get("p_sign") is not None and row["p_sign"] < alpha]
    rose = [
        row["increase_percent"] or 0.0 for row in tables.get("fig04_counts", []) if 2 * row["count"] > comparisons
    ]
    return present({
        "comparisons": comparisons, "regions": len(rows) or None, "mapped": count or None,
        "fewer": len(rows) < count or None,
        "fell": listing([_counts(row) for row in fell]) if rows else None, "fell_count": len(fell) if rows else None,
        "unlike_chance": listing(tested) if tested else None, "unlike_chance_count": len(tested) if rows else None,
        "needed": needed(comparisons, alpha), "rose_percent": sum(rose) if tables.get("fig04_counts") else None,
        "whole": _counts(overall[0]) if overall else None,
    })


def _counts(row: dict) -> dict:
    return {"name": row["region"], "increases": row["increases"], "decreases": row["decreases"]}


def needed(comparisons: int, alpha: float) -> int | None:
    """How many of the comparisons must agree before a two-sided sign test calls it more than chance; None: never."""
    tail = 0.0
    least = None
    for count in range(comparisons, comparisons // 2, -1):
        tail += math.comb(comparisons, count) / 2.0**comparisons
        if 2.0 * tail >= alpha:
            break
        least = count
    return least

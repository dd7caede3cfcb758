"""Facts of figure 5: the trend of every pixel, and the centre of gravity."""

from __future__ import annotations

from ..options import options
from .annual import summaries
from .common import by_region, numbers_of, present, share, sparse_names, whole

#: Classes of the trend by the p that they stand for: the weakest class that is below.
_LEVELS = ((0.10, 2), (0.05, 3), (0.01, 4))
#: Significant falls are concentrated in a region where their share is this many times that of the whole area.
_CONCENTRATED = 2.0
_MOST_CONCENTRATED = 3
#: Percent of the area from which a group of the trend is spoken of.
_TOLD = 1.0


def trend(tables: dict, settings: dict, alpha: float) -> dict:
    """Shares of rising and falling area, and where the falls are."""
    every = tables.get("fig05_class_areas", [])
    rows = whole(every)
    if not rows:
        return {}
    limit, level = next(((p, least) for p, least in _LEVELS if p <= alpha + 1e-12), _LEVELS[-1])
    falls = share(rows, lambda each: each <= -level)
    numbers = numbers_of(settings, "trend")
    given = options(settings)
    adjusted = given["field_significance"]
    sparse = sparse_names(tables, settings)
    regions = [
        {"name": name, "percent": share(found, lambda each: each <= -level)}
        for name, found in by_region(every).items() if name not in sparse
    ]
    places = [each for each in regions if falls >= _TOLD and each["percent"] > _CONCENTRATED * falls]
    return present({
        "level": limit, "adjusted": adjusted,
        "rise_percent": share(rows, lambda each: each > 0), "rise_significant_percent": share(rows, level.__le__),
        "fall_percent": share(rows, lambda each: each < 0), "fall_significant_percent": falls,
        "unchanged_percent": share(rows, lambda each: each == 0),
        "tested_percent": None if adjusted else numbers.get("SIGNIFICANT"),
        "fdr_percent": None if adjusted else numbers.get("FDR_SIGNIFICANT"),
        "limits_percent": numbers.get("LIMITS_EXCLUDE_ZERO"), "confidence": given["confidence"],
        "falls": sorted(places, key=lambda each: -each["percent"])[:_MOST_CONCENTRATED],
        "slopes": slopes(tables),
    })


def slopes(tables: dict) -> dict | None:
    """Least-squares slopes of NEP, NPP and respiration, of which the first is the second less the third."""
    rows = summaries(tables)
    found = {name: rows.get(name, {}).get("slope") for name in ("nep", "npp", "rh")}
    return None if None in found.values() else found


def centre(tables: dict, settings: dict) -> dict:
    """How far the centre of gravity lies from the geometric one, and how far and where it moved."""
    numbers = numbers_of(settings, "centre")
    rows = sorted(whole(tables.get("fig05_centers", [])), key=lambda row: row["year"])
    moves = [{"year": row["year"], "km": row["distance_km"]} for row in rows[1:] if row.get("distance_km") is not None]
    least, most = (pick(moves, key=lambda row: row["km"]) if moves else None for pick in (min, max))
    stages = [
        {"years": [row["from_year"], row["to_year"]], "net_km": row["net_km"], "azimuth": row["azimuth"],
         "path_km": row.get("path_km")}
        for row in whole(tables.get("fig05_stages", []))
        if row.get("net_km") is not None and row.get("azimuth") is not None and row.get("from_year") is not None
    ]
    return present({
        "offset_km": numbers.get("OFFSET_KM"), "offset_azimuth": numbers.get("OFFSET_AZIMUTH"),
        "mean_km": numbers.get("MEAN_DISTANCE_KM"), "least": least, "most": most,
        "path_km": numbers.get("PATH_KM", rows[-1].get("cumulative_km") if rows else None),
        "net_km": numbers.get("NET_KM"), "net_azimuth": numbers.get("NET_AZIMUTH"), "stages": stages,
    })

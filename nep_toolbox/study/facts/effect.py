"""Facts of what change of land cover did to the total."""

from __future__ import annotations

from .common import WHOLE, listing, present, sparse_names, whole

#: Transitions that are named.
_NAMED = 3


def effect(tables: dict, settings: dict) -> dict:
    """The change of the total and its parts, the transitions that did most, and what happened on unchanged land."""
    rows = [row for row in whole(tables.get("fig09b_effect", [])) if _known(row)]
    every = [row for row in rows if row.get("from") is None]
    pairs = [row for row in rows if row.get("from") is not None]
    found = settings.get("numbers", {}).get("landcover_effect", {})
    if not every or "period" not in found:
        return {}
    whole_row, summary = every[0], _of_region(tables, WHOLE)
    moved = [row for row in pairs if row["from"] != row["to"]]
    kept = [row for row in pairs if row["from"] == row["to"]]
    area = sum(row.get("area_km2") or 0.0 for row in pairs)
    told = sorted((row for row in moved if row["land_use_tg"]), key=lambda row: -abs(row["land_use_tg"]))[:_NAMED]
    kept_area = sum(row.get("area_km2") or 0.0 for row in kept)
    return present({
        "first": found["period"][0], "last": found["period"][1], "window": found.get("window", 1),
        **{name: whole_row[name] for name in ("change_tg", "land_use_tg", "density_tg")},
        "share_percent": summary.get("share"), "moved": len(moved),
        "moved_percent": 100.0 * (area - kept_area) / area if area else None,
        "kept_percent": 100.0 * kept_area / area if area else None,
        "kept_tg": sum(row["change_tg"] for row in kept) if kept else None,
        "largest": [
            {"from": _name(row, "from"), "to": _name(row, "to"), "land_use_tg": row["land_use_tg"],
             "area_km2": row.get("area_km2")} for row in told
        ],
        "largest_count": len(told) or None,
        "fallback": _fallback(pairs), "effect_regions": _regions(tables, settings),
    })


def _known(row: dict) -> bool:
    return None not in (row.get("change_tg"), row.get("land_use_tg"), row.get("density_tg"))


def _of_region(tables: dict, region: str) -> dict:
    rows = tables.get("fig09b_effect_total", [])
    return next((row for row in rows if row.get("region", WHOLE) == region), {})


def _name(row: dict, end: str) -> str:
    """What a class is called: its label, else its number."""
    label = row.get(f"{end}_label")
    return str(row[end]) if label in (None, "") else str(label)


def _fallback(pairs: list) -> dict | None:
    """The classes of which no pixel kept the class, so that all of their pixels stand for them."""
    names = {
        _name(row, end): None for row in pairs if row.get("fallback") for end in ("from", "to")
        if not any(each["from"] == each["to"] == row[end] for each in pairs)
    }
    return listing(list(names)) if names else None


def _regions(tables: dict, settings: dict) -> dict | None:
    """The regions in which change of land cover added most and least to the total; None where it is the same in all."""
    sparse = sparse_names(tables, settings)
    found = [
        {"name": row["region"], "land_use_tg": row["land_use_tg"]} for row in tables.get("fig09b_effect_total", [])
        if row.get("region", WHOLE) not in (WHOLE, None, *sparse) and row.get("land_use_tg") is not None
    ]
    found.sort(key=lambda each: -each["land_use_tg"])
    if not found or found[0]["land_use_tg"] == found[-1]["land_use_tg"]:
        return None
    return {"most": found[0], "least": found[-1]}

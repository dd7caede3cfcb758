"""What a study is about, and its place: facts that several figures share, and those of figure 1."""

from __future__ import annotations

from .common import coverages, present, regional, spans, whole

#: Variables whose sign tells a sink from a source of carbon.
_BALANCES = ("NEP", "NBP")
#: How the names of factors begin that are the height above the sea.
_HEIGHTS = ("elevation", "dem", "altitude", "height", "高程", "海拔")


def subject(tables: dict, settings: dict) -> dict:
    """The variable, the period and the level of significance."""
    years = sorted(settings["years"])
    climate = bool(settings.get("has", {}).get("climate"))
    words = settings.get("region_word") or {}
    gaps = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    facts = {
        "variable": settings.get("variable") or "NEP",
        "unit": settings.get("unit") or None,
        "region": settings.get("region_name") or None,
        "period": [years[0], years[-1]],
        "years": len(years),
        "missing_years": spans(gaps),
        "missing_count": len(gaps),
        "alpha": settings.get("alpha", 0.05),
        "carbon": bool(settings.get("carbon")),
        "climate": climate,
        "region_one": words.get("one"),
        "region_many": words.get("many"),
    }
    facts["resampled"] = any(
        str(row.get("resampling") or "values").split(" ")[0] != "values" for row in tables.get("data", [])
    )
    facts["balance"] = is_balance(settings)
    return present(facts)


def is_balance(settings: dict) -> bool:
    """Whether the variable can have either sign, so that there are sources and sinks."""
    climate = bool((settings.get("has") or {}).get("climate"))
    return climate or (settings.get("variable") or "NEP").upper() in _BALANCES


def place(tables: dict, settings: dict) -> dict:
    """Where the study area lies, its size, and how much of it has values."""
    found = settings.get("place") or {}
    areas = [row["area_km2"] for row in tables.get("fig02_annual", []) if row.get("area_km2") is not None]
    valid = found.get("npp_area_km2", sum(areas) / len(areas) if areas else None)
    area = found.get("area_km2")
    covered = min(100.0, 100.0 * valid / area) if valid is not None and area else None
    regions = found.get("regions")
    if regions is None:
        regions = len(regional(tables.get("fig03_regions", []))) or None
    return present({
        "area_km2": area, "regions": regions or None, "lon": found.get("lon"), "lat": found.get("lat"),
        "pixels": found.get("pixels"), "cell": found.get("cell"), "cell_unit": found.get("cell_unit"),
        "crs": found.get("crs"), "relief": settings.get("relief") or relief(tables), "covered_percent": covered,
    })


def relief(tables: dict) -> str | None:
    """The factor that is the height above the sea, over which the regions are drawn; None where there is none."""
    names = dict.fromkeys(row["factor"] for row in tables.get("fig10_factors", []))
    return next((name for name in names if name.lower().startswith(_HEIGHTS)), None)


def head(tables: dict, settings: dict) -> dict:
    """The answers of the study in one paragraph: level, trend, and what the box of checks needs."""
    annual = tables.get("fig02_annual", [])
    shares = [row["sink_percent"] for row in annual if row.get("sink_percent") is not None]
    negative = 100.0 - sum(shares) / len(shares) if shares else None
    coverage = coverages(tables, settings)
    climate = settings.get("has", {}).get("climate")
    lost = [
        {"variable": row["variable"], "percent": row["missing_percent"]}
        for row in tables.get("data", [])
        # The first row is that of the series itself, which has no other to be missing beside.
        if row.get("missing_percent") is not None and row["variable"].lower() != "npp"
    ]
    no_trend = [row["percent"] for row in whole(tables.get("fig05_class_areas", [])) if row.get("class") is None]
    return present({
        "negative_percent": negative, **coverage, "missing": lost,
        "input": "NPP" if climate else settings.get("variable") or "NEP",
        "no_trend_percent": no_trend[0] if no_trend else None,
        "checks": settings.get("checks"),
    })

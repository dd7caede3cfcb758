"""Facts of sources and sinks: what both add up to in each year, and the area that each covers."""

from __future__ import annotations

from .common import present, share, spans, whole

#: Classes of the mean of the years: from here on, and below minus it, it differs from zero significantly.
_SIGNIFICANT = 2


def budget(tables: dict, settings: dict) -> dict | None:
    """What sinks took up and sources released in an average year, and the years in which sources prevailed."""
    rows = [
        row for row in whole(tables.get("fig02_budget", []))
        if None not in (row.get("sink_tg"), row.get("source_tg"), row.get("net_tg"))
    ]
    if not rows or not settings.get("carbon"):
        return None
    sources = [row["year"] for row in rows if row["net_tg"] < 0]
    means = {name: sum(row[name] for row in rows) / len(rows) for name in ("sink_tg", "source_tg", "net_tg")}
    years = [row["year"] for row in rows]
    return present({
        **means, "released_tg": -means["source_tg"],
        "budget_years": len(rows), "budget_period": [min(years), max(years)],
        "net_source_count": len(sources), "net_source": spans(sources),
        "net_sink_count": sum(row["net_tg"] > 0 for row in rows),
    })


def classes(tables: dict) -> dict | None:
    """Percent of the area by the sign of the mean of the years, and how much of it differs from zero significantly."""
    rows = whole(tables.get("fig03_sinks", []))
    if not rows:
        return None
    return {
        "sink_percent": share(rows, lambda code: code > 0),
        "sink_significant_percent": share(rows, _SIGNIFICANT.__le__),
        "source_percent": share(rows, lambda code: code < 0),
        "source_significant_percent": share(rows, lambda code: code <= -_SIGNIFICANT),
    }

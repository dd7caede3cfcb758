"""Facts of figure 2: the annual means."""

from __future__ import annotations

from .common import present, spans

CLIMATE = ("precipitation", "temperature")
#: Level of the limits of the slopes of annual means, in percent.
CONFIDENCE = 95


def summaries(tables: dict) -> dict:
    """The rows of the summary by variable; the variable of the study is ``main``."""
    rows = {row["variable"]: row for row in tables.get("fig02_summary", [])}
    if rows:
        rows["main"] = next(rows[name] for name in ("nep", "npp", *rows) if name in rows)
    return rows


def annual(tables: dict, settings: dict, alpha: float) -> dict:
    """Level, range, trend, greatest changes and stages of the annual means."""
    rows = [row for row in tables.get("fig02_annual", []) if row.get("mean") is not None]
    if not rows:
        return {}
    means = {row["year"]: row["mean"] for row in sorted(rows, key=lambda row: row["year"])}
    main = summaries(tables).get("main", {})
    mean = main.get("mean")
    if mean is None:
        mean = sum(means.values()) / len(means)
    low, high = min(means.values()), max(means.values())
    totals = [row["total_tg"] for row in rows if row.get("total_tg") is not None]
    shares = [row["rh_of_npp_percent"] for row in rows if row.get("rh_of_npp_percent") is not None]
    above = [year for year, value in means.items() if value > mean]
    return present({
        "mean": mean, "years": len(means), "period": [min(means), max(means)],
        "min": low, "min_years": spans([year for year, value in means.items() if value == low]),
        "max": high, "max_years": spans([year for year, value in means.items() if value == high]),
        "constant": low == high, "cv_percent": main.get("cv"),
        "total_tg": sum(totals) / len(totals) if totals and settings.get("carbon") else None,
        "above_count": len(above), "above": spans(above),
        "rh_of_npp_percent": sum(shares) / len(shares) if shares else None,
        "climate": [name for name in CLIMATE if any(row.get(name) is not None for row in rows)],
        "trend": trend(main, alpha), "stages": stages(tables),
        "drivers": [
            {"driver": name, "mean": row.get("mean"), **trend(row, alpha)}
            for name, row in summaries(tables).items() if name in CLIMATE and trend(row, alpha)
        ],
        **steps(means),
    })


def trend(row: dict, alpha: float) -> dict:
    """Theil-Sen slope with its limits and test; empty where there is none."""
    slope, p = row.get("sen_slope"), row.get("p_mk")
    if slope is None or p is None:
        return {}
    return present({
        "sen": slope, "lower": row.get("sen_lower"), "upper": row.get("sen_upper"), "confidence": CONFIDENCE,
        "z": row.get("z"), "p": p, "significant": p < alpha,
    })


def steps(means: dict) -> dict:
    """The largest rise and the largest fall from one calendar year to the next."""
    changes = {year: means[year] - means[year - 1] for year in means if year - 1 in means}
    rises = {year: change for year, change in changes.items() if change > 0}
    falls = {year: change for year, change in changes.items() if change < 0}
    found = {}
    for name, some, pick in (("rise", rises, max), ("fall", falls, min)):
        if some:
            year = pick(some, key=some.get)
            found[name] = {"year": year, "change": some[year]}
    return found


def stages(tables: dict) -> list:
    """Mean of each stage, and its change against the stage before."""
    return [
        present({
            "years": [row["from_year"], row["to_year"]], "mean": row["mean"],
            "change_percent": row.get("change_percent"),
        })
        for row in tables.get("fig02_stages", []) if row.get("mean") is not None
    ]

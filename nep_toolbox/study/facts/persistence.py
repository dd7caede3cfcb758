"""Facts of figure 6: persistence, what it is evidence of, and how a hindcast with it went."""

from __future__ import annotations

from ..options import options
from .common import by_region, code, numbers_of, present, share, sparse_names, whole

#: Classes by H: below and above 0.5. The evidence has the same ones: likely to reverse, likely to continue.
BELOW, ABOVE = 1, 2
REVERSE, CONTINUE = BELOW, ABOVE
#: Groups of the trend, the second digit of a code: significant falls and rises.
_FALLS, _RISES = 1, 5
#: Percent of the area from which a group of the trend is spoken of.
_TOLD = 1.0
#: Regions whose shares of the area differ by less, in percent, are alike.
_ALIKE = 1.0
#: Evidence on less than so many times the area that chance gives is like chance.
_LIKE_CHANCE = 2.0
#: The level at which nep:hurst counts the pixels that differ from chance.
_COUNTED = 0.05
#: Smaller differences of skill, and skill below it, are none; skills are compared as they are written.
_SKILL, _WRITTEN = 0.01, 3
#: What the hindcast gives, as its table has it.
_SCORES = ("brier", "brier_climatology", "skill", "skill_trend_only", "brier_rule", "skill_rule")


def persistence(tables: dict, settings: dict, alpha: float) -> dict:
    """Shares by H and by the evidence, beside what chance gives; the significant trends; and the hindcast."""
    rows, codes = whole(tables.get("fig06_persistence", [])), whole(tables.get("fig06_class_areas", []))
    tested = hindcast(tables)
    if not rows and not codes and not tested:
        return {}
    numbers, known = numbers_of(settings, "hurst"), share(rows, _each) > 0.0
    level, significant = _significant(codes, numbers, alpha)
    by_chance = 100.0 * level
    return present({
        "detrended": options(settings)["detrend"] is not None,
        "unknown": True if rows and not known else None,
        "above_percent": share(rows, ABOVE.__eq__) if known else None,
        "below_percent": share(rows, BELOW.__eq__) if known else None,
        "mean_h": numbers.get("MEAN_H"), "chance_h": numbers.get("WHITE_NOISE_MEAN"),
        "chance_percent": numbers.get("WHITE_NOISE_PERSISTENT"),
        "level": level, "significant_percent": significant, "by_chance_percent": by_chance,
        "like_chance": significant is not None and significant < _LIKE_CHANCE * by_chance,
        "evidence": _evidence(codes) if codes else None,
        "rises": _of_group(codes, _RISES), "falls": _of_group(codes, _FALLS),
        "regions": _regions(tables, settings), "hindcast": tested,
        "mapped": [name for name, found in (("future", codes), ("hurst", rows)) if found],
    })


def _each(_code: int) -> bool:
    return True


def digit(number: int) -> int:
    """What a code says of the evidence: 0 where it is unclear."""
    return number // 10


def _significant(codes: list, numbers: dict, alpha: float) -> tuple:
    """The level, and the percentage of what was tested that differs from chance at it; None where nothing was."""
    tested = share(codes, _each)
    if not tested:
        return _COUNTED, numbers.get("SIGNIFICANT_PERCENT")
    return alpha, 100.0 * share(codes, digit) / tested


def _evidence(rows: list) -> dict:
    """The shares of the area by evidence."""
    return {
        f"{name}_percent": share(rows, lambda each, wanted=wanted: digit(each) == wanted)
        for name, wanted in (("continue", CONTINUE), ("reverse", REVERSE), ("unclear", 0))
    }


def _of_group(rows: list, group: int) -> dict | None:
    """Percentages of a group of the trend by evidence; None where the group is too small to be spoken of."""
    every = share(rows, lambda each: each % 10 == group)
    if every < _TOLD:
        return None
    return {
        f"{name}_percent": 100.0 * share(rows, (10 * wanted + group).__eq__) / every
        for name, wanted in (("continue", CONTINUE), ("reverse", REVERSE))
    }


def _regions(tables: dict, settings: dict) -> dict | None:
    """The regions with evidence on most and on least of their area; None where they are alike."""
    sparse = sparse_names(tables, settings)
    regions = by_region(tables.get("fig06_class_areas", []))
    found = [
        {"name": name, "percent": share(rows, digit)} for name, rows in regions.items()
        if name not in sparse and any(code(row) is not None and row["percent"] for row in rows)
    ]
    if len(found) < 2:
        return None
    found.sort(key=lambda each: -each["percent"])
    if found[0]["percent"] - found[-1]["percent"] < _ALIKE:
        return None
    return {"count": len(found), "fewer": len(found) < len(regions), "most": found[0], "least": found[-1]}


def hindcast(tables: dict) -> dict | None:
    """How forecasts of the last years from the first ones went; None where there are none."""
    row = next(iter(tables.get("fig06_hindcast_scores", [])), None)
    if row is None or row.get("pixels") is None:
        return None
    found = {name: row.get(name) for name in ("pixels", "base_rate_percent", *_SCORES)}
    for name, column in (("fit", "fit"), ("scored", "score")):
        ends = [row.get(f"{column}_{end}") for end in ("from", "to")]
        found[name] = None if None in ends else ends
    return present({**found, "verdict": _verdict(row)})


def _verdict(row: dict) -> str | None:
    """What persistence does to forecasts by the trend: adds, none, worse; or that neither has skill, or could have, or
    that the pixels are too few to tell."""
    if row["pixels"] == (row.get("trend_small") or 0):
        return "empty"
    if row.get("brier_climatology") == 0.0:
        return "settled"
    both, trend = row.get("skill"), row.get("skill_trend_only")
    if both is None or trend is None:
        return None
    if row.get("evidence") is not None and row["evidence"] == row.get("evidence_small"):
        return "untested"
    if round(max(both, trend), _WRITTEN) < _SKILL:
        return "no_skill"
    gain = round(both - trend, _WRITTEN)
    return "adds" if gain >= _SKILL else "worse" if gain <= -_SKILL else "none"

"""Which sentences the head and figures 1 to 4 ask for: place, level, regions, frequency."""

from __future__ import annotations

from . import ledger
from .writer import Asked


def head(place: dict, study: dict) -> Asked:
    """What was studied, where and when."""
    yield "head_about" if "region" in study else "head_about_unnamed", place
    if "missing_years" in study:
        yield "head_gaps", {name: study[name] for name in ("missing_years", "missing_count")}


def f1(facts: dict) -> Asked:
    """Size and place of the study area, and how much of it has values."""
    if "area_km2" in facts and "lon" in facts and "lat" in facts:
        yield "f1_area_regions" if facts.get("regions", 0) > 1 else "f1_area", facts
    if "covered_percent" in facts:
        yield "f1_covered", facts


def f2(facts: dict) -> Asked:
    """Range, total, trend, steps, stages."""
    if facts["years"] == 1:
        yield "f2_one_year", facts
    else:
        yield "f2_constant" if facts["constant"] else "f2_range", facts
    if "total_tg" in facts:
        yield "f2_total", facts
    if "budget" in facts:
        yield from ledger.budget(facts["budget"])
    if "trend" in facts:
        yield f"f2_{_course(facts['trend'])}", facts["trend"]
    rise, fall = ({f"{name}_{key}": value for key, value in facts.get(name, {}).items()} for name in ("rise", "fall"))
    if rise or fall:
        yield "f2_steps" if rise and fall else "f2_rise" if rise else "f2_fall", {**rise, **fall}
    if facts["above_count"] and not facts["constant"]:
        yield "f2_above", facts
    if len(facts.get("stages", [])) > 1:
        yield "f2_stages", facts
    if "rh_of_npp_percent" in facts:
        yield "f2_respiration", facts
    for driver in facts.get("drivers", []):
        yield f"f2_driver_{_course(driver)}", {**driver, "unit": {"temperature": " °C"}.get(driver["driver"], " mm")}


def _course(trend: dict) -> str:
    """Whether a series moved, and whether that is significant."""
    return "flat" if trend["sen"] == 0 else "moved" if trend["significant"] else "unsure"


def f3(facts: dict) -> Asked:
    """Sinks and sources, the ends of the ranking, the gradient."""
    sinks = facts.get("sinks", [])
    if len(sinks) == 1:
        yield "f3_sink", sinks[0]
    elif sinks:
        everywhere = all(each["percent"] >= 100.0 for each in sinks)
        yield "f3_all_sink" if everywhere else "f3_sinks", {
            "first": sinks[0]["year"], "first_percent": sinks[0]["percent"],
            "last": sinks[1]["year"], "last_percent": sinks[1]["percent"],
        }
    if "classes" in facts:
        yield from ledger.classes(facts["classes"])
    if "highest" in facts:
        yield "f3_ends", {**facts, "named": len(facts["highest"])}
    if "empty_count" in facts:
        yield "f3_empty", facts
    if "sparse_count" in facts:
        yield "f3_sparse", facts
    if "gradient" in facts:
        yield "f3_gradient", facts["gradient"]


def f4(facts: dict) -> Asked:
    """Regions that fell more often than they rose, the area that rose more often, and what chance would give."""
    if "whole" in facts:
        yield "f4_whole", {**facts["whole"], **facts}
    if facts.get("regions", 0) > 1:
        count = facts["fell_count"]
        yield "f4_none_fell" if not count else "f4_all_fell" if count == facts["regions"] else "f4_fell", facts
    if "rose_percent" in facts and facts["comparisons"] > 1:
        yield "f4_area", facts
    if "needed" not in facts:
        yield "f4_too_few", facts
    elif facts.get("regions", 0) > 1:
        count = facts["unlike_chance_count"]
        yield "f4_like_chance" if not count else "f4_all_tested" if count == facts["regions"] else "f4_tested", facts
    else:
        yield "f4_needed", facts

"""Which sentences figures 5 and 6 ask for: trend, centre of gravity, persistence."""

from __future__ import annotations

from .writer import Asked

#: Percent of the area without a change from which it is told of.
_TOLD = 1.0


def f5(facts: dict) -> Asked:
    """Rising and falling area, where it falls, and the centre of gravity."""
    if "level" in facts:
        yield from _trend(facts)
    yield from _centre(facts.get("centre", {}))


def _trend(facts: dict) -> Asked:
    rise, fall = facts["rise_percent"], facts["fall_percent"]
    significant = facts["rise_significant_percent"], facts["fall_significant_percent"]
    if not rise and not fall:
        yield "f5_no_change", facts
        return
    if not any(significant):
        yield "f5_none_significant", facts
    elif not fall:
        yield "f5_only_rise", facts
    elif not rise:
        yield "f5_only_fall", facts
    else:
        yield "f5_shares", facts
    if facts["unchanged_percent"] >= _TOLD:
        yield "f5_unchanged", facts
    if facts["adjusted"]:
        yield "f5_adjusted", facts
    elif "fdr_percent" in facts:
        yield "f5_fdr" if facts["fdr_percent"] else "f5_fdr_none", facts
    if "limits_percent" in facts:
        yield "f5_limits", facts
    if "falls" in facts:
        yield "f5_falls", facts
    if "slopes" in facts:
        yield "f5_slopes", facts["slopes"]


def _centre(facts: dict) -> Asked:
    if facts.get("offset_km") and "offset_azimuth" in facts:
        yield "f5_offset", facts
    if "mean_km" in facts and "least" in facts:
        ends = {f"{name}_{key}": value for name in ("least", "most") for key, value in facts[name].items()}
        yield "f5_moved" if ends["least_year"] != ends["most_year"] else "f5_moved_once", {**facts, **ends}
    if facts.get("net_km") and "net_azimuth" in facts:
        yield "f5_net" if "path_km" in facts else "f5_net_only", facts
    if "stages" in facts:
        yield "f5_stages", facts


def f6(facts: dict) -> Asked:
    """Area by H and by the evidence, beside chance; the significant trends; the regions, unless all is like chance; and
    how forecasts went."""
    if "unknown" in facts:
        yield "f6_unknown", facts
    if "above_percent" in facts:
        yield "f6_shares", facts
    if "unknown" not in facts and "chance_percent" in facts and "chance_h" in facts:
        yield "f6_chance", facts
    if "significant_percent" in facts:
        yield from _evidence(facts)
    for name in ("rises", "falls"):
        if name in facts:
            yield f"f6_{name}", facts[name]
    if facts["like_chance"]:
        yield "f6_like_chance", facts
    elif "regions" in facts:
        regions = facts["regions"]
        yield "f6_regions", {
            **regions, **{f"{name}_{key}": value for name in ("most", "least") for key, value in regions[name].items()}
        }
    yield from _hindcast(facts.get("hindcast", {}))


def _evidence(facts: dict) -> Asked:
    if "evidence" in facts:
        yield "f6_evidence", {**facts, **facts["evidence"]}
    else:
        yield "f6_significant", facts
    if not facts["detrended"]:
        yield "f6_trend_left_in", facts
    elif "evidence" in facts:
        yield "f6_trend_taken_out", facts


def _hindcast(facts: dict) -> Asked:
    if "verdict" not in facts:
        return
    yield f"f6_hindcast_{facts['verdict']}", facts
    if facts["verdict"] not in ("empty", "settled"):
        yield "f6_base_rate", facts
        if "skill_rule" in facts:
            yield "f6_rule_worse" if facts["skill_rule"] < 0.0 else "f6_rule", facts

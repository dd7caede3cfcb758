"""Which sentences tell of sources and sinks, of the effect of land cover on the total, and of uncertainty."""

from __future__ import annotations

from .writer import Asked

#: Shares of a change that are a part of it, in percent.
_NOTHING, _ALL = 0.0, 100.0


def budget(facts: dict) -> Asked:
    """What sinks took up and sources released, and the years in which sources prevailed."""
    if not facts["sink_tg"] or not facts["source_tg"]:
        if facts["sink_tg"] or facts["source_tg"]:
            yield "f2_no_source" if facts["sink_tg"] else "f2_no_sink", facts
        return
    yield "f2_budget", facts
    if facts["budget_years"] > 1:
        years, sources = facts["budget_years"], facts["net_source_count"]
        if sources:
            yield "f2_net_source" if sources == years else "f2_net_source_years", facts
        elif facts["net_sink_count"] == years:
            yield "f2_net_sink", facts


def classes(facts: dict) -> Asked:
    """The area by the sign of the mean of the years."""
    sink, source = facts["sink_percent"], facts["source_percent"]
    if sink or source:
        yield "f3_classes" if sink and source else "f3_only_sinks" if sink else "f3_only_sources", facts


def f9b(facts: dict) -> Asked:
    """The change of the total and its parts, the transitions that did most, and unchanged land."""
    if not facts["moved"]:
        yield "f9b_none", facts
    else:
        yield "f9b_change", facts
        yield _share(facts), facts
        if "largest" in facts:
            yield "f9b_largest", facts
        if facts.get("kept_percent") and "kept_tg" in facts:
            yield "f9b_kept", facts
    if "fallback" in facts:
        yield "f9b_fallback", facts
    if "effect_regions" in facts:
        ends = facts["effect_regions"]
        yield "f9b_regions", {
            **facts, **{f"{name}_{key}": value for name, end in ends.items() for key, value in end.items()}
        }
    yield "f9b_weather" if facts["window"] == 1 else "f9b_averaged", facts


def _share(facts: dict) -> str:
    """How to tell of the part that change of land cover has in the change of the total."""
    share = facts.get("share_percent")
    if share is None:
        return "f9b_no_share"
    return "f9b_against" if share < _NOTHING else "f9b_share" if share <= _ALL else "f9b_more"


def uncertainty(facts: dict) -> Asked:
    """What the errors that were given do to mean, total, sign and trend; or that nothing was assessed."""
    if not facts["assessed"]:
        yield "u_failed" if facts["failed"] else "u_none" if facts["computed"] else "u_none_series", facts
        return
    yield "u_given", facts
    yield "u_mean", facts
    if "total_tg" in facts:
        yield "u_total", facts
    if "sink_percent" in facts:
        share = facts["sink_percent"]
        yield "u_never_sink" if not share else "u_always_sink" if share >= _ALL else "u_sink", facts
    yield "u_slope", facts
    if "rise_percent" in facts:
        yield "u_rises", facts
    if "open" in facts:
        yield "u_open", facts
    elif facts.get("compared", 0) > 1:
        yield "u_clear", facts
    yield "u_rest" if "others" in facts else "u_form", facts

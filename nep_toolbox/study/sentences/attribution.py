"""Which sentences figures 11 and 12 ask for: how much of the trend follows the drivers, and which of them."""

from __future__ import annotations

from .writer import Asked

#: The parts of the area on which a trend has one cause or both, in the order in which they are told.
_PARTS = ("both", "drivers", "rest")


def f11(facts: dict) -> Asked:
    """What the drivers explain, the trend and its parts, the area of each, and what the rest is no proof of."""
    if "explained" in facts:
        yield "f11_explained" if facts["explained"] else "f11_unexplained", facts
    if "slope" in facts:
        yield "f11_slopes", facts
        yield "f11_share" if "share_percent" in facts else "f11_no_share", facts
    if "regions" in facts:
        ends = {f"{name}_{key}": value for name, end in facts["regions"].items() for key, value in end.items()}
        yield "f11_regions", {**facts, **ends}
    yield from _pixels(facts)
    yield "f11_no_proof", facts
    if "slope" in facts.get("npp", {}):
        yield "f11_built_in", {**facts, **facts["npp"]}


def _pixels(facts: dict) -> Asked:
    if facts["empty"]:
        yield "f11_empty", facts
        return
    for name in ("rise", "fall"):
        if name in facts:
            yield f"f11_{name}", {"percent": facts[name]["percent"], "parts": _told(facts[name])}
    if "significant" in facts:
        yield "f11_significant", {"percent": facts["significant"]["percent"], "parts": _told(facts["significant"])}
    elif facts["tested"]:
        yield "f11_none_significant", facts
    if "rest_significant_percent" in facts:
        yield "f11_rest_significant", facts
    if "no_result_percent" in facts:
        yield "f11_no_result", facts


def _told(way: dict) -> list:
    """The parts of an area that there are."""
    return [{"key": f"f11_{part}", "part": way[f"{part}_percent"]} for part in _PARTS if way[f"{part}_percent"]]


def f12(facts: dict) -> Asked:
    """Where each driver is the strongest, what chance gives, contributions, importance, collinearity."""
    if facts["refused"]:
        yield "f12_refused", facts
        return
    if "dominant" in facts:
        first, *others = facts["dominant"]
        yield "f12_dominant", first
        if others:
            yield "f12_others", {"others_told": others}
        if facts.get("none_percent"):
            yield "f12_none", facts
    else:
        yield "f12_nowhere", facts
    if "contributions" in facts and "rest" in facts:
        yield "f12_contributions", facts
    if len(facts.get("importance", [])) > 1:
        yield "f12_importance", facts
    if "refused_percent" in facts:
        yield "f12_some_refused", facts
    if facts.get("npp", {}).get("dominant"):
        yield "f12_built_in", {"of_npp": facts["npp"]["dominant"]}

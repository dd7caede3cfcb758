"""Which sentences figures 7 to 10 ask for: climate, land cover, the factors of the geodetector."""

from __future__ import annotations

from .writer import Asked

#: Pixels from which every p of the detector is close to 0, and factors that are named of a year.
_MANY, _NAMED = 1000, 3


def f7(facts: dict) -> Asked:
    """Each driver: annual, partial, pixel by pixel; and what of it is built in."""
    drivers = facts["drivers"]
    for driver in drivers:
        if "r" in driver and "p" in driver:
            yield "f7_annual" if driver["significant"] else "f7_annual_unsure", driver
        if "partial_r" in driver and "partial_p" in driver and len(drivers) == 2:
            yield "f7_partial", {**driver, "other": next(each["driver"] for each in drivers if each is not driver)}
        if "positive_percent" in driver:
            yield "f7_pixels", driver
    built_in = [driver for driver in drivers if "r" in driver.get("npp", {}) and "positive_percent" in driver["npp"]]
    if built_in:
        yield "f7_built_in", {"of_npp": [{"driver": each["driver"], **each["npp"]} for each in built_in]}


def f8(facts: dict) -> Asked:
    """Classes at the first and last date, the largest change, how much changed."""
    if "classes" not in facts:
        yield "f8_one_date", {**facts, **facts["dominant"]}
        return
    yield "f8_classes", {**facts, "told": [
        {**each, "first": facts["first"], "last": facts["last"]} for each in facts["classes"]
    ]}
    changed = [each for each in facts.get("intervals", []) if each["percent"]]
    if "largest" in facts:
        largest = facts["largest"]
        yield "f8_largest", {**facts, **largest}
        if largest.get("change_tg"):
            yield "f8_largest_total", {**facts, **largest}
    if "intervals" in facts:
        yield "f8_changed" if changed else "f8_unchanged", facts


def f9(facts: dict) -> Asked:
    """The highest mean, the greatest share of the total, the fastest rise."""
    alone = facts["count"] == 1
    yield "f9_alone" if alone else "f9_highest", {**facts, **facts["highest"]}
    if "largest" in facts and not alone and "area_percent" in facts["largest"]:
        same = facts["largest"]["name"] == facts["highest"]["name"]
        yield "f9_largest_too" if same else "f9_largest", facts["largest"]
    if not alone and facts["tested"] > 1 and not facts["significant"]:
        yield "f9_none_significant", facts
    elif facts["tested"] and not facts["rising"]:
        yield "f9_none_rose", facts
    elif "fastest" in facts and "p" in facts["fastest"]:
        yield "f9_alone_rose" if alone else "f9_fastest", facts["fastest"]


def f10(facts: dict) -> Asked:
    """What explains most in each year, changes of rank, interactions, and how firm q is."""
    for year in facts["years"][-1:] if "same" in facts else facts["years"]:
        yield "f10_one" if year["count"] == 1 else "f10_most", year
    if "same" in facts:
        yield "f10_same_one" if facts["years"][-1]["count"] == 1 else "f10_same", facts
    if "riser" in facts:
        yield "f10_riser", {**facts, **facts["riser"]}
    elif "first" in facts and facts["factors"] > (_NAMED if "same" in facts else 1):
        yield "f10_same_order", facts
    if "pairs" in facts:
        pairs = {**facts, **facts["pairs"]}
        kind = "one_pair" if pairs["count"] == 1 else "pairs" if pairs["enhancing"] else "none_enhances"
        yield f"f10_{kind}", pairs
    if "interval" in facts:
        yield "f10_interval", {**facts, **facts["interval"]}
    if "spacing" in facts:
        yield "f10_spacing", {**facts, **facts["spacing"]}
    if facts.get("rows", 0) >= _MANY:
        yield "f10_no_p", facts
    if "collinear" in facts:
        yield "f10_collinear", {**facts, "named": facts["collinear"]["count"]}

"""The box of the head: what a reader must know of the inputs before the results."""

from __future__ import annotations

from typing import NamedTuple

from .facts.common import listing
from .languages.en_checks import CHECKS as ENGLISH
from .languages.zh_checks import CHECKS as CHINESE
from .sentences import writer

GOOD, NOTE, BAD = "good", "note", "bad"
#: The literal form gives a tenth of the monthly one, in which the model was fitted.
_OF_FORM = {"monthly": GOOD, "equivalent": NOTE, "literal": BAD}
#: What the run counts the pixels lost to; where it did not, the table of the data tells what is missing.
_LOST_TO = ("lost_climate", "lost_factors")
#: Percent of the pixels that may be lost, negative or without a result before it matters.
_LOST, _NEGATIVE = 0.5, 25.0
#: Percent of the area below which the values stand for a part of it only.
_COVERED = 50.0


class Check(NamedTuple):
    """A line of the box: ``good``, ``note`` or ``bad``, and what it says."""

    level: str
    text: str


def checks(facts: dict, settings: dict) -> list:
    """The lines of the box, the bad ones first.

    Parameters
    ----------
    facts : dict
        As `facts.facts` gives them; ``head`` holds what was found.
    settings : dict
        ``language``.

    Returns
    -------
    list of Check
    """
    pen = writer(facts, settings, CHINESE if settings.get("language") == "zh" else ENGLISH)
    found = []
    for level, key, values in [*_given(facts), *_found(facts)]:
        text = pen.write(key, values) if key else values["text"]
        found += [Check(level, text)] if text else []
    return sorted(found, key=lambda check: (BAD, NOTE, GOOD).index(check.level))


def _given(facts: dict):
    """What the run itself found, as the settings tell."""
    for given in facts.get("head", {}).get("checks", []):
        name = given.get("check")
        if "text" in given:
            yield given.get("level", NOTE), "", given
        elif name == "unit":
            yield (GOOD, "unit", given) if given["plausible"] else (BAD, "unit_strange", given)
        elif name in _LOST_TO:
            yield (BAD if given["percent"] > _LOST else GOOD), name if given["percent"] else f"{name}_none", given
        elif name == "forcing" and given.get("form") in _OF_FORM:
            if given.get("model", "pei") == "pei":
                yield _OF_FORM[given["form"]], f"forcing_{given['form']}", given
            else:
                yield NOTE, f"model_{given['model']}", given
            if given.get("other_mean") is not None:
                yield NOTE, f"other_{given['other']}", given
        elif name == "climatology":
            yield NOTE, "climatology", given


def _found(facts: dict):
    """What the tables and the years tell."""
    study, head = facts["study"], facts.get("head", {})
    if "missing_years" in study:
        yield BAD, "years_missing", study
    else:
        yield GOOD, "years_complete", study
    if not any(each.get("check") in _LOST_TO for each in head.get("checks", [])):
        yield from _missing(head)
    yield from _coverage(head, facts.get("f1", {}))
    if study["balance"] and "negative_percent" in head:
        share = head["negative_percent"]
        yield (BAD if share > _NEGATIVE else GOOD), "negative" if share else "negative_none", head
    if head.get("no_trend_percent"):
        yield (BAD if head["no_trend_percent"] > _LOST else NOTE), "no_trend", head


def _coverage(head: dict, place: dict):
    """How much of the area and of the regions has values."""
    if place.get("covered_percent", 100.0) < _COVERED:
        yield BAD, "covered", place
    if "empty" in head:
        yield BAD, "coverage_empty", head
    if "sparse" in head:
        yield BAD, "coverage_sparse", {**head, "named": listing(head["sparse"])}
    if "regions" in head and not {"empty", "sparse"} & set(head):
        yield GOOD, "coverage", head


def _missing(head: dict):
    """Which inputs are missing where there is the first one."""
    lost = [each for each in head.get("missing", []) if each["percent"]]
    for each in lost:
        yield (BAD if each["percent"] > _LOST else NOTE), "missing", {**each, "input": head["input"]}
    if "missing" in head and not lost:
        yield GOOD, "missing_none", head

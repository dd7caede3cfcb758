"""The sentences of a study, figure by figure, in the language that was asked for."""

from __future__ import annotations

from ..languages.en_sentences import SENTENCES as ENGLISH
from ..languages.zh_sentences import SENTENCES as CHINESE
from ..words import Words, words
from . import attribution, causes, change, ledger, level
from .writer import Asked, Sentence, Writer

SECTIONS = {
    "f1": level.f1, "f2": level.f2, "f3": level.f3, "f4": level.f4, "f5": change.f5,
    "f6": change.f6, "f7": causes.f7, "f8": causes.f8, "f9": causes.f9, "f9b": ledger.f9b, "f10": causes.f10,
    "f11": attribution.f11, "f12": attribution.f12, "uncertainty": ledger.uncertainty,
}

#: Sentences that are said at the head too; each can stand alone.
_MAIN = (
    "f2_range", "f2_constant", "f2_one_year", "f2_flat", "f2_moved", "f2_unsure", "f2_budget", "f3_classes",
    "f3_only_sources", "f5_shares", "f5_only_rise",
    "f5_only_fall", "f5_none_significant", "f5_no_change", "f5_falls", "f5_offset", "f6_like_chance",
    "f6_hindcast_adds", "f6_hindcast_none", "f6_hindcast_worse", "f6_hindcast_no_skill", "f6_hindcast_settled",
    "f7_annual", "f7_annual_unsure", "f9_highest", "f9_largest", "f9b_none", "f9b_change", "f10_most", "f11_slopes",
    "f11_no_proof", "f12_dominant",
)

__all__ = ["SECTIONS", "Sentence", "sentences", "writer"]


def sentences(facts: dict, settings: dict) -> dict:
    """What the figures show, in sentences.

    Parameters
    ----------
    facts : dict
        As `facts.facts` gives them.
    settings : dict
        ``language``: ``"en"`` or ``"zh"``.

    Returns
    -------
    dict of str to list of Sentence
        By section; each is a str that knows the facts it shows. A section without facts is absent. ``head`` says what
        was studied, and repeats the main results.
    """
    pen = writer(facts, settings)
    found = {name: written(pen, asked(facts[name])) for name, asked in SECTIONS.items() if name in facts}
    head = written(pen, level.head(facts.get("f1", {}), facts["study"]))
    main = [sentence for section in found.values() for sentence in section if sentence.key in _MAIN]
    # Of the factors of several years those of the last.
    last = next((sentence for sentence in reversed(main) if sentence.key == "f10_most"), None)
    main = [sentence for sentence in main if sentence.key != "f10_most" or sentence is last]
    return {"head": head + main, **{name: section for name, section in found.items() if section}}


def written(pen: Writer, asked: Asked) -> list:
    """The sentences that are asked for, without those that lack a fact."""
    return [sentence for key, values in asked if (sentence := pen.write(key, values)) is not None]


def writer(facts: dict, settings: dict, templates: dict | None = None) -> Writer:
    """What fills templates (by default those of the sentences) of the language that was asked for."""
    spoken = words(settings.get("language", "en"))
    if templates is None:
        templates = CHINESE if spoken.chinese else ENGLISH
    return Writer(spoken, templates, common(facts["study"], spoken))


def common(study: dict, spoken: Words) -> dict:
    """What every template may name: the variable, its unit, the region and the period."""
    own = spoken.unit(study.get("unit") or "").replace(" ", "\u00a0")
    region = study.get("region")
    if region and spoken.chinese and region[-1].isascii():
        region = f"{region} "
    return {
        "var": study["variable"], "unit": f"\u00a0{own}" if own else "", "unit_name": own,
        "region": region or spoken["the study area"], "Region": region or spoken["The study area"],
        "regions_word": study.get("region_many") or spoken["regions"],
        "region_word": study.get("region_one") or spoken["region"],
        "alpha": study["alpha"], "study_period": study["period"], "study_years": study["years"],
    }

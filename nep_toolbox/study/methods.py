"""How a study was done: a paragraph a step with its formulas, the parameters that were used and the works behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import formulas
from .languages.en_methods import METHODS as ENGLISH
from .languages.zh_methods import METHODS as CHINESE
from .mathml import mathml
from .options import options
from .references import REFERENCES
from .sentences import writer

TEXT, MATH = "text", "math"

#: Works that each correction for serial correlation rests on.
_WORKS = {"hamed": ("hamed",), "yue_wang": ("yue_wang",), "yue": ("yue",), "prewhitening": ()}
#: The formula of each model of soil respiration, and the works it rests on.
_OF_SOIL = {"raich": formulas.RAICH, "lloyd_taylor": formulas.LLOYD_TAYLOR, "q10": formulas.BY_Q10}
_WARMTH = ("lloyd_taylor", "q10")
_WORKS_OF_SOIL = {"raich": ["raich"], "lloyd_taylor": ["lloyd"], "q10": []}


class Method(NamedTuple):
    """A step: its title, its parts (``("text", text)`` or ``("math", MathML, LaTeX)``) and its `Reference` works."""

    title: str
    parts: list
    references: list


def methods(facts: dict, settings: dict) -> list:
    """The steps that the study took.

    Parameters
    ----------
    facts : dict
        As `facts.facts` gives them; a step without facts was not taken.
    settings : dict
        ``language``, ``parameters``, ``versions``, and what `options.options` reads.

    Returns
    -------
    list of Method
    """
    pen = writer(facts, settings, CHINESE if settings.get("language") == "zh" else ENGLISH)
    values = _values(facts, settings)
    found = []
    for name, asked in _asked(facts, values):
        *parts, works = asked
        found.append(Method(
            pen.write(f"{name}_title", values),
            [_part(part, pen, values) for part in parts], [REFERENCES[work] for work in works],
        ))
    return found


def references(facts: dict, settings: dict) -> list:
    """The works of all steps, once each, in the order of the alphabet."""
    found: set = {work for method in methods(facts, settings) for work in method.references}
    return sorted(found, key=lambda work: work.text.lower())


def limits(facts: dict, settings: dict) -> list:
    """What a reader must not take the results for."""
    pen = writer(facts, settings, CHINESE if settings.get("language") == "zh" else ENGLISH)
    climate, given, pixels = facts["study"]["climate"], options(settings), "level" in facts.get("f5", {})
    told = [
        ("nbp", facts["study"]["balance"]), ("rh", climate and given["model"] not in _WARMTH),
        ("rh_warmth", climate and given["model"] in _WARMTH), ("sinks", "classes" in facts.get("f3", {})),
        ("variable", True), ("trend", pixels),
        ("serial", pixels and not given["correction"]), ("h", "f6" in facts),
        ("hindcast", "fit" in facts.get("f6", {}).get("hindcast", {})),
        ("effect", "f9b" in facts),
        ("r", "f7" in facts and climate), ("r_alone", "f7" in facts and not climate), ("q", "f10" in facts),
        ("rest", "f11" in facts), ("serial_rest", "f11" in facts),
        ("resampling", facts["study"].get("resampled", False)),
    ]
    return [pen.write(f"limit_{name}", {}) for name, wanted in told if wanted]


def _values(facts: dict, settings: dict) -> dict:
    """What the templates may name beside the facts that are common to all."""
    given = options(settings)
    labels = {each["code"]: each["label"] for each in settings.get("landcover_classes") or []}
    return {
        **given, **given["coefficients"], "plain_test": bool(given["correction"] or given["field_significance"]),
        "input": "NPP" if facts["study"]["climate"] else facts["study"]["variable"],
        "crs": facts.get("f1", {}).get("crs"),
        "drivers": facts.get("f11", {}).get("drivers"), "years_used": facts.get("f11", {}).get("years"),
        **{name: years for name, years in facts.get("f6", {}).get("hindcast", {}).items() if name in ("fit", "scored")},
        **{name: facts.get("f9b", {}).get(name) for name in ("first", "last", "window")},
        "draws": facts.get("uncertainty", {}).get("draws"),
        "excluded": [labels.get(code, str(code)) for code in settings.get("excluded_classes") or []],
        "versions": [{"name": name, "number": number} for name, number in settings.get("versions", {}).items()],
    }


def _part(part: str, pen, values: dict) -> tuple:
    """A paragraph from the name of its template, or a formula from its LaTeX."""
    if part in pen.templates:
        return TEXT, pen.write(part, values)
    return MATH, mathml(part), part


def _asked(facts: dict, values: dict) -> Iterator[tuple]:
    """The steps that were taken: name, and templates and formulas in order with the keys of the works at the end."""
    data = ["data"]
    data += ["data_few"] if values["min_observations"] else []
    yield "data", [*data, *(["data_excluded"] if values["excluded"] else []), []]
    if facts["study"]["climate"]:
        yield "nep", _nep(values)
    if "f2" in facts:
        yield "annual", ["annual", formulas.MEAN, "annual_where", []]
    if "classes" in facts.get("f3", {}):
        yield "sinks", ["sinks", formulas.T_TEST, "sinks_where", []]
    if "f4" in facts:
        yield "frequency", ["frequency", formulas.SIGN_TEST, "frequency_where", []]
    if "level" in facts.get("f5", {}) or "trend" in facts.get("f2", {}):
        yield "trend", _trend(values)
    if "centre" in facts.get("f5", {}):
        negative = ["centre_negative"] if values["negative_left_out"] else []
        yield "centre", ["centre", formulas.CENTRE, "centre_where", *negative, ["karney"]]
    if "f6" in facts:
        detrend = f"hurst_{values['detrend'] or 'as_is'}"
        yield "hurst", [
            "hurst", detrend, "hurst_range", formulas.RANGE, "hurst_expected", formulas.EXPECTED, "hurst_where",
            formulas.P_SIMULATED, "hurst_p", ["hurst", "mandelbrot", "anis", "peters"],
        ]
        if "evidence" in facts["f6"]:
            yield "future", ["future", []]
        if "fit" in values:
            yield "hindcast", ["hindcast", formulas.BRIER, "hindcast_where", ["brier"]]
    if "f7" in facts:
        partial = any("partial_r" in each for each in facts["f7"]["drivers"])
        more = ["correlation_partial", formulas.PARTIAL, "correlation_partial_p"] if partial else []
        yield "correlation", ["correlation", formulas.CORRELATION, "correlation_p", *more, []]
    if "f8" in facts or "f9" in facts:
        change = ["landcover_change"] if "change_tg" in facts.get("f8", {}).get("largest", {}) else []
        yield "landcover", ["landcover", *(["landcover_values"] if "f9" in facts else []), *change, []]
    if "f9b" in facts:
        window = ["effect_window"] if facts["f9b"]["window"] > 1 else []
        regions = ["effect_regions"] if "effect_regions" in facts["f9b"] else []
        yield "effect", [
            "effect", formulas.DENSITY, "effect_density", *window, "effect_pairs", formulas.EFFECT, "effect_where",
            *regions, [],
        ]
    if "f10" in facts:
        spacing = ["detector_spacing"] if (values["spacing"] or 1) > 1 else []
        yield "detector", ["detector", formulas.Q, "detector_where", *spacing, ["wang_2010", "wang_2016", "song"]]
    if "f11" in facts:
        yield "attribution", [
            "attribution", formulas.ATTRIBUTION, "attribution_where", formulas.CLOSURE, "attribution_closure",
            ["evans", "wessels_2007", "wessels_2012", "burrell"],
        ]
    if "f12" in facts:
        yield "drivers", ["drivers", formulas.PARTIAL_OF_DRIVER, "drivers_where", ["lindeman", "gromping"]]
    if facts.get("uncertainty", {}).get("assessed"):
        yield "uncertainty", ["uncertainty", formulas.DRAW, "uncertainty_where", []]
    if values["versions"]:
        yield "software", ["software", []]


def _nep(values: dict) -> list:
    """NEP, by the model of respiration that was taken."""
    model = values["model"]
    if model == "pei":
        form = f"form_{values['form'] or 'automatic'}"
        return ["nep", formulas.NEP, "nep_respiration", formulas.RESPIRATION, "nep_where", form, ["pei"]]
    fraction = values["rh_fraction"] is not None
    share, works = ("nep_fraction", []) if fraction else ("nep_share", ["bond_lamberty"])
    return [
        "nep", formulas.NEP, f"nep_{model}", _OF_SOIL[model], f"nep_{model}_where", share,
        formulas.FRACTION if fraction else formulas.BOND_LAMBERTY, f"{share}_where", [*_WORKS_OF_SOIL[model], *works],
    ]


def _trend(values: dict) -> list:
    correction = values["correction"]
    adjusted = "trend_adjusted" if values["field_significance"] else "trend_beside"
    return [
        "trend", formulas.SEN, "trend_test", formulas.MANN_KENDALL, formulas.VARIANCE, formulas.Z, "trend_where",
        *([f"trend_{correction}"] if correction else []), adjusted,
        ["theil", "sen", "mann", "kendall", "gilbert", *_WORKS.get(correction, ()), "benjamini", "wilks"],
    ]

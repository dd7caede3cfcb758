"""The captions of the figures, with the letters of the panels that a study has."""

from __future__ import annotations

from .languages.en_captions import CAPTIONS as ENGLISH
from .languages.zh_captions import CAPTIONS as CHINESE
from .sentences import writer

NAMES = {
    "f1": "fig01_study_area", "f2": "fig02_annual", "f3": "fig03_maps", "f4": "fig04_frequency", "f5": "fig05_trend",
    "f6": "fig06_future", "f7": "fig07_correlation", "f8": "fig08_landcover", "f9": "fig09_landcover_nep",
    "f9b": "fig09b_landcover_effect", "f10": "fig10_geodetector", "f11": "fig11_attribution", "f12": "fig12_drivers",
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def captions(facts: dict, settings: dict) -> dict:
    """The caption of each figure that the study has facts for.

    Parameters
    ----------
    facts : dict
        As `facts.facts` gives them.
    settings : dict
        ``language``.

    Returns
    -------
    dict of str to Sentence
        By the name of the figure's file.
    """
    pen = writer(facts, settings, CHINESE if settings.get("language") == "zh" else ENGLISH)
    found = {}
    for section, name in NAMES.items():
        if section in facts:
            part = facts[section]
            title, panels, notes = _ASKED[section](part)
            found[name] = pen.write("caption", {
                **part, "number": section[1:], "title": [{"key": title, **part}], "panels": _lettered(panels),
                "notes": [{"key": note, **part} for note in notes],
            })
    return {name: caption for name, caption in found.items() if caption is not None}


def _lettered(panels: list) -> list:
    """The parts of a figure with their letters; one part alone has none, as the title says what it is."""
    return [{"letter": letter, "panel": [panel]} for letter, panel in zip(_LETTERS, panels)] if len(panels) > 1 else []


def _f1(facts: dict) -> tuple:
    base = "relief" if "relief" in facts else "mean"
    return f"f1_{base}_regions" if facts.get("regions", 0) > 1 else f"f1_{base}", [], []


def _f2(facts: dict) -> tuple:
    climate = [{"key": "f2_climate", "driver": name} for name in facts.get("climate", [])]
    panels = [{"key": "f2_mean"}, *([{"key": "f2_budget"}] if "budget" in facts else []), *climate]
    notes = ["f2_line" if "trend" in facts else "f2_band", *(["f2_bars"] if "budget" in facts else [])]
    return "f2", panels, notes


def _f3(facts: dict) -> tuple:
    years, classes = facts.get("map_years", []), "classes" in facts
    panels = [{"key": "year", "year": year} for year in years] + ([{"key": "f3_classes"}] if classes else [])
    return "f3" if len(panels) > 1 else "f3_alone", panels, ["f3_words"] if classes else []


def _f4(facts: dict) -> tuple:
    kinds = (["region"] if "mapped" in facts else []) + ["pixel"]
    panels = [{"key": f"f4_{way}_{kind}"} for kind in kinds for way in ("falls", "rises")]
    return "f4", panels + ([{"key": "f4_counts"}] if "rose_percent" in facts else []), []


def _f5(facts: dict) -> tuple:
    panels = [{"key": "f5_classes"}, {"key": "f5_shares"}] if "level" in facts else []
    if facts.get("centre"):
        panels += [{"key": "f5_centre"}, {"key": "f5_path"}]
    return "f5" if facts.get("centre") else "f5_alone", panels, ["f5_levels"] if "level" in facts else []


def _f6(facts: dict) -> tuple:
    panels = [{"key": f"f6_{name}", "detrended": facts["detrended"]} for name in (*facts.get("mapped", []), "shares")]
    return "f6", panels, ["f6_words" if "evidence" in facts else "f6_half"]


def _f7(facts: dict) -> tuple:
    drivers = facts["drivers"]
    built_in = [each for each in drivers if "npp" in each]
    panels = [{"key": f"f7_{kind}", "driver": each["driver"]} for kind in ("annual", "map") for each in drivers]
    return "f7", [*panels, *({"key": "f7_npp", "driver": each["driver"]} for each in built_in)], []


def _f8(facts: dict) -> tuple:
    return ("f8" if facts["last"] > facts["first"] else "f8_one_date"), [], []


def _f9(facts: dict) -> tuple:
    return "f9", [{"key": "f9_mean"}, {"key": "f9_total"}], ["f9_small"] if "small" in facts else []


def _f9b(facts: dict) -> tuple:
    parts = [{"key": "f9b_parts"}, *([{"key": "f9b_pairs"}] if facts["moved"] else [])]
    return "f9b", parts, ["f9b_words"]


def _f10(facts: dict) -> tuple:
    panels = [{"key": "year", "year": each["year"]} for each in facts["years"]]
    words = ["f10_bars", *(["f10_limits"] if "interval" in facts else [])]
    return "f10", panels + ([{"key": "f10_ranks"}] if len(panels) > 1 else []), words


def _f11(facts: dict) -> tuple:
    kinds = ["classes", *([] if facts["empty"] else ["shares"]), "slope_drivers", "slope_rest"]
    kinds += ["share", *(["parts"] if "slope" in facts else []), *(["npp"] if "npp" in facts else [])]
    return "f11", [{"key": f"f11_{kind}"} for kind in kinds], ["f11_words"]


def _f12(facts: dict) -> tuple:
    found = {
        "map": True, "shares": "dominant" in facts, "contributions": "contributions" in facts,
        "importance": len(facts.get("importance", [])) > 1, "npp": "npp" in facts,
    }
    return "f12", [{"key": f"f12_{kind}"} for kind, there in found.items() if there], ["f12_words"]


_ASKED = {
    "f1": _f1, "f2": _f2, "f3": _f3, "f4": _f4, "f5": _f5, "f6": _f6, "f7": _f7, "f8": _f8, "f9": _f9, "f9b": _f9b,
    "f10": _f10, "f11": _f11, "f12": _f12,
}

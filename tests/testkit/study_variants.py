"""Studies unlike the sample study: each lacks something, or has it everywhere."""

from __future__ import annotations

from nep_toolbox.core.persistence.future_trend import EVIDENCE_LABELS

from .study import YEARS, classes, study

Study = tuple  # of tables and settings


def _whole_only(tables: dict, settings: dict) -> Study:
    rows = {name: [row for row in table if row.get("region") in (None, "all")] for name, table in tables.items()}
    place = {**settings["place"], "regions": 0}
    return {name: table for name, table in rows.items() if table}, {**settings, "place": place}


def _no_climate(tables: dict, settings: dict) -> Study:
    for row in tables["fig02_annual"]:
        for name in ("npp", "rh", "rh_of_npp_percent", "precipitation", "temperature", "total_tg", "sink_percent"):
            del row[name]
    tables["fig02_summary"] = [{**tables["fig02_summary"][0], "variable": "npp"}]
    for name in ("fig07_correlation", "fig11_summary", "fig11_class_areas", "fig12_drivers", "fig02_budget",
                 "fig03_sinks", "fig09b_effect", "fig09b_effect_total", "uncertainty"):
        del tables[name]
    del settings["numbers"]["uncertainty"]
    return tables, {**settings, "variable": "NDVI", "unit": "", "region_name": "", "carbon": False,
                    "has": {**settings["has"], "climate": False}}


def _nothing_significant(tables: dict, settings: dict) -> Study:
    for row in tables["fig02_summary"]:
        row["p_mk"] = 0.5
    for row in tables["fig07_correlation"]:
        row.update(p=0.5, partial_p=0.5, significant_positive_percent=0.0, significant_negative_percent=0.0)
    for row in tables["fig04_frequency"]:
        row["p_sign"] = 1.0
    tables["fig05_class_areas"] = _trend({1: 60.0, -1: 39.0, 0: 1.0})
    settings["numbers"]["trend"].update(FDR_SIGNIFICANT=0.0, LIMITS_EXCLUDE_ZERO=0.0)
    settings["numbers"]["hurst"]["SIGNIFICANT_PERCENT"] = 0.2
    tables["fig06_class_areas"] = classes("all", {4: 95.0, 24: 3.0, 14: 2.0}, EVIDENCE_LABELS)
    tables["fig06_hindcast_scores"][0].update(skill=-0.0141, skill_trend_only=0.0049)
    for row in tables["fig11_summary"]:
        row.update(p=0.5, share=None)
    settings["numbers"]["attribution"]["REST_PERCENT"] = 0.0
    settings["numbers"]["drivers"].update(SIGNIFICANT_PERCENT=0.0, REFUSED_PERCENT=0.0)
    for row in tables["fig11_class_areas"]:
        row["significant_percent"] = 0.0
    for row in tables["fig03_sinks"]:
        row["class"] = 1 if row["class"] > 0 else -1
    tables["fig09b_effect_total"][0]["share"] = None
    tables["fig02_budget"] = [{**row, "net_tg": -1.0} for row in tables["fig02_budget"]]
    del tables["uncertainty"]
    settings["steps"] = {"uncertainty": {"state": "failed"}}
    for row in tables["fig12_drivers"]:
        row.update(dominant_positive_percent=0.0, dominant_negative_percent=0.0, significant_percent=0.0)
    return tables, settings


def _trend(percents: dict) -> list:
    return [{"region": "all", "class": code, "label": str(code), "pixels": 1, "area_km2": 1.0, "percent": percent}
            for code, percent in percents.items()]


def _settled(base_rate: float) -> dict:
    """Scores of a hindcast in which the outcome of all pixels is the same."""
    return {"base_rate_percent": base_rate, "brier": 0.0, "brier_climatology": 0.0,
            **dict.fromkeys(("skill", "skill_trend_only", "skill_rule"))}


def _all_rise(tables: dict, settings: dict) -> Study:
    for place, row in enumerate(tables["fig02_annual"]):
        row["mean"] = 300.0 + 10 * place
    tables["fig05_class_areas"] = _trend({4: 100.0})
    tables["fig06_hindcast_scores"][0].update(_settled(100.0))
    for row in tables["fig04_frequency"]:
        row.update(increases=7, decreases=0, p_sign=0.0156)
    for row in tables["fig03_years"]:
        row["sink_percent"] = 100.0
    for row in tables["fig02_budget"]:
        row.update(source_tg=0.0, net_tg=row["sink_tg"])
    tables["fig03_sinks"] = [row for row in tables["fig03_sinks"] if row["class"] > 0]
    tables["fig09b_effect_total"][0]["share"] = 125.0
    for row in tables["uncertainty"]:
        row["probability_of_sink"] = 1.0
    return tables, settings


def _all_fall(tables: dict, settings: dict) -> Study:
    for place, row in enumerate(tables["fig02_annual"]):
        row["mean"] = -300.0 - 10 * place
    for row in tables["fig02_summary"]:
        row.update(sen_slope=-10.0, sen_lower=-12.0, sen_upper=-8.0, z=-3.2, mean=-335.0, cv=None)
    tables["fig05_class_areas"] = _trend({-4: 99.96, -1: 0.04})
    tables["fig06_hindcast_scores"][0].update(_settled(0.0))
    for row in tables["fig04_frequency"]:
        row.update(increases=0, decreases=7, p_sign=0.0156)
    for row in tables["fig09_classes"]:
        row.update(sen_slope=-3.0, share=None)
    for row in tables["fig02_budget"]:
        row.update(sink_tg=0.0, source_tg=-row["sink_tg"], net_tg=-row["sink_tg"])
    tables["fig03_sinks"] = [row for row in tables["fig03_sinks"] if row["class"] < 0]
    tables["fig09b_effect_total"][0]["share"] = -25.0
    for row in tables["uncertainty"]:
        row["probability_of_sink"] = 0.0
    return tables, settings


def _constant(tables: dict, settings: dict) -> Study:
    for row in tables["fig02_annual"]:
        row.update(mean=335.0, precipitation=700.0)
    for row in tables["fig02_summary"]:
        row.update(sen_slope=0.0, slope=0.0, sen_lower=0.0, sen_upper=0.0, z=0.0, p_mk=1.0, cv=0.0)
    tables["fig05_class_areas"] = _trend({0: 100.0})
    for row in tables["fig08_transitions"]:
        row.update(to_class=row["from_class"], to_label=row["from_label"])
    tables["fig08_largest"] = []
    tables["fig09b_effect"] = [row for row in tables["fig09b_effect"] if row["from"] == row["to"]]
    settings["numbers"]["uncertainty"]["possible"] = ["npp", "b", "temperature"]
    tables["fig02_budget"] = [{**row, "source_tg": -10.0, "net_tg": 40.0} for row in tables["fig02_budget"]]
    tables["fig05_centers"], tables["fig05_stages"] = tables["fig05_centers"][:1], []
    tables["fig06_hindcast_scores"] = [{"pixels": 0}]
    for name in ("fig06_persistence", "fig06_evidence", "fig06_class_areas"):
        tables[name] = [{**row, "percent": 100.0 if row["class"] is None else 0.0} for row in tables[name]]
    for name in ("MEAN_H", "SIGNIFICANT_PERCENT"):
        del settings["numbers"]["hurst"][name]
    for name in ("fig11_summary", "fig11_class_areas", "fig12_drivers"):
        tables[name] = []
    for name in ("attribution", "drivers"):
        for number in ("REST_PERCENT", "SIGNIFICANT_PERCENT", "REFUSED_PERCENT"):
            settings["numbers"][name].pop(number, None)
    settings["numbers"]["centre"] = {"OFFSET_KM": 0.0, "NET_KM": 0.0}
    return tables, settings


def _one_of_each(tables: dict, settings: dict) -> Study:
    for name in ("fig03_regions", "fig04_frequency", "fig05_class_areas", "fig06_persistence", "fig06_class_areas"):
        tables[name] = [row for row in tables[name] if row["region"] in ("all", "Bern")]
    for name in ("fig02_stages", "fig03_years", "fig07_correlation", "fig09_classes", "fig10_factors", "fig10_spacing"):
        tables[name] = tables[name][:1]
    tables["fig08_areas"] = [row for row in tables["fig08_areas"] if row["year"] == 2008]
    tables["fig10_pairs"], tables["fig10_vif"] = [], []
    tables["fig12_drivers"] = tables["fig12_drivers"][:1]
    settings["numbers"]["attribution"]["drivers"] = ["precipitation"]
    settings["numbers"]["landcover_effect"] = {"period": [2001, 2008], "window": 5}
    for name in ("fig02_budget", "fig03_sinks", "fig09b_effect_total", "uncertainty"):
        tables[name] = tables[name][:1]
    tables["fig09b_effect"] = [row for row in tables["fig09b_effect"] if row["from"] in (None, 2) or row["to"] == 2]
    settings["place"].update(regions=1, pixels=1)
    tables["fig06_hindcast_scores"][0].update(pixels=1, skill=0.5, skill_trend_only=0.25, skill_rule=0.75)
    return tables, {**settings, "map_years": [2001], "detector_years": [2001]}


def _two_years(tables: dict, settings: dict) -> Study:
    for name in ("fig02_annual", "fig05_centers"):
        tables[name] = tables[name][:2]
    for row in tables["fig04_frequency"]:
        row.update(increases=1, decreases=0, comparisons=1, p_sign=1.0)
    tables["fig04_counts"] = tables["fig04_counts"][:2]
    tables["fig06_hindcast_scores"][0].update(evidence=12, evidence_small=12)
    tables["fig02_summary"] = [{**row, "sen_slope": None, "p_mk": None} for row in tables["fig02_summary"]]
    return tables, {**settings, "years": YEARS[:2]}


def _one_year(tables: dict, settings: dict) -> Study:
    return {"fig02_annual": tables["fig02_annual"][:1]}, {**settings, "years": YEARS[:1]}


def _many_regions(tables: dict, settings: dict) -> Study:
    names = [f"Region {letter}" for letter in "ABCDEFGHIJKLMNOPQ"]
    tables["fig03_regions"] = [{**tables["fig03_regions"][3], "region": name} for name in names[:8]] + [
        {**tables["fig03_regions"][0], "region": name, "mean": 300.0 + place} for place, name in enumerate(names[8:])]
    tables["fig04_frequency"] = [{**tables["fig04_frequency"][3], "region": name} for name in names]
    settings["place"]["regions"] = 17
    return tables, {**settings, "region_word": {"one": "county", "many": "counties"}}


def _gaps(tables: dict, settings: dict) -> Study:
    del tables["fig06_class_areas"], tables["uncertainty"]
    del settings["numbers"]["uncertainty"]
    tables["fig06_hindcast_scores"][0].update(skill=0.0617, skill_trend_only=0.1005)
    tables["fig02_annual"] = [row for row in tables["fig02_annual"] if row["year"] not in (2003, 2005)]
    return tables, {**settings, "years": [year for year in YEARS if year not in (2003, 2005)]}


def _tiny(tables: dict, settings: dict) -> Study:
    for row in tables["fig02_annual"]:
        row["mean"] *= 1e-3
    for row in tables["fig02_summary"]:
        row.update(mean=0.335, sen_slope=2.4e-7, sen_lower=-1e-7, sen_upper=5e-7)
    tables["fig05_class_areas"] = _trend({4: 0.01, 1: 0.02, -1: 99.96, -4: 0.01})
    return tables, {**settings, "variable": "NDVI", "unit": ""}


VARIANTS = {
    "sample": lambda tables, settings: (tables, settings),
    "nothing": lambda _tables, settings: ({}, {"years": settings["years"]}),
    "whole area only": _whole_only, "no climate": _no_climate, "nothing significant": _nothing_significant,
    "all rise": _all_rise, "all fall": _all_fall, "constant": _constant, "one of each": _one_of_each,
    "two years": _two_years, "one year": _one_year, "many regions": _many_regions, "gaps": _gaps, "tiny": _tiny,
}


def variant(name: str, **settings) -> Study:
    """Tables and settings of a variant; ``settings`` are added."""
    tables, given = VARIANTS[name](*study())
    return tables, {**given, **settings}

"""Methods: the steps that were taken, the parameters that were used, the works cited."""

from __future__ import annotations

import re

import pytest
from testkit.study_variants import VARIANTS, variant

from nep_toolbox.algorithms.study._drivers import MIN_DF
from nep_toolbox.algorithms.trend._verdict import TELLING
from nep_toolbox.core.persistence.hindcast import SQUARE
from nep_toolbox.core.persistence.hindcast_scores import FEWEST_PIXELS
from nep_toolbox.core.simulation import SIMULATED_SERIES
from nep_toolbox.study import formulas
from nep_toolbox.study.facts import facts
from nep_toolbox.study.languages.en_methods import METHODS as ENGLISH
from nep_toolbox.study.languages.zh_methods import METHODS as CHINESE
from nep_toolbox.study.methods import limits, methods, references

#: As nep:drivers has it where nothing is given.
MAX_VIF = 10.0

VERSIONS = {"NEP Toolbox": "0.1.0", "QGIS": "3.22.16"}


def of(name: str = "sample", parameters: dict | None = None, **settings) -> tuple:
    """Facts and settings of a variant."""
    given = [{"key": key, "label": "", "value": value} for key, value in (parameters or {}).items()]
    tables, made = variant(name, parameters=given, versions=VERSIONS, **settings)
    return facts(tables, made), made


def text(*args, **settings) -> str:
    """All text of the methods."""
    return " ".join(part[1] for method in methods(*of(*args, **settings)) for part in method.parts if part[0] == "text")


def test_every_step_of_the_sample_study():
    assert [method.title for method in methods(*of())] == [
        "Data and study area", "Net ecosystem productivity", "Annual and regional means", "Sources and sinks",
        "Frequency of change", "Trend", "Centre of gravity", "Persistence", "Future trend", "Hindcast",
        "Correlation with climate", "Land cover", "Change of land cover and the total", "Geographical detector",
        "Attribution of the trend", "Drivers", "Uncertainty", "Software"]


def test_steps_that_were_not_taken_are_not_told():
    titles = [method.title for method in methods(*of("no climate"))]
    assert "Net ecosystem productivity" not in titles
    assert "Correlation with climate" not in titles
    assert [method.title for method in methods(*of("nothing"))] == ["Data and study area", "Software"]


def test_steps_have_their_formulas():
    counts = {method.title: [part[2] for part in method.parts if part[0] == "math"] for method in methods(*of())}
    assert counts["Net ecosystem productivity"] == [formulas.NEP, formulas.RESPIRATION]
    assert counts["Trend"] == [formulas.SEN, formulas.MANN_KENDALL, formulas.VARIANCE, formulas.Z]
    assert counts["Persistence"] == [formulas.RANGE, formulas.EXPECTED, formulas.P_SIMULATED]
    assert counts["Hindcast"] == [formulas.BRIER]
    assert counts["Correlation with climate"] == [formulas.CORRELATION, formulas.PARTIAL]
    assert counts["Geographical detector"] == [formulas.Q]
    assert counts["Sources and sinks"] == [formulas.T_TEST]
    assert counts["Change of land cover and the total"] == [formulas.DENSITY, formulas.EFFECT]
    assert counts["Uncertainty"] == [formulas.DRAW]
    assert counts["Future trend"] == []
    assert counts["Attribution of the trend"] == [formulas.ATTRIBUTION, formulas.CLOSURE]
    assert counts["Drivers"] == [formulas.PARTIAL_OF_DRIVER]


def test_formulas_come_as_mathml_and_latex():
    (detector,) = [method for method in methods(*of()) if method.title == "Geographical detector"]
    (formula,) = [part for part in detector.parts if part[0] == "math"]
    assert formula[1].startswith("<math")
    assert formula[2].startswith("q = 1 - ")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"A": 0.25}, "a = 0.25, b = 0.0913"), ({"FORCING": "Monthly: sum"}, "computed for each month and summed over"),
        ({"FORCING": "Annual, literal"}, "computed once a year, with"), ({"FORCING": "Automatic"}, "else once a year"),
        ({"MIN_OBSERVATIONS": 10}, "fewer than 10 valid years"),
        ({"CORRECTION": "Hamed and Rao"}, "Hamed and Rao (1998)"), ({"CORRECTION": "Trend-free"}, "(Yue et al. 2002)"),
        ({"DETREND": "None"}, "so that a trend raises H"), ({"DETREND": "Theil-Sen line"}, "The Theil–Sen line"),
        ({"NEGATIVE": "Leave out"}, "Negative values were left out."),
        ({"METHODS": "Quantiles"}, "each of these methods: quantiles;"), ({"MAX_CLASSES": 6}, "into 3 to 6 classes"),
        ({"SPACING": 3}, "One in 3 rows and columns"), ({"FIELD_SIGNIFICANCE": True}, "were adjusted for the false"),
    ],
)
def test_parameters_are_those_that_were_used(parameters, said):
    assert said in text("sample", parameters)


RAICH, LLOYD, Q10 = (f"{name} soil" for name in ("Raich et al. (2002):", "Lloyd and Taylor (1994):", "Q10:"))
TO_R_H = formulas.BOND_LAMBERTY


@pytest.mark.parametrize(("given", "shown", "said", "works"), [
    ({"MODEL": RAICH, "RH_A": 1.0}, [formulas.RAICH, TO_R_H], "a = 1 and b = 0.73 (1.22 and 0.73 in", "Raich Bond"),
    ({"MODEL": LLOYD, "R10": 1.5}, [formulas.LLOYD_TAYLOR, TO_R_H], "and R₁₀ = 1.5 gC m⁻² d⁻¹ at 10 °C", "Lloyd Bond"),
    ({"MODEL": Q10, "R10": 1.5, "Q10": 2.4}, [formulas.BY_Q10, TO_R_H], "at 10 °C and Q = 2.4.", "Bond"),
    ({"MODEL": RAICH, "RH_FRACTION": 0.6}, [formulas.RAICH, formulas.FRACTION], "with f = 0.6.", "Raich"),
])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_models_of_soil_respiration(given, shown, said, works, language):
    told = methods(*of("sample", given, language=language))
    nep = told[1]
    assert [part[2] for part in nep.parts if part[0] == "math"] == [formulas.NEP, *shown]
    assert [work.text.split(",")[0].partition("-")[0] for work in nep.references] == works.split()
    if language == "en":
        text_of_all = " ".join(part[1] for part in nep.parts if part[0] == "text").replace("\u00a0", " ")
        assert said in text_of_all and "Pei" not in text_of_all
    alone = "temperature alone" if language == "en" else "仅含气温"
    assert any(alone in limit for limit in limits(*of("sample", given, language=language))) is ("Raich" not in works)


def test_the_years_of_the_hindcast():
    said = text()
    assert "From the first years (2001–2006) alone" in said and "from the other years (2007–2008) the slope" in said
    assert any("one draw of the weather" in limit for limit in limits(*of()))
    none = of("constant")  # could score no pixel
    assert "Hindcast" not in [method.title for method in methods(*none)]
    assert not any("one draw of the weather" in limit for limit in limits(*none))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_attribution_works_with(language):
    said = text(language=language).replace("\u00a0", " ")
    freedom, inflation = {"en": (f"at least {MIN_DF} degrees", f"above {MAX_VIF:g}"),
                          "zh": (f"至少{MIN_DF}个自由度", f"大于{MAX_VIF:g}")}[language]
    assert freedom in said and inflation in said
    assert {"en": "follows precipitation and temperature was found by multiple regression of 8 annual values",
            "zh": "随降水量和气温变化，由8年数据"}[language] in said


@pytest.mark.parametrize("parameters", [{"CORRECTION": "Hamed and Rao"}, {"FIELD_SIGNIFICANCE": True}])
def test_what_the_hindcast_does_not_correct(parameters):
    assert "as above, but without correction or adjustment of the test of the trend;" in text("sample", parameters)
    assert "（但趋势检验不作" not in text(language="zh") and "as above; from" in text()
    assert "（但趋势检验不作自相关修正或p值校正）" in text("sample", parameters, language="zh")


def test_the_numbers_that_the_tools_work_with():
    said = text()
    assert f"N = {SIMULATED_SERIES:,} simulated" in said.replace("\u00a0", " ")
    assert f"squares of {SQUARE} × {SQUARE} pixels" in said.replace("\u00a0", " ")
    assert f"fewer than {FEWEST_PIXELS} pixels" in said.replace("\u00a0", " ")
    assert f"by less than {TELLING:g} are called equal" in said


def test_the_level_of_the_evidence():
    assert "where p < 0.1 the trend is called likely to continue" in text(alpha=0.1).replace("\u00a0", " ")
    assert "memory in the deviations from the trend line; whether" in text()
    assert "memory in the series; whether" in text("sample", {"DETREND": "None"})
    assert "trend itself goes on is what the hindcast tests." in text()
    assert "trend itself goes on was not tested." in text("constant")
    titles = [method.title for method in methods(*of("gaps"))]  # which has H and a hindcast, and no map of the future
    assert "Persistence" in titles and "Hindcast" in titles and "Future trend" not in titles


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_ledger_works_with(language):
    said = text(language=language, alpha=0.1).replace("\u00a0", " ")
    words = {"en": ("called significant where p < 0.1.", "NEP was computed 100 times", "from 2001 to 2008 was divided"),
             "zh": ("p < 0.1的碳汇和碳源称为显著", "将NEP计算100次", "2001年至2008年NEP总量的变化")}[language]
    assert all(each in said for each in words)
    averaged = {"en": "is its mean over the 5 years of the series", "zh": "取序列中最接近该期的5年的平均值"}[language]
    apart = {"en": "parts of the regions do not add up", "zh": "各区域的两部分之和不等于全区"}[language]
    assert apart in said and apart not in text("no climate", language=language)
    assert averaged not in said and averaged in text("one of each", language=language).replace("\u00a0", " ")


def test_limits_of_the_ledger():
    found = " ".join(limits(*of()))
    assert "does not know how far the level of NEP may be wrong" in found and "mean value of its new class" in found
    assert "Uncertainty" not in [method.title for method in methods(*of("gaps"))]
    less = " ".join(limits(*of("no climate")))
    assert "may be wrong" not in less and "new class" not in less


def test_classes_left_out_are_named():
    classes = [{"code": 5, "label": "Water"}, {"code": 8, "label": "Impervious"}]
    assert "left out: Water and class 9." in text(excluded_classes=[5, 9], landcover_classes=classes)


def test_versions():
    assert "NEP Toolbox 0.1.0 and QGIS 3.22.16" in text()


def test_works_are_listed_once_in_order():
    found = references(*of())
    assert [work.text for work in found] == sorted({work.text for work in found}, key=str.lower)
    names = [work.text.split(",")[0] for work in found]
    assert {"Pei", "Sen", "Anis", "Brier", "Wang", "Song", "Karney"} <= set(names)
    assert "Hamed" not in names
    assert "Hamed" in [work.text.split(",")[0] for work in references(*of("sample", {"CORRECTION": "Hamed and Rao"}))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_works_that_the_text_cites_are_listed(language):
    for parameters in ({}, {"CORRECTION": "Yue and Wang"}, {"CORRECTION": "Trend-free"}):
        listed = " ".join(work.text for work in references(*of("sample", parameters)))
        said = text("sample", parameters, language=language)
        cited = re.findall(r"([A-Z][a-z]+)[^A-Z(（]{0,12}[(（]?(?:19|20)\d\d", said)
        assert len(cited) > 10
        assert all(name in listed for name in cited)


def test_limits():
    all_of_them = limits(*of())
    assert any("net biome productivity" in limit for limit in all_of_them)
    assert any("no forecast" in limit for limit in all_of_them)
    rest = limits(*of("no climate"))
    assert not any("NEP" in limit for limit in rest)
    assert len(limits(*of("nothing"))) == 2
    corrected = limits(*of("sample", {"CORRECTION": "Hamed and Rao"}))
    assert not any("The test of the trend takes the years" in limit for limit in corrected)
    assert any("The test of the rest takes the years for independent" in limit for limit in corrected)
    assert any("is not all human" in limit for limit in all_of_them)
    assert not any("the rest" in limit for limit in rest)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_read_well(name, language):
    found = [*limits(*of(name, language=language)), text(name, language=language)]
    for each in found:
        assert not re.search(r"None|nan\b|[{}]|  | [,.;)。，；）]|\( |\.\.|。。", each), each
        assert each[-1] == ("。" if language == "zh" else "."), each


def test_both_languages_have_the_same_templates():
    assert list(ENGLISH) == list(CHINESE)
    for key, english in ENGLISH.items():
        assert set(re.findall(r"\{(\w+)", english)) == set(re.findall(r"\{(\w+)", CHINESE[key])), key

"""Captions: numbers, panels and their letters."""

from __future__ import annotations

import pytest
from testkit.study_variants import variant

from nep_toolbox.study.captions import NAMES, captions
from nep_toolbox.study.facts import facts


def of(name: str, **settings) -> dict:
    """The captions of a variant."""
    tables, given = variant(name, **settings)
    return captions(facts(tables, given), given)


def test_the_sample_study_has_all_figures():
    assert list(of("sample")) == list(NAMES.values())


def test_figures_are_numbered():
    for number, caption in zip((1, 2, 3, 4, 5, 6, 7, 8, 9, "9b", 10, 11, 12), of("sample").values()):
        assert caption.startswith(f"Figure {number}. ")
    assert of("sample", language="zh")["fig08_landcover"].startswith("图8 ")


def test_a_figure_without_facts_has_no_caption():
    assert "fig07_correlation" not in of("no climate")
    assert list(of("nothing")) == []


@pytest.mark.parametrize(
    ("name", "figure", "letters"),
    [("sample", "fig02_annual", "ABCD"), ("no climate", "fig02_annual", ""), ("sample", "fig03_maps", "ABCD"),
     ("one of each", "fig03_maps", "AB"), ("constant", "fig09b_landcover_effect", ""),
     ("sample", "fig09b_landcover_effect", "AB"), ("sample", "fig04_frequency", "ABCDE"),
     ("whole area only", "fig04_frequency", "ABC"),
     ("sample", "fig05_trend", "ABCD"), ("sample", "fig06_future", "ABC"), ("sample", "fig07_correlation", "ABCDEF"),
     ("sample", "fig08_landcover", ""), ("sample", "fig09_landcover_nep", "AB"), ("sample", "fig10_geodetector", "ABC"),
     ("one of each", "fig10_geodetector", ""), ("sample", "fig11_attribution", "ABCDEFG"),
     ("sample", "fig12_drivers", "ABCDE"), ("nothing significant", "fig12_drivers", "ABCD"),
     ("one of each", "fig12_drivers", "ABC")],
)
def test_letters_of_panels(name, figure, letters):
    for language in ("en", "zh"):
        caption = of(name, language=language)[figure]
        marks = [mark for mark in "ABCDEFGH" if f"({mark})" in caption or f"（{mark}）" in caption]
        assert "".join(marks) == letters


def test_the_ground_of_the_study_area():
    assert of("sample")["fig01_study_area"] == "Figure 1. The study area and its 4 regions, over elevation."
    assert "over the mean of NEP in 2001–2002." in of("one year", years=[2001, 2002])["fig01_study_area"]


def test_regions_are_mapped_where_none_can_be_compared():
    caption = of("sample", min_coverage=101.0)["fig04_frequency"]
    assert "(A) number of falls by region" in caption


def test_persistence_without_a_future_trend():
    tables, settings = variant("sample")
    del tables["fig06_class_areas"]
    caption = captions(facts(tables, settings), settings)["fig06_future"]
    assert "(A) Hurst exponent H of the deviations from the trend line and (B) share of each class." in caption
    assert caption.endswith("H above 0.5 means persistence, below 0.5 anti-persistence.")


@pytest.mark.parametrize(("language", "words"), [
    ("en", "Likely to continue: H above 0.5, likely to reverse: H below 0.5, both where it differs from that of white "
           "noise (p < 0.1); unclear: no evidence of memory. Significant increase or decrease: p < 0.05 (Mann–Kendall "
           "test)."),
    ("zh", "可能延续：H大于0.5；可能逆转：H小于0.5；"
           "二者均指H与白噪声有显著差异（p < 0.1）；不明确：没有记忆性的证据。"
           "显著上升、显著下降：p < 0.05（Mann–Kendall检验）。"),
])
def test_the_words_of_the_evidence(language, words):
    assert of("sample", language=language, alpha=0.1)["fig06_future"].replace("\u00a0", " ").endswith(words)


def test_h_of_a_series_that_was_left_as_it_is():
    caption = of("sample", parameters=[{"key": "DETREND", "value": "None"}])["fig06_future"]
    assert "(B) Hurst exponent H and (C)" in caption


def test_a_hindcast_alone_has_no_panels():
    tables, settings = variant("sample")
    tables = {name: rows for name, rows in tables.items() if not name.startswith("fig06") or "hindcast" in name}
    assert captions(facts(tables, settings), settings)["fig06_future"].startswith("Figure 6. Persistence of NEP")


def test_the_lines_of_the_annual_means():
    assert "dashed line the mean of all years" in of("sample")["fig02_annual"]
    assert "虚线为多年平均值" in of("sample", language="zh")["fig02_annual"]


@pytest.mark.parametrize(("language", "words"), [
    ("en", "Drivers: precipitation and temperature. Rest: all that does not follow them in a straight line; it is no "
           "proof of a human cause. The share is given where the trend is significant (p < 0.1, Mann–Kendall test)."),
    ("zh", "驱动因素：降水量和气温。其余部分：一切不随驱动因素线性变化的成分，不能作为人为原因的证据。"
           "贡献比例仅在趋势显著处给出（p < 0.1，Mann–Kendall检验）。"),
])
def test_what_the_rest_is(language, words):
    assert of("sample", language=language, alpha=0.1)["fig11_attribution"].replace("\u00a0", " ").endswith(words)


@pytest.mark.parametrize(("language", "words"), [
    ("en", "(D) sinks and sources by the mean of 2001–2008. Significant: the mean differs from zero (p < 0.1, t test "
           "of the years)."),
    ("zh", "（D）按2001—2008年平均值划分的碳汇与碳源。显著：平均值与零有显著差异（p < 0.1，逐年t检验）。"),
])
def test_the_map_of_sinks_and_sources(language, words):
    assert of("sample", language=language, alpha=0.1)["fig03_maps"].replace("\u00a0", " ").endswith(words)
    assert "inks" not in of("no climate")["fig03_maps"]


def test_the_figure_after_the_ninth_has_its_number():
    assert of("sample")["fig09b_landcover_effect"].startswith("Figure 9b. Change of land cover")
    assert of("sample", language="zh")["fig09b_landcover_effect"].startswith("图9b ")
    assert "(B)" not in of("constant")["fig09b_landcover_effect"]


def test_names_of_files_reach_no_caption():
    assert "NDVI of the study area" in of("no climate")["fig02_annual"]
    assert "nep" not in "".join(of("no climate").values())

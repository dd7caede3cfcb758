"""The pages of the geodetector tools: what stands on them, and that its numbers are those of the results."""

from __future__ import annotations

import re

import numpy as np
import pytest
from testkit.geodetector import records
from testkit.pages import figures

from nep_toolbox.algorithms.drivers._geodetector import METHOD_LABELS
from nep_toolbox.algorithms.drivers._geodetector_page import page, years_page
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.scales import ScaleRow
from nep_toolbox.core.geodetector.settings import ONE_STANDARD_ERROR, Settings

pytestmark = pytest.mark.usefixtures("provider")

SCALES = [
    ScaleRow(block, 90, 90 // block, factor, q, q - 0.01, 0.5, p_f, 0.4 * block, 0.3, block == 2)
    for block in (1, 2) for factor, q, p_f in (("rain", 0.4, 0.001), ("soil", 0.1, 0.04))
]


def columns(seed: int = 2) -> dict:
    """A target, two continuous factors, one of which follows the other, and two categorical ones."""
    random = np.random.default_rng(seed)
    rain, soil, cover = random.normal(800, 200, 90), random.integers(1, 4, 90), random.integers(1, 3, 90)
    npp = 0.5 * rain + 40 * (soil == 2) + 9 * cover + random.normal(0, 30, 90)
    return {"npp": npp, "rain": rain, "runoff": rain + random.normal(0, 60, 90), "soil": soil, "cover": cover}


def result_of(*names, settings=None, seed: int = 2):
    given = columns(seed)
    factors = [Factor(name, given[name], CONTINUOUS if name.startswith("r") else CATEGORICAL) for name in names]
    return detect(given["npp"], factors, settings or Settings(max_classes=4), "npp")


def with_numbers(result, **numbers):
    """The result with numbers of its factors made by hand."""
    return result._replace(factors=result.factors._replace(**{
        name: np.array(values, dtype=float) for name, values in numbers.items()
    }))


def written(found, folder) -> tuple:
    """The headings of a page, its text and its figures."""
    path = folder / "page.html"
    found.write(path)
    text = path.read_text(encoding="utf-8")
    return re.findall("<h2>(.*?)</h2>", text), text, figures(path)


def trace(figure: dict, name: str) -> dict:
    (found,) = [each for each in figure["data"] if each.get("name") == name]
    return found


def near(values) -> list:
    return pytest.approx([value for value in values if value is not None])


# One run --------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_run_with_all_parts(tmp_path):
    settings = Settings(("quantile", "natural"), max_classes=4, alpha=0.01, confidence=90.0)
    result = with_numbers(
        result_of("rain", "soil", "cover", settings=settings), q_lower=[0.7, 0.05, 0.0], q_upper=[0.9, 0.2, 0.001]
    )
    headings, text, (q, cuts, matrix, means) = written(page(result, settings, "gC m-2 yr-1"), tmp_path)
    assert headings == ["Factors", "Cuts", "Interactions", "Strata"]
    assert "<h1>Geodetector of npp</h1>" in text and "<p>90 complete rows." in text
    assert "p_f of the F test, is below 0.01. Lines are the 90 % intervals" in text and "Diamonds" not in text
    rows = records(result.factors)
    for name, star in (("significant *", True), ("not significant", False)):
        assert sorted(trace(q, name)["x"]) == near(sorted(row["q"] for row in rows if row["significant"] is star))
    limits = sorted((row["q_lower"], row["q_upper"]) for row in rows)
    drawn = trace(q, "90 % interval")["x"]
    assert sorted(zip(drawn[::3], drawn[1::3])) == [pytest.approx(pair) for pair in limits]
    assert "the ring marks the cut chosen." in text and "Filled on the right" not in text
    # the methods are called as in the dialog
    assert {each["name"] for each in cuts["data"] if "lines" in each["mode"]} == {
        "Natural breaks (Fisher-Jenks)", "Quantiles",
    }
    (chosen,) = (each["name"] for each in cuts["data"] if each["mode"] == "markers")
    (rain,) = (row for row in rows if row["factor"] == "rain")
    assert chosen == f"chosen: {METHOD_LABELS[rain['method']]}, {rain['classes']} classes"
    joint = {round(row["q_12"], 9) for row in records(result.interactions)}
    cells = {round(value, 9) for line in matrix["data"][0]["z"] for value in line if value is not None}
    assert joint <= cells
    assert [matrix["data"][0]["z"][place][place] for place in range(3)] == near(result.factors.q)
    assert means["layout"]["yaxis"]["title"]["text"] == "Mean of npp (gC m⁻² yr⁻¹)"
    strata = [row for row in records(result.strata) if row["factor"] == "soil"]
    shown = next(each for each in means["data"] if each.get("x") == ["1", "2", "3"])
    assert shown["y"] == near([row["mean"] for row in strata])
    (shown,) = (each for each in means["data"] if each["name"] == "rain")
    strata = [row for row in records(result.strata) if row["factor"] == "rain"]
    limits = [tuple(float(number) for number in name.split(" to ")) for name in shown["x"]]
    assert limits == [(pytest.approx(row["lower"], rel=1e-3), pytest.approx(row["upper"], rel=1e-3)) for row in strata]


def test_parts_without_rows_are_left_out_of_the_page(tmp_path):
    headings, _, found = written(page(result_of("soil"), Settings(), ""), tmp_path)
    assert headings == ["Factors", "Strata"] and len(found) == 2
    headings, _, found = written(page(result_of("rain"), Settings(), ""), tmp_path)
    assert headings == ["Factors", "Cuts", "Strata"] and len(found) == 3


def test_cross_validated_cuts_stand_beside_those_of_all_rows(tmp_path):
    settings = Settings(("quantile", "sd"), max_classes=4, choice=ONE_STANDARD_ERROR)
    result = result_of("rain", "soil", settings=settings)
    _, text, (q, cuts, *_rest) = written(page(result, settings, ""), tmp_path)
    assert trace(q, "q of rows not seen (cross-validation)")["x"] == near(sorted(result.factors.q_cv))
    assert "Diamonds are q_cv" in text and "Filled on the right" in text
    left, right = [
        [each for each in cuts["data"] if each["name"] == "Quantiles" and each.get("xaxis") == axis]
        for axis in (None, "x2")
    ]
    rows = [row for row in records(result.discretization) if row["method"] == "quantile"]
    assert left[0]["y"] == near([row["q"] for row in rows]) and right[0]["y"] == near([row["q_cv"] for row in rows])
    best = min(records(result.discretization), key=lambda row: row["cv_mse"])
    filled = [row["cv_mse"] <= best["cv_mse"] + best["cv_se"] for row in rows]
    assert [colour != "#ffffff" for colour in right[0]["marker"]["color"]] == filled and not all(filled)
    assert [colour != "#ffffff" for colour in left[0]["marker"]["color"]] == [bool(row["candidate"]) for row in rows]


def test_cuts_of_a_factor_that_was_left_out_are_not_drawn(tmp_path):
    result = result_of("rain", "runoff")
    cuts = result.discretization
    assert {"rain", "runoff"} == set(cuts.factor)
    gone = cuts._replace(factor=tuple("gone" if name == "runoff" else name for name in cuts.factor))
    _, _, (_q, drawn, *_rest) = written(page(result._replace(discretization=gone), Settings(), ""), tmp_path)
    assert "gone" not in str(drawn)


def test_the_star_follows_the_test_of_the_search_where_there_is_one(tmp_path):
    settings = Settings(("quantile",), max_classes=4, permutations=19, seed=3)
    result = with_numbers(
        result_of("rain", "soil", settings=Settings(("quantile",), max_classes=4)), p_search=[0.05, 0.35],
        significant=[0, 0],
    )
    _, text, (q, *_rest) = written(page(result, settings, ""), tmp_path)
    assert "p_search of 19 permutations of the whole search, is below 0.05." in text and "p_f of" not in text
    soil, rain = trace(q, "not significant")["hovertext"]
    assert soil.startswith("soil: ") and "p = 0.35" in soil and rain.startswith("rain: ") and "p = 0.05" in rain
    # Without permutations it follows p_f, and not the published p.
    plain = with_numbers(result, p_f=[0.25, 0.45], p=[0.01, 0.02])
    _, text, (q, *_rest) = written(page(plain, settings._replace(permutations=0), ""), tmp_path)
    soil, rain = trace(q, "not significant")["hovertext"]
    assert "p = 0.45" in soil and "p = 0.25" in rain and "p_f of the F test" in text


def test_factors_that_say_the_same_are_drawn(tmp_path):
    result = result_of("rain", "runoff", "soil")
    headings, _, found = written(page(result, Settings(), ""), tmp_path)
    assert headings[-1] == "Collinearity"
    vif, correlations = found[-2:]
    drawn = sorted(value for each in vif["data"] if each["type"] == "bar" for value in each["x"])
    assert drawn == near(sorted(result.collinearity.vif))
    given = columns()
    r = np.corrcoef(given["rain"], given["runoff"])[0, 1]
    assert correlations["data"][0]["z"][1][0] == pytest.approx(r) and r > 0.9
    assert correlations["data"][1]["text"] == [f"<b>{r:.2f}</b>"]


def test_scales_are_drawn_with_significance_at_the_level_of_the_run(tmp_path):
    headings, text, found = written(page(result_of("soil"), Settings(alpha=0.01), "", SCALES), tmp_path)
    assert headings == ["Factors", "Strata", "Scale"] and "p_f is 0.01 or more" in text
    curve = found[-1]
    assert trace(curve, "rain")["y"] == [0.4, 0.4]
    hollow = [colour == "#ffffff" for name in ("rain", "soil") for colour in trace(curve, name)["marker"]["color"]]
    assert hollow == [False, False, True, True]
    assert trace(curve, "largest quantile: 2")["y"] == [0.8]
    assert curve["layout"]["xaxis"]["ticktext"] == ["1<br>90 rows", "2<br>45 rows"]


# Several years --------------------------------------------------------------------------------------------------------


def test_page_of_several_years(tmp_path):
    results = {
        year: with_numbers(
            result_of("rain", "runoff", "soil", seed=year), q_lower=[0.5, 0.4, 0.0], q_upper=[0.8, 0.7, 0.1],
            significant=[1, 0, year == 2015],
        ) for year in (2013, 2015, 2019)
    }
    settings = Settings(confidence=90.0)
    headings, text, found = written(years_page(results, settings, "NEP", dict.fromkeys(results, [])), tmp_path)
    assert headings == ["Factors", "Ranks", "Interactions", "Collinearity in 2013"]
    assert "<h1>Geodetector of NEP 2013-2019</h1>" in text
    panels, ranks, matrices, _vif, correlations = found
    bars = [each for each in panels["data"] if each["type"] == "bar"]
    assert [sorted(each["x"]) for each in bars] == [near(sorted(result.factors.q)) for result in results.values()]
    lines = [each["x"] for each in panels["data"] if each.get("name") == "90 % interval"]
    assert [sorted(zip(x[::3], x[1::3])) for x in lines] == [[(0.0, 0.1), (0.4, 0.7), (0.5, 0.8)]] * 3
    places = {each["name"]: each["y"] for each in ranks["data"]}
    for name, drawn in places.items():
        assert drawn == [
            1 + sum(result.factors.q > result.factors.q[result.factors.factor.index(name)])
            for result in results.values()
        ]
    heats = [each for each in matrices["data"] if each["type"] == "heatmap"]
    assert len(heats) == 3
    stars = [
        [words.endswith("*</b>") for words in each["text"] if words.startswith("<b>")]
        for each in matrices["data"] if each["type"] == "scatter"
    ]
    assert stars == [[True, False, False], [True, False, True], [True, False, False]]
    for heat, result in zip(heats, results.values()):
        assert [heat["z"][place][place] for place in range(3)] == near(result.factors.q)
        assert [heat["z"][1][0], heat["z"][2][0], heat["z"][2][1]] == near(result.interactions.q_12)
    assert correlations["data"][0]["z"][1][0] == pytest.approx(results[2013].correlations[1, 0])


def test_every_year_shows_what_its_caption_tells(tmp_path):
    settings = Settings(("quantile",), max_classes=4, choice=ONE_STANDARD_ERROR)
    for years in ((2013,), (2013, 2015)):
        results = {year: result_of("rain", "soil", settings=settings, seed=year) for year in years}
        _, text, (q, *_rest) = written(years_page(results, settings, "NEP", dict.fromkeys(years, [])), tmp_path)
        assert "Diamonds are q_cv" in text
        diamonds = [each["x"] for each in q["data"] if each.get("mode") == "markers"]
        assert [sorted(x) for x in diamonds] == [near(sorted(result.factors.q_cv)) for result in results.values()]
    plain = {2013: result_of("rain", "soil", settings=Settings(("quantile",), max_classes=4))}
    assert "Diamonds" not in written(years_page(plain, Settings(), "NEP", {2013: []}), tmp_path)[1]


def test_page_of_one_year_without_pairs(tmp_path):
    headings, text, found = written(years_page({2013: result_of("soil")}, Settings(), "NEP", {2013: []}), tmp_path)
    assert headings == ["Factors"] and len(found) == 1 and "<h1>Geodetector of NEP 2013</h1>" in text


def test_a_part_that_one_year_has_is_on_the_page(tmp_path):
    empty = [float("nan")]
    one = with_numbers(result_of("soil"), q_lower=empty, q_upper=empty)
    assert "% intervals of q" not in written(page(one, Settings(), ""), tmp_path)[1]
    results = {2013: one, 2015: result_of("rain", "soil")}
    headings, text, _ = written(years_page(results, Settings(), "NEP", {2013: [], 2015: []}), tmp_path)
    assert headings == ["Factors", "Ranks", "Interactions"] and "Lines are the 95 % intervals" in text
    results = {2015: result_of("rain", "runoff")}
    headings, _, _ = written(years_page(results, Settings(), "NEP", {2015: []}), tmp_path)
    assert headings == ["Factors", "Interactions", "Collinearity"]


def test_scales_of_each_year_are_in_a_list(tmp_path):
    results = {year: result_of("soil", seed=year) for year in (2013, 2015)}
    headings, _, found = written(
        years_page(results, Settings(), "NEP", {2013: SCALES, 2015: SCALES[:2]}), tmp_path
    )
    assert headings[-1] == "Scale"
    buttons = found[-1]["layout"]["updatemenus"][0]["buttons"]
    assert [button["label"] for button in buttons] == ["2013", "2015"]

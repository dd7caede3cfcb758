"""The course of the annual means: what is drawn is what the tables say."""

from __future__ import annotations

import math
import warnings

import pytest
from testkit.study_ledger import budget
from testkit.study_tables import YEARS, annual_rows

from nep_toolbox.report.figures import English, annual
from nep_toolbox.report.figures.annual import sen_line

SUMMARY = {"sen_slope": 5.21, "p_mk": 0.0004, "mean": 382.74}


def line(axes, label):
    (found,) = [each for each in axes.get_lines() if each.get_label().startswith(label)]
    return found


@pytest.fixture
def figure():
    return annual(annual_rows(), SUMMARY, "NEP", "gC m-2 yr-1", English())


def test_panels_show_the_table(figure):
    rows = annual_rows()
    means, rain, warmth = figure.axes
    assert list(line(means, "Annual mean").get_xdata()) == [row["year"] for row in rows]
    assert list(line(means, "Annual mean").get_ydata()) == [row["mean"] for row in rows]
    assert list(rain.get_lines()[0].get_ydata()) == [row["precipitation"] for row in rows]
    assert list(warmth.get_lines()[0].get_ydata()) == [row["temperature"] for row in rows]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["(A)", "(B)", "(C)"]
    assert means.get_ylabel() == "NEP (gC m⁻² yr⁻¹)"
    assert (rain.get_ylabel(), warmth.get_ylabel()) == ("Precipitation\n(mm)", "Temperature\n(°C)")


def test_the_band_is_one_standard_deviation_and_says_so(figure):
    (band,) = figure.axes[0].collections
    assert band.get_label() == "± 1 standard deviation of the pixels"
    first = annual_rows()[0]
    heights = [y for x, y in band.get_paths()[0].vertices if x == first["year"]]
    assert (min(heights), max(heights)) == (first["mean"] - first["std"], first["mean"] + first["std"])


def test_lines_and_legend_give_the_numbers(figure):
    means = figure.axes[0]
    assert line(means, "Multi-year mean").get_ydata()[0] == 382.74
    sen = line(means, "Sen's slope").get_ydata()
    assert (sen[-1] - sen[0]) / 19 == pytest.approx(5.21)
    written = [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]
    assert written[0] == "Annual mean"
    assert {"Multi-year mean (382.7)", "Sen's slope +5.21 per year (p < 0.001)"} <= set(written)
    assert len(figure.legends) == 0 and means.get_legend() is None


def test_sen_line_by_hand():
    rows = [{"year": year, "mean": mean} for year, mean in ((2001, 4.0), (2002, math.nan), (2003, 10.0), (2011, 5.0))]
    # medians of what is there: year 2003, mean 5
    assert sen_line(rows, 0.5) == [4.0, 4.5, 5.0, 9.0]
    assert sen_line(rows[:2], 0.5) == []
    assert sen_line(rows, math.nan) == []


def test_least_and_largest_year_are_named(figure, texts):
    rows = annual_rows()
    least, most = (way(rows, key=lambda row: row["mean"]) for way in (min, max))
    written = texts(figure)
    for row in (least, most):
        assert f"{row['year']}: {English().number(row['mean'], 'value')}" in written


def test_zero_is_drawn_where_the_band_crosses_it():
    assert min(row["mean"] for row in annual_rows(level=90.0)) > 0
    sinks, both = (
        annual(annual_rows(level=level), {}, "NEP", "", English()).axes[0].get_lines() for level in (900.0, 90.0)
    )
    assert not any(list(each.get_ydata()) == [0.0, 0.0] for each in sinks)
    assert any(list(each.get_ydata()) == [0.0, 0.0] for each in both)


def test_sinks_and_sources_have_a_panel_below_the_means():
    rows = [row for row in budget(YEARS) if row["region"] == "all"]
    figure = annual(annual_rows(), SUMMARY, "NEP", "gC m-2 yr-1", English(), budget=rows)
    assert [axes.get_ylabel().split("\n")[0] for axes in figure.axes] == [
        "NEP (gC m⁻² yr⁻¹)", "Total", "Precipitation", "Temperature"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["(A)", "(B)", "(C)", "(D)"]
    written = [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]
    assert written[0] == "Annual mean" and written[-3:] == ["Sinks", "Sources", "Balance"]
    alone = annual([{"year": 2001, "mean": 3.0}], {}, "NEP", "", English(), budget=rows[:1])
    assert [axes.get_title(loc="left") for axes in alone.axes] == ["(A)", "(B)"]


def test_all_texts_are_inside_and_clear_with_a_budget(outside, covering):
    rows = [row for row in budget(YEARS) if row["region"] == "all"]
    figure = annual(annual_rows(), SUMMARY, "NEP", "gC m-2 yr-1", English(), (85.0, None), rows)
    assert outside(figure) == []
    assert covering(figure) == []


def test_without_climate_there_is_one_panel_without_letter():
    rows = [{"year": row["year"], "mean": row["mean"]} for row in annual_rows()]
    (axes,) = annual(rows, {}, "NPP", "", English()).axes
    assert axes.get_title(loc="left") == ""
    assert axes.get_ylabel() == "NPP"
    assert not axes.collections


@pytest.mark.parametrize("width", [174.0, 85.0])
@pytest.mark.parametrize("count", [1, 2, 5, 20, 45])
def test_all_texts_are_inside_and_clear(width, count, outside, covering):
    figure = annual(annual_rows(range(1982, 1982 + count)), SUMMARY, "NEP", "gC m-2 yr-1", English(), (width, None))
    assert outside(figure) == []
    assert covering(figure) == []


@pytest.mark.parametrize("rows", [
    [],
    [{"year": 2001, "mean": None, "std": None}],
    [{"year": 2001, "mean": 3.0, "std": 0.0}],
    [{"year": year, "mean": 3.0, "std": 0.0, "precipitation": 700.0} for year in range(2001, 2011)],
    [{"year": year, "mean": math.nan if year % 2 else 3.0} for year in range(2001, 2011)],
], ids=["none", "missing", "one", "constant", "gaps"])
def test_poor_data(rows, outside):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        figure = annual(rows, {"sen_slope": None}, "NEP", "gC m-2 yr-1", English())
    assert outside(figure) == []

"""Charts of annual series hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import AnnualSeries, Relation, annual_series, scatter_with_regression

YEARS = [2001, 2002, 2003, 2004]


@pytest.fixture
def annual():
    region = AnnualSeries("all", YEARS, [300.0, 320.0, np.nan, 340.0], [50.0, 40.0, np.nan, 60.0], 12.0, 0.0123)
    return annual_series([region], "NEP", "gC m-2 yr-1")


def test_annual_series(annual, valid, trace):
    valid(annual)
    assert trace(annual, "annual mean")["y"] == [300.0, 320.0, None, 340.0]
    assert trace(annual, "mean of 3 years: 320")["y"] == [320.0, 320.0]
    band = trace(annual, "± 1")
    assert band["x"] == [2001, 2002, 2002, 2001, None, 2004, 2004]
    assert band["y"] == [350.0, 360.0, 280.0, 250.0, None, 400.0, 280.0]
    assert annual.figure["layout"]["yaxis"]["title"]["text"] == "NEP (gC m⁻² yr⁻¹)"
    assert annual.figure["layout"]["updatemenus"] == []
    assert annual.columns == ("region", "year", "mean", "std", "trend")
    assert annual.rows[2][:4] == ("all", 2003, None, None)


def test_trend_line_passes_through_the_mean_of_what_is_there(annual, trace):
    line = trace(annual, "least squares: +12 gC m⁻² yr⁻¹ per year, p = 0.012")
    middle = (2001 + 2002 + 2004) / 3
    np.testing.assert_allclose(line["y"], [320.0 + 12.0 * (year - middle) for year in YEARS], rtol=1e-14)
    assert [row[4] for row in annual.rows] == line["y"]


def test_trend_line_of_a_full_series_is_the_least_squares_line(trace):
    means = [10.0, 13.0, 11.0, 18.0]
    slope, intercept = np.polyfit(YEARS, means, 1)
    chart = annual_series([AnnualSeries("a", YEARS, means, [1.0] * 4, slope, 0.5)], "NEP", "")
    np.testing.assert_allclose(trace(chart, "least squares: ")["y"], np.polyval([slope, intercept], YEARS), rtol=1e-9)


def test_regions_are_chosen_from_a_list(valid):
    regions = [AnnualSeries(name, YEARS, [1.0, 2.0, 3.0, 4.0], [1.0] * 4) for name in ("all", "a", "b")]
    chart = annual_series(regions, "NEP", "")
    valid(chart)
    buttons = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert [button["label"] for button in buttons] == ["all", "a", "b"]
    count = len(chart.figure["data"])
    shown = np.array([button["args"][0]["visible"] for button in buttons])
    assert shown.shape == (3, count)
    assert (shown.sum(axis=0) == 1).all()
    assert [trace["visible"] for trace in chart.figure["data"]] == shown[0].tolist()


def test_a_region_without_any_value(valid):
    chart = annual_series([AnnualSeries("a", YEARS, [np.nan] * 4, [np.nan] * 4, np.nan, np.nan)], "NEP", "")
    valid(chart)
    assert [trace["name"] for trace in chart.figure["data"]] == ["annual mean"]


def test_scatter_with_regression(valid, trace):
    relation = Relation("all", YEARS, np.array([700.0, np.nan, 800.0, 900.0]), [300.0, 1.0, 330.0, 380.0], 0.99, 0.0004,
                        0.4, 16.0)
    chart = scatter_with_regression([relation], "Precipitation", "mm", "NEP", "gC m-2")
    valid(chart)
    points = chart.figure["data"][1]
    assert (points["x"], points["y"]) == ([700.0, 800.0, 900.0], [300.0, 330.0, 380.0])
    assert points["text"] == ["2001", "2003", "2004"]
    line = trace(chart, "y = 16 + 0.4 x, r = 0.990, p < 0.001, n = 3")
    assert (line["x"], line["y"]) == ([700.0, 900.0], [296.0, 376.0])
    assert chart.rows == [("all", 2001, 700.0, 300.0), ("all", 2003, 800.0, 330.0), ("all", 2004, 900.0, 380.0)]
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Precipitation (mm)"


def test_scatter_without_a_line(valid):
    point = Relation("a", [2001], [1.0], [2.0], np.nan, np.nan, np.nan, np.nan)
    chart = scatter_with_regression([point], "x", "", "y", "")
    valid(chart)
    assert len(chart.figure["data"]) == 1


def test_years_are_told_by_a_colour_bar_and_by_what_fits(valid):
    years = list(range(2001, 2021))
    x, y = [700.0 + (year == 2010) for year in years], [100.0 + (year == 2010) for year in years]
    chart = scatter_with_regression([Relation("all", years, x, y, 0.5, 0.1, 1.0, -600.0)], "P", "mm", "NEP", "")
    valid(chart)
    points = chart.figure["data"][1]
    assert points["marker"]["colorbar"]["title"]["text"] == "Year" and points["marker"]["color"] == years
    # Nineteen points are one: a few years find room, the others are told by pointing.
    assert points["text"].count("") >= 15 and "2010" in points["text"]
    assert points["customdata"] == [str(year) for year in years]


def test_regions_with_few_values_are_grey(valid):
    regions = [AnnualSeries(name, YEARS, [1.0, 2.0, 3.0, 5.0], [1.0] * 4, 1.0, 0.02) for name in ("all", "a")]
    chart = annual_series(regions, "NEP", "", {"a": 3.0})
    valid(chart)
    assert [each["label"] for each in chart.figure["layout"]["updatemenus"][0]["buttons"]] == ["all", "a †"]
    means = [each["line"]["color"] for each in chart.figure["data"] if each["name"] == "annual mean"]
    assert means == [theme.ACCENT, theme.NEUTRAL]
    assert {row[0] for row in chart.rows} == {"all", "a"}
    relations = [Relation(name, YEARS, [1.0, 2, 3, 4], [1.0, 2, 3, 5], 0.9, 0.1, 1.0, 0.0) for name in ("all", "a")]
    scatter = scatter_with_regression(relations, "x", "", "y", "", {"a": 3.0})
    valid(scatter)
    points = [each["marker"]["color"] for each in scatter.figure["data"] if each["mode"] == "markers+text"]
    assert points == [YEARS, theme.NEUTRAL]

"""Charts of attribution hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.colours import ATTRIBUTION_CLASSES, CLIMATE, REST
from nep_toolbox.report import theme
from nep_toolbox.report.charts import (
    AttributedSeries,
    SlopeParts,
    attributed_series,
    attributed_shares,
    attributed_slopes,
)

NAN = math.nan


def test_slopes_of_climate_and_rest(valid, trace):
    chart = attributed_slopes([SlopeParts("all", 1.0, 0.01, [0.25, 0.75])], "gC m-2", 0.1, "all")
    valid(chart)
    assert (trace(chart, "climate")["x"], trace(chart, "rest")["x"]) == ([0.25], [0.75])
    assert (trace(chart, "climate")["marker"]["color"], trace(chart, "rest")["marker"]["color"]) == ([CLIMATE], [REST])
    assert trace(chart, "observed")["name"] == "observed, significant (p < 0.1)"
    assert chart.columns == ("region", "slope", "p", "climate", "rest")


@pytest.fixture
def series(valid):
    chart = attributed_series([
        AttributedSeries("A", [2001, 2002, 2003], [10.0, NAN, 16.0], [9.0, NAN, 12.0], [1.0, NAN, 4.0],
                         (3.0, 1.5, 1.5), (0.04, NAN, 0.0001)),
        AttributedSeries("B", [2001, 2002, 2003], [NAN] * 3, [NAN] * 3, [NAN] * 3),
    ], "NEP", "gC m-2 yr-1", {"B": 3.0})
    valid(chart)
    return chart


def test_observed_and_climate_above_the_rest(series):
    observed, line, climate, _, rest, rest_line = series.figure["data"][:6]
    assert observed["name"] == "observed: +3 gC m⁻² yr⁻¹ per year, p = 0.040"
    assert climate["name"] == "climate: +1.5 gC m⁻² yr⁻¹ per year"
    assert rest["name"] == "rest: +1.5 gC m⁻² yr⁻¹ per year, p < 0.001"
    assert (observed["y"], climate["y"], rest["y"]) == ([10.0, None, 16.0], [9.0, None, 12.0], [1.0, None, 4.0])
    assert (observed["yaxis"], climate["yaxis"], rest["yaxis"]) == ("y", "y", "y2")
    assert rest["xaxis"] == "x2" and rest_line["yaxis"] == "y2"
    # The line passes through the mean of the years that count: 13 in 2002.
    assert line["y"] == [10.0, 13.0, 16.0] and rest_line["y"] == [1.0, 2.5, 4.0]
    upper, lower = (series.figure["layout"][name]["domain"] for name in ("yaxis", "yaxis2"))
    assert 0 <= lower[0] < lower[1] < upper[0] < upper[1] <= 1


def test_a_region_at_a_time(series):
    traces = series.figure["data"]
    assert [trace["visible"] for trace in traces] == [True] * 6 + [False] * 3
    assert [trace["name"] for trace in traces[6:]] == ["observed", "climate", "rest"]  # no slope, no line
    (menu,) = series.figure["layout"]["updatemenus"]
    assert [button["label"] for button in menu["buttons"]] == ["A", "B †"]
    assert series.columns == ("region", "year", "observed", "climate", "rest")
    assert series.rows[0] == ("A", 2001, 10.0, 9.0, 1.0) and series.rows[4] == ("B", 2002, None, None, None)


def test_shares_are_split_by_significance(valid, trace):
    rows = [(1, "<Both>", 30, 3.0, 60.0, 25.0), (0, "No change", 20, 2.0, 40.0, NAN), (77, "Other", 0, 0.0, NAN, NAN)]
    chart = attributed_shares(rows, ATTRIBUTION_CLASSES)
    valid(chart)
    sure, unsure = trace(chart, "significant"), trace(chart, "trend not")
    assert (sure["x"], unsure["x"]) == ([15.0, 0.0, 0.0], [45.0, 40.0, 0.0])
    assert sure["y"] == unsure["y"] == ["&lt;Both&gt;", "No change", "Other"]
    assert sure["marker"]["color"] == [ATTRIBUTION_CLASSES[1], ATTRIBUTION_CLASSES[0], theme.NEUTRAL]
    assert unsure["marker"]["color"][0] != ATTRIBUTION_CLASSES[1]
    assert [label.strip() for label in trace(chart, "share")["text"]] == ["60.0 %", "40.0 %", ""]
    assert chart.figure["layout"]["xaxis"]["range"] == [0, pytest.approx(69.0)]
    assert chart.rows[1] == (0, "No change", 20, 2.0, 40.0, None)
    valid(attributed_shares([], {}))

"""Panels of points hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report.charts import PointSeries, point_panels

YEARS = [2001, 2002, 2003, 2004, 2005]
FULL = PointSeries("Forest & hill", YEARS, [1.0, 2.0, math.nan, 4.0, 5.0], 1.0, 0.5, 1.5, 0.0123, 0.61, 2003.0, 3.0)
FEW = PointSeries("few", YEARS, [math.nan, 7.0, math.nan, math.nan, math.nan])


@pytest.fixture
def chart():
    return point_panels([FEW, FULL], "NEP", "gC m-2 yr-1", 95.0)


def test_line_and_limits_pass_through_the_medians(chart, valid, trace):
    valid(chart)
    assert (trace(chart, "Theil-Sen")["x"], trace(chart, "Theil-Sen")["y"]) == ([2001, 2005], [1.0, 5.0])
    limits = trace(chart, "95 % limits of the slope")
    # Along the lower line, and back along the upper one: they cross at (2003, 3).
    assert limits["x"] == [2001, 2005, 2005, 2001, 2001]
    assert limits["y"] == [2.0, 4.0, 6.0, 0.0, 2.0]


def test_the_values_with_their_gaps(chart):
    values = [each for each in chart.figure["data"] if each["name"] == "value of the pixel"]
    assert [each["y"] for each in values] == [[None, 7.0, None, None, None], [1.0, 2.0, None, 4.0, 5.0]]
    assert chart.columns == ("point", "year", "value")
    assert chart.rows[1] == ("few", 2002, 7.0) and chart.rows[7] == ("Forest & hill", 2003, None)


def test_a_panel_for_each_point_and_a_legend_for_all(chart):
    data = chart.figure["data"]
    assert [each["xaxis"] for each in data] == ["x", "x2", "x2", "x2"]
    # The first panel has no line: the legend takes that of the second.
    shown = [each["name"] for each in data if each["showlegend"]]
    assert shown == ["value of the pixel", "95 % limits of the slope", "Theil-Sen line"]


def test_titles(chart):
    few, full = (each["text"] for each in chart.figure["layout"]["annotations"])
    assert few == "<b>few</b><br>no trend: too few values"
    assert full == "<b>Forest &amp; hill</b><br>+1 gC m⁻² yr⁻¹ per year (0.5 to 1.5)<br>p = 0.012, H 0.61"
    short = point_panels([FULL._replace(hurst=math.nan, lower=math.nan)], "NEP", "", 95.0)
    assert short.figure["layout"]["annotations"][0]["text"].endswith("<br>+1 per year<br>p = 0.012, H not defined")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20, 60])
def test_panels_do_not_overlap(count, valid):
    chart = point_panels([FULL._replace(name=str(number)) for number in range(count)], "NEP", "", 95.0)
    valid(chart)
    layout = chart.figure["layout"]
    boxes = [
        (*layout[f"xaxis{suffix}"]["domain"], *layout[f"yaxis{suffix}"]["domain"])
        for suffix in ("", *map(str, range(2, count + 1)))
    ]
    for place, (left, right, bottom, top) in enumerate(boxes):
        assert 0 <= left < right <= 1 + 1e-9 and -1e-9 <= bottom < top <= 1
        for other in boxes[:place]:
            assert right <= other[0] or left >= other[1] or top <= other[2] or bottom >= other[3]


def test_numbers_beyond_all(valid):
    valid(point_panels([FULL._replace(lower=-1e308, upper=1e308, level=1e308)], "NEP", "", 95.0))

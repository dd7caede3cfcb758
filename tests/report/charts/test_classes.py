"""Charts of shares and classes hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import change_frequency, class_shares, landcover_means, landcover_totals


def test_class_shares(valid):
    rows = [(4, "Increase", 30, 7.5, 75.0), (-4, "Decrease", np.int64(10), np.float64(2.5), 25.0)]
    chart = class_shares(rows, {4: "#01665e"})
    valid(chart)
    bars = chart.figure["data"][0]
    assert (bars["x"], bars["y"], bars["customdata"]) == ([75.0, 25.0], ["Increase", "Decrease"], [7.5, 2.5])
    assert bars["marker"]["color"] == ["#01665e", theme.NEUTRAL]
    assert chart.rows == rows


def test_change_frequency(valid, trace):
    chart = change_frequency([("a", 9, 10, 0, 19), ("b", 12, 6, 1, 19)])
    valid(chart)
    assert trace(chart, "increases")["x"] == [9, 12]
    assert trace(chart, "decreases")["x"] == [-10, -6]
    assert trace(chart, "decreases")["y"] == ["a", "b"]


LANDCOVER = [(2001, 1, "Crop", 10.0), (2001, 2, "Wood", 20.0), (2003, 1, "Crop", -11.0), (2005, 1, "Crop", np.nan),
             (2005, 2, "Wood", 22.0)]


@pytest.mark.parametrize("chart_of", [landcover_means, landcover_totals])
def test_landcover_over_years(chart_of, valid, trace):
    chart = chart_of(LANDCOVER, {1: "#aa0000"}, "Total NEP", "Tg C")
    valid(chart)
    assert trace(chart, "Crop")["x"] == [2001, 2003, 2005]
    assert trace(chart, "Crop")["y"] == [10.0, -11.0, None]
    assert trace(chart, "Wood")["y"] == [20.0, None, 22.0]
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == "Total NEP (Tg C)"
    assert chart.rows[2] == (2003, 1, "Crop", -11.0)


def test_negative_totals_hang_below_zero():
    assert landcover_totals(LANDCOVER, {}, "NEP", "").figure["layout"]["barmode"] == "relative"

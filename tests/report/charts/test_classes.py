"""Charts of shares and counts hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np

from nep_toolbox.report import theme
from nep_toolbox.report.charts import change_frequency, class_shares


def test_class_shares(valid):
    rows = [(4, "Increase", 30, 7.5, 75.0), (-4, "Decrease", np.int64(10), np.float64(2.5), 25.0)]
    chart = class_shares(rows, {4: "#01665e"})
    valid(chart)
    bars = chart.figure["data"][0]
    assert (bars["x"], bars["y"], bars["customdata"]) == ([75.0, 25.0], ["Increase", "Decrease"], [7.5, 2.5])
    assert bars["marker"]["color"] == ["#01665e", theme.NEUTRAL]
    assert chart.rows == rows


def test_change_frequency(valid, trace):
    chart = change_frequency([("a", 9, 10, 0, 19, 99.5, 1.0), ("b", 12, 6, 1, 19, 8.0, 0.24)])
    valid(chart)
    assert trace(chart, "increases")["x"] == [9, 12]
    assert trace(chart, "decreases")["x"] == [-10, -6]
    assert trace(chart, "decreases")["y"] == ["a", "b"]


def test_the_ticks_of_the_frequency_reach_the_end_of_the_bars():
    for most, ends in ((11, 12), (12, 12), (1, 1), (9, 9), (20, 20), (0, 1)):
        chart = change_frequency([("a", most, 0, 0, 20, None, None)])
        axis = chart.figure["layout"]["xaxis"]
        assert (axis["tickvals"][0], axis["tickvals"][-1]) == (-ends, ends)
        assert axis["ticktext"][0] == axis["ticktext"][-1] == str(ends)
        assert axis["range"][0] < -ends and axis["range"][1] > ends
        assert len(axis["tickvals"]) <= 11


def test_the_whole_raster_stands_apart_and_regions_with_few_values_are_grey(valid, trace):
    rows = [("all", 3, 9, 0, 12, None, 0.1), ("a", 5, 7, 0, 12, 80.0, 0.8), ("b", 9, 3, 0, 12, 2.0, 0.1)]
    chart = change_frequency(rows, "all", {"b": 2.0})
    valid(chart)
    # From the bottom to the top: the regions, a gap, the whole.
    assert chart.figure["layout"]["yaxis"]["categoryarray"] == ["a", "b †", " ", "all"]
    bars = trace(chart, "increases")
    assert dict(zip(bars["y"], bars["x"])) == {"a": 5, "b †": 9, "all": 3}
    colours = dict(zip(bars["y"], bars["marker"]["color"]))
    assert colours["b †"] == theme.NEUTRAL != colours["a"] == colours["all"]
    alone = change_frequency(rows[:1], "all")
    assert alone.figure["layout"]["yaxis"]["categoryarray"] == ["all"]

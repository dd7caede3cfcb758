"""Charts of values by land cover: their numbers, the names at the ends of lines, classes with few pixels."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts import landcover_means, landcover_totals

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


def test_each_line_has_its_name_at_its_end_and_a_mark_of_its_own():
    rows = [(year, code, name, value + year % 2) for year in (2001, 2002, 2003)
            for code, name, value in ((1, "Crop", 10.0), (2, "Wood", 10.2), (3, "3", 50.0), (4, "<i>", 10.1))]
    chart = landcover_means(rows, {}, "NEP", "")
    lines, notes = chart.figure["data"], chart.figure["layout"]["annotations"]
    assert len({line["marker"]["symbol"] for line in lines}) == 4
    assert {(note["text"], note["x"], note["y"]) for note in notes} == {
        ("Crop", 2003, 11.0), ("Wood", 2003, 11.2), ("Class 3", 2003, 51.0), ("&lt;i&gt;", 2003, 11.1)
    }
    # Where they are drawn, in pixels from the top: the axis is 344 high.
    low, high = chart.figure["layout"]["yaxis"]["range"]
    assert low < 10 and high > 51
    places = sorted(344 * (high - note["y"]) / (high - low) - note["yshift"] for note in notes)
    assert min(np.diff(places)) > 14.9
    assert chart.figure["layout"]["margin"]["r"] > 7 * len("Class 3")


def test_classes_with_few_pixels_wait_for_a_click():
    rows = [(2001, 1, "Crop", 1.0), (2002, 1, "Crop", 2.0), (2001, 2, "Reef", 900.0), (2002, 2, "Reef", None)]
    chart = landcover_means(rows, {}, "NEP", "", frozenset([2]))
    assert [(line["name"], line["visible"]) for line in chart.figure["data"]] == [
        ("Crop", True), ("Reef †", "legendonly")
    ]
    assert chart.figure["layout"]["yaxis"]["range"][1] < 3, "the axis is that of what is shown"
    assert [note["text"] for note in chart.figure["layout"]["annotations"]] == ["Crop"]
    assert (2001, 2, "Reef", 900.0) in chart.rows


def test_nothing_to_draw():
    figure = landcover_means([(2001, 1, "Crop", np.nan)], {}, "NEP", "").figure
    assert "annotations" not in figure["layout"]

"""The panel of a driver holds the numbers of the charts it is made of, and keeps to plotly's schema."""

from __future__ import annotations

import base64

import pytest

from nep_toolbox.report.charts import Picture, Relation, class_shares, driver_panel, scatter_with_regression

RELATION = Relation("all", [2001, 2002, 2003], [1.0, 2.0, 4.0], [3.0, 5.0, 4.0], 0.5, 0.2, 0.4, 2.0)
SHARES = [(2, "Much", 3, 1.5, 60.0), (-2, "Little", 2, 1.0, 40.0)]
COLOURS = {2: "#2166ac", -2: "#b2182b"}
QUANTITIES = ("rain", "mm", "NEP", "gC m-2")
RAMP = ("#b2182b", "#e0e0e0", "#2166ac")


@pytest.fixture
def panel(valid):
    chart = driver_panel(Picture(b"a picture", 30, 20, 1.5), RAMP, "partial r", RELATION, QUANTITIES, SHARES, COLOURS)
    valid(chart)
    return chart


def test_the_map_and_its_scale(panel):
    layout, scale = panel.figure["layout"], panel.figure["data"][0]
    (image,) = layout["images"]
    assert base64.b64decode(image["source"].partition(",")[2]) == b"a picture"
    assert (image["sizex"], image["sizey"], layout["xaxis"]["range"], layout["yaxis"]["range"]) == (
        30, 20, [0, 30], [20, 0],
    )
    assert layout["yaxis"]["scaleratio"] == 1.5
    marker = scale["marker"]
    assert (marker["cmin"], marker["cmax"], marker["colorbar"]["title"]["text"]) == (-1, 1, "partial r")
    assert [colour for _share, colour in marker["colorscale"]] == list(RAMP)


def test_the_means_and_the_classes_are_those_of_their_own_charts(panel):
    means, classes = scatter_with_regression([RELATION], *QUANTITIES), class_shares(SHARES, COLOURS)
    line, points = (trace for trace in panel.figure["data"] if trace.get("xaxis") == "x2")
    bars = next(trace for trace in panel.figure["data"] if trace.get("xaxis") == "x3")
    for trace, own in zip((line, points, bars), [*means.figure["data"], *classes.figure["data"]]):
        assert trace["yaxis"] == trace["xaxis"].replace("x", "y")
        for key in ("x", "y", "text", "name"):
            assert trace.get(key) == own.get(key)
    assert line["name"].endswith("r = 0.500, p = 0.200, n = 3") and bars["x"] == [60.0, 40.0]
    assert panel.figure["layout"]["xaxis3"]["range"] == [0, 75.0]
    assert (panel.columns, panel.rows) == (means.columns, means.rows)


def test_without_a_value(valid):
    nothing = Relation("all", [2001], [float("nan")], [1.0], *(float("nan"),) * 4)
    chart = driver_panel(Picture(b"", 1, 1, 1.0), RAMP, "r", nothing, QUANTITIES, [(2, "Much", 0, 0.0, 0.0)], COLOURS)
    valid(chart)
    assert chart.rows == [] and chart.figure["layout"]["xaxis3"]["range"][1] > 0

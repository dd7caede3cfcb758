"""Charts of several drivers hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.colours import NO_DRIVER, REST, of_drivers
from nep_toolbox.report import theme
from nep_toolbox.report.charts import SlopeParts, contribution_bars, dominant_shares, importance_bars, partial_matrix

NAN = math.nan
DRIVERS = ["<pre>", "tmp"]


def test_contributions_of_the_drivers_and_the_rest(valid, trace):
    chart = contribution_bars(DRIVERS, [SlopeParts("all", 1.0, 0.5, [0.5, -0.25, 0.75])], "mm")
    valid(chart)
    assert [trace(chart, name)["x"] for name in ("&lt;pre&gt;", "tmp", "rest")] == [[0.5], [-0.25], [0.75]]
    first, second = of_drivers(2)
    colours = [trace(chart, name)["marker"]["color"] for name in ("&lt;pre&gt;", "tmp", "rest")]
    assert colours == [[first[0]], [second[0]], [REST]]
    assert chart.columns == ("region", "slope", "p", "<pre>", "tmp", "rest")


def test_importance_adds_up_to_r2(valid, trace):
    chart = importance_bars(DRIVERS, [("all", 0.5, [0.375, 0.125]), ("A", NAN, [NAN, NAN])], "all", {"A": 1.0})
    valid(chart)
    assert (trace(chart, "&lt;pre&gt;")["x"], trace(chart, "tmp")["x"]) == ([0.375, None], [0.125, None])
    told = trace(chart, "R2")
    assert (told["x"], told["y"], told["text"][0].strip()) == ([0.5], ["all"], "R² 0.50")
    assert trace(chart, "no result")["y"] == ["A †"]
    layout = chart.figure["layout"]
    assert layout["barmode"] == "stack" and layout["legend"]["traceorder"] == "normal"
    assert layout["xaxis"]["range"] == [0, pytest.approx(0.575)]
    assert chart.rows == [("all", 0.5, 0.375, 0.125), ("A", None, None, None)]


@pytest.fixture
def matrix(valid):
    chart = partial_matrix(DRIVERS, [
        ("all", "<pre>", 0.9, 0.0), ("all", "tmp", -0.5, 0.005), ("A & B", "<pre>", -0.001, 0.05),
        ("A & B", "tmp", NAN, NAN), ("C", "<pre>", -0.9, 0.04), ("C", "tmp", 0.0, 1.0),
    ])
    valid(chart)
    return chart


def test_partial_correlations_by_region_and_driver(matrix):
    (cells,) = matrix.figure["data"]
    assert (cells["x"], cells["y"]) == (["&lt;pre&gt;", "tmp"], ["all", "A &amp; B", "C"])
    assert cells["z"] == [[0.9, -0.5], [-0.001, None], [-0.9, 0.0]]
    assert (cells["zmin"], cells["zmax"]) == (-1, 1)
    assert cells["customdata"][:2] == [["p < 1e-300", "p = 0.005"], ["p = 0.05", "p not defined"]]
    assert matrix.rows[0] == ("all", "<pre>", 0.9, theme.BELOW_ALL) and matrix.rows[3] == ("A & B", "tmp", None, None)


def test_cells_have_stars_where_they_are_significant(matrix):
    *cells, legend = matrix.figure["layout"]["annotations"]
    told = {(cell["x"], cell["y"]): (cell["text"], cell["font"]["color"]) for cell in cells}
    assert told == {
        ("&lt;pre&gt;", "all"): ("0.90***", theme.PAPER), ("tmp", "all"): ("−0.50**", theme.INK),
        ("&lt;pre&gt;", "A &amp; B"): ("0.00", theme.INK), ("tmp", "A &amp; B"): ("–", theme.MUTED),
        ("&lt;pre&gt;", "C"): ("−0.90*", theme.PAPER), ("tmp", "C"): ("0.00", theme.INK),
    }
    assert legend["text"].startswith("*** p < 0.001")


def test_all_names_are_there_without_a_value(valid):
    chart = partial_matrix(DRIVERS, [(region, name, NAN, NAN) for region in ("all", "A") for name in DRIVERS])
    valid(chart)
    across, down = chart.figure["layout"]["xaxis"], chart.figure["layout"]["yaxis"]
    assert (across["categoryarray"], across["range"]) == (["&lt;pre&gt;", "tmp"], [-0.5, 1.5])
    assert (down["categoryarray"], down["range"]) == (["all", "A"], [1.5, -0.5])  # the first region on top


def test_names_of_many_drivers_lean():
    many = [f"a rather long name, number {place}" for place in range(8)]
    few, long = (partial_matrix(names, [("all", name, 0.1, 0.5) for name in names]) for names in (DRIVERS, many))
    assert few.figure["layout"]["xaxis"]["tickangle"] == 0 > long.figure["layout"]["xaxis"]["tickangle"]
    assert long.figure["layout"]["height"] > few.figure["layout"]["height"]


def test_dominant_drivers_add_up_to_the_whole(valid, trace):
    chart = dominant_shares(DRIVERS, [
        ("all", "<pre>", 50.0, 2.0), ("all", "tmp", 0.0, 30.0), ("A", "<pre>", NAN, NAN), ("A", "tmp", NAN, NAN),
    ], "all")
    valid(chart)
    names = ["&lt;pre&gt;, positive", "&lt;pre&gt;, negative", "tmp, positive", "tmp, negative", "no significant"]
    bars = [trace(chart, name) for name in names]
    assert [bar["x"][0] for bar in bars] == [50.0, 2.0, 0.0, 30.0, 18.0]
    assert [bar["x"][1] for bar in bars] == [None] * 5
    assert [bar["text"][0] for bar in bars] == ["50", "", "", "30", "18"]  # none where it has no room
    colours = [colour for pair in of_drivers(2) for colour in pair]
    assert [bar["marker"]["color"][0] for bar in bars] == [*colours, NO_DRIVER]
    inks = [bar["insidetextfont"]["color"] for bar in bars]
    assert inks == [theme.PAPER, theme.INK, theme.PAPER, theme.INK, theme.INK]  # dark on the light colours
    assert trace(chart, "no result")["y"] == ["A"]
    assert chart.rows[0] == ("all", "<pre>", 50.0, 2.0)


def test_rounded_shares_leave_nothing_below_zero(trace):
    chart = dominant_shares(DRIVERS, [("all", "<pre>", 60.1, 0.0), ("all", "tmp", 40.0, 0.0)])
    assert trace(chart, "no significant")["x"] == [0.0]

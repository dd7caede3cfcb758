"""Stacked parts of slopes hold the numbers they were given, mark what is significant, and keep to plotly's schema."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import SlopeParts
from nep_toolbox.report.charts.slope_parts import bars_of_regions, region_names, slope_parts, wrapped

NAN = math.nan
REGIONS = [
    SlopeParts("all", 1.5, 0.01, [2.0, -0.5]), SlopeParts("<North>", -1.0, 0.2, [-0.25, -0.75]),
    SlopeParts("South", 0.5, 0.05, [NAN, NAN]), SlopeParts("East", NAN, NAN, [NAN, NAN]),
    SlopeParts("West", -0.5, NAN, [NAN, NAN]),
]
COLOURS = ("#0072b2", "#9a9a9a")


@pytest.fixture
def chart(valid):
    made = slope_parts(REGIONS, ("climate", "a & b"), COLOURS, "gC m-2 yr-1", 0.05, "all", {"<North>": 4.0})
    valid(made)
    return made


def test_a_bar_for_each_part_with_its_sign(chart, trace):
    first, second = trace(chart, "climate"), trace(chart, "a &amp; b")
    assert (first["x"], second["x"]) == ([2.0, -0.25, None, None, None], [-0.5, -0.75, None, None, None])
    assert first["y"] == second["y"] == ["all", "&lt;North&gt; †", "South", "East", "West"]
    assert chart.figure["layout"]["barmode"] == "relative"
    assert first["marker"]["color"][0] == first["marker"]["color"][2] == COLOURS[0] != first["marker"]["color"][1]


def test_marks_are_filled_where_the_observed_slope_is_significant(chart, trace):
    sure, unsure = trace(chart, "observed, significant (p < 0.05)"), trace(chart, "observed, not significant")
    assert (sure["x"], sure["y"]) == ([1.5], ["all"])
    assert (unsure["x"], unsure["y"]) == ([-1.0, 0.5, -0.5], ["&lt;North&gt; †", "South", "West"])
    assert (sure["marker"]["color"], unsure["marker"]["color"]) == (theme.INK, theme.PAPER)
    assert unsure["customdata"] == ["p = 0.200", "p = 0.050", "p not defined"]


def test_a_region_without_parts_says_so_between_its_mark_and_zero(chart, trace):
    words = trace(chart, "no result")
    assert (words["x"], words["y"]) == ([0.5, 0, -0.5], ["South", "East", "West"])
    assert words["textposition"] == ["middle left", "middle right", "middle right"]


def test_the_table_and_the_axis(chart):
    assert chart.columns == ("region", "slope", "p", "climate", "a & b")
    assert chart.rows[0] == ("all", 1.5, 0.01, 2.0, -0.5) and chart.rows[3] == ("East", None, None, None, None)
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Slope (gC m⁻² yr⁻¹ per year)"
    assert slope_parts([], ("a",), ("#000000",), "").figure["layout"]["xaxis"]["title"]["text"] == "Slope (per year)"


def test_the_whole_raster_stands_apart_on_top(chart):
    shown = chart.figure["layout"]["yaxis"]
    assert shown["categoryarray"] == ["West", "East", "South", "&lt;North&gt; †", " ", "all"]
    assert shown["range"] == [-0.5, 5.5]
    alone = bars_of_regions([("all",)], ["all"], "all", ["a"])
    assert alone["yaxis"]["categoryarray"] == ["all"] and alone["yaxis"]["range"] == [-1.0, 1.0]


def test_there_is_room_for_bars_and_legend():
    def height(regions: str, entries: list) -> int:
        return bars_of_regions([(name,) for name in regions], list(regions), "", entries)["height"]

    assert height("abcdef", ["x", "y"]) > height("ab", ["x", "y"]) + 4 * 25
    assert height("ab", ["a rather long name of a driver"] * 12) > height("ab", ["x", "y"]) + 60


def test_long_names_are_broken_and_stay_apart():
    long = "An extraordinarily long name of an administrative region, that of the autonomous county <"
    assert region_names([(long + "A>",), ("B",)], {}) == [
        "An extraordinarily long name of an<br>administrative region, that of the …", "B"
    ]
    assert len(set(region_names([(long + "A>",), (long + "B>",)], {}))) == 2
    assert wrapped("") == [""] and wrapped("驻马店市") == ["驻马店市"]

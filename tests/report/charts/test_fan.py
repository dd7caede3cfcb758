"""Fans hold the numbers they were given: the middle, bands from wide to narrow, and the members."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.colours import categorical
from nep_toolbox.report import theme
from nep_toolbox.report.charts import Fan, fan

NAN = math.nan
YEARS = [2001, 2002, 2003, 2004]
WIDE = ("90 %", [1.0, 2.0, NAN, 4.0], [5.0, 6.0, NAN, 8.0])
NARROW = ("50 %", [2.0, 3.0, NAN, 5.0], [4.0, 5.0, 1.0, 7.0])


def members(count: int) -> list:
    return [(f"m{place} <x>", np.arange(4.0) + place) for place in range(count)]


@pytest.fixture
def chart(valid):
    made = fan([Fan("all", YEARS, [3.0, 4.0, NAN, 6.0], [WIDE, NARROW], members(2))], "Total", "Tg C yr-1", "median")
    valid(made)
    return made


def test_bands_from_the_widest_to_the_narrowest_with_gaps(chart, trace):
    wide, narrow = trace(chart, "90 %"), trace(chart, "50 %")
    assert wide["x"] == [2001, 2002, 2002, 2001, None, 2004, 2004]
    assert wide["y"] == [5.0, 6.0, 2.0, 1.0, None, 8.0, 4.0]
    assert narrow["y"] == [4.0, 5.0, 3.0, 2.0, None, 7.0, 5.0]
    assert [each["name"] for each in chart.figure["data"]] == ["90 %", "50 %", "m0 &lt;x&gt;", "m1 &lt;x&gt;", "median"]
    opacity = [float(each["fillcolor"].rstrip(")").split(",")[-1]) for each in (wide, narrow)]
    assert opacity[1] > opacity[0]


def test_the_middle_tells_the_limits(chart, trace):
    middle = trace(chart, "median")
    assert middle["y"] == [3.0, 4.0, None, 6.0]
    assert middle["customdata"] == [
        "<br>90 %: 1 to 5<br>50 %: 2 to 4", "<br>90 %: 2 to 6<br>50 %: 3 to 5", "", "<br>90 %: 4 to 8<br>50 %: 5 to 7"
    ]


def test_the_table(chart):
    assert chart.columns == ("region", "year", "median", "lower 90 %", "upper 90 %", "lower 50 %", "upper 50 %",
                             "m0 <x>", "m1 <x>")
    assert chart.rows[0] == ("all", 2001, 3.0, 1.0, 5.0, 2.0, 4.0, 0.0, 1.0)
    assert chart.rows[2] == ("all", 2003, None, None, None, None, 1.0, 2.0, 3.0)
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == "Total (Tg C yr⁻¹)"


def test_few_members_have_colours_and_many_have_none(valid, trace):
    few, many = (fan([Fan("all", YEARS, [1.0] * 4, [], members(count))], "NEP", "") for count in (8, 9))
    valid(few)
    valid(many)
    assert [each["line"]["color"] for each in few.figure["data"][:2]] == categorical(2)
    assert {each["line"]["color"] for each in many.figure["data"][:9]} == {theme.NEUTRAL}
    assert [each["showlegend"] for each in (few.figure["data"][0], many.figure["data"][0])] == [True, False]
    assert trace(many, "mean")["customdata"] == [""] * 4


def test_regions_are_chosen_and_those_with_few_values_are_grey(valid):
    fans = [Fan(name, YEARS, [1.0] * 4, [WIDE], members(1)) for name in ("all", "a")]
    chart = fan(fans, "NEP", "", sparse={"a": 2.0})
    valid(chart)
    assert [each["label"] for each in chart.figure["layout"]["updatemenus"][0]["buttons"]] == ["all", "a †"]
    assert [each["visible"] for each in chart.figure["data"]] == [True] * 3 + [False] * 3
    assert [chart.figure["data"][place]["line"]["color"] for place in (2, 5)] == [theme.INK, theme.MUTED]
    assert chart.figure["data"][0]["fillcolor"] != chart.figure["data"][3]["fillcolor"]
    assert len(chart.rows) == 8


def test_nothing_at_all(valid):
    valid(fan([], "NEP", ""))
    valid(fan([Fan("all", [2001], [NAN], [("90 %", [NAN], [NAN])])], "NEP", ""))

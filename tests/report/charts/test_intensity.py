"""Charts of intensity analysis: bars of three levels beside the lines of a uniform change."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import intensity_categories, intensity_intervals, intensity_transitions
from nep_toolbox.report.charts.intensity import GAINS, LOSSES

NAN = math.nan
INTERVALS = [(2000, 2006, 0.5, 0.8, 0), (2006, 2008, 1.7, 0.8, 1)]
CATEGORIES = [
    (2000, 2006, "<Forest>", 0.2, 0.9, 0.5, 0, 1), (2000, 2006, "Water", 0.0, NAN, 0.5, 0, 0),
    (2000, 2006, "Gone", NAN, NAN, 0.5, 0, 0), (2006, 2008, "<Forest>", 2.0, 0.1, 1.7, 1, 0),
]
TRANSITIONS = [
    (2000, 2006, "A", "B", 0.4, 0.5, 0, 0.3, 0.2, 1), (2000, 2006, "A", "C", 0.9, 0.6, 1, 0.1, 0.2, 0),
    (2000, 2006, "B", "A", 0.0, 0.1, 0, 0.0, NAN, 0), (2000, 2006, "B", "C", 0.2, 0.6, 0, 0.7, 0.7, 0),
    (2000, 2006, "C", "B", 0.8, 0.5, 1, 0.8, 0.3, 1), (2000, 2006, "C", "A", 0.3, 0.1, 1, 0.2, 0.3, 0),
]


def test_the_bar_of_an_interval_is_as_wide_as_the_interval(valid, trace):
    chart = intensity_intervals([("all", INTERVALS)])
    valid(chart)
    fast, slow, uniform = trace(chart, "fast"), trace(chart, "slow"), trace(chart, "uniform: 0.8")
    assert (fast["x"], fast["y"], fast["customdata"]) == ([2007.0], [1.7], ["2006–2008"])
    assert (slow["x"], slow["y"], slow["customdata"]) == ([2003.0], [0.5], ["2000–2006"])
    assert slow["width"][0] == pytest.approx(3 * fast["width"][0]) and 5.5 < slow["width"][0] < 6
    assert (fast["marker"]["color"], slow["marker"]["color"]) == (theme.CONTRAST, theme.ACCENT)
    assert (uniform["x"], uniform["y"]) == ([2000, 2008], [0.8, 0.8])
    assert chart.figure["layout"]["xaxis"]["tickvals"] == [2000, 2006, 2008]
    assert chart.columns == ("region", "from_year", "to_year", "s", "u", "fast")
    assert chart.rows == [("all", *row) for row in INTERVALS]


def test_what_is_as_all_years_together_is_neither_fast_nor_slow(valid, trace):
    chart = intensity_intervals([("all", [(2000, 2006, 0.1 + 0.2, 0.3, 0), (2006, 2012, 0.3, 0.3, 0)])])
    valid(chart)
    even = trace(chart, "as uniform")
    assert (even["y"], even["marker"]["color"]) == ([0.1 + 0.2, 0.3], theme.NEUTRAL)
    assert trace(chart, "slow")["y"] == trace(chart, "fast")["y"] == []


def test_intervals_of_regions_are_chosen(valid, trace):
    chart = intensity_intervals([("all", INTERVALS), ("empty", [(2000, 2006, NAN, NAN, 0)])])
    valid(chart)
    assert [button["label"] for button in chart.figure["layout"]["updatemenus"][0]["buttons"]] == ["all", "empty"]
    assert [each["visible"] for each in chart.figure["data"]] == [True] * 4 + [False] * 3
    many = intensity_intervals([("all", [(year, year + 1, 1.0, 2.0, 0) for year in range(2000, 2030)])])
    valid(many)
    assert set(trace(many, "slow")["text"]) == {""} and "tickvals" not in many.figure["layout"]["xaxis"]


def test_categories_above_the_line_are_active(valid):
    chart = intensity_categories([("all", CATEGORIES)])
    valid(chart)
    first = [each for each in chart.figure["data"] if each["visible"]]
    bars = {each["name"]: (each["y"], each["x"]) for each in first if each["type"] == "bar"}
    assert bars == {"gain, active": ([], []), "gain, dormant": ([-0.19, 0.81], [0.2, 0.0]),
                    "loss, active": ([0.19], [0.9]), "loss, dormant": ([], [])}
    colours = {each["name"]: each["marker"]["color"] for each in first if each["type"] == "bar"}
    assert (colours["gain, active"], colours["loss, active"]) == (GAINS, LOSSES)
    assert colours["gain, dormant"] != GAINS and colours["loss, dormant"] != LOSSES
    (line,) = [each for each in first if each["name"] == "uniform: 0.5"]
    assert (line["x"], line["y"]) == ([0.5, 0.5], [-0.5, 1.5])
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["&lt;Forest&gt;", "Water"]  # no row for what never was
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Change (% of the class a year)"
    assert chart.rows[2] == ("all", 2000, 2006, "Gone", None, None, 0.5, 0, 0)


def test_numbers_stand_clear_of_the_line():
    chart = intensity_categories([("all", [(2000, 2006, "A", 5.0, 0.45, 0.5, 1, 0)])])
    (words,) = [each for each in chart.figure["data"] if each["name"] == "values"]
    assert (words["y"], words["x"]) == ([-0.19, 0.19], [5.0, 0.5])
    assert [each.strip() for each in words["text"]] == ["5", "0.45"]


def test_intervals_and_regions_in_one_list(valid):
    one = intensity_categories([("all", CATEGORIES)])
    two = intensity_categories([("all", CATEGORIES), ("b", CATEGORIES[3:])])
    valid(two)
    alone, several = (chart.figure["layout"]["updatemenus"][0]["buttons"] for chart in (one, two))
    assert [button["label"] for button in alone] == ["2000–2006", "2006–2008"]
    assert [button["label"] for button in several] == ["all, 2000–2006", "all, 2006–2008", "b, 2006–2008"]
    second = alone[1]["args"][1]
    assert second["yaxis.ticktext"] == ["&lt;Forest&gt;"]
    assert second["xaxis.range"] == [0.0, pytest.approx(2.36)]


def test_transitions_by_the_class_that_gains_with_its_own_line(valid):
    chart = intensity_transitions([("all", TRANSITIONS)])
    valid(chart)
    gains = [each for each in chart.figure["data"] if each["visible"]]
    assert chart.figure["layout"]["yaxis"]["ticktext"] == [
        "<b>A</b> gains from", "C", "<b>B</b> gains from", "A", "C", "<b>C</b> gains from", "A", "B"
    ]
    assert chart.figure["layout"]["yaxis"]["tickvals"] == [0, 1, 3, 4, 5, 7, 8, 9]
    bars = {each["name"]: dict(zip(each["y"], each["x"])) for each in gains if each["type"] == "bar"}
    assert bars == {"targeted": {1: 0.3, 5: 0.8, 8: 0.9}, "avoided": {4: 0.4, 9: 0.2}}
    (line,) = [each for each in gains if each["name"] == "uniform"]
    assert line["x"] == [0.1, 0.1, None, 0.5, 0.5, None, 0.6, 0.6]
    assert line["y"] == [0.5, 1.5, None, 3.5, 5.5, None, 7.5, 9.5]


def test_rows_of_many_classes_are_walked_once():
    """Not once for each class: the time would grow with the third power of their number."""
    compared = []

    class Name(str):
        __hash__ = str.__hash__

        def __eq__(self, other):
            compared.append(self)
            return str.__eq__(self, other)

    rows = [
        (2000, 2006, Name(one), Name(other), 1.0, 0.5, 1, 1.0, 0.5, 1)
        for one in range(30) for other in range(30) if one != other
    ]
    intensity_transitions([("all", rows)])
    assert len(compared) <= 10 * len(rows)


def test_transitions_by_the_class_that_loses():
    chart = intensity_transitions([("all", TRANSITIONS)])
    losses = [each for each in chart.figure["data"] if not each["visible"]]
    first, second = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert (first["label"], second["label"]) == ("2000–2006, gains", "2000–2006, losses")
    assert second["args"][1]["yaxis.ticktext"] == [
        "<b>A</b> loses to", "B", "C", "<b>B</b> loses to", "C", "<b>C</b> loses to", "B", "A"
    ]
    bars = {each["name"]: dict(zip(each["y"], each["x"])) for each in losses if each["type"] == "bar"}
    assert bars == {"targeted": {1: 0.3, 8: 0.8}, "avoided": {2: 0.1, 5: 0.7, 9: 0.2}}
    assert [each["marker"]["color"] for each in losses if each["name"] == "targeted"] == [LOSSES]
    assert chart.rows[2] == ("all", 2000, 2006, "B", "A", 0.0, 0.1, 0, 0.0, None, 0)


def test_an_interval_without_change(valid):
    chart = intensity_transitions([("all", [(2000, 2006, "A", "B", 0.0, 0.0, 0, 0.0, 0.0, 0)])])
    valid(chart)
    assert [each["text"] for each in chart.figure["data"]] == [["\u2002no change"]] * 2
    for empty in (intensity_intervals([]), intensity_categories([("all", [])]), intensity_transitions([])):
        valid(empty)

"""What all charts share: plain values, escaped names, axes, the list of choices."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from nep_toolbox.report.charts import AnnualSeries, annual_series, class_shares, landcover_means
from nep_toolbox.report.charts.base import (
    axis,
    chooser,
    class_label,
    layout,
    legend_below,
    number,
    one_at_a_time,
    plain,
    present,
    region_label,
    sparse_note,
    text,
    year_axis,
)


def test_figures_hold_plain_values_only():
    series = AnnualSeries("all", [2001, 2002], np.array([300.0, np.nan]), np.array([50.0, np.inf]), 12.0, 0.0123)
    for chart in (
        annual_series([series], "NEP", "gC m-2 yr-1"),
        class_shares([(np.int16(4), "a", np.int64(3), np.float32(0.5), np.float64(100.0))], {}),
    ):
        json.dumps([chart.figure, chart.rows], allow_nan=False)


def test_charts_are_made_without_plotly(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly", None)
    assert landcover_means([(2001, 1, "a", 2.0)], {}, "NEP", "").figure["data"][0]["y"] == [2.0]


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan"), float("inf"), -np.inf])
def test_missing_and_infinite_numbers_are_gaps(missing):
    assert number(missing) is None
    assert present([1, missing, 2.5]) == [1, 2.5]


def test_numbers_of_numpy_become_those_of_python():
    values = plain([np.int16(4), np.float32(0.5), 7, "name"])
    assert values == [4, 0.5, 7, "name"]
    assert [type(value) for value in values] == [int, float, int, str]


def test_names_are_shown_and_not_obeyed():
    assert text("<b>A & B's</b>") == "&lt;b&gt;A &amp; B's&lt;/b&gt;"


@pytest.mark.parametrize(
    ("first", "last", "step"), [(2001, 2001, 1), (2001, 2025, 1), (2001, 2026, 2), (1901, 2000, 5)]
)
def test_years_are_labelled_as_densely_as_there_is_room(first, last, step):
    years = year_axis([last, first])
    assert (years["tick0"], years["dtick"], years["tickformat"]) == (first, step, "d")
    assert years["range"] == [first - 0.6, last + 0.6]


def test_an_axis_without_years():
    assert year_axis([]) == axis("Year")


def test_a_list_of_choices_shows_one_group_each():
    [menu] = chooser(["a", "<b>"], ["a", "<b>", "a"], {"<b>": {"title": "t"}})
    assert [button["label"] for button in menu["buttons"]] == ["a", "&lt;b&gt;"]
    assert [button["args"] for button in menu["buttons"]] == [
        [{"visible": [True, False, True]}, {}], [{"visible": [False, True, False]}, {"title": "t"}]
    ]
    assert chooser(["a"], ["a", "a"]) == []


def test_the_first_group_is_shown_at_the_start():
    traces, groups = one_at_a_time([("all", [{"x": 1}, {"x": 2}]), ("none", []), ("a", [{"x": 3}])])
    assert traces == [{"x": 1, "visible": True}, {"x": 2, "visible": True}, {"x": 3, "visible": False}]
    assert groups == ["all", "all", "a"]


def test_the_legend_gives_way_to_a_list_of_choices():
    above, below = layout(460)["legend"], layout(460, updatemenus=chooser(["a", "b"], ["a", "b"]))["legend"]
    assert (above["y"], above["yanchor"]) == (1.02, "bottom")
    # 62 pixels below the plot, which is 460 less its margins of 56 and 60 high
    assert (below["y"], below["yanchor"]) == (-62 / 344, "top")


def test_classes_without_a_name():
    assert [class_label(2, "2"), class_label(2, 2), class_label(2, "Forest"), class_label(2, "22")] == [
        "Class 2", "Class 2", "Forest", "22"
    ]


def test_the_note_on_regions_with_few_values():
    assert sparse_note({}) == "" and region_label("a", {}) == "a"
    sparse = {"a": 2.06, "b": 0.04}
    assert sparse_note(sparse) == "† In grey, as little of the area of these regions has values: a (2.1 %), b (<0.1 %)."
    assert [region_label(name, sparse) for name in "abc"] == ["a †", "b †", "c"]


def test_a_legend_of_several_lines_makes_room_for_itself():
    one = legend_below(["a", "b"], 460)
    four = legend_below(["a rather long name of a model of its own, version 2"] * 4, 460)
    assert one["height"] == legend_below([], 460)["height"] == 460
    assert four["height"] - one["height"] == four["margin"]["b"] - one["margin"]["b"] == 60
    # As far below the plot, whose height is the same.
    assert four["legend"]["y"] == one["legend"]["y"] == pytest.approx(-62 / 344)
    assert legend_below(["a"], 480, 76)["legend"]["y"] == pytest.approx(-62 / 344)

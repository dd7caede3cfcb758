"""Rows of parts that add up."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex

from nep_toolbox.report.figures import English
from nep_toolbox.report.figures.stacks import Row, stacked

PARTS = [("rain", "#112233"), ("warmth", "#445566")]


def drawn(*rows: Row, mark: str = "sum", size: tuple = (85.0, None)):
    """The axes of a chart."""
    (axes,) = stacked(list(rows), PARTS, "Slope", mark, English(), size).axes
    return axes


def test_rows_stand_from_top_to_bottom():
    axes = drawn(Row("first", [1.0, 2.0], 3.0), Row("second", [-1.0, 2.0], 1.0))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    assert axes.yaxis.get_inverted()
    assert axes.get_xlabel() == "Slope"
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches] == ["#112233"] * 2 + ["#445566"] * 2


def test_parts_of_one_sign_follow_each_other_and_others_begin_at_zero():
    axes = drawn(Row("a", [1.0, 2.0], 3.0), Row("b", [-1.0, 2.0], 1.0), Row("c", [-1.0, -2.0], -3.0))
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches] == [
        (0.0, 1.0), (0.0, -1.0), (0.0, -1.0), (1.0, 2.0), (0.0, 2.0), (-1.0, -2.0)]
    assert list(axes.get_lines()[0].get_xdata()) == [3.0, 1.0, -3.0]
    low, high = axes.get_xlim()
    assert low < -3.0 and high > 3.0


def test_what_is_missing_has_no_bar():
    axes = drawn(Row("a", [math.nan, 2.0]), mark="")
    assert [bar.get_width() for bar in axes.patches] == [0.0, 2.0]
    assert [text.get_text() for text in axes.figure.legends[0].get_texts()] == ["rain", "warmth"]


def test_an_axis_of_rises_begins_at_zero():
    low, high = drawn(Row("a", [1.0, 2.0], 3.0)).get_xlim()
    assert low == 0.0 and high > 3.0


def test_the_mark_beyond_the_bars_is_inside():
    low, high = drawn(Row("a", [1.0, 2.0], -5.0)).get_xlim()
    assert low < -5.0 and high > 3.0


def test_more_rows_make_a_higher_figure_unless_it_is_given():
    def height(count: int, size: tuple = (85.0, None)) -> float:
        rows = [Row(str(place), [1.0, 1.0], 2.0) for place in range(count)]
        return drawn(*rows, size=size).figure.get_size_inches()[1] * 25.4

    assert height(20) - height(10) == pytest.approx(10 * 4.8)
    assert height(20, (85.0, 70.0)) == pytest.approx(70.0)


def test_names_are_cut_to_their_room(outside):
    axes = drawn(Row("a name that is much too long for a panel of a narrow page and goes on", [1.0, 2.0], 3.0))
    assert axes.get_yticklabels()[0].get_text().endswith("…")
    assert outside(axes.figure) == []


def test_nothing_to_show(outside):
    assert outside(drawn().figure) == []
    assert outside(drawn(Row("a", [math.nan, math.nan])).figure) == []

"""Lists of bars have room for their rows, and numbers at the ends of bars do not cross the lines beside them."""

from __future__ import annotations

import pytest

from nep_toolbox.report.charts.lists import GAP, ends, line_down, row_label, rows_down


def test_rows_from_the_top_down_with_room_for_each():
    few, many = rows_down(["a"], [1.0]), rows_down(["a", GAP, *"bcdefghij"], [1.0])
    assert many["yaxis.ticktext"] == ["a", *"bcdefghij"] and many["yaxis.tickvals"] == [0, *range(2, 11)]
    assert many["yaxis.range"] == [10.5, -0.5]
    assert few["yaxis.range"] == [1.5, -1.5]  # a single bar is no thicker than one of three
    assert many["height"] - few["height"] == 8 * 26
    assert rows_down(["a<br>b", *"bcdefghij"], [])["height"] > many["height"] + 40  # room for two lines
    # The legend is as far below the plot, in pixels, however high the plot is.
    assert many["legend.y"] * (many["height"] - 116) == pytest.approx(few["legend.y"] * (few["height"] - 116))


@pytest.mark.parametrize(("values", "expected"), [
    ([4.0, 1.0], [0.0, 4.72]), ([-4.0, -1.0], [-4.72, 0.0]), ([-1.0, 1.0], [-1.36, 1.36]), ([], [0.0, 1.0]),
    ([0.0], [0.0, 1.0]),
])
def test_the_axis_leaves_room_for_numbers(values, expected):
    assert rows_down(["a"], values)["xaxis.range"] == pytest.approx(expected)


def test_numbers_at_the_ends_of_bars():
    words = ends([(0, 10.0, 2.0), (1, 1.5, 2.0), (2, 0.0002, 2.0), (3, 1.0, None), (4, 0.0, 2.0)])
    assert words["x"] == [10.0, 2.0, 0.0002, 1.0, 0.0] and words["y"] == [0, 1, 2, 3, 4]
    assert [each.strip() for each in words["text"]] == ["10", "1.5", "<0.001", "1", "0"]


def test_lines_beside_their_rows():
    line = line_down("uniform", [(2.0, 0, 1), (3.0, 4, 4)])
    assert (line["x"], line["y"]) == ([2.0, 2.0, None, 3.0, 3.0], [-0.5, 1.5, None, 3.5, 4.5])


def test_names_are_escaped_and_broken():
    assert row_label("<b> & 耕地") == "&lt;b&gt; &amp; 耕地"
    assert row_label("evergreen needle-leaved forest → temporary crops") == (
        "evergreen needle-leaved forest →<br>temporary crops"
    )

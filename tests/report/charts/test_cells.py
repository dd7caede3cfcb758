"""Matrices of numbers: letters that fit, and names that are short enough."""

from __future__ import annotations

import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts.cells import cell_texts, fitting_size, matrix_width, shortened, widest


@pytest.mark.parametrize(("width", "letters", "size"), [(100, 5, 12), (30, 5, 10), (24, 5, 8), (23.9, 5, 0)])
def test_letters_shrink_with_their_cell_until_they_are_not_legible(width, letters, size):
    assert fitting_size(width, letters, 12) == pytest.approx(size)


def test_texts_are_light_on_dark_cells_and_none_where_there_is_none():
    found = cell_texts([["a", ""], ["b", "c"]], [[True, False], [False, True]], 9)
    assert (found["x"], found["y"], found["text"]) == ([0, 0, 1], [0, 1, 1], ["a", "b", "c"])
    assert found["textfont"] == {"size": 9, "color": [theme.PAPER, theme.INK, theme.PAPER]}
    assert cell_texts([[""]], [[False]], 9)["x"] == []


def test_short_names_stay_and_long_ones_keep_both_ends():
    assert shortened("rain", 4) == "rain"
    one, other = (shortened(f"distance to the nearest road of class {number}", 20) for number in (1, 2))
    assert one.startswith("distance") and one.endswith("1") and one != other
    assert theme.text_width(one) <= 20 and "…" in one
    assert theme.text_width(shortened("土地利用类型" * 5, 20)) <= 20


def test_names_take_of_the_width_of_a_matrix():
    assert matrix_width(["a"]) - matrix_width(["abc", "ab"]) == 2 * 7
    assert widest([]) == 0 and widest(["ab", "土"]) == 2

"""Ranks of factors over dates."""

from __future__ import annotations

import math

import pytest
from testkit.study_tables import FACTORS, detector_rows

from nep_toolbox.report.figures import English, sheet
from nep_toolbox.report.figures.ranks import draw_ranks, ranks_of, ranks_width

ROWS = [
    {"year": year, "factor": factor, "q": q}
    for year, found in ((2001, (0.1, 0.3, None)), (2005, (0.4, 0.2, 0.3))) for factor, q in zip("abc", found)
]


def test_ranks_by_hand():
    assert ranks_of(ROWS) == {
        ("b", 2001): 1, ("a", 2001): 2, ("a", 2005): 1, ("c", 2005): 2, ("b", 2005): 3
    }


def test_lines_are_the_ranks(outside, texts):
    with sheet.drawing(English()):
        figure = sheet.blank((85.0, 40.0))
        names = {name: f"Factor {name}" for name in "abc"}
        axes = draw_ranks(figure, ROWS, list("abc"), names, (0.0, 0.0, 85.0, 34.0))
    levels = {line.get_label(): list(line.get_ydata()) for line in axes.get_lines()}
    assert (levels["a"], levels["b"]) == ([2, 1], [1, 3])
    assert math.isnan(levels["c"][0]) and levels["c"][1] == 2
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first is on top"
    assert {"Factor b  1", "1  Factor a", "2  Factor c"} <= set(texts(figure))
    assert "Factor c  " not in " ".join(texts(figure)), "no name where there is no rank"
    assert outside(figure) == []


@pytest.mark.parametrize("dates", [2, 4])
def test_it_fits_the_width_it_asks_for(dates, outside):
    rows, _ = detector_rows(range(2001, 2001 + dates))
    with sheet.drawing(English()):
        figure = sheet.blank((200.0, 60.0))
        width = ranks_width(figure, list(FACTORS), dates)
        figure.set_size_inches(width / 25.4, 60 / 25.4)
        draw_ranks(figure, rows, list(FACTORS), {name: name for name in FACTORS}, (0.0, 0.0, width, 55.0))
    assert outside(figure) == []

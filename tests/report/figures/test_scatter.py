"""Annual means against a driver."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from testkit.study_tables import annual_rows

from nep_toolbox.report.figures import English, scatter
from nep_toolbox.report.figures.scatter import least_squares

RELATION = {"r": -0.713, "p": 0.0004}


def test_points_and_line():
    rows = annual_rows()
    (axes,) = scatter(rows, "precipitation", RELATION, "NEP", "gC m-2 yr-1", English()).axes
    points = axes.collections[0].get_offsets()
    x, y = [row["precipitation"] for row in rows], [row["mean"] for row in rows]
    assert np.array_equal(points, np.column_stack([x, y]))
    slope, intercept = np.polyfit(x, y, 1)
    ends = axes.get_lines()[0].get_xydata()
    assert list(ends[:, 0]) == [min(x), max(x)]
    assert ends[:, 1] == pytest.approx(intercept + slope * ends[:, 0])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Precipitation (mm)", "NEP (gC m⁻² yr⁻¹)")


def test_r_and_p_are_those_of_the_table(texts):
    written = texts(scatter(annual_rows(), "temperature", RELATION, "NEP", "", English()))
    assert "r\u00a0=\u00a0−0.71, p\u00a0<\u00a00.001, n\u00a0=\u00a020" in written
    without = scatter(annual_rows(), "temperature", {}, "NEP", "", English())
    assert not [text for text in texts(without) if "r\u00a0=" in text]


def test_extreme_years_are_named(texts):
    values = ((1, 5), (2, 1), (4, 9), (3, 6))
    rows = [{"year": 2000 + k, "mean": mean, "temperature": warmth} for k, (warmth, mean) in enumerate(values)]
    written = texts(scatter(rows, "temperature", {}, "NEP", "", English()))
    assert {"2000", "2001", "2002"} <= set(written)
    assert "2003" not in written


def test_line_by_hand():
    assert least_squares([1.0, 2.0, 3.0], [2.0, 2.0, 5.0]) == (1.5, 0.0)
    assert least_squares([1.0], [2.0]) == least_squares([2.0, 2.0], [1.0, 3.0]) == ()


@pytest.mark.parametrize("driver", ["precipitation", "temperature"])
@pytest.mark.parametrize("size", [(174.0, None), (85.0, None), (65.5, 52.4), (41.0, 37.0)])
def test_all_texts_are_inside_and_clear(driver, size, outside, covering):
    figure = scatter(annual_rows(), driver, RELATION, "NEP", "gC m-2 yr-1", English(), size)
    assert outside(figure) == []
    assert covering(figure) == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [(85.0, 66.0), (50.0, 40.0), (41.0, 37.0)])
def test_years_lie_in_the_axes_and_cover_nothing(seed, size, drawn):
    chance = random.Random(seed)
    # Some of the least and the largest lie close to the axes, where a name at their other side would cover the ticks.
    rows = [
        {"year": year, "temperature": 10 + chance.random() ** 2, "mean": 140 + 40 * chance.random()}
        for year in range(2001, 2021)
    ]
    figure = scatter(rows, "temperature", RELATION, "NEP", "gC m-2 yr-1", English(), size)
    (axes,) = figure.axes
    shown = drawn(figure)
    names = [(text, box) for text, box in shown if text in {str(row["year"]) for row in rows}]
    assert names
    radius = 13**0.5 / 2 / 72 * figure.dpi
    points = axes.transData.transform([(row["temperature"], row["mean"]) for row in rows])
    line = axes.transData.transform_path(axes.get_lines()[0].get_path())
    for text, box in names:
        # The box of a text has room for what digits lack below their line.
        ink = box.from_extents(box.x0, box.y0 + 0.2 * box.height, box.x1, box.y1)
        assert axes.bbox.contains(*ink.min) and axes.bbox.contains(*ink.max), text
        assert not [other for other, its_box in shown if other != text and ink.overlaps(its_box)]
        assert not [point for point in points if ink.padded(radius).contains(*point)]
        assert not line.intersects_bbox(ink, filled=False)


@pytest.mark.parametrize("rows", [
    [], [{"year": 2001, "mean": 1.0}], [{"year": 2001, "mean": 1.0, "temperature": 2.0}],
    [{"year": 2001 + k, "mean": 1.0 + k, "temperature": 2.0} for k in range(4)],
    [{"year": 2001 + k, "mean": math.nan if k else 1.0, "temperature": 2.0 + k} for k in range(4)],
], ids=["none", "missing", "one", "constant", "gaps"])
def test_poor_data(rows, outside):
    assert outside(scatter(rows, "temperature", {"r": None, "p": None}, "NEP", "", English())) == []

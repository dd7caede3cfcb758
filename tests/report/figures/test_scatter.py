"""Annual means against a driver."""

from __future__ import annotations

import math

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


@pytest.mark.parametrize("rows", [
    [], [{"year": 2001, "mean": 1.0}], [{"year": 2001, "mean": 1.0, "temperature": 2.0}],
    [{"year": 2001 + k, "mean": 1.0 + k, "temperature": 2.0} for k in range(4)],
    [{"year": 2001 + k, "mean": math.nan if k else 1.0, "temperature": 2.0 + k} for k in range(4)],
], ids=["none", "missing", "one", "constant", "gaps"])
def test_poor_data(rows, outside):
    assert outside(scatter(rows, "temperature", {"r": None, "p": None}, "NEP", "", English())) == []

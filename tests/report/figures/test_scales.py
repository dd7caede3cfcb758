"""Years, limits and legends."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report.figures import English, sheet
from nep_toolbox.report.figures.scales import (
    legend_below,
    legend_columns,
    limits,
    quiet_ticks,
    year_axis,
    year_step,
)


@pytest.fixture
def axes():
    with sheet.drawing(English()):
        yield sheet.axes_at(sheet.blank((85.0, 60.0)), 15.0, 20.0, 60.0, 35.0)


@pytest.mark.parametrize(
    ("count", "width", "step"), [(2, 60.0, 1), (5, 60.0, 1), (20, 60.0, 5), (20, 160.0, 2), (45, 60, 10)]
)
def test_years_do_not_touch(count, width, step):
    assert year_step(count, width, 6.0) == step
    assert step * width / count > 6.0


@pytest.mark.parametrize("count", [1, 2, 10, 20, 45])
def test_written_years_are_whole_and_apart(axes, count):
    years = list(range(1982, 1982 + count))
    year_axis(axes, years, 60.0)
    axes.figure.canvas.draw()
    labels = [label for label in axes.get_xticklabels() if label.get_text()]
    assert labels and all(int(label.get_text()) in years for label in labels)
    boxes = sorted((label.get_window_extent().x0, label.get_window_extent().x1) for label in labels)
    assert all(one[1] < other[0] for one, other in zip(boxes, boxes[1:]))
    assert axes.get_xlim() == (1981.4, 1982 + count - 0.4)


def test_no_years(axes):
    year_axis(axes, [], 60.0)
    assert list(axes.get_xticks()) == []


def test_limits():
    assert limits([1.0, math.nan, 3.0], 0.1) == pytest.approx((0.8, 3.2))
    assert limits([5.0, 5.0]) == (4.5, 5.5)
    assert limits([0.0]) == (-1.0, 1.0)
    low, high = limits([math.nan])
    assert low < high


@pytest.mark.parametrize("axis", ["x", "y"])
def test_few_ticks(axes, axis):
    axes.set(xlim=(0, 97), ylim=(0, 97))
    quiet_ticks(axes, 4, axis)
    ticks = axes.get_xticks() if axis == "x" else axes.get_yticks()
    assert 2 <= len([tick for tick in ticks if 0 <= tick <= 97]) <= 5


def test_a_legend_has_as_many_columns_as_fit(axes):
    figure = axes.figure
    assert legend_columns(figure, [], 60.0) == 1
    assert legend_columns(figure, ["a"] * 6, 200.0) == 6
    assert legend_columns(figure, ["A class with quite a long name"] * 6, 20.0) == 1
    # five would fit: two rows of three, not five and one
    assert legend_columns(figure, ["Cropland"] * 6, 100.0) == 3


def test_a_legend_lies_below_and_inside(axes, outside):
    line = axes.plot([0, 1], [0, 1])[0]
    axes.set_xlabel("Year")
    legend_below(axes, [line] * 3, ["Annual mean", "Multi-year mean", "Trend"], 70.0)
    axes.figure.canvas.draw()
    box = axes.get_legend().get_window_extent()
    assert box.y1 < axes.xaxis.label.get_window_extent().y0
    assert not outside(axes.figure)

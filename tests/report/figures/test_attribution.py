"""What the trend follows, and the drivers one by one."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex
from testkit.study_tables import ATTRIBUTION, attribution_rows

from nep_toolbox.colours import ATTRIBUTION_CLASSES, CLIMATE, NO_DRIVER, REST, of_drivers
from nep_toolbox.report.figures import (
    English,
    attribution_shares,
    contributions,
    importance,
    strongest,
    trend_parts,
)
from nep_toolbox.report.figures.attribution import MOST_ROWS
from nep_toolbox.study.words import words

AREAS, PARTS, DRIVERS = (
    [row for row in rows if row["variable"] == "nep"] for rows in attribution_rows()
)
WHOLE = [row for row in DRIVERS if row["region"] == "all"]
HARD = ("all", "A region of an uncommonly long name that nobody shortened", "新疆维吾尔自治区", *map(str, range(30)))


def names(axes) -> list:
    return [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]


def ends(axes) -> list:
    """Start and end of each bar, part by part."""
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]


def test_classes_are_dark_where_the_trend_is_significant():
    (axes,) = attribution_shares([row for row in AREAS if row["region"] == "all"], English()).axes
    shown = [(label, share) for label, share in ATTRIBUTION.values() if share]
    assert names(axes) == [label for label, _ in shown]
    count = len(shown)
    assert [bar.get_width() for bar in axes.patches[:count]] == [share for _, share in shown]
    assert [bar.get_width() for bar in axes.patches[count:]] == [pytest.approx(0.6 * share) for _, share in shown]
    strong = [to_hex(bar.get_facecolor()) for bar in axes.patches[count:]]
    assert strong == [ATTRIBUTION_CLASSES[code] for code in (1, 2, 3, -3, -2, -1, 0)]


def test_parts_of_the_trend_add_up():
    (axes,) = trend_parts(PARTS, "gC m-2 yr-1", English()).axes
    assert names(axes) == ["Whole area", "North", "South"]
    assert axes.get_xlabel() == "Slope (gC m⁻² yr⁻¹ yr⁻¹)"
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches] == [CLIMATE] * 3 + [REST] * 3
    for row, first, second, mark in zip(PARTS, axes.patches[:3], axes.patches[3:], axes.get_lines()[0].get_xdata()):
        assert (first.get_width(), second.get_width()) == pytest.approx((row["slope_climate"], row["slope_residual"]))
        assert mark == row["slope"]
        same = math.copysign(1, first.get_width()) == math.copysign(1, second.get_width())
        assert second.get_x() == pytest.approx(first.get_width() if same else 0.0)


def test_contributions_of_each_region():
    (axes,) = contributions(DRIVERS, "", English()).axes
    assert names(axes) == ["Whole area", "North", "South"]
    colours = [strong for strong, _light in of_drivers(3)] + [REST]
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches[::3]] == colours
    widths = {(place // 3, place % 3): bar.get_width() for place, bar in enumerate(axes.patches)}
    for row in range(3):
        total = sum(widths[part, row] for part in range(4))
        assert axes.get_lines()[0].get_xdata()[row] == pytest.approx(total)
    assert widths[0, 0] == WHOLE[0]["mean_contribution"] and widths[3, 0] == WHOLE[3]["mean_contribution"]
    assert axes.get_xlabel() == "Slope (yr⁻¹)"


def test_bars_of_one_sign_stand_behind_each_other():
    rows = [{"region": "all", "driver": name, "mean_contribution": value}
            for name, value in (("a", 2.0), ("b", -1.0), ("c", 3.0), ("rest", -4.0))]
    (axes,) = contributions(rows, "", English()).axes
    assert ends(axes) == [(0.0, 2.0), (0.0, -1.0), (2.0, 5.0), (-1.0, -5.0)]
    assert axes.get_lines()[0].get_xdata()[0] == 0.0
    low, high = axes.get_xlim()
    assert low < -5.0 and high > 5.0


def test_the_strongest_drivers_by_sign():
    (axes,) = strongest(WHOLE, 5.0, English()).axes
    assert names(axes) == [
        "Precipitation, positive", "Temperature, positive", "Temperature, negative", "PM2.5, positive",
        "PM2.5, negative", "None is significant", "Not told apart",
    ]
    shares = [25.0, 12.5, 4.0, 25.0 / 3, 8.0, 95.0 - 57.8333333, 5.0]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx(shares)
    colours = [to_hex(bar.get_facecolor()) for bar in axes.patches]
    pairs = of_drivers(3)
    assert colours[:6] == [pairs[0][0], pairs[1][0], pairs[1][1], pairs[2][0], pairs[2][1], NO_DRIVER]


def test_importance_in_percent():
    (axes,) = importance(WHOLE, English()).axes
    assert names(axes) == ["Precipitation", "Temperature", "PM2.5"]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([30.0, 15.0, 10.0])
    assert axes.get_xlabel() == "Share of the variance (%)"


def test_chinese(texts):
    written = "".join(texts(strongest(WHOLE, 5.0, words("zh")))).replace("\n", "")
    assert "降水量（正）" in written and "均不显著" in written and "无法区分" in written


def test_many_regions_are_cut_to_the_first_ones_with_the_whole_first():
    rows = [{"region": region, "slope": 1.0, "slope_climate": 0.5, "slope_residual": 0.5} for region in HARD[::-1]]
    (axes,) = trend_parts(rows, "", English()).axes
    assert len(names(axes)) == MOST_ROWS and names(axes)[0] == "Whole area"


@pytest.mark.parametrize("size", [(174.0, None), (85.0, None), (65.5, None)])
def test_all_texts_are_inside_and_clear(size, outside, covering):
    areas, parts, drivers = attribution_rows(HARD, ("precipitation", *(f"driver of a long name {n}" for n in range(7))))
    areas, whole = (
        [row for row in rows if row["region"] == "all" and row["variable"] == "nep"] for rows in (areas, drivers)
    )
    for figure in (
        attribution_shares(areas, English(), size),
        trend_parts(parts, "gC m-2 yr-1", English(), size), contributions(drivers, "gC m-2 yr-1", English(), size),
        strongest(whole, 2.0, English(), size), importance(whole, English(), size),
    ):
        assert outside(figure) == []
        assert covering(figure) == []


def test_nothing_to_show(outside):
    rows = [{"region": "all", "slope": None, "slope_climate": None, "slope_residual": None}]
    for figure in (
        attribution_shares([], English()), trend_parts(rows, "", English()), trend_parts([], "", English()),
        contributions([], "", English()), strongest([], 0.0, English()), importance([], English()),
    ):
        assert outside(figure) == []

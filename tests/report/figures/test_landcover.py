"""Means and totals by land cover."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex
from testkit.study_tables import CLASSES, landcover_means

from nep_toolbox.colours import categorical, legible
from nep_toolbox.report.figures import English, landcover
from nep_toolbox.report.figures.landcover import left_out


def drawn(rows=None, **more):
    return landcover(rows or landcover_means(), "NEP", "gC m-2 yr-1", "Tg C yr-1", English(), **more)


def test_lines_are_the_means_and_bars_the_totals():
    rows = landcover_means()
    means, totals = drawn(rows).axes[:2]
    shown = {line.get_label(): list(line.get_ydata()) for line in means.get_lines()}
    assert set(shown) == {"Cropland", "Forest", "Shrub", "Grassland", "Water", "Impervious surface"}
    for label, ys in shown.items():
        assert ys == [row["mean"] for row in rows if row["label"] == label]
    for bars in totals.containers:
        wanted = [row["total_tg"] for row in rows if row["label"] == bars.get_label()]
        assert [bar.get_height() for bar in bars] == pytest.approx(wanted)
    assert len(totals.containers) == 6
    assert (means.get_ylabel(), totals.get_ylabel()) == ("NEP (gC m⁻² yr⁻¹)", "Total NEP (Tg C yr⁻¹)")
    assert [axes.get_title(loc="left") for axes in (means, totals)] == ["(A)", "(B)"]


def test_stacks_reach_the_sum():
    rows = landcover_means()
    totals = drawn(rows).axes[1]
    top = max(bar.get_y() + bar.get_height() for bar in totals.patches if bar.get_x() < 2001 < bar.get_x() + 1)
    wanted = math.fsum(row["total_tg"] for row in rows if row["year"] == 2001 and row["class"] != 7)
    assert top == pytest.approx(wanted)


def test_sources_are_stacked_below_zero():
    rows = [
        {"year": 2001, "class": code, "label": f"C{code}", "area_km2": 5.0, "mean": total, "total": total}
        for code, total in ((1, 3.0), (2, -1.0), (3, -2.0), (4, 4.0))
    ]
    totals = landcover(rows, "NEP", "x", "x × m2", English()).axes[1]
    spans = {bars.get_label(): (bars[0].get_y(), bars[0].get_y() + bars[0].get_height()) for bars in totals.containers}
    assert spans == {"C4": (0.0, 4.0), "C1": (4.0, 7.0), "C3": (0.0, -2.0), "C2": (-2.0, -3.0)}
    assert totals.get_ylim()[0] < -3.0


def test_other_units_take_the_plain_total():
    rows = landcover_means()
    totals = landcover(rows, "NDVI", "", "", English()).axes[1]
    assert totals.containers[0][0].get_height() == max(row["total"] for row in rows if row["year"] == 2001)
    assert totals.get_ylabel() == "Total NDVI"


def test_small_classes_are_left_out_and_named():
    assert left_out(landcover_means()) == ["Barren"]
    assert left_out(landcover_means(), 1.15) == ["Grassland", "Water", "Barren"]
    assert left_out(landcover_means(), 0.0) == []
    assert left_out(landcover_means(), 101.0) == [], "all would be"


def test_colours_and_one_legend():
    figure = drawn(colours={1: "#123456"})
    means, totals, foot = figure.axes
    palette = categorical(len(CLASSES))
    line = {each.get_label(): each for each in means.get_lines()}
    assert to_hex(line["Cropland"].get_color()) == "#123456"
    assert to_hex(line["Forest"].get_color()) == legible(palette[1])
    assert {to_hex(bars[0].get_facecolor()) for bars in totals.containers} == {
        "#123456", *(palette[place] for place in (1, 2, 3, 4, 6))
    }
    assert len(foot.get_legend().get_texts()) == 6
    assert means.get_legend() is None and totals.get_legend() is None


@pytest.mark.parametrize("width", [174.0, 85.0])
@pytest.mark.parametrize("years", [range(2001, 2003), range(2001, 2021), range(1982, 2027)], ids=len)
def test_all_texts_are_inside_and_clear(width, years, outside, covering):
    names = {code: (f"{label} and natural vegetation mosaics", share) for code, (label, share) in CLASSES.items()}
    for classes in (CLASSES, names):
        figure = drawn(landcover_means(years, classes), size_mm=(width, None))
        assert outside(figure) == []
        assert covering(figure) == []


@pytest.mark.parametrize("rows", [
    [], [{"year": 2001, "class": 1, "label": "a", "mean": 2.0, "area_km2": 1.0, "total_tg": None}],
    [{"year": year, "class": 1, "label": "a", "mean": None, "area_km2": None} for year in (2001, 2002)],
], ids=["none", "one", "missing"])
def test_poor_data(rows, outside):
    assert outside(landcover(rows, "NEP", "", "Tg C yr-1", English())) == []


def test_a_year_without_a_class_is_a_gap():
    rows = [row for row in landcover_means() if (row["class"], row["year"]) != (1, 2005)]
    means, totals = drawn(rows).axes[:2]
    (line,) = [each for each in means.get_lines() if each.get_label() == "Cropland"]
    assert [math.isnan(y) for y in line.get_ydata()] == [year == 2005 for year in range(2001, 2021)]
    (bars,) = [each for each in totals.containers if each.get_label() == "Cropland"]
    assert bars[4].get_height() == 0.0

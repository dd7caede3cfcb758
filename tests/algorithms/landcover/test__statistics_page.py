"""The page of statistics by land cover, from rows made by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nep_toolbox.algorithms.landcover._statistics_page import page
from nep_toolbox.raster.class_legend import ClassLegend

LEGEND = ClassLegend({1: "Cropland", 2: "2"}, {1: "#e69f00", 2: "#009e73"})


def made(unit: str, small: dict | None = None, pixels: int = 50) -> str:
    series = SimpleNamespace(quantity="NEP", unit=unit)
    rows = [
        (year, code, LEGEND.names[code], count, 3.0, 300.0 + year, 9.0, 7.5e11, 0.75)
        for year in (2001, 2002) for code, count in ((1, 100), (2, pixels))
    ]
    summary = [
        (1, "Cropland", 310.25, 1.5, 1.25, 0.0321, 0.04, 7.5e11, 0.75, 75.5, 12.5, 80.5),
        (2, "2", 210.25, float("nan"), None, None, None, 2.5e11, 0.25, 24.5, 3.03, 19.5),
    ]
    return page(series, "land cover", rows, summary, LEGEND, small or {}).html()


@pytest.mark.parametrize(("unit", "heading", "total"), [
    ("gC m-2 yr-1", "Total (Tg C yr⁻¹)", "0.75"), ("mm", "Total (mm × m²)", "750,000,000,000"),
])
def test_a_row_for_each_class_with_totals_in_their_unit(unit, heading, total):
    table = made(unit).partition("Mean and trend of each class")[2]
    assert heading in table
    for text in ("Cropland", "Class 2", "310", "1.25", "0.0321", total, "75.5", "12.5", "80.5"):
        assert f">{text}</td>" in table, text


def test_what_is_left_out_is_named():
    assert "Left out, as they have little of the area: Water (0.1 %)." in made("mm", {5: "Water (0.1 %)"})
    assert "Left out" not in made("mm")


def test_few_pixels_have_a_footnote():
    assert "Fewer than 10 pixels in the mean of the years, shown on a click in the legend: Class 2." in made("", {}, 3)
    assert "Fewer than" not in made("")

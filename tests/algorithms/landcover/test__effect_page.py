"""The page of the effect of land-cover change, from rows made by hand."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

from nep_toolbox.algorithms.landcover._effect_dates import Dates
from nep_toolbox.algorithms.landcover._effect_page import page

PAIRS = [
    (1, 1, "Crop", "Crop", 9, 9.0, 1.0, 2.0, 1.5, 1.5, 9.0, 0.0, 9.0, 0),
    (1, 2, "Crop", "Forest", 4, 4.0, 1.0, 2.0, 1.5, 9.5, 4.0, 32.0, -28.0, 0),
    (None, None, "total", "total", 13, 13.0, 1.0, 2.0, None, None, 13.0, 32.0, -19.0, 0),
]
TOTAL = [(2001, 2020, 13, 13.0, 4.0, 13.0, 26.0, 13.0, 32.0, -19.0, 246.2)]


def made(dates: Dates, unit: str = "gC m-2 yr-1") -> str:
    series = SimpleNamespace(quantity="NEP", unit=unit)
    return page(series, dates, {"all": PAIRS, "South": PAIRS[:1] + PAIRS[2:]}, {"all": TOTAL, "South": TOTAL}).html()


def _figure(found: str) -> str:
    """The only figure of a page, its letters as such."""
    (figure,) = (json.loads(each) for each in re.findall(r"var figure = (.*);\n", found))
    return json.dumps(figure, ensure_ascii=False)


@pytest.mark.parametrize(("unit", "shown"), [("gC m-2 yr-1", "Tg C yr⁻¹"), ("", "Tg C")])
def test_bars_and_a_row_for_each_region(unit, shown):
    found = made(Dates(2001, 2020, (2001,), (2020,)), unit)
    assert "Effect of land-cover change on total NEP 2001-2020" in found
    table = found.partition("Change of the total and its parts")[2]
    for text in (f"By land use ({shown})", ">South</td>", ">13</td>", ">32</td>", ">-19</td>", ">246.2</td>"):
        assert text in table, text
    assert "Crop → Forest" in _figure(found) and "total → total" not in _figure(found)


def test_densities_that_stand_in_are_marked():
    plain = made(Dates(2001, 2020, (2001,), (2020,)))
    assert "†" not in plain
    marked = [PAIRS[0], (*PAIRS[1][:-1], 1), PAIRS[2]]
    series = SimpleNamespace(quantity="NEP", unit="gC m-2 yr-1")
    found = page(series, Dates(2001, 2020, (2001,), (2020,)), {"all": marked}, {"all": TOTAL}).html()
    assert "† No pixel with values keeps one of the two classes" in found and "Crop → Forest †" in _figure(found)


def test_classes_without_a_name_are_no_values():
    """As on the other pages of land cover: "Class 7" for a bare 7, and where names are taken from."""
    series, dates = SimpleNamespace(quantity="NEP", unit="gC m-2 yr-1"), Dates(2001, 2020, (2001,), (2020,))
    bare = [(7, 10, "7", "10", *PAIRS[1][4:]), PAIRS[2]]
    found = page(series, dates, {"all": bare}, {"all": TOTAL}).html()
    assert "Class 7 → Class 10" in _figure(found) and "Classes without a name are shown by their number" in found
    assert "Classes without a name" not in made(dates)


def test_the_years_are_told():
    assert "2020 against 2001, each by the values of one year" in made(Dates(2001, 2020, (2001,), (2020,)))
    several = made(Dates(2001, 2020, (2001, 2002, 2003), (2018, 2019, 2020)))
    assert "by the means of the values of 3 years for each (2018-2020 and 2001-2003)." in several

"""What a comparison tells: warnings of another sign or unit, and its page."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.comparison import FIELDS, YEARS, centre, compared, points, series, values
from testkit.rasters import write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.statistics._agreement import MOST_GROUPS

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def stack() -> np.ndarray:
    return values()


def test_other_units_are_suspected(tmp_path, stack):
    kilograms = write_raster(tmp_path / "nep.tif", stack / 1000, descriptions=YEARS)
    feedback = Feedback()
    compared(tmp_path, feedback, INPUT=kilograms, REFERENCE=series(tmp_path / "other.tif", stack))
    assert any("look at their units" in warning for warning in feedback.warnings)


def test_means_of_unlike_sign_are_no_other_sign_where_r_is_positive(tmp_path, stack):
    """A sink where the towers are a source, that goes up and down with them."""
    rows = [("a", year, value, centre(1, 1)) for year, value in zip(YEARS, (stack[:, 1, 1] - 900).tolist())]
    feedback = Feedback()
    compared(tmp_path, feedback, INPUT=series(tmp_path / "nep.tif", stack), POINTS=points(rows), **FIELDS)
    assert not feedback.warnings


def test_a_unit_that_is_declared_otherwise(tmp_path, stack):
    given = {}
    for name, unit in (("nep", "gC m-2 yr-1"), ("other", "kgC m-2 yr-1")):
        given[name] = series(tmp_path / f"{name}.tif", stack)
        dataset = gdal.Open(given[name], gdal.GA_Update)
        for band in range(1, len(YEARS) + 1):
            dataset.GetRasterBand(band).SetUnitType(unit)
        dataset = None
    feedback = Feedback()
    compared(tmp_path, feedback, INPUT=given["nep"], REFERENCE=given["other"])
    assert any("'nep' is in gC m-2 yr-1, and 'other' in kgC m-2 yr-1" in warning for warning in feedback.warnings)


def test_two_pairs_have_no_score(tmp_path, stack):
    rows = [("a", year, 1.0, centre(0, 0)) for year in YEARS[:2]]
    feedback = Feedback()
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack), "POINTS": points(rows), **FIELDS}
    found, _pairs = compared(tmp_path, feedback, **inputs)
    assert found["towers", "all"]["n"] == "2" and found["towers", "all"]["bias"] == ""
    assert "'towers': 2 pairs, but scores need 3" in feedback.log


def test_the_page_holds_both_comparisons(tmp_path, stack):
    rows = [(name, year, float(year % 10), centre(1, place)) for place, name in enumerate(("<b>", "two"))
            for year in YEARS]
    rows.append(("one year", 2001, 3.0, centre(2, 2)))
    page = tmp_path / "page.html"
    compared(
        tmp_path, INPUT=series(tmp_path / "nep.tif", stack), POINTS=points(rows), CHART=str(page),
        REFERENCE=series(tmp_path / "other.tif", stack[::-1]), **FIELDS,
    )
    text = page.read_text(encoding="utf-8")
    text = text[text.index("<body>"):]
    assert "Compared with other" in text and "Compared with towers" in text
    assert text.count("Diagram of Taylor:") == 2
    table = text[text.rindex("<table>"):]
    assert "<td>&lt;b&gt;</td>" in table and "<td>two</td>" in table
    assert "one year" not in table  # of which there is one pair
    assert text.count("<script>") == 4


def test_many_groups(tmp_path, stack):
    """The charts hold those with most pairs."""
    rows = [(f"site {place:02d}", year, float(year % 7), centre(place // 7, place % 7)) for place in range(35)
            for year in YEARS[: 3 + place % 4]]
    more = [(f"more {place:02d}", year, 1.0 + year, centre(place // 7, place % 7)) for place in range(35)
            for year in YEARS]
    page = tmp_path / "page.html"
    found, _pairs = compared(
        tmp_path, INPUT=series(tmp_path / "nep.tif", stack), POINTS=points(rows + more), CHART=str(page), **FIELDS
    )
    assert len(found) == 71
    text = page.read_text(encoding="utf-8")
    table = text[text.rindex("<table>"):]
    assert table.count("<tr>") == MOST_GROUPS + 1
    assert table.count("more ") == 35

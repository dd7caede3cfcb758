"""What a comparison tells: warnings of another sign or unit, and its page."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.comparison import FIELDS, YEARS, centre, compared, points, series, values
from testkit.rasters import write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.statistics import _agreement
from nep_toolbox.algorithms.statistics._agreement import MOST_GROUPS, MOST_OF_A_GROUP, _apart, _drawn

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


# Names and numbers of groups ------------------------------------------------------------------------------------------


def test_a_site_that_is_called_as_a_class_is_a_group_of_its_own(tmp_path, stack):
    """And so is one that is called as all of them are."""
    codes = np.ones((5, 7))
    codes[:, 3:] = 2
    cover = write_raster(tmp_path / "cover.tif", codes, kind="uint8")
    sites = {"1": centre(0, 5), "all": centre(0, 0), "tower": centre(2, 1)}
    rows = [(name, year, float(year % 5), place) for name, place in sites.items() for year in YEARS]
    page = tmp_path / "page.html"
    given = {"INPUT": series(tmp_path / "nep.tif", stack), "POINTS": points(rows), "CLASSES": cover, **FIELDS}
    found, pairs = compared(tmp_path, CHART=str(page), **given)
    counts = {group: int(row["n"]) for (_reference, group), row in found.items()}
    assert counts == {"all": 18, "1": 12, "2": 6, "1 (site)": 6, "all (site)": 6, "tower": 6}
    alone = float(np.mean(stack[:, 0, 5] - np.array(YEARS) % 5))
    assert float(found["towers", "1 (site)"]["bias"]) == pytest.approx(alone, rel=1e-6)  # stored in Float32
    assert {(row["group"], row["class"]) for row in pairs} == {
        ("1 (site)", "2"), ("all (site)", "1"), ("tower", "1"),
    }
    text = page.read_text(encoding="utf-8")
    assert "1 (site)" in text[text.rindex("<table>"):]


def test_names_that_are_taken():
    assert _apart(["a", "b"], {"c"}, "site") == ["a", "b"]
    assert _apart(["a", "a (site)", "b"], {"a", "b (site)"}, "site") == ["a (site 2)", "a (site)", "b"]


def test_classes_of_a_quantity_are_refused(tmp_path, stack):
    quantity = write_raster(tmp_path / "share.tif", np.full((5, 7), 3.7))
    rows = [("a", year, 1.0, centre(1, 1)) for year in YEARS]
    with pytest.raises(QgsProcessingException, match=r"'share' holds 3\.7, and a class is a whole number"):
        compared(tmp_path, INPUT=series(tmp_path / "nep.tif", stack), POINTS=points(rows), CLASSES=quantity, **FIELDS)


def test_of_many_pairs_a_sample_is_drawn_and_the_page_says_so(tmp_path, stack, monkeypatch):
    rows = [(f"site {row}{col}", year, float(year % 7), centre(row, col)) for row in range(5) for col in range(7)
            for year in YEARS]
    given = {"INPUT": series(tmp_path / "nep.tif", stack), "POINTS": points(rows), **FIELDS}
    texts = []
    for most in (4000, 50):
        monkeypatch.setattr(_agreement, "MOST_OF_ALL", most)
        page = tmp_path / f"{most}.html"
        found, _pairs = compared(tmp_path, CHART=str(page), **given)
        assert found["towers", "all"]["n"] == "210"
        texts.append(page.read_text(encoding="utf-8"))
    sentence = "Of more than 50 pairs, and of more than 500 of a class or a site, so many are shown, drawn at random"
    assert sentence not in texts[0] and sentence in texts[1]
    assert len(texts[1]) < len(texts[0])


def test_pairs_are_drawn_of_the_largest_groups_alone():
    """Of sixty thousand sites each would else be looked for among all pairs."""
    group = np.repeat(np.arange(60_000), 2)
    group[:3000] = 7
    pair = np.arange(group.size)[::-1]
    found = _drawn(pair, group, 60_000)
    assert len(found) == MOST_GROUPS and found[7].size == MOST_OF_A_GROUP
    assert all(set(found[place]) <= set(pair[group == place].tolist()) for place in found)
    assert (np.diff(found[7]) > 0).all()
    np.testing.assert_array_equal(_drawn(pair, group, 60_000)[7], found[7])

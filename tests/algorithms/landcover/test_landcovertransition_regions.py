"""nep:landcovertransition through files: regions, merged classes, and the number of changes."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import identical, stored
from testkit.regions import polygons
from testkit.tools import Feedback, run, table
from testkit.transitions import links, maps, transition

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def dates() -> np.ndarray:
    """Four dates of nine classes with gaps (0)."""
    rng = np.random.default_rng(11)
    stack = rng.integers(1, 10, (4, 40, 300))
    stack[1:] = np.where(rng.random((3, 40, 300)) < 0.7, stack[0], stack[1:])
    stack[rng.random(stack.shape) < 0.05] = 0
    return stack


YEARS = (2001, 2005, 2010, 2020)
BOXES = {"west": (0, 40, 0, 130), "middle": (10, 20, 100, 160), "nowhere": (50, 60, 0, 10)}


def without_region(rows, name) -> list:
    return [{key: value for key, value in row.items() if key != "region"} for row in rows if row["region"] == name]


def test_a_region_is_what_its_pixels_alone_are(dates, tmp_path):
    files = maps(tmp_path, dates, YEARS, nodata=0, kind="uint8")
    feedback = Feedback()
    paths = transition(tmp_path / "1", files, feedback, REGIONS=polygons(BOXES), REGION_FIELD="name")
    rows = {name: table(paths[name]) for name in ("TRANSITIONS", "AREAS")}
    assert list(dict.fromkeys(row["region"] for row in rows["TRANSITIONS"])) == ["all", "west", "middle"]
    plain = transition(tmp_path / "2", files)
    for name, (top, bottom, left, right) in {"all": (0, 40, 0, 300), **BOXES}.items():
        if name == "nowhere":
            continue
        inside = np.zeros_like(dates)
        inside[:, top:bottom, left:right] = dates[:, top:bottom, left:right]
        alone = plain
        if name != "all":
            cut = maps(tmp_path / name, inside, YEARS, nodata=0, kind="uint8")
            alone = transition(tmp_path / f"out_{name}", cut)
        for key, found in rows.items():
            assert without_region(found, name) == table(alone[key])
    assert "No value in the region 'nowhere': it lies outside of the raster" in feedback.log
    for name in ("CHANGE", "CHANGES"):
        assert identical(paths[name], plain[name])
    assert list(table(plain["AREAS"])[0]) == ["year", "class", "label", "pixels", "area_km2", "percent"]


def test_regions_do_not_depend_on_blocks_and_threads(dates, tmp_path, monkeypatch):
    files = maps(tmp_path, dates, YEARS, nodata=0, kind="uint8")
    options = {"REGIONS": polygons(BOXES), "REGION_FIELD": "name", "MERGE": "1,2=a;3=b"}
    one = transition(tmp_path / "1", files, THREADS=1, **options)
    monkeypatch.setattr(Run, "block", (64, 16))
    other = transition(tmp_path / "2", files, THREADS=3, **options)
    for name in ("TRANSITIONS", "AREAS"):
        assert table(one[name]) == table(other[name])
    for name in ("CHANGE", "CHANGES"):
        assert identical(one[name], other[name])


def test_number_of_changes(dates, tmp_path):
    files = maps(tmp_path, dates, YEARS, nodata=0, kind="uint8")
    feedback = Feedback()
    paths = transition(tmp_path / "out", files, feedback)
    expected = np.where((dates > 0).all(axis=0), (np.diff(dates, axis=0) != 0).sum(axis=0), -32768)
    found = stored(paths["CHANGES"])[0]
    assert found.dtype == np.int16
    np.testing.assert_array_equal(found, expected)
    layer = QgsRasterLayer(paths["CHANGES"], "again")  # which owns its renderer
    entries = [(int(entry.value), entry.label) for entry in layer.renderer().classes()]
    assert entries == [(0, "no change"), (1, "1 change"), (2, "2 changes"), (3, "3 changes")]
    known = expected[expected >= 0]
    for times, label in entries:
        share = f"{label}: {(known == times).sum()} pixels, {100 * (known == times).mean():.2f} %"
        assert any(text.endswith(share) for text in feedback.infos), share
    alone = str(tmp_path / "alone.tif")
    run("nep:landcovertransition", {"INPUT": files, "CHANGES": alone, "TRANSITIONS": "TEMPORARY_OUTPUT"})
    assert identical(alone, paths["CHANGES"])


def test_merged_classes_are_those_of_maps_made_so(dates, tmp_path):
    lookup = np.array([0, 1, 1, 3, 3, 5, 2, 2, 8, 3])  # class 3 is of 3, 4 and 9; 5 and 8 stay
    merge = "1,2=Forest;6,7=Grass;4,9,3=Urban"
    feedback = Feedback()
    found = transition(
        tmp_path / "1", maps(tmp_path / "a", dates, YEARS, nodata=0, kind="uint8"), feedback, MERGE=merge + ";77=Ice",
        CLASS_NAMES="1=Pine;2=Oak;5=Water",
    )
    expected = transition(
        tmp_path / "2", maps(tmp_path / "b", lookup[dates], YEARS, nodata=0, kind="uint8"),
        CLASS_NAMES="1=Forest;2=Grass;3=Urban;5=Water",
    )
    for name in ("TRANSITIONS", "AREAS"):
        assert table(found[name]) == table(expected[name])
    for name in ("CHANGE", "CHANGES"):
        assert identical(found[name], expected[name])
    assert links(found["SANKEY"]) == links(expected["SANKEY"])
    assert any("(MERGE) names 77, which no pixel has. The classes are: 1, 2, 3," in text for text in feedback.warnings)


def test_a_merged_class_has_the_first_colour_of_its_members(province, tmp_path):
    files = sorted(map(str, province.glob("landcover_*.tif")))
    plain, merged = (
        transition(tmp_path / str(number), files, **options)
        for number, options in enumerate(({}, {"MERGE": "2,3=Vegetation;1=Fields"}))
    )
    colours = []
    for paths in (plain, merged):
        node = figures(paths["SANKEY"])[0]["data"][0]["node"]
        nodes = zip(node["customdata"], node["color"])
        colours.append({text.split(" 2001")[0]: colour for text, colour in nodes if " 2001:" in text})
    assert colours[1]["Fields"] == colours[0]["Cropland"] and colours[1]["Vegetation"] == colours[0]["Forest"]
    assert len(set(colours[1].values())) == len(colours[1])
    label = {row["to_class"]: row["to_label"] for row in table(merged["TRANSITIONS"])}
    assert label["1"] == "Vegetation" and label["2"] == "Fields"
    assert {label[code] for code in label if code > "3"} == {
        row["to_label"] for row in table(plain["TRANSITIONS"]) if row["to_class"] > "3"
    }


@pytest.mark.parametrize(("merge", "message"), [
    ("1,2", "'1,2' in 'Classes to merge .1,2=Forest;3=Grass.' .MERGE. is not of the form"),
    ("4,9=Forest", "'cover_2001' holds the class 1, which .* does not name.*'Forest' gets there"),
])
def test_merging_that_cannot_be(dates, merge, message, tmp_path):
    with pytest.raises(QgsProcessingException, match=message):
        transition(tmp_path / "out", maps(tmp_path, dates, YEARS, nodata=0, kind="uint8"), MERGE=merge)
    assert list((tmp_path / "out").iterdir()) == []

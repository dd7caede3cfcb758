"""Maps of classes: legend, log and table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.rasters import stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, table
from testkit.toy import call, toy

from nep_toolbox.core.class_areas import areas_of_map, class_areas
from nep_toolbox.core.labels import Labels
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.class_maps import ClassScheme, Tally, class_map, map_classes, warn_of_regions
from nep_toolbox.framework.run import Run
from nep_toolbox.raster.reader import StackReader

pytestmark = pytest.mark.usefixtures("qgis_app")

SCHEME = ClassScheme(
    {2: "much", 1: "some", 0: "none", -1: "odd"}, {0: "#808080", 1: "#00ff00", 2: "#008000", -1: "#ff0000"}, rare=(-1,)
)

#: Class 2 in 5 pixels, 1 in 4, 0 in 3; the last kind also -1 in one.
CODES = np.array([[2, 2, 2, 2], [2, 1, 1, 1], [1, 0, 0, 0]])
#: km2, on the map.
AREA = 30.0 * 30.0 / 1e6


def classified(stack, cell_area=None, regions=None) -> dict:
    """A kernel: the input as class codes."""
    codes = stack[0].astype(np.int16)
    return {
        "class": codes, **areas_of_map(codes, -1, 2, codes == 9, cell_area, regions),
        "has_area": cell_area is not None, "has_regions": regions is not None,
    }


@dataclass
class Outcome:
    """What a map came to."""

    areas: object
    rows: list
    blocks: list
    regions: list


def make(folder, codes, results, feedback=None, boxes=None, **options) -> Outcome:
    """Run the map over codes, in blocks of one row; ``boxes`` are regions."""
    raster = write_raster(folder / "codes_2001.tif", codes)
    outcome = Outcome(None, [], [], [])

    def each(window, block):
        outcome.blocks.append((window.row, block["has_area"]))
        outcome.regions.append(block["has_regions"])

    def compute(run):
        series = run.series("INPUT")
        outcome.areas, outcome.rows = map_classes(
            run, SCHEME, classified, {"stack": StackReader.of(series)}, series.grid,
            {"MAP": class_map(SCHEME, "class", "My classes", "Classes")}, 8.0,
            regions=run.regions(series.grid),
            each=each, **options,
        )

    regions = {"REGIONS": polygons(boxes), "REGION_FIELD": "name"} if boxes else {}
    call(toy(compute=compute), {"INPUT": [raster], **regions, **results}, feedback)
    return outcome


@pytest.fixture(autouse=True)
def rows_as_blocks(monkeypatch):
    monkeypatch.setattr(Run, "block", (100, 1))


def test_the_scheme():
    none, one = (class_areas(codes, -1, 2) for codes in (CODES, np.array([[-1, 2]])))
    assert SCHEME.first == -1
    assert list(SCHEME.shown(none).items()) == [(2, "much"), (1, "some"), (0, "none")]
    assert list(SCHEME.shown(one)) == [2, 1, 0, -1]
    assert SCHEME.style(one).entries == (
        (2, "much", "#008000"), (1, "some", "#00ff00"), (0, "none", "#808080"), (-1, "odd", "#ff0000"),
    )


def test_the_raster():
    result = class_map(SCHEME, "class", "My classes", "Classes")
    assert (result.key, result.title, result.bands, result.data_type) == (
        "class", "My classes", ("Classes",), gdal.GDT_Int16,
    )


@pytest.mark.parametrize("rare", [False, True])
def test_the_legend_names_a_rare_class_only_where_it_occurs(tmp_path, rare):
    codes = CODES.copy()
    codes[2, 3] = -1 if rare else 0
    make(tmp_path, codes, {"MAP": str(tmp_path / "map.tif")})
    assert stored(tmp_path / "map.tif")[0].tolist() == codes.tolist()
    layer = QgsRasterLayer(str(tmp_path / "map.tif"))
    legend = [(entry.value, entry.label, entry.color.name()) for entry in layer.renderer().classes()]
    expected = [(2, "much", "#008000"), (1, "some", "#00ff00"), (0, "none", "#808080"), (-1, "odd", "#ff0000")]
    assert legend == (expected if rare else expected[:3])


def test_the_shares_in_the_log(tmp_path):
    feedback = Feedback()
    make(tmp_path, CODES, {"MAP": str(tmp_path / "map.tif")}, feedback)
    assert [line.strip() for line in feedback.infos if " pixels, " in line] == [
        "2  much: 5 pixels, 41.67 %", "1  some: 4 pixels, 33.33 %", "0  none: 3 pixels, 25.00 %",
        "-1  odd: 0 pixels, 0.00 %",
    ]


def test_areas_are_computed_where_the_table_is_asked_for(tmp_path):
    outcome = make(tmp_path, CODES, {"MAP": str(tmp_path / "map.tif"), "SECOND": str(tmp_path / "s.csv")})
    assert outcome.blocks == [(0, False), (1, False), (2, False)]
    assert [row[3] for row in outcome.rows] == [0.0] * 4
    make(tmp_path, CODES, {"TABLE": str(tmp_path / "t.csv")})
    assert [(row["class"], row["label"], row["pixels"]) for row in table(tmp_path / "t.csv")] == [
        ("2", "much", "5"), ("1", "some", "4"), ("0", "none", "3"), ("-1", "odd", "0"),
    ]
    outcome = make(tmp_path, CODES, {"SECOND": str(tmp_path / "s.csv")}, tabulated=("TABLE", "SECOND"))
    assert outcome.blocks == [(0, True), (1, True), (2, True)]
    assert outcome.areas[:, 0].tolist() == [0, 3, 4, 5]
    assert [row[:3] for row in outcome.rows] == [
        (2, "much", 5), (1, "some", 4), (0, "none", 3), (-1, "odd", 0),
    ]
    np.testing.assert_allclose([row[3] for row in outcome.rows], np.array([5, 4, 3, 0]) * AREA, rtol=1e-12)
    np.testing.assert_allclose([row[4] for row in outcome.rows], [500 / 12, 400 / 12, 25, 0], rtol=1e-12)


def test_what_is_checked_before_the_table(tmp_path):
    def refuse():
        raise InvalidParameter("nothing to tell")

    (tmp_path / "out").mkdir()
    asked = {"MAP": str(tmp_path / "out" / "map.tif"), "TABLE": str(tmp_path / "out" / "t.csv")}
    with pytest.raises(QgsProcessingException, match="Nothing to tell."):
        make(tmp_path, CODES, asked, before_table=refuse)
    assert not list((tmp_path / "out").iterdir())


def test_pixels_without_a_result_are_the_last_row_and_count_in_the_shares(tmp_path):
    codes = CODES.copy()
    codes[0, :3] = 9
    feedback = Feedback()
    outcome = make(tmp_path, codes, {"TABLE": str(tmp_path / "t.csv")}, feedback)
    rows = [(row["class"], row["label"], row["pixels"]) for row in table(tmp_path / "t.csv")]
    assert rows == [
        ("2", "much", "2"), ("1", "some", "4"), ("0", "none", "3"), ("-1", "odd", "0"), ("", "no result", "3"),
    ]
    np.testing.assert_allclose([row[3] for row in outcome.rows], np.array([2, 4, 3, 0, 3]) * AREA, rtol=1e-12)
    np.testing.assert_allclose([row[4] for row in outcome.rows], np.array([2, 4, 3, 0, 3]) / 0.12, rtol=1e-12)
    shares = [line.strip() for line in feedback.infos if " pixels, " in line]
    assert (shares[0], shares[-1]) == ("2  much: 2 pixels, 16.67 %", "no result: 3 pixels, 25.00 %")


BOXES = {"left": (0, 3, 0, 2), "all": (0, 1, 0, 4), "right": (0, 3, 2, 4), "far": (20, 30, 0, 4)}


def regional(path) -> dict:
    """The pixels of each class, and its share, by region."""
    found: dict = {}
    for row in table(path):
        found.setdefault(row["region"], {})[row["label"]] = (int(row["pixels"]), float(row["percent"]))
    return found


def test_regions_have_rows_of_their_own(tmp_path):
    codes = CODES.copy()
    codes[0, :2] = 9
    codes[2, 3] = -32768
    feedback = Feedback()
    outcome = make(tmp_path, codes, {"TABLE": str(tmp_path / "t.csv")}, feedback, BOXES)
    assert list(table(tmp_path / "t.csv")[0]) == ["region", "class", "label", "pixels", "area_km2", "percent"]
    found = regional(tmp_path / "t.csv")
    # no other region bears the name of the whole raster; nothing of "far" lies on it
    assert list(found) == ["all", "left", "all (region)", "right", "far"]
    third, eleventh, fifth = 100 / 3, 100 / 11, 100 / 5
    assert found == {
        "all": {"much": (3, pytest.approx(3 * eleventh)), "some": (4, pytest.approx(4 * eleventh)),
                "none": (2, pytest.approx(2 * eleventh)), "odd": (0, 0.0),
                "no result": (2, pytest.approx(2 * eleventh))},
        "left": {"much": (1, pytest.approx(third / 2)), "some": (2, pytest.approx(third)),
                 "none": (1, pytest.approx(third / 2)), "odd": (0, 0.0), "no result": (2, pytest.approx(third))},
        "all (region)": {"much": (2, 50.0), "some": (0, 0.0), "none": (0, 0.0), "odd": (0, 0.0),
                         "no result": (2, 50.0)},
        "right": {"much": (2, pytest.approx(2 * fifth)), "some": (2, pytest.approx(2 * fifth)),
                  "none": (1, pytest.approx(fifth)), "odd": (0, 0.0)},
        "far": {"much": (0, 0.0), "some": (0, 0.0), "none": (0, 0.0), "odd": (0, 0.0)},
    }
    areas = [float(row["area_km2"]) for row in table(tmp_path / "t.csv") if row["region"] == "left"]
    np.testing.assert_allclose(areas, np.array([1, 2, 1, 0, 2]) * AREA, rtol=1e-12)
    assert [row[:3] for row in outcome.rows] == [
        (2, "much", 3), (1, "some", 4), (0, "none", 2), (-1, "odd", 0), (None, "no result", 2),
    ]
    assert feedback.warnings == [
        "No value in the region 'far': it lies outside of the raster, holds no cell centre (it is smaller than a cell) "
        "or no pixel with enough values."
    ]


def test_regions_with_few_results_are_pointed_out_unless_the_tool_does(tmp_path):
    codes = np.full((10, 10), -32768)
    codes[0, :5] = 2
    boxes = {"most": (0, 10, 0, 10), "top": (0, 1, 0, 10)}
    for told in (False, True):
        feedback = Feedback()
        make(tmp_path, codes, {"TABLE": str(tmp_path / "t.csv")}, feedback, boxes, told=told)
        sparse = [text for text in feedback.warnings if text.startswith("Little of these regions has values")]
        assert [text.split(": ")[-1] for text in sparse] == ([] if told else ["'most' (5 %)."])


@pytest.mark.parametrize("block", [None, (2, 1), (3, 100)])
def test_regions_that_part_the_raster_add_up_to_it(tmp_path, monkeypatch, block):
    monkeypatch.setattr(Run, "block", block)
    codes = np.random.default_rng(3).choice([-32768, -1, 0, 1, 2, 9], (24, 31))
    boxes = {"a": (0, 10, 0, 31), "b": (10, 24, 0, 7), "c": (10, 24, 7, 31)}
    make(tmp_path, codes, {"TABLE": str(tmp_path / "t.csv")}, boxes=boxes)
    rows = regional(tmp_path / "t.csv")
    for label, (pixels, _share) in rows["all"].items():
        assert pixels == sum(rows[name][label][0] for name in boxes) > 0
    for name, (top, bottom, left, right) in boxes.items():
        inside = codes[top:bottom, left:right]
        found = {label: pixels for label, (pixels, _share) in rows[name].items()}
        assert found == {
            label: (inside == code).sum()
            for code, label in ((2, "much"), (1, "some"), (0, "none"), (-1, "odd"), (9, "no result"))
        }


def test_regions_are_read_for_the_table_alone(tmp_path):
    seen = []
    results = {"MAP": str(tmp_path / "map.tif")}
    for more in ({}, {"TABLE": str(tmp_path / "t.csv")}):
        outcome = make(tmp_path, CODES, {**results, **more}, boxes=BOXES)
        seen.append(outcome.regions)
    assert seen == [[False] * 3, [True] * 3]


def test_regions_of_several_steps_are_warned_of_once(tmp_path):
    codes = np.array([[[2, 2, 9, 1]], [[0, 1, 1, 1]]])
    here = np.array([[[1, 1, 0, 0]], [[1, 1, 1, 0]]], dtype=bool)  # the third region has no value in the first step

    def compute(run):
        series = run.series("INPUT")
        regions = run.regions(series.grid)
        tallies = [Tally(SCHEME, regions) for _ in codes]
        cells = np.arange(4)
        for tally, step, inside in zip(tallies, codes, here):
            block = areas_of_map(np.where(inside, step, -9), -1, 2, np.zeros((1, 4), dtype=bool),
                                 np.full((1, 1), AREA * 1e6), Labels.of_pairs((1, 4), cells, cells))
            tally.add(block)
        warn_of_regions(run, tallies)

    feedback = Feedback()
    raster = write_raster(tmp_path / "codes_2001.tif", np.zeros((1, 4)))
    boxes = {"a": (0, 1, 0, 1), "b": (0, 40, 1, 2), "c": (0, 40, 2, 3), "d": (0, 1, 3, 4)}
    regions = {"REGIONS": polygons(boxes), "REGION_FIELD": "name"}
    call(toy(compute=compute), {"INPUT": [raster], **regions, "TABLE": str(tmp_path / "t.csv")}, feedback)
    [empty, sparse] = feedback.warnings
    assert "'d'" in empty and "'c'" not in empty and "no pixel with enough values" in empty
    assert "'b' (2.5 %), 'c' (2.5 %)" in sparse and "'a'" not in sparse

"""Maps of classes: legend, log and table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.rasters import stored, write_raster
from testkit.tools import Feedback, table
from testkit.toy import call, toy

from nep_toolbox.core.class_areas import area_of, class_areas
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.class_maps import ClassScheme, class_map, map_classes
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


def classified(stack, cell_area=None) -> dict:
    """A kernel: the input as class codes."""
    codes = stack[0].astype(np.int16)
    return {
        "class": codes, "class_areas": class_areas(codes, -1, 2, cell_area),
        "no_result": area_of(codes == 9, cell_area), "has_area": cell_area is not None,
    }


@dataclass
class Outcome:
    """What a map came to."""

    areas: object
    rows: list
    blocks: list


def make(folder, codes, results, feedback=None, **options) -> Outcome:
    """Run the map over codes, in blocks of one row."""
    raster = write_raster(folder / "codes_2001.tif", codes)
    outcome = Outcome(None, [], [])

    def compute(run):
        series = run.series("INPUT")
        outcome.areas, outcome.rows = map_classes(
            run, SCHEME, classified, {"stack": StackReader.of(series)}, series.grid,
            {"MAP": class_map(SCHEME, "class", "My classes", "Classes")}, 8.0,
            each=lambda window, block: outcome.blocks.append((window.row, block["has_area"])), **options,
        )

    call(toy(compute=compute), {"INPUT": [raster], **results}, feedback)
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

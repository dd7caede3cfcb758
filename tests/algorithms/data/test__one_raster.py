"""What becomes of one raster on the grid: its name, its values of any type, its style."""

from __future__ import annotations

import os
from itertools import permutations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor
from testkit.files import contents
from testkit.harmonize import FINE_TRANSFORM, harmonize
from testkit.rasters import COARSE_TRANSFORM, numbers, stored, write_raster
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.data._one_raster import file_names

pytestmark = pytest.mark.usefixtures("provider")

NEAREST, BILINEAR, AVERAGE, MODE = 1, 2, 4, 5
MEDIAN, MINIMUM, MAXIMUM = 7, 8, 9


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("names", "expected"), [
    (["a", "a", "a (2)"], ["a", "a (3)", "a (2)"]),
    (["a (2)", "a", "a"], ["a (2)", "a", "a (3)"]),
    (["a", "A", "a"], ["a", "A (2)", "a (3)"]),
    (["a", "a", "a", "a (3)", "a (3)"], ["a", "a (2)", "a (4)", "a (3)", "a (3) (2)"]),
    (["STRASSE", "Straße"], ["STRASSE", "Straße (2)"]),
    (["é", "e\u0301"], ["é", "e\u0301 (2)"]),
    (["x", "y"], ["x", "y"]),
])
def test_names_of_which_no_two_are_one_file(names, expected):
    assert file_names(names, [str(place) for place in range(len(names))]) == expected


def test_names_follow_the_paths_and_not_the_order_of_the_list():
    pairs = [("a", "1"), ("a", "2"), ("a (2)", "3")]
    for order in permutations(pairs):
        found = dict(zip([path for _name, path in order], file_names(*map(list, zip(*order)))))
        assert found == {"1": "a", "2": "a (3)", "3": "a (2)"}


def test_three_rasters_are_three_files(tmp_path):
    paths = [
        write_raster(tmp_path / folder / f"{name}.tif", np.full((5, 5), float(number)))
        for number, (folder, name) in enumerate((("x", "a"), ("y", "a"), ("z", "a (2)")), start=1)
    ]
    results = harmonize(tmp_path, {"INPUT": paths})
    assert [np.unique(stored(path)).tolist() for path in results] == [[1.0], [2.0], [3.0]]


# Values of any type ---------------------------------------------------------------------------------------------------

TYPES = [
    ("UInt32", "uint32", [16777217, 20000001, 2**32 - 6, 5]),
    ("Int32", "int32", [16777217, 2**31 - 1, -2**31 + 5, -3]),
    ("Float64", "float64", [100000001.5, 0.1, 1e300, -1e-300]),
    ("Int64", "int64", [2**53 + 1, -2**62 - 1, 2**62 + 1, 7]),
    ("UInt64", "uint64", [2**53 + 1, 2**64 - 3, 2**63 + 1, 7]),
    ("Float32", "float32", [16777216.0, np.float32(0.1), 3e38, -1e-30]),
    ("Int16", "int16", [32767, -32768, 0, 7]), ("UInt16", "uint16", [65535, 0, 9, 7]),
    ("Byte", "uint8", [0, 255, 9, 7]),
]


def typed(path, values, kind, dtype, transform=COARSE_TRANSFORM, **options) -> str:
    if not hasattr(gdal, f"GDT_{kind}"):
        pytest.skip(f"this GDAL has no {kind}")
    return write_raster(path, np.array(values, dtype), transform, kind=getattr(gdal, f"GDT_{kind}"), **options)


@pytest.mark.parametrize("method", [0, NEAREST, MODE])
@pytest.mark.parametrize(("kind", "dtype", "values"), TYPES)
def test_values_of_every_type_stay_what_they_are(tmp_path, kind, dtype, values, method):
    """Onto the same cells, onto finer ones and, for the mode, onto larger ones."""
    source = np.kron(np.array([values[:2], values[2:]], dtype), np.ones((2, 2), dtype))
    source[0, 0] = values[2]  # outvoted in its quarter
    path = typed(tmp_path / "x.tif", source, kind, dtype)
    size = {0: 500.0, NEAREST: 250.0, MODE: 1000.0}[method]
    reference = write_raster(
        tmp_path / "r.tif", np.zeros((int(2000 / size),) * 2), (500000.0, size, 0.0, 4000000.0, 0.0, -size)
    )
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference, "RESAMPLING": method})
    expected = {
        0: source, NEAREST: np.kron(source, np.ones((2, 2), dtype)), MODE: np.array([values[:2], values[2:]], dtype),
    }[method]
    np.testing.assert_array_equal(stored(result)[0].astype(dtype), expected)


@pytest.mark.parametrize(("method", "place"), [(MINIMUM, 0), (MEDIAN, 1), (MAXIMUM, 3)])
@pytest.mark.parametrize(("kind", "dtype", "values"), TYPES)
def test_least_middle_and_greatest_values_of_every_type(tmp_path, kind, dtype, values, method, place):
    path = typed(tmp_path / "x.tif", [values[:2], values[2:]], kind, dtype)
    reference = write_raster(tmp_path / "r.tif", [[0]], (500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0))
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference, "RESAMPLING": method})
    expected = np.sort(np.array(values, dtype))[place]
    np.testing.assert_array_equal(stored(result)[0].astype(dtype), [[expected]])


def test_the_least_of_values_with_a_negative_scale(tmp_path):
    path = write_raster(tmp_path / "x.tif", [[1, 2], [3, 4]], COARSE_TRANSFORM, kind="int16", scale=-0.5)
    reference = write_raster(tmp_path / "r.tif", [[0]], (500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0))
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference, "RESAMPLING": MINIMUM})
    assert numbers(result).tolist() == [[-2.0]]


@pytest.mark.parametrize("method", [NEAREST, MODE])
@pytest.mark.parametrize(("kind", "dtype", "nodata", "near"), [
    ("UInt32", "uint32", 2**32 - 1, 2**32 - 6), ("Int32", "int32", -2**31, -2**31 + 3),
    ("Int64", "int64", 2**53 + 1, 2**53), ("UInt64", "uint64", 2**64 - 1, 2**64 - 2),
    ("Float64", "float64", 100000001.5, 100000001.25),
])
def test_missing_is_the_declared_value_and_none_beside_it(tmp_path, kind, dtype, nodata, near, method):
    path = typed(tmp_path / "x.tif", [[nodata, near], [near, 7]], kind, dtype, nodata=nodata)
    (result,) = harmonize(tmp_path, {"INPUT": [path], "RESAMPLING": method})
    dataset = gdal.Open(result)
    band = dataset.GetRasterBand(1)
    declared = -9999.0 if kind == "Float64" else nodata
    assert (gdal.GetDataTypeName(band.DataType), band.GetNoDataValue()) == (kind, declared)
    assert stored(result)[0].tolist() == [[declared, near], [near, 7]]


def test_a_type_without_a_value_left_for_missing_is_refused(tmp_path):
    path = typed(tmp_path / "x.tif", [[2**32 - 1, 5]], "UInt32", "uint32")
    words = "'x' declares no missing value, and 4294967295, .*Declare a nodata"
    with pytest.raises(QgsProcessingException, match=words):
        harmonize(tmp_path, {"INPUT": [path], "RESAMPLING": NEAREST})
    assert not (tmp_path / "out").exists()
    path = typed(tmp_path / "x.tif", [[2**32 - 1, 5]], "UInt32", "uint32", nodata=9)
    (result,) = harmonize(tmp_path, {"INPUT": [path], "RESAMPLING": NEAREST})
    assert stored(result)[0].tolist() == [[2**32 - 1, 5]]


def test_averages_of_doubles_are_float32_or_refused(tmp_path):
    values = np.random.default_rng(3).normal(15, 3, (10, 10))
    path = typed(tmp_path / "x.tif", values, "Float64", "float64", FINE_TRANSFORM)
    reference = write_raster(tmp_path / "r.tif", np.zeros((2, 2)), COARSE_TRANSFORM)
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference})
    assert gdal.Open(result).GetRasterBand(1).DataType == gdal.GDT_Float32
    np.testing.assert_allclose(numbers(result), values.reshape(2, 5, 2, 5).mean(axis=(1, 3)), rtol=1e-6)
    values[0, 0] = 1e300
    path = typed(tmp_path / "y.tif", values, "Float64", "float64", FINE_TRANSFORM)
    with pytest.raises(QgsProcessingException, match="'y' has values beyond 3.403e.38, the largest number of Float32"):
        harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference})


@pytest.mark.parametrize(("unit", "warned"), [
    ("km-2", True), ("people/km2", True), ("gC m-2 yr-1", True), ("persons ha-1", True), ("%", True), ("people", False),
    ("", False),
])
def test_sums_of_what_is_no_count_are_warned_of(tmp_path, unit, warned):
    path = write_raster(tmp_path / "x.tif", np.random.default_rng(1).random((5, 5)), COARSE_TRANSFORM)
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType(unit)
    dataset = None
    feedback = Feedback()
    harmonize(tmp_path, {"INPUT": [path], "RESAMPLING": 6}, feedback)
    assert any(f"'x' is in {unit}, and sums are for counts" in each for each in feedback.warnings) is warned


# Between two runs -----------------------------------------------------------------------------------------------------


def test_land_cover_that_replaces_a_raster_of_a_cancelled_run_is_looked_at_anew(tmp_path):
    rng = np.random.default_rng(5)
    path, reference = tmp_path / "x_2001.tif", write_raster(tmp_path / "r.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    for moves in (0, 1):
        write_raster(path, rng.normal(10, 3, (60, 60)), FINE_TRANSFORM)
        feedback = Feedback(cancel_after=moves)
        run("nep:harmonize", {
            "INPUT": [str(path)], "REFERENCE": reference, "OUTPUT_FOLDER": str(tmp_path / "out"),
        }, feedback)
        assert feedback.isCanceled() and not (tmp_path / "out").exists()
        classes = np.kron(rng.integers(1, 4, (12, 12)), np.ones((5, 5), int))
        write_raster(path, classes, FINE_TRANSFORM, kind="uint8", nodata=0)
        feedback = Feedback()
        (result,) = harmonize(tmp_path / str(moves), {"INPUT": [str(path)], "REFERENCE": reference}, feedback)
        assert "classes, as it has 3 different whole values in 3600 cells looked at; resampled (mode)" in feedback.log
        np.testing.assert_array_equal(stored(result)[0], classes[::5, ::5])


# Damaged and odd inputs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [NEAREST, BILINEAR, AVERAGE, MODE])
@pytest.mark.parametrize(("kind", "dtype"), [(kind, dtype) for kind, dtype, _values in TYPES])
def test_a_file_that_ends_early_is_named(tmp_path, kind, dtype, method):
    path = typed(tmp_path / "x_2001.tif", np.random.default_rng(1).integers(1, 200, (400, 400)), kind, dtype)
    os.truncate(path, os.path.getsize(path) // 2)
    before = contents(tmp_path)
    with pytest.raises(QgsProcessingException, match="'x_2001' is damaged or incomplete.*Copy or download"):
        harmonize(tmp_path, {"INPUT": [path], "RESAMPLING": method})
    assert contents(tmp_path) == before


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("nodata", [None, float("nan"), -9999.0])
@pytest.mark.parametrize("method", [NEAREST, BILINEAR, MODE])
def test_numbers_that_are_none_are_missing(tmp_path, dtype, nodata, method):
    values = np.array([[1.5, np.nan, np.inf], [-np.inf, 2.5, 3.5]])
    path = write_raster(tmp_path / "x.tif", values, COARSE_TRANSFORM, nodata=nodata, kind=dtype)
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": path, "RESAMPLING": method})
    np.testing.assert_allclose(numbers(result), np.where(np.isfinite(values), values, np.nan), rtol=1e-6)
    assert gdal.Open(result).GetRasterBand(1).GetNoDataValue() == -9999


# Styles ---------------------------------------------------------------------------------------------------------------


def drawn(path):
    """The renderer that QGIS takes for a file."""
    layer = QgsRasterLayer(path, "result")
    return layer, layer.renderer()


def test_numbers_are_drawn_by_a_ramp(tmp_path):
    path = write_raster(tmp_path / "T_2001.tif", np.arange(3600).reshape(60, 60) / 7, FINE_TRANSFORM)
    (result,) = harmonize(tmp_path, {"INPUT": [path]})
    _layer, renderer = drawn(result)
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    assert 0 < renderer.classificationMin() < 20 and 495 < renderer.classificationMax() < 515


def test_the_ramp_of_scaled_integers_is_that_of_the_values_shown(tmp_path):
    values = np.arange(3600).reshape(60, 60)
    path = write_raster(tmp_path / "T_2001.tif", values, FINE_TRANSFORM, kind="int16", scale=0.1, offset=-50.0)
    (result,) = harmonize(tmp_path, {"INPUT": [path]})
    _layer, renderer = drawn(result)
    assert -50 < renderer.classificationMin() < -40 and 295 < renderer.classificationMax() < 310


def entries(renderer) -> list:
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    return [(int(each.value), each.label, each.color.name()) for each in renderer.classes()]


@pytest.fixture
def classes(tmp_path) -> str:
    values = np.kron(np.random.default_rng(2).choice([7, 10, 16], (12, 12)), np.ones((5, 5), int))
    return write_raster(tmp_path / "cover_2001.tif", values, FINE_TRANSFORM, kind="uint8", nodata=255)


def test_classes_that_nothing_names_get_distinct_colours(tmp_path, classes):
    (result,) = harmonize(tmp_path, {"INPUT": [classes]})
    _layer, renderer = drawn(result)
    found = entries(renderer)
    assert [entry[:2] for entry in found] == [(7, "7"), (10, "10"), (16, "16")]
    assert len({colour for _code, _label, colour in found}) == 3


@pytest.mark.usefixtures("pam")
def test_classes_keep_the_names_and_colours_of_the_file(tmp_path, classes):
    dataset = gdal.Open(classes, gdal.GA_Update)
    band = dataset.GetRasterBand(1)
    table = gdal.ColorTable()
    table.SetColorEntry(10, (0, 100, 0, 255))
    band.SetColorTable(table)
    band.SetCategoryNames(["", *(f"class {code}" for code in range(1, 17))])
    dataset.FlushCache()
    band = dataset = None
    (result,) = harmonize(tmp_path, {"INPUT": [classes]})
    _layer, renderer = drawn(result)
    found = entries(renderer)
    assert [entry[:2] for entry in found] == [(7, "class 7"), (10, "class 10"), (16, "class 16")]
    assert found[1][2] == "#006400" and len({colour for _code, _label, colour in found}) == 3


def test_classes_keep_the_style_that_their_layer_has_in_the_project(tmp_path, classes):
    layer = QgsRasterLayer(classes, "my cover 2001")
    one = QgsPalettedRasterRenderer.Class(10, QColor("#123456"), "Grassland")
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, [one]))
    project = QgsProject.instance()
    project.addMapLayer(layer)
    context = QgsProcessingContext()
    context.setProject(project)
    try:
        results = run("nep:harmonize", {"INPUT": [layer.id()], "OUTPUT_FOLDER": str(tmp_path / "out")}, None, context)
    finally:
        project.removeMapLayer(layer.id())
    _layer, renderer = drawn(results["OUTPUT_LAYERS"][0])
    found = entries(renderer)
    assert found[1] == (10, "Grassland", "#123456") and [entry[1] for entry in found] == ["7", "Grassland", "16"]


# The rim --------------------------------------------------------------------------------------------------------------


def test_the_rim_is_filled_where_it_is_asked_for_and_counted(tmp_path):
    """Cells of 500 m onto cells of 250 m beyond the edge: in columns 1/4 and 3/4 of a cell from the last centre."""
    path = write_raster(tmp_path / "P_2001.tif", [[1, 2], [3, 4]], COARSE_TRANSFORM)
    wide = write_raster(tmp_path / "r.tif", np.zeros((4, 6)), (500000.0, 250.0, 0.0, 4000000.0, 0.0, -250.0))
    plain = np.kron([[1, 2], [3, 4]], np.ones((2, 2)))
    parameters = {"INPUT": [path], "REFERENCE": wide, "RESAMPLING": NEAREST}
    feedback = Feedback()
    (result,) = harmonize(tmp_path / "a", parameters, feedback)
    np.testing.assert_array_equal(numbers(result), np.pad(plain, ((0, 0), (0, 2)), constant_values=np.nan))
    assert "rim" not in feedback.log
    (result,) = harmonize(tmp_path / "b", dict(parameters, FILL_RIM=True), feedback)
    expected = np.pad(plain, ((0, 0), (0, 2)), constant_values=np.nan)
    expected[:, 4] = plain[:, 3]  # 0.75 of a cell from the last centres; the next column is 1.25 away
    np.testing.assert_array_equal(numbers(result), expected)
    assert "'P_2001': 4 cells at the rim took the nearest value" in feedback.infos


def test_blocks_do_not_change_the_rim(tmp_path, monkeypatch):
    values = np.random.default_rng(6).normal(size=(20, 20))
    values[np.random.default_rng(7).random(values.shape) < 0.5] = np.nan
    path = write_raster(tmp_path / "P_2001.tif", values, COARSE_TRANSFORM)
    parameters = {"INPUT": [path], "RESOLUTION": 180, "FILL_RIM": True}
    (whole,) = harmonize(tmp_path / "a", parameters)
    monkeypatch.setattr("nep_toolbox.algorithms.data._regridding.block_side", lambda _ratio: 16)
    (blocks,) = harmonize(tmp_path / "b", parameters)
    np.testing.assert_array_equal(stored(whole), stored(blocks))

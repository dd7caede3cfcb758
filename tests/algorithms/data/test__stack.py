"""Rasters of one series as the bands of one raster."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsProcessingException, QgsRasterLayer
from testkit.harmonize import FINE_TRANSFORM, small
from testkit.rasters import COARSE_TRANSFORM, band_names, numbers, stored, write_raster
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.data._stack import in_order
from nep_toolbox.errors import InvalidParameter, YearNotFound
from nep_toolbox.raster.series import Layer, bands_of

pytestmark = pytest.mark.usefixtures("provider")


def stack(folder, parameters, feedback=None) -> str:
    """Run the tool with a stack, and return its path."""
    path = str(folder / "stack.tif")
    results = run("nep:harmonize", dict(parameters, STACK=path, OUTPUT_FOLDER=str(folder / "out")), feedback)
    assert results["STACK"] == path and len(results["OUTPUT_LAYERS"]) == len(parameters["INPUT"])
    return path


def monthly(folder, months) -> list:
    """A raster a month, whose values tell which."""
    return [
        write_raster(folder / f"T_{year}_{month:02d}.tif", np.full((10, 10), 100.0 * (year - 2000) + month),
                     FINE_TRANSFORM)
        for year, month in months
    ]


def test_months_in_the_order_of_time_whatever_that_of_the_list(tmp_path):
    months = [(year, month) for year in (2001, 2002) for month in range(1, 13)]
    files = monthly(tmp_path, months)
    reference = write_raster(tmp_path / "r.tif", np.zeros((2, 2)), COARSE_TRANSFORM)
    path = stack(tmp_path, {"INPUT": files[::-1], "REFERENCE": reference})
    assert band_names(path) == [f"{year}-{month:02d}" for year, month in months]
    assert numbers(path)[:, 0, 0].tolist() == [100.0 * (year - 2000) + month for year, month in months]
    annual = run("nep:annualclimate", {"INPUT": [path], "STATISTIC": 0, "OUTPUT": str(tmp_path / "annual.tif")})
    assert numbers(annual["OUTPUT"])[:, 0, 0] == pytest.approx([106.5, 206.5])


def test_years_beside_single_rasters_and_chained_into_another_tool(tmp_path):
    files = [small(tmp_path, f"npp_{year}.tif") for year in range(2001, 2011)]
    results = run("nep:harmonize", {
        "INPUT": files, "RESOLUTION": 800, "OUTPUT_FOLDER": str(tmp_path / "out"), "STACK": str(tmp_path / "s.tif"),
    })
    assert band_names(results["STACK"]) == [str(year) for year in range(2001, 2011)]
    for number, path in enumerate(results["OUTPUT_LAYERS"]):
        np.testing.assert_array_equal(stored(results["STACK"])[number], stored(path)[0])
    run("nep:trend", {"INPUT": [results["STACK"]], "SLOPE": str(tmp_path / "slope.tif")})
    assert np.nanmax(np.abs(numbers(tmp_path / "slope.tif"))) == 0


def test_classes_of_two_nodata_values_keep_their_codes_names_and_style(tmp_path):
    rng = np.random.default_rng(1)
    cover = [rng.choice([1, 2, 3, 200], (30, 30)) for _year in range(2)]
    files = []
    for place, (values, nodata) in enumerate(zip(cover, (0, 255))):
        values = np.where(values == 200, nodata, values)
        files.append(write_raster(
            tmp_path / f"cover_{2001 + place}.tif", values, COARSE_TRANSFORM, kind="uint8", nodata=nodata
        ))
    path = stack(tmp_path, {"INPUT": files})
    dataset = gdal.Open(path)
    band = dataset.GetRasterBand(2)
    assert (gdal.GetDataTypeName(band.DataType), band.GetNoDataValue()) == ("UInt16", 65535)
    for values, found in zip(cover, numbers(path)):
        np.testing.assert_array_equal(found, np.where(values == 200, np.nan, values))
    layer = QgsRasterLayer(path, "cover")  # which owns its renderer
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [int(each.value) for each in renderer.classes()] == [1, 2, 3]


def test_tenths_become_numbers(tmp_path):
    files = [
        write_raster(tmp_path / f"T_{year}.tif", np.arange(900).reshape(30, 30) + year, COARSE_TRANSFORM, kind="int16",
                     scale=0.1)
        for year in (2001, 2002)
    ]
    path = stack(tmp_path, {"INPUT": files, "RESAMPLING": 1})
    dataset = gdal.Open(path)
    assert dataset.GetRasterBand(1).GetScale() in (None, 1.0)
    expected = [(np.arange(900).reshape(30, 30) + year) * 0.1 for year in (2001, 2002)]
    np.testing.assert_allclose(numbers(path), expected, rtol=1e-6)


def item(folder, name, bands=1, file=None):
    path = write_raster(folder / (file or f"{name}.tif"), np.zeros((bands, 4, 4)), COARSE_TRANSFORM)
    layer = Layer(name, path)
    return SimpleNamespace(layer=layer, steps=tuple(band.steps[0] for band in bands_of(layer)))


@pytest.mark.parametrize("names, times", [
    (["a_2002", "a_2001"], ["2001", "2002"]),
    (["a_2001_02", "a_2001_01"], ["2001-01", "2001-02"]),
    (["a_2001_02", "a_2002_02"], ["2001", "2002"]),
    (["A 2001 (v2)", "a_2002_v6"], ["2001", "2002"]),
])
def test_steps_of_one_series(tmp_path, names, times):
    assert [step.time for _place, step in in_order([item(tmp_path, name) for name in names])] == times


@pytest.mark.parametrize("names, bands, error, words", [
    (["a_2001", "b_2002"], 1, InvalidParameter, "'a_2001' and 'b_2002' are called like two: 'a' and 'b'"),
    (["a_2001", "a_2002"], 3, InvalidParameter, "'a_2001' has 3 bands"),
    (["a_2001", "a_x"], 1, InvalidParameter, "are called like two"),
    (["a", "a_2001"], 1, YearNotFound, "no single year or month could be read from the name of 'a'"),
    (["a_2001", "a_2001_v"], 1, InvalidParameter, "are called like two"),
    (["a_2001", "a-2001"], 1, InvalidParameter, "'a_2001', 'a-2001' all say 2001"),
])
def test_what_is_no_series(tmp_path, names, bands, error, words):
    with pytest.raises(error, match=words) as caught:
        in_order([item(tmp_path, name, bands) for name in names])
    assert "Leave ⟨STACK⟩ empty, or choose rasters of one series" in str(caught.value)


def test_two_methods_in_one_stack_are_refused(tmp_path):
    files = [small(tmp_path, f"a_{year}.tif") for year in (2001, 2002)]
    with pytest.raises(QgsProcessingException, match="'a_2001' is average, but 'a_2002' is median"):
        stack(tmp_path, {"INPUT": files, "RESAMPLING": 4, "METHOD_OF": "*2002=median"})
    assert not (tmp_path / "stack.tif").exists()


def test_a_cancel_leaves_no_stack(tmp_path):
    feedback = Feedback(cancel_after=1)
    results = run("nep:harmonize", {
        "INPUT": monthly(tmp_path, [(2001, 1), (2001, 2)]), "RESOLUTION": 777, "STACK": str(tmp_path / "s.tif"),
        "OUTPUT_FOLDER": str(tmp_path / "out"),
    }, feedback)
    assert feedback.isCanceled() and results == {}
    assert not (tmp_path / "s.tif").exists() and not (tmp_path / "out").exists()

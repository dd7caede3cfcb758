"""Bringing the inputs of a study to the grid of NPP."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from study_inputs import given, npp_only
from test__prepare import prepared, values
from testkit.rasters import write_layer, yearly
from testkit.tools import run, table

from nep_toolbox.algorithms.study._plan import Source
from nep_toolbox.algorithms.study._regrid import band_names, described, whole_numbers, write_source
from nep_toolbox.framework.log import Log
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.series import resolve, single

pytestmark = pytest.mark.usefixtures("provider")


class Plain:
    """What writing a source takes of a run."""

    log = Log

    @staticmethod
    def engine(_start, _end):
        return Engine(threads=1)


@pytest.fixture
def elsewhere(province, tmp_path) -> dict:
    """The climate of the province in degrees and coarser, its land cover finer, on extents of their own."""
    folder, found = tmp_path / "in", {}
    folder.mkdir()
    for name, size in (("TEMPERATURE", 0.03), ("PRECIPITATION", 0.03), ("LANDCOVER", 0.003)):
        found[name] = []
        for path in given(province)[name]:
            target = str(folder / path.rpartition("/")[2])
            # Land cover of the type that the study hands on: which of two classes that are as frequent GDAL takes may
            # depend on it.
            options = {"resampleAlg": "average"} if size > 0.01 else {"outputType": gdal.GDT_Int32}
            gdal.Warp(target, path, dstSRS="EPSG:4326", xRes=size, yRes=size, **options)
            found[name].append(target)
    return found


def test_rasters_elsewhere_come_as_nep_harmonize_brings_them(province, elsewhere, tmp_path, monkeypatch):
    folder = prepared(npp_only(province, **elsewhere, FORCING=3), tmp_path / "study", monkeypatch)
    target = tmp_path / "harmonized"
    for name, method in (("temperature", 2), ("landcover", 5)):
        run("nep:harmonize", {
            "INPUT": elsewhere[name.upper()], "REFERENCE": str(province / "npp_2001.tif"), "RESAMPLING": method,
            "FILL_RIM": name == "temperature", "OUTPUT_FOLDER": str(target),
        })
        found = values(folder / "data" / f"{name}.tif")
        expected = np.array([values(target / path.rpartition("/")[2]) for path in elsewhere[name.upper()]])
        there = np.isfinite(found)
        assert there.any()
        np.testing.assert_allclose(found[there], expected[there], rtol=1e-6)
    rows = {row["variable"]: row for row in table(folder / "tables" / "data.csv")}
    assert rows["temperature"]["resampling"].startswith("resampled (bilinear), as the target cells are 0.3")
    assert rows["landcover"]["resampling"].startswith("resampled (mode), as the target cells are 3")
    assert rows["temperature"]["cell"] == "0.03 x 0.03, EPSG:4326"


def test_a_source_is_cut_to_the_surroundings_and_scaled(tmp_path):
    series = resolve(yearly(tmp_path, (2001, 2002), (200, 100)))
    grid = series.grid.part(Window(50, 60, 10, 20))
    source = Source("npp", series, 0.5, unit="m", offset=-273.15)
    found = write_source(Plain, source, str(tmp_path / "out.tif"), grid)
    assert (found.scale, found.offset) == (1.0, 0.0) and found.series.years == [2001, 2002]
    assert (found.series.grid.width, found.series.grid.height) == (50, 60)
    raster = gdal.Open(str(tmp_path / "out.tif"))
    assert np.unique(raster.ReadAsArray()[1]).tolist() == [np.float32(1001.0 - 273.15)]
    assert raster.GetRasterBand(2).GetUnitType() == "m"


def test_classes_are_written_as_whole_numbers(tmp_path):
    layer = write_layer(tmp_path / "a.tif", [[1, 40000], [0, 7]], kind=gdal.GDT_UInt16, nodata=0)
    write_source(Plain, Source("soil", single(layer), categories=True), str(tmp_path / "out.tif"))
    raster = gdal.Open(str(tmp_path / "out.tif"))
    nodata = raster.GetRasterBand(1).GetNoDataValue()
    assert raster.ReadAsArray().tolist() == [[1, 40000], [nodata, 7]]


def test_whole_numbers():
    assert whole_numbers(np.array([1.0, np.nan, 3.0]), -1).tolist() == [1, -1, 3]


def test_what_is_said_of_a_source(tmp_path):
    source = Source("npp", resolve(yearly(tmp_path, (2001, 2003))), unit="m")
    assert band_names(source) == ["2001", "2003"]
    assert described(source, "how", 1.5) == (
        "npp", "NPP_2001, NPP_2003", "2001-2003", "m", "30 x 30, EPSG:32650", "how", 1.5,
    )
    plain = Source("dem", single(write_layer(tmp_path / "dem.tif", np.ones((2, 2)))))
    assert band_names(plain) == ["dem"] and described(plain, "", 0.0)[2] == ""

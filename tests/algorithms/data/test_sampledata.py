"""nep:sampledata: complete, on one grid, the same from the same seed, and plainly no real place."""

from __future__ import annotations

import json
from contextlib import contextmanager

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.files import contents
from testkit.rasters import numbers, stored
from testkit.tools import run

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2001, 2013)


def make(folder, **parameters):
    run("nep:sampledata", dict({"EXTENT_KM": 30, "YEARS": "2001-2003"}, **parameters, OUTPUT_FOLDER=str(folder)))
    return folder


def test_complete(province):
    names = {path.relative_to(province).as_posix() for path in province.rglob("*.tif")}
    expected = {f"{name}_{year}.tif" for name in ("npp", "temperature", "precipitation") for year in YEARS}
    expected |= {
        f"monthly/{name}_{year}_{month:02d}.tif"
        for name in ("temperature", "precipitation") for year in YEARS for month in range(1, 13)
    }
    expected |= {"elevation.tif", "population.tif", "pm25.tif"}
    covers = {name for name in names if name.startswith("landcover_")}
    assert names == expected | covers and "landcover_2001.tif" in covers and len(covers) >= 3
    assert (province / "regions.gpkg").exists()
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))
    assert "Synthetic" in truth["about"] and "no place on earth" in truth["about"]
    assert not list(province.rglob("*.aux.xml")) and not list(province.rglob(".nep-*"))


def test_one_grid(province):
    grids = set()
    for path in province.rglob("*.tif"):
        dataset = gdal.Open(str(path))
        grids.add((dataset.GetProjection(), dataset.GetGeoTransform(), dataset.RasterXSize, dataset.RasterYSize))
        assert dataset.RasterCount == 1
    assert len(grids) == 1
    assert (province / "regions.gpkg").exists()
    source = ogr.Open(str(province / "regions.gpkg"))
    features = [(feature["name"], feature["note"]) for feature in source.GetLayer(0)]
    assert len({name for name, _note in features}) == len(features) == 13
    assert {note for _name, note in features} == {"synthetic"}


def test_annual_climate_is_made_of_the_months(province):
    for year in (2001, 2007):
        for name, statistic in (("temperature", np.mean), ("precipitation", np.sum)):
            months = [numbers(province / f"monthly/{name}_{year}_{month:02d}.tif") for month in range(1, 13)]
            annual = numbers(province / f"{name}_{year}.tif")
            np.testing.assert_allclose(annual, statistic(months, axis=0), rtol=1e-4, atol=1e-3)


def test_npp_is_coded_as_in_the_modis_product(province):
    dataset = gdal.Open(str(province / "npp_2001.tif"))
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Int16
    assert dataset.GetRasterBand(1).GetNoDataValue() == 32761
    values = stored(province / "npp_2001.tif")
    codes = set(np.unique(values[values > 32700]).tolist())
    assert 32761 in codes and len(codes) > 1, "codes that the file does not declare are part of the lesson"
    assert ((values[values <= 32700] > 0) & (values[values <= 32700] < 20000)).all()


def test_land_cover_has_names_and_colours(province):
    path = str(province / "landcover_2001.tif")
    dataset = gdal.Open(path)
    colours = dataset.GetRasterBand(1).GetColorTable()
    layer = QgsRasterLayer(path)
    legend = {entry.value: entry for entry in layer.renderer().classes()}
    codes = [int(code) for code in np.unique(stored(path)) if code]
    assert len(codes) >= 4
    for code in codes:
        assert legend[code].label
        assert colours.GetColorEntry(code)[:3] == legend[code].color.getRgb()[:3]


def test_same_seed_same_files(tmp_path, province):
    one, other = make(tmp_path / "one", SEED=5), make(tmp_path / "other", SEED=5)
    apart = {"regions.gpkg"}  # a GeoPackage holds the moment it was made
    first, second = contents(one), contents(other)
    assert set(first) == set(second)
    different = {name for name in first if first[name] != second[name] and not name.endswith(".qml")} - apart
    assert different == set()
    assert first["npp_2001.tif"] != (province / "npp_2001.tif").read_bytes()  # of seed 1


def test_other_files_of_the_folder_stay(tmp_path):
    keep = tmp_path / "sample" / "notes.txt"
    keep.parent.mkdir()
    keep.write_text("mine", encoding="utf-8")
    (tmp_path / "sample" / "npp_2003.tif").write_bytes(b"old")
    make(tmp_path / "sample")
    assert keep.read_text(encoding="utf-8") == "mine"
    assert stored(tmp_path / "sample" / "npp_2003.tif").shape == (1, 25, 30)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"YEARS": "2001-2002"}, "at least three years"),
        ({"YEARS": "2001, 2001, 2003, 2004"}, "one year twice"),
        ({"YEARS": "yesterday"}, "write years as 2001-2020"),
        ({"EXTENT_KM": 5000}, "EXTENT_KM"),
    ],
)
def test_impossible_provinces(tmp_path, parameters, words):
    with pytest.raises(QgsProcessingException, match=words):
        make(tmp_path / "sample", **parameters)
    assert list(tmp_path.iterdir()) == []


def test_too_narrow_a_province_is_refused(tmp_path):
    with pytest.raises(QgsProcessingException):
        make(tmp_path / "sample", EXTENT_KM=24)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def files_no_larger_than(size: int):
    """Where the system allows no larger files: what a full disk is to a program."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("file", "words"), [
    ("npp_2001.tif", r"Npp_2001.tif cannot be written.*Is the disk full"),
    ("regions.gpkg", "Regions.gpkg cannot be written"),
])
def test_a_disk_without_room_is_told_and_nothing_is_left(province, tmp_path, file, words):
    size = (province / file).stat().st_size - 1
    with files_no_larger_than(size), pytest.raises(QgsProcessingException, match=words) as refusal:
        make(tmp_path / "out")
    assert ".nep-" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []

"""A value is missing when it is nodata, NaN or infinite: every tool gives the same of all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from examples import EXAMPLES, example
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException
from testkit.rasters import identical, write_raster
from testkit.tools import destinations, run, table

pytestmark = pytest.mark.usefixtures("provider")

NODATA = -99999.0

#: The tools that read rasters.
TOOLS = [tool for tool in EXAMPLES if tool not in ("nep:sampledata", "nep:geodetectortable")]


def spoiled(path: str, folder: Path, missing: tuple) -> str:
    """A copy of a raster as Float64 in which some cells hold the values of ``missing`` in turn."""
    source = gdal.Open(path)
    values = source.ReadAsArray().astype(np.float64)
    values = values if values.ndim == 3 else values[np.newaxis]
    bands = [source.GetRasterBand(number + 1) for number in range(len(values))]
    random = np.random.default_rng(len(Path(path).stem))
    for band, plane in zip(bands, values):
        plane[plane == band.GetNoDataValue()] = NODATA
        holes = random.random(plane.shape) < 0.03
        plane[holes] = np.resize(missing, holes.sum())
    return write_raster(
        folder / Path(path).name, values, source.GetGeoTransform(), source.GetProjection(), nodata=NODATA,
        kind="float64", descriptions=[band.GetDescription() for band in bands],
    )


def results(tool: str, province, folder: Path, missing: tuple) -> dict:
    """The results of a tool's example with cells missing."""
    parameters = {}
    for name, value in example(tool, province).items():
        files = value if isinstance(value, list) else [value]
        if all(isinstance(file, str) and file.endswith(".tif") for file in files):
            made = [spoiled(file, folder / name, missing) for file in files]
            value = made if isinstance(value, list) else made[0]
        parameters[name] = value
    (folder / "out").mkdir(parents=True)
    wanted = destinations(tool, folder / "out")
    run(tool, {**parameters, **wanted})
    return wanted


def files_of(place: str) -> list:
    path = Path(place)
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.suffix in (".tif", ".csv", ".gpkg")]


def content(file: Path):
    """What a table or a layer of features holds."""
    if file.suffix == ".csv":
        return file.read_bytes()
    source = ogr.Open(str(file))
    return [feature.ExportToJson() for feature in source.GetLayer(0)]


@pytest.mark.parametrize("tool", TOOLS)
def test_infinite_and_nan_are_missing(tool, province, tmp_path):
    declared = results(tool, province, tmp_path / "declared", (NODATA,))
    others = results(tool, province, tmp_path / "others", (np.inf, np.nan, -np.inf))
    compared = 0
    for name, place in declared.items():
        for one, other in zip(files_of(place), files_of(others[name])):
            assert one.name == other.name
            same = identical(one, other) if one.suffix == ".tif" else content(one) == content(other)
            assert same, (name, one.name)
            compared += 1
    assert compared


def test_values_beyond_float32(tmp_path):
    """Slopes of 1e39 a year fit no raster, and are in tables of double precision."""
    values = (np.arange(10) * 1e39)[:, np.newaxis, np.newaxis] * np.ones((10, 4, 4))
    source = write_raster(tmp_path / "big.tif", values, kind="float64", descriptions=range(2001, 2011))
    with pytest.raises(QgsProcessingException, match=r"slope\.tif would hold 1e\+39, .* Float32 ends at 3\.40282e\+38"):
        run("nep:trend", {"INPUT": [source], "SLOPE": str(tmp_path / "slope.tif"), "CLASS": str(tmp_path / "c.tif")})
    assert not list(tmp_path.glob("slope*")) and not list(tmp_path.glob("c.tif"))
    run("nep:annualstatistics", {"INPUT": [source], "TABLE": str(tmp_path / "t.csv")})
    assert [float(row["mean"]) for row in table(tmp_path / "t.csv")][1:3] == pytest.approx([1e39, 2e39], rel=1e-12)


def test_a_format_that_loses_values_is_refused_before_computing(tmp_path):
    source = write_raster(tmp_path / "a.tif", np.ones((10, 4, 4)), descriptions=range(2001, 2011))
    for ending in ("png", "jpg", "xyz", "kmz"):
        with pytest.raises(QgsProcessingException, match=f"slope.{ending} cannot be written as"):
            run("nep:trend", {"INPUT": [source], "SLOPE": str(tmp_path / f"slope.{ending}")})
    assert not list(tmp_path.glob("slope*"))


def test_a_series_as_netcdf_goes_from_tool_to_tool(tmp_path):
    from qgis.core import QgsRasterLayer

    if gdal.GetDriverByName("netCDF") is None:
        pytest.skip("this GDAL has no netCDF driver")
    months = np.random.default_rng(1).normal(10.0, 3.0, (24, 4, 5))
    names = [f"{year}-{month:02d}" for year in (2001, 2002) for month in range(1, 13)]
    source = write_raster(tmp_path / "t.tif", months, descriptions=names)
    run("nep:annualclimate", {"INPUT": [source], "OUTPUT": str(tmp_path / "annual.nc")})
    layer = QgsRasterLayer(str(tmp_path / "annual.nc"), "reopened")
    assert layer.isValid() and layer.bandCount() == 2
    for given in (str(tmp_path / "annual.nc"), layer):
        run("nep:annualstatistics", {"INPUT": [given], "TABLE": str(tmp_path / "t.csv")})
        assert [row["year"] for row in table(tmp_path / "t.csv")] == ["2001", "2002"]

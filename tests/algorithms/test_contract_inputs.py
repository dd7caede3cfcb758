"""Damaged files and values that are none, given to every tool as each of its inputs."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from examples import brief, example
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingException
from testkit.contract import (
    IDENTIFIERS,
    every_tool,
    files_of,
    rasters_of,
    refused,
    require_readable,
    sources_of,
    with_file,
)
from testkit.rasters import stored
from testkit.tools import destinations, run

pytestmark = pytest.mark.usefixtures("provider")

RASTERS = {"GTiff": ".tif", "netCDF": ".nc", "HFA": ".img", "AAIGrid": ".asc", "GPKG": ".gpkg", "HDF4Image": ".hdf"}
OPTIONS = {"netCDF": ["FORMAT=NC4"]}  # the older format has no marks by which its end could be missed
FEATURES = {"ESRI Shapefile": ".shp", "GPKG": ".gpkg", "GeoJSON": ".geojson", "KML": ".kml"}


def cut(path: str, share: float) -> None:
    """Keep the first part of a file."""
    os.truncate(path, int(os.path.getsize(path) * share))


@pytest.fixture(scope="module", autouse=True)
def _no_noise():
    """GDAL tells of every damaged file on the console."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    yield
    gdal.PopErrorHandler()


@every_tool
@pytest.mark.parametrize("driver", RASTERS)
def test_a_raster_that_ends_early(identifier, province, tmp_path, driver):
    """Without its last tenth, without its last three quarters, or of no bytes at all: over these the inputs of the
    tool go round, from one driver to the next."""
    if gdal.GetDriverByName(driver) is None:
        return
    given = {**example(identifier, province), **destinations(identifier, tmp_path / "out")}
    context = QgsProcessingContext()
    start = list(RASTERS).index(driver) + IDENTIFIERS.index(identifier)
    for number, name in enumerate(rasters_of(identifier, given)):
        source = Path(files_of(given[name])[0])
        share = (0.9, 0.25, 0.0)[(start + number) % 3]
        damaged = str(tmp_path / f"{name} {share}" / f"{source.stem}{RASTERS[driver]}")
        os.mkdir(os.path.dirname(damaged))
        bands = None if driver in ("GTiff", "HFA") else [1]  # others hold one
        options = OPTIONS.get(driver, [])
        gdal.Translate(damaged, str(source), format=driver, bandList=bands, creationOptions=options)
        cut(damaged, share)
        refused(identifier, with_file(given, name, 0, damaged), tmp_path, names=(source.stem,), context=context)


@every_tool
@pytest.mark.parametrize("driver", FEATURES)
def test_features_that_end_early(identifier, province, tmp_path, driver):
    given = {**brief(identifier, province), **destinations(identifier, tmp_path / "out")}
    context = QgsProcessingContext()
    for name in sources_of(identifier, given):
        for share in (0.6, 0.25, 0.0):
            damaged = str(tmp_path / f"{share}" / f"mine{FEATURES[driver]}")
            os.mkdir(os.path.dirname(damaged))
            gdal.VectorTranslate(damaged, given[name], format=driver)
            if not os.path.exists(damaged):
                damaged = damaged.replace(".shp", ".dbf")  # a table
            cut(damaged, share)
            refused(identifier, {**given, name: damaged}, tmp_path, context=context)


VALUES = {"none": (np.nan, np.inf, -np.inf), "beyond float32": (1e39, -1e39), "next to the end": (1e308,)}


@every_tool
@pytest.mark.parametrize("value", VALUES)
def test_values_that_are_none(identifier, province, tmp_path, value):
    """A third of the rows of each input: the run may refuse them in words, but gives no infinite number."""
    given = brief(identifier, province)
    for name in rasters_of(identifier, given):
        changed = []
        for number, file in enumerate(files_of(given[name])):
            folder = tmp_path / name / str(number)
            folder.mkdir(parents=True)
            path = str(folder / Path(file).name)
            gdal.Translate(path, file, outputType=gdal.GDT_Float64)
            dataset = gdal.Open(path, gdal.GA_Update)
            for band in range(1, dataset.RasterCount + 1):
                values = dataset.GetRasterBand(band).ReadAsArray()
                for place, each in enumerate(VALUES[value]):
                    values[3 * place :: 3 * len(VALUES[value])] = each
                dataset.GetRasterBand(band).WriteArray(values)
            dataset = None
            changed.append(path)
        parameters = {**given, name: changed if isinstance(given[name], list) else changed[0]}
        out = tmp_path / f"{name} out"
        try:
            run(identifier, {**parameters, **destinations(identifier, out)})
        except QgsProcessingException as error:
            require_readable(str(error))
            continue
        for result in out.rglob("*.tif"):
            assert not np.isinf(stored(result).astype(np.float64)).any(), f"{result.name} of {name}"

"""A file that holds more than an earlier result is not replaced."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException
from testkit.rasters import numbers, write_raster
from testkit.toy import breaking, call, toy

from nep_toolbox.errors import OutputError
from nep_toolbox.framework.containers import require_replaceable

pytestmark = pytest.mark.usefixtures("qgis_app")


def add_table(path, table: str) -> None:
    """Add a table to a GeoPackage as a person does, in QGIS."""
    call(toy(), {"TABLE": f"ogr:dbname='{path}' table=\"{table}\""})


def add_raster(path, table: str) -> None:
    """Add a raster to a GeoPackage, which may be new."""
    options = [f"RASTER_TABLE={table}", *(["APPEND_SUBDATASET=YES"] if path.exists() else [])]
    source = write_raster(path.parent / "source.tif", np.ones((3, 4)))
    gdal.Translate(str(path), source, format="GPKG", creationOptions=options)


CONTENTS = {
    "its own table": [(add_table, "npp")],
    "another table": [(add_table, "mine")],
    "two tables": [(add_table, "npp"), (add_table, "mine")],
    "its own raster": [(add_raster, "npp")],
    "another raster": [(add_raster, "mine")],
    "two rasters": [(add_raster, "npp"), (add_raster, "mine")],
    "a raster and a table": [(add_raster, "npp"), (add_table, "mine")],
}


@pytest.mark.parametrize("held", list(CONTENTS))
@pytest.mark.parametrize("raster", [True, False])
def test_a_geopackage(tmp_path, held, raster):
    path = tmp_path / "npp.gpkg"
    for add, table in CONTENTS[held]:
        add(path, table)
    if held == ("its own raster" if raster else "its own table"):
        require_replaceable(str(path), "MAP", raster)
        return
    with pytest.raises(OutputError, match="npp.gpkg is to be replaced by the result .+ but holds ") as caught:
        require_replaceable(str(path), "MAP", raster)
    names = [f"'{table}'" for add, table in CONTENTS[held] if table == "mine" or (add is add_raster) != raster]
    assert all(name in str(caught.value) for name in names)
    assert ("Save to GeoPackage" in str(caught.value)) is not raster


@pytest.mark.parametrize("ending", ["sqlite", "xlsx", "ods"])
def test_other_files_of_several_tables(tmp_path, ending):
    path = str(tmp_path / f"npp.{ending}")
    call(toy(), {"TABLE": path})
    require_replaceable(path, "TABLE", raster=False)
    if ending == "sqlite":
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE mine (a INTEGER)")
    else:
        dataset = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_UPDATE)
        layer = dataset.CreateLayer("mine")
        layer.CreateField(ogr.FieldDefn("a", ogr.OFTInteger))
        layer.CreateFeature(ogr.Feature(layer.GetLayerDefn()))
        layer = dataset = None
    with pytest.raises(OutputError, match="but holds .*'mine'"):
        require_replaceable(path, "TABLE", raster=False)


def test_many_tables_are_not_all_named(tmp_path):
    path = tmp_path / "npp.gpkg"
    for number in range(8):
        add_table(path, f"t{number}")
    with pytest.raises(OutputError, match="holds 't0', 't1', 't2', 't3', 't4' and 3 more, which"):
        require_replaceable(str(path), "MAP", raster=True)


@pytest.mark.parametrize("name", ["MAP", "TABLE"])
def test_the_tool_does_not_begin(raster, tmp_path, unchanged, name):
    path = tmp_path / "npp.gpkg"
    add_table(path, "npp")
    add_table(path, "mine")
    unchanged()

    def computing(_run):
        raise AssertionError("the tool began to compute")

    with pytest.raises(QgsProcessingException, match="'mine'"):
        call(breaking("start", computing), {"INPUT": [raster], name: str(path)})


def test_what_is_no_database_is_replaced(tmp_path):
    for file in ("npp.gpkg", "npp.xlsx"):
        (tmp_path / file).write_text("no database")
        require_replaceable(str(tmp_path / file), "TABLE", raster=False)
    require_replaceable(str(tmp_path / "absent.gpkg"), "TABLE", raster=False)


def test_a_result_takes_the_place_of_its_own_again(raster, tmp_path):
    path = str(tmp_path / "npp.gpkg")
    for name in ("POINTS", "POINTS"):  # the second time over a table and its style
        call(toy(), {"INPUT": [raster], name: path})
    other = str(tmp_path / "map.gpkg")
    for _again in range(2):
        call(toy(), {"INPUT": [raster], "MAP": other})
    assert np.isfinite(numbers(other)).any()

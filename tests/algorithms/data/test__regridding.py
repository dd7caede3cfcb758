"""What the tools share that bring rasters onto a grid: reference systems, the mask, the walk."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer
from testkit.harmonize import grid_of, harmonize
from testkit.rasters import COARSE_TRANSFORM, UTM, stored, wkt_of, write_layer
from testkit.runs import prepared
from testkit.tools import Feedback

from nep_toolbox.algorithms.data import _regridding
from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.content import NUMBERS
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece
from nep_toolbox.raster.ingest.resampling import Resampling
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import single

pytestmark = pytest.mark.usefixtures("provider")

X0, SIZE, _, Y0, _, _ = COARSE_TRANSFORM


def polygons(*shapes, crs="EPSG:32650") -> QgsVectorLayer:
    """A layer of polygons from WKT."""
    layer = QgsVectorLayer(f"Polygon?crs={crs}", "mask", "memory")
    for shape in shapes:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def rectangle(left, bottom, right, top) -> str:
    return f"POLYGON(({left} {bottom}, {right} {bottom}, {right} {top}, {left} {top}, {left} {bottom}))"


# Reference systems ----------------------------------------------------------------------------------------------------


def test_a_reference_system_with_a_code_is_written_as_gdal_writes_it():
    assert _regridding.wkt_of(QgsCoordinateReferenceSystem("EPSG:32650")) == wkt_of(32650)
    assert _regridding.wkt_of(QgsCoordinateReferenceSystem()) == ""


@pytest.mark.parametrize("code", ["", "USER:100000", "custom:1"])
def test_a_reference_system_of_the_user_is_written_by_what_it_is(code):
    """GDAL knows no code that is QGIS's own."""
    text = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=104.5 +datum=WGS84 +units=m"
    crs = QgsCoordinateReferenceSystem.fromProj(text)
    assert crs.authid() == ""
    crs = SimpleNamespace(isValid=crs.isValid, authid=lambda: code, toWkt=crs.toWkt)
    found, plain = osr.SpatialReference(), osr.SpatialReference()
    found.ImportFromWkt(_regridding.wkt_of(crs))
    plain.ImportFromProj4(text)
    assert found.IsSame(plain)


# The mask -------------------------------------------------------------------------------------------------------------

AREA = Bounds(X0, Y0 - 6000, X0 + 9000, Y0)


def bounds_of(*shapes, crs="EPSG:32650"):
    layer = polygons(*shapes, crs=crs) if shapes else None
    _tool, run = prepared("nep:harmonize", {"MASK": layer})
    return _regridding.mask_bounds(run, wkt_of(UTM), AREA)


def test_polygons_inside_of_the_rasters_give_the_rectangle_round_them():
    shapes = rectangle(X0 + 1000, Y0 - 2000, X0 + 3000, Y0 - 500), rectangle(X0 + 5000, Y0 - 5500, X0 + 5250, Y0 - 700)
    assert bounds_of(*shapes) == pytest.approx((X0 + 1000, Y0 - 5500, X0 + 5250, Y0 - 500), abs=1e-3)


def test_of_polygons_that_reach_beyond_the_rasters_the_part_within_counts():
    assert bounds_of(rectangle(X0 - 800, Y0 - 1000, X0 + 2500, Y0 + 9000)) == pytest.approx(
        (X0, Y0 - 1000, X0 + 2500, Y0), abs=1e-3
    )
    # A second one far away adds nothing.
    far = rectangle(X0 + 90_000, Y0 - 1000, X0 + 91_000, Y0)
    assert bounds_of(rectangle(X0 + 7000, Y0 - 900, X0 + 9500, Y0 - 100), far) == pytest.approx(
        (X0 + 7000, Y0 - 1000, X0 + 9000, Y0), abs=1e-3
    )
    assert bounds_of(rectangle(X0 - 5e4, Y0 - 5e4, X0 + 5e4, Y0 + 5e4)) == pytest.approx(AREA, abs=1e-3)


def test_a_polygon_on_another_continent_adds_nothing():
    near, far = rectangle(117.05, 36.10, 117.06, 36.12), rectangle(10, 50, 11, 51)
    found = bounds_of(near, far, crs="EPSG:4326")
    assert found == bounds_of(near, crs="EPSG:4326")
    assert found.left > X0 + 4000 and found.top < Y0 - 1000


def test_polygons_outside_of_the_rasters_are_refused():
    for shape in (rectangle(X0 + 9001, Y0 - 500, X0 + 9900, Y0), rectangle(X0, Y0 + 10, X0 + 500, Y0 + 700)):
        with pytest.raises(InvalidParameter, match="The polygons lie outside of the area of the rasters"):
            bounds_of(shape)
    with pytest.raises(InvalidParameter, match="outside"):
        bounds_of(rectangle(10, 50, 11, 51), crs="EPSG:4326")


def test_without_polygons_there_are_no_bounds():
    assert bounds_of() is None


# The walk -------------------------------------------------------------------------------------------------------------

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 8, 6)
VALUES = np.arange(48.0).reshape(6, 8)


@pytest.fixture
def mosaic(tmp_path) -> Mosaic:
    return mosaic_of(write_layer(tmp_path / "in" / "cells_2001.tif", VALUES, COARSE_TRANSFORM))


def mosaic_of(layer) -> Mosaic:
    series = single(layer)
    return Mosaic.of([Piece(StackReader.of(series), series.grid, layer.name)])


def walked(regridder, mosaic) -> np.ndarray:
    """The values of all windows on the target; NaN where none came."""
    found = np.full((regridder.grid.height, regridder.grid.width), np.nan)
    for window, block in regridder.blocks([mosaic], "cells", Resampling.NEAREST, NUMBERS):
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        assert np.isnan(found[rows, cols]).all()
        found[rows, cols] = block[0]
    return found


def test_cells_that_coincide_are_copied(mosaic):
    _tool, run = prepared("nep:harmonize", {})
    np.testing.assert_array_equal(walked(_regridding.Regridder(run, GRID, 1), mosaic), VALUES)


def test_progress_runs_over_all_bands_whether_they_meet_the_target_or_not(mosaic, tmp_path):
    far = write_layer(tmp_path / "in" / "far_2001.tif", VALUES, (X0 + 9e5, SIZE, 0.0, Y0, 0.0, -SIZE))
    feedback, shares = Feedback(), []
    feedback.progressChanged.connect(shares.append)
    _tool, run = prepared("nep:harmonize", {}, feedback)
    regridder = _regridding.Regridder(run, GRID, 4)
    ends = []
    for each in (mosaic, mosaic_of(far), mosaic):
        walked(regridder, each)
        ends.append(shares[-1])
    # The band that does not meet the target moves nothing; the next goes on behind its part.
    assert ends == pytest.approx([25, 25, 75])
    assert shares == sorted(shares) and min(share for share in shares if share > 25) >= 50


def test_nothing_comes_where_mosaic_and_target_do_not_meet(tmp_path):
    far = write_layer(tmp_path / "in" / "far_2001.tif", VALUES, (X0 + 9e5, SIZE, 0.0, Y0, 0.0, -SIZE))
    _tool, run = prepared("nep:harmonize", {})
    regridder = _regridding.Regridder(run, GRID, 1)
    assert list(regridder.blocks([mosaic_of(far)], "far", Resampling.NEAREST, NUMBERS)) == []


def test_cells_outside_of_the_polygons_are_missing(mosaic):
    # The centre of the cell in row 1 and column 2 lies in it, that of its neighbours hardly not.
    shape = rectangle(X0 + 1.51 * SIZE, Y0 - 2.49 * SIZE, X0 + 3.49 * SIZE, Y0 - 1.01 * SIZE)
    _tool, run = prepared("nep:harmonize", {"MASK": polygons(shape)})
    expected = np.full((6, 8), np.nan)
    expected[1, 2] = VALUES[1, 2]
    np.testing.assert_array_equal(walked(_regridding.Regridder(run, GRID, 1), mosaic), expected)


def test_a_cancel_stops_the_walk(mosaic):
    feedback = Feedback(cancel_after=0)
    _tool, run = prepared("nep:harmonize", {}, feedback)
    with pytest.raises(Cancelled):
        walked(_regridding.Regridder(run, GRID, 2), mosaic)


def test_bands_share_the_memory_of_the_blocks_under_way():
    """512 MB, half of them for three blocks: 89 MB each. A block of 256 x 1024 results draws on parts of the source of
    304 x 2096 cells: 3.6 MB a band of Float32."""
    target = Grid(wkt_of(UTM), (X0, 2 * SIZE, 0.0, Y0, 0.0, -2 * SIZE), 2048, 2048)
    _tool, run = prepared("nep:harmonize", {"THREADS": 2})
    regridder = _regridding.Regridder(run, target, 1)
    assert regridder.at_once(GRID, Resampling.AVERAGE, NUMBERS) == 24
    _tool, run = prepared("nep:harmonize", {"THREADS": 11})
    assert _regridding.Regridder(run, target, 1).at_once(GRID, Resampling.AVERAGE, NUMBERS) == 6
    # Of a small target one block is all: 6 x 8 cells, which draw on 2 x 24 cells beyond each edge.
    _tool, run = prepared("nep:harmonize", {"THREADS": 2})
    found = _regridding.Regridder(run, target.part(Window(0, 0, 8, 6)), 1).at_once(GRID, Resampling.AVERAGE, NUMBERS)
    assert found == int(2**28 / 3 / 4 / (8 * 6 + (16 + 48) * (12 + 48)))


def test_one_district_of_the_province(province, tmp_path):
    """One district: the cells whose centre lies in it."""
    source = ogr.Open(str(province / "regions.gpkg"))
    feature = source.GetLayer(0).GetNextFeature()
    shape = feature.geometry().Clone()
    mask = ogr.GetDriverByName("GPKG").CreateDataSource(str(tmp_path / "mask.gpkg"))
    layer = mask.CreateLayer("mask", source.GetLayer(0).GetSpatialRef(), ogr.wkbPolygon)
    made = ogr.Feature(layer.GetLayerDefn())
    made.SetGeometry(shape)
    layer.CreateFeature(made)
    mask = layer = None
    path = str(province / "landcover_2001.tif")
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": path, "MASK": str(tmp_path / "mask.gpkg")})
    before, after = stored(path)[0], stored(result)[0]
    target = grid_of(path)
    x, y = target.centres(target.whole)
    inside = np.zeros(x.shape, dtype=bool)
    for place in np.ndindex(x.shape):
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(float(x[place]), float(y[place]))
        inside[place] = point.Within(shape)
    dataset = gdal.Open(result)
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    assert 50 < inside.sum() < inside.size - 50
    np.testing.assert_array_equal(after, np.where(inside, before, nodata))


@pytest.mark.parametrize(("years", "words"), [
    ([2001], "2001"), ([2001, 2002, 2003, 2005], "2001-2003, 2005"), ([2001, 2003], "2001, 2003"), ([], ""),
])
def test_years_in_words(years, words):
    assert _regridding.spans(years) == words

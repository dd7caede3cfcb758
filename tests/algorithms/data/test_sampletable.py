"""nep:sampletable: against plain numpy, nep:geodetector's lattice and native:rastersampling, in any blocks."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from osgeo import ogr
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsVectorLayer
from testkit.rasters import UTM, UTM_TRANSFORM, wkt_of, write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.framework.run import Run
from nep_toolbox.raster.crs import crs_of

pytestmark = pytest.mark.usefixtures("provider")

ROWS, COLS, YEARS = 30, 25, (2001, 2002, 2003)
X0, SIZE, _, Y0, *_rest = UTM_TRANSFORM
RNG = np.random.default_rng(12)
NPP = np.round(RNG.normal(500, 50, (3, ROWS, COLS)), 1).astype(np.float32)
NPP[RNG.random(NPP.shape) < 0.1] = np.nan
RAIN = RNG.gamma(3, 40, (2, ROWS, COLS)).astype(np.float32)
RAIN[:, 3, 4] = np.nan
COVER = RNG.choice([1, 2, 5, 255], (ROWS, COLS), p=[0.6, 0.3, 0.05, 0.05])


@pytest.fixture(scope="module")
def rasters(tmp_path_factory) -> dict:
    """A target of three years, a driver of two of them, elevation, and a map of classes."""
    folder = tmp_path_factory.mktemp("rasters")
    rain = write_raster(folder / "rain.tif", RAIN, descriptions=(2002, 2003))
    return {
        "INPUT": [write_raster(folder / f"npp_{year}.tif", plane) for year, plane in zip(YEARS, NPP)],
        "DRIVERS": [rain, write_raster(folder / "dem.tif", np.arange(ROWS * COLS).reshape(ROWS, COLS))],
        "CLASSES": [write_raster(folder / "landcover.tif", COVER, nodata=255, kind="uint8")],
    }


@pytest.fixture(scope="module")
def regions(tmp_path_factory) -> str:
    """Two polygons, ten columns each, which share five."""
    path = str(tmp_path_factory.mktemp("regions") / "regions.gpkg")
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    made = source.CreateLayer("regions", crs_of(wkt_of(UTM)), ogr.wkbPolygon)
    made.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for name, first in (("west", 0), ("middle", 5)):
        west, east = X0 + SIZE * first, X0 + SIZE * (first + 10)
        feature = ogr.Feature(made.GetLayerDefn())
        feature["name"] = name
        ring = f"{west} {Y0}, {east} {Y0}, {east} {Y0 - SIZE * ROWS}, {west} {Y0 - SIZE * ROWS}, {west} {Y0}"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))"))
        made.CreateFeature(feature)
    made = source = None
    return path


def sampled(rasters, folder, feedback=None, **given) -> list:
    """The rows of the table, each with its row and column in the raster."""
    target = folder / "table.csv"
    run("nep:sampletable", {**rasters, "OUTPUT": str(target), **given}, feedback)
    rows = table(target)
    for row in rows:
        row["at"] = (round((Y0 - float(row["y"])) / SIZE - 0.5), round((float(row["x"]) - X0) / SIZE - 0.5))
    return rows


def value(text: str) -> float:
    return float(text) if text else np.nan


def test_every_pixel_of_a_wide_table(rasters, tmp_path):
    feedback = Feedback()
    rows = sampled(rasters, tmp_path, feedback, METHOD=0, SPACING=1)
    complete = np.isfinite(NPP).all(axis=0)
    assert [row["at"] for row in rows] == [tuple(each) for each in np.argwhere(complete).tolist()]
    assert list(rows[0])[:-1] == [
        "x", "y", "region", "npp_2001", "npp_2002", "npp_2003", "rain_2002", "rain_2003", "dem", "landcover"
    ]
    for key, plane in zip(list(rows[0])[3:-1], [*NPP, *RAIN, np.arange(ROWS * COLS).reshape(ROWS, COLS)]):
        np.testing.assert_allclose([value(row[key]) for row in rows], plane[complete], rtol=1e-14)
    assert {row["region"] for row in rows} == {"all"}
    codes = [row["landcover"] for row in rows]
    assert codes == ["" if code == 255 else str(code) for code in COVER[complete].tolist()]
    assert f"The table has {complete.sum()} pixels." in feedback.log
    assert f"{(~complete).sum()} pixels of the sample left out, for want of the target." in feedback.log


def test_a_long_table(rasters, tmp_path):
    rows = sampled(rasters, tmp_path, METHOD=0, SPACING=1, LONG=True)
    assert list(rows[0])[:-1] == ["x", "y", "region", "year", "npp", "rain", "dem", "landcover"]
    expected = [(row, col, year) for row, col, year in np.argwhere(np.isfinite(NPP.transpose(1, 2, 0))).tolist()]
    assert [(*row["at"], int(row["year"]) - 2001) for row in rows] == expected
    for row, (line, col, year) in zip(rows, expected):
        assert value(row["npp"]) == pytest.approx(NPP[year, line, col], rel=1e-14)
        rain = np.nan if year == 0 else RAIN[year - 1, line, col]
        assert value(row["rain"]) == pytest.approx(rain, rel=1e-14, nan_ok=True)
        assert int(row["dem"]) == line * COLS + col


def test_a_regular_sample_is_that_of_the_geodetector(rasters, tmp_path):
    rows = sampled({"INPUT": rasters["INPUT"][:1], "DRIVERS": rasters["DRIVERS"][1:]}, tmp_path, SPACING=4)
    run("nep:geodetector", {
        "TARGET": rasters["INPUT"][0], "CONTINUOUS": rasters["DRIVERS"][1:], "SPACING": 4, "METHODS": [0],
        "FACTORS": str(tmp_path / "factors.csv"), "STRATA": str(tmp_path / "strata.csv"),
    })
    assert all(row["at"][0] % 4 == row["at"][1] % 4 == 0 for row in rows)
    numbers = sum(int(row["n"]) for row in table(tmp_path / "strata.csv"))
    assert numbers == len(rows) == np.isfinite(NPP[0, ::4, ::4]).sum()


@pytest.mark.parametrize("given", [
    {"METHOD": 0, "SPACING": 2}, {"METHOD": 1, "COUNT": 40}, {"METHOD": 2, "COUNT": 40, "LONG": True},
])
def test_no_row_depends_on_blocks_and_threads(rasters, regions, tmp_path, monkeypatch, given):
    given = {**given, "REGIONS": regions, "REGION_FIELD": "name"}
    whole = sampled(rasters, tmp_path, **given)
    assert len(whole) >= 40
    for block, threads in (((COLS, 4), 1), ((7, 5), 3), ((100_000, 3), 2)):
        monkeypatch.setattr(Run, "block", block)
        assert sampled(rasters, tmp_path, **given, THREADS=threads) == whole


def test_random_pixels(rasters, tmp_path):
    rows = sampled(rasters, tmp_path, METHOD=1, COUNT=50)
    places = [row["at"] for row in rows]
    assert len(set(places)) == 50 and places == sorted(places)
    assert all(np.isfinite(NPP[(slice(None), *place)]).all() for place in places)
    assert {row["at"] for row in sampled(rasters, tmp_path, METHOD=1, COUNT=20)} < set(places)
    assert places != [row["at"] for row in sampled(rasters, tmp_path, METHOD=1, COUNT=50, SEED=2)]


def test_strata_share_by_area(rasters, tmp_path):
    feedback = Feedback()
    rows = sampled(rasters, tmp_path, feedback, METHOD=2, COUNT=60)
    complete = np.isfinite(NPP).all(axis=0)
    counts = {code: (complete & (code == COVER)).sum() for code in (1, 2, 5)}
    drawn = [row["landcover"] for row in rows]
    for code, count in counts.items():
        # All pixels are as large: quotas by number, rounded to a neighbour.
        assert abs(drawn.count(str(code)) - 60 * count / sum(counts.values())) < 1
    assert len(rows) == 60 and "" not in drawn
    assert f"60 of {sum(counts.values())} pixels that have the target are drawn." in feedback.log
    few = Feedback()
    assert len(sampled(rasters, tmp_path, few, METHOD=2, COUNT=3)) == 3
    assert "The classes 5 are too small for a pixel of the sample." in few.log


def test_regions(rasters, regions, tmp_path):
    rows = sampled(rasters, tmp_path, METHOD=0, SPACING=1, REGIONS=regions, REGION_FIELD="name")
    assert {row["at"][1] for row in rows if row["region"] == "west"} == set(range(10))
    assert {row["at"][1] for row in rows if row["region"] == "middle"} == set(range(10, 15)), "the first of two"
    assert {row["region"] for row in rows} == {"west", "middle"}
    drawn = sampled(rasters, tmp_path, METHOD=1, COUNT=30, REGIONS=regions, REGION_FIELD="name")
    assert len(drawn) == 30 and {row["at"][1] for row in drawn} <= set(range(15))


def test_points_hold_what_qgis_samples_there(rasters, tmp_path):
    import processing

    target = str(tmp_path / "points.gpkg")
    run("nep:sampletable", {**rasters, "METHOD": 1, "COUNT": 30, "OUTPUT": target})
    points = QgsVectorLayer(target, "points", "ogr")
    assert points.crs().authid() == "EPSG:32650" and points.featureCount() == 30
    for raster, column in ((rasters["INPUT"][1], "npp_2002"), (rasters["CLASSES"][0], "landcover")):
        there = processing.run("native:rastersampling", {
            "INPUT": points, "RASTERCOPY": raster, "COLUMN_PREFIX": "there_", "OUTPUT": "TEMPORARY_OUTPUT",
        })["OUTPUT"]
        for feature in there.getFeatures():
            assert feature[column] == feature["there_1"]


def test_a_table_in_memory_is_that_of_a_file(rasters, tmp_path):
    rows, context = sampled(rasters, tmp_path, METHOD=1, COUNT=30, LONG=True), QgsProcessingContext()
    given = {**rasters, "METHOD": 1, "COUNT": 30, "LONG": True, "OUTPUT": "memory:"}
    held = context.getMapLayer(run("nep:sampletable", given, context=context)["OUTPUT"])
    assert [feature["npp"] for feature in held.getFeatures()] == pytest.approx([float(row["npp"]) for row in rows])


def test_more_than_there_is(rasters, tmp_path):
    feedback = Feedback()
    complete = np.isfinite(NPP).all(axis=0).sum()
    assert len(sampled(rasters, tmp_path, feedback, METHOD=1, COUNT=5000)) == complete
    assert f"(COUNT) asks for 5000 pixels, and there are {complete}: all are taken." in feedback.log


def test_an_empty_table_says_why(tmp_path):
    path, feedback = write_raster(tmp_path / "npp_2001.tif", np.full((4, 4), np.nan)), Feedback()
    for method in (0, 1):
        assert sampled({"INPUT": [path]}, tmp_path, feedback, METHOD=method) == []
        assert "The table is empty: no pixel of the sample has all of the target." in feedback.log


def test_bad_input(rasters, tmp_path):
    for given, message in (
        ({"METHOD": 2, "CLASSES": None}, "A stratified sample needs strata, but 'Maps of classes' (CLASSES) is empty."),
        ({"METHOD": 2, "CLASSES": rasters["DRIVERS"][:1]}, "and a class is a whole number"),
        ({"INPUT": rasters["DRIVERS"][1:], "LONG": True}, "no name of a raster of"),
        ({"YEARS": "2001-2009"}, "(YEARS) names 9 years"),
        ({"REGIONS": "gone.gpkg"}, "gone.gpkg"),
    ):
        feedback = Feedback()
        with pytest.raises((QgsProcessingException, AssertionError)) as caught:
            sampled(rasters, tmp_path, feedback, **given)
        assert message in str(caught.value) + feedback.log, given


def test_kinds_of_columns_lie_beside_a_csv(rasters, tmp_path):
    sampled(rasters, tmp_path, METHOD=1, COUNT=5, LONG=True)
    with open(tmp_path / "table.csvt", encoding="ascii", newline="") as file:
        assert next(csv.reader(file)) == [
            "Real", "Real", "String", "Integer", "Real", "Real", "Real", "Integer64"
        ]

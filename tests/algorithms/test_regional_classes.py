"""Regions in the tables of classes, in every tool that has one: against QGIS's own count of the map it gives."""

from __future__ import annotations

import pytest
from examples import example
from qgis.core import QgsVectorLayer
from testkit.files import contents
from testkit.rasters import numbers, stored
from testkit.regions import SIZE, polygons
from testkit.tools import destinations, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

#: The map of classes of each tool, and the column of its codes.
MAPS = {
    "nep:trend": ("CLASS", "class"), "nep:hurst": ("CLASS", "class"), "nep:futuretrend": ("OUTPUT", "code"),
    "nep:correlation": ("CLASS", "class"), "nep:breakpoint": ("TURN", "class"),
    "nep:seasonaltrend": ("CLASS", "class"), "nep:attribution": ("CLASS", "class"),
    "nep:sourcesink": ("CLASS", "class"), "nep:variability": ("CLASS", "class"),
}
every_map = pytest.mark.parametrize("identifier", MAPS)


def computed(identifier: str, province, folder, **changes) -> dict:
    """Run the example of a tool with every result; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations(identifier, folder)
    run(identifier, {**example(identifier, province), **changes, **paths})
    return paths


def histograms(raster: str, regions: str) -> dict:
    """What QGIS counts: the pixels of each code by the name of the region."""
    import processing

    made = processing.run("native:zonalhistogram", {
        "INPUT_RASTER": raster, "RASTER_BAND": 1, "INPUT_VECTOR": regions, "COLUMN_PREFIX": "code ",
        "OUTPUT": "TEMPORARY_OUTPUT",
    })["OUTPUT"]
    codes = [field.name() for field in made.fields() if field.name().startswith("code ") and "NODATA" not in
             field.name()]
    return {
        feature["name"]: {int(code.partition(" ")[2]): int(feature[code]) for code in codes if feature[code]}
        for feature in made.getFeatures()
    }


@every_map
def test_the_pixels_of_each_class_are_those_that_qgis_counts(identifier, province, tmp_path):
    raster, column = MAPS[identifier]
    paths = computed(identifier, province, tmp_path)
    rows = table(paths["TABLE"])
    regions = str(province / "regions.gpkg")
    names = [feature["name"] for feature in QgsVectorLayer(regions, "regions", "ogr").getFeatures()]
    assert list(dict.fromkeys(row["region"] for row in rows)) == ["all", *names] and len(names) >= 4
    found = {
        name: {int(row[column]): int(row["pixels"]) for row in rows
               if row["region"] == name and row[column] and row["pixels"] != "0"}
        for name in ["all", *names]
    }
    codes = stored(paths[raster])[0]
    assert found.pop("all") == {int(code): (codes == code).sum() for code in set(codes.ravel()) if code != -32768}
    assert found == histograms(paths[raster], regions)
    for name in names:
        assert sum(float(row["percent"]) for row in rows if row["region"] == name) == pytest.approx(100)


@every_map
def test_neither_blocks_nor_regions_change_what_else_there_is(identifier, province, tmp_path, monkeypatch):
    column = MAPS[identifier][1]
    whole = computed(identifier, province, tmp_path / "1")
    monkeypatch.setattr(Run, "block", (256, 16))
    blocks = computed(identifier, province, tmp_path / "2")
    assert table(whole["TABLE"]) == table(blocks["TABLE"])
    plain = computed(identifier, province, tmp_path / "3", REGIONS=None, REGION_FIELD=None)
    rows = [{name: value for name, value in row.items() if name != "region"} for row in table(whole["TABLE"])
            if row["region"] == "all"]
    assert rows == table(plain["TABLE"]) and list(rows[0])[0] == column
    here, there = (
        {name: data for name, data in contents(tmp_path / place).items() if name.endswith(".tif")}
        for place in ("2", "3")
    )
    assert here == there and here


@every_map
def test_regions_that_part_the_raster_add_up_to_it(identifier, province, tmp_path):
    from osgeo import gdal

    raster, column = MAPS[identifier]
    npp = gdal.Open(str(next(province.glob("npp_*.tif"))))
    left, width, _, top, _, height = npp.GetGeoTransform()
    cols, rows = npp.RasterXSize, npp.RasterYSize
    west, east = (left - 500000) / SIZE, (left + width * cols - 500000) / SIZE
    north, south = (4000000 - top) / SIZE, (4000000 - top - height * rows) / SIZE
    middle = north + (south - north) / rows * (rows // 3)
    third = west + (east - west) / cols * (cols // 3)
    layer = polygons({
        "n": (north, middle, west, east), "sw": (middle, south, west, third), "se": (middle, south, third, east),
    })
    layer.setCrs(QgsVectorLayer(str(province / "regions.gpkg"), "regions", "ogr").crs())
    paths = computed(identifier, province, tmp_path, REGIONS=layer)
    found: dict = {}
    for row in table(paths["TABLE"]):
        found.setdefault(row["label"], {})[row["region"]] = int(row["pixels"]), float(row["area_km2"])
    for label, of in found.items():
        parts = [of[name] for name in ("n", "sw", "se") if name in of]
        assert of["all"][0] == sum(pixels for pixels, _area in parts), label
        assert of["all"][1] == pytest.approx(sum(area for _pixels, area in parts), rel=1e-14)
    cut = numbers(paths[raster])[: rows // 3]
    assert {int(row[column]): int(row["pixels"]) for row in table(paths["TABLE"])
            if row["region"] == "n" and row[column] and row["pixels"] != "0"} == {
        int(code): (cut == code).sum() for code in set(cut[cut == cut].tolist())
    }

"""Where a study lies."""

from __future__ import annotations

import json

import pytest
from osgeo import gdal, ogr

pytestmark = pytest.mark.usefixtures("provider")


def numbers(studied) -> dict:
    return json.loads((studied.folder / "study.json").read_text(encoding="utf-8"))["steps"]["prepare"]["numbers"]


def test_the_place_of_polygons(studied):
    place = numbers(studied)
    raster = gdal.Open(str(studied.folder / "data" / "npp.tif"))
    left, cell, _, top, _, _ = raster.GetGeoTransform()
    assert place["crs"] == "EPSG:32649" and (place["cell"], place["cell_unit"]) == (1000.0, "m")
    regions = ogr.Open(str(studied.parameters["REGIONS"]))
    assert place["regions"] == regions.GetLayer(0).GetFeatureCount() > 1
    west, south, east, north = place["extent"]  # the regions reach a little beyond the cells
    assert abs(west - left) < 2 * cell and abs(north - top) < 2 * cell and east > west and north > south
    assert place["west"] < place["lon"] < place["east"] and place["south"] < place["lat"] < place["north"]
    # One degree of latitude is about 111 km.
    assert (place["north"] - place["south"]) * 111_000 == pytest.approx(north - south, rel=0.03)
    assert 0.95 < place["valid_area_km2"] / place["area_km2"] < 1.02


def test_the_place_of_cells_with_values(studied_npp):
    place = numbers(studied_npp)
    raster = gdal.Open(str(studied_npp.folder / "data" / "npp.tif"))
    valid = (raster.ReadAsArray() != -9999).any(axis=0)
    rows, cols = valid.any(axis=1).nonzero()[0], valid.any(axis=0).nonzero()[0]
    left, cell, _, top, _, height = raster.GetGeoTransform()
    assert place["extent"] == [
        left + cols[0] * cell, top + (rows[-1] + 1) * height, left + (cols[-1] + 1) * cell, top + rows[0] * height,
    ]
    assert place["regions"] == 0 and place["pixels"] == valid.sum() and place["area_km2"] == valid.sum()

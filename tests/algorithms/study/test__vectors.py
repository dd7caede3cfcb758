"""The layers of features of a study."""

from __future__ import annotations

import pytest
from osgeo import ogr
from testkit.tools import table

pytestmark = pytest.mark.usefixtures("provider")


def test_every_layer_is_there(studied):
    source = ogr.Open(str(studied.folder / "vectors" / "study.gpkg"))
    names = {source.GetLayer(place).GetName() for place in range(source.GetLayerCount())}
    assert {"regions", "outline", "centers", "path", "ellipse", "mean_centers"} <= names


def test_regions_have_the_numbers_of_the_tables(studied):
    source = ogr.Open(str(studied.folder / "vectors" / "study.gpkg"))
    regions, area = {}, 0.0
    for feature in source.GetLayerByName("regions"):
        regions[feature["region"]] = feature.items()
        area += feature.GetGeometryRef().Area()
    for name, columns in (("fig03_regions", ("mean", "sen_slope")), ("fig04_frequency", ("increases", "p_sign"))):
        rows = [row for row in table(studied.folder / "tables" / f"{name}.csv") if row["region"] != "all"]
        assert len(rows) == len(regions)
        for row in rows:
            for column in columns:
                assert regions[row["region"]][column] == pytest.approx(float(row[column]))
    outline = source.GetLayerByName("outline").GetNextFeature()
    assert outline.GetGeometryRef().Area() == pytest.approx(area)


def test_without_polygons_there_are_the_centres(studied_npp):
    source = ogr.Open(str(studied_npp.folder / "vectors" / "study.gpkg"))
    names = {source.GetLayer(place).GetName() for place in range(source.GetLayerCount())}
    assert names & {"regions", "outline"} == set() and "mean_centers" in names

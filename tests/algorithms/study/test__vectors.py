"""The layers of features of a study."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from osgeo import ogr
from testkit.tools import table

from nep_toolbox.algorithms.study._tables import write_rows
from nep_toolbox.algorithms.study._vectors import _joined, _numbers

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


def test_borders_that_meet_inexactly_leave_no_holes():
    left = ogr.CreateGeometryFromWkt("POLYGON ((0 0,1 0,1 0.5,1 1.5,1 2,0 2,0 0))")
    right = ogr.CreateGeometryFromWkt(
        "POLYGON ((2 0,2 2,1 2,1 1.5,1.00000000001 1,1 0.5,1 0,2 0),(1.4 0.4,1.6 0.4,1.5 0.6,1.4 0.4))"
    )
    joined = _joined([left, right])
    assert joined.GetGeometryCount() == 1 and joined.GetGeometryRef(0).GetGeometryCount() == 2  # and a true hole
    assert joined.Area() == pytest.approx(4.0 - 0.02)


def test_a_region_without_values_has_no_frequency(tmp_path):
    kinds = {"region": "text", "increases": "integer", "comparisons": "integer"}
    write_rows(str(tmp_path / "fig04_frequency.csv"), kinds, [("here", 5, 12), ("there", 0, 0)])
    work = SimpleNamespace(path=lambda name: str(tmp_path / name.split("/")[-1]))
    assert _numbers(work, ["here", "there"])[1] == [("here", 5, 12), ("there", None, None)]

"""Stages, mean centres and net distances of nep:gravitycenter against its own centres by pyproj."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsPointXY,
    QgsProcessingException,
    QgsProject,
)
from testkit.gravity import Found, cell, series, three_years
from testkit.tools import run, table

pytestmark = pytest.mark.usefixtures("provider")


def inverse(one, other) -> tuple:
    """Distance (km) and azimuth on the ellipsoid between two points of UTM zone 50 north."""
    from pyproj import Geod

    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32650"), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    )
    (lon1, lat1), (lon2, lat2) = ((point.x(), point.y()) for point in (
        there.transform(QgsPointXY(*place)) for place in (one, other)
    ))
    azimuth, _, distance = Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)
    return distance / 1000, azimuth % 360


@pytest.fixture(scope="module")
def wander(tmp_path_factory) -> list:
    """Nine years of 20 x 30 cells whose weights wander."""
    rng = np.random.default_rng(12)
    return series(tmp_path_factory.mktemp("wander") / "x.tif", rng.uniform(1, 100, (9, 20, 30)) ** 2)


@pytest.fixture(scope="module")
def found(wander, tmp_path_factory) -> Found:
    return Found(wander, tmp_path_factory.mktemp("found"), STAGES="2001-2004,2004-2006,2007-2009")


def test_stages_equal_the_steps_between_their_centres(found):
    centres = found.centres()
    rows = table(found.paths["STAGE_TABLE"])
    assert list(rows[0]) == ["region", "stage", "from_year", "to_year", "path_km", "net_km", "azimuth", "km_per_year"]
    assert [row["stage"] for row in rows] == ["2001-2004", "2004-2006", "2007-2009"]
    for row in rows:
        first, last = int(row["from_year"]), int(row["to_year"])
        steps = [centres[year]["distance_km"] for year in range(first + 1, last + 1)]
        assert float(row["path_km"]) == pytest.approx(sum(steps), rel=1e-12)
        net, azimuth = inverse(*((centres[year]["x"], centres[year]["y"]) for year in (first, last)))
        assert float(row["net_km"]) == pytest.approx(net, rel=1e-8)
        assert float(row["azimuth"]) == pytest.approx(azimuth, abs=1e-4)
        assert float(row["km_per_year"]) == pytest.approx(sum(steps) / (last - first), rel=1e-12)


def test_numbers_of_the_whole_way(found):
    centres = found.centres()
    net, azimuth = inverse(*((centres[year]["x"], centres[year]["y"]) for year in (2001, 2009)))
    assert found.results["NET_KM"] == pytest.approx(net, rel=1e-8)
    assert found.results["NET_AZIMUTH"] == pytest.approx(azimuth, abs=1e-4)
    assert found.results["PATH_KM"] == pytest.approx(centres[2009]["cumulative_km"], rel=1e-12)
    paths = [float(row["path_km"]) for row in table(found.paths["STAGE_TABLE"])]
    # Of the stages the last does not begin where the one before ends: the step into 2007 belongs to none.
    assert found.results["PATH_KM"] == pytest.approx(sum(paths) + centres[2007]["distance_km"], rel=1e-12)


def test_the_mean_centre_lies_where_the_offset_says(found):
    ((row, points),) = found.features("MEAN_CENTERS")
    centres = found.centres()
    for axis in ("x", "y"):
        assert row[axis] == pytest.approx(np.mean([centre[axis] for centre in centres.values()]), rel=1e-12)
    assert points == [(row["x"], row["y"])]
    corner, opposite = cell(0, 0), cell(29, 19)
    geometric = [(a + b) / 2 for a, b in zip(corner, opposite)]
    assert [row["geometric_x"], row["geometric_y"]] == pytest.approx(geometric, rel=1e-9)
    distance, azimuth = inverse(geometric, points[0])
    assert row["offset_km"] == found.results["OFFSET_KM"] == pytest.approx(distance, rel=1e-6)
    assert row["offset_azimuth"] == found.results["OFFSET_AZIMUTH"] == pytest.approx(azimuth, abs=1e-3)


def test_the_page_holds_the_stages(found):
    page = Path(found.paths["CHART"]).read_text(encoding="utf-8")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page.partition("Migration by stage")[2])
    row = table(found.paths["STAGE_TABLE"])[0]
    assert cells[:2] == ["all", "2001-2004"]
    numbers = [float(row[name]) for name in ("path_km", "net_km", "azimuth", "km_per_year")]
    assert [float(cell) for cell in cells[2:6]] == pytest.approx(numbers, rel=1e-3)


def test_without_stages_the_table_has_three_and_the_page_none(wander, tmp_path):
    paths = {name: str(tmp_path / f"{name}.{kind}") for name, kind in (
        ("CENTERS", "gpkg"), ("STAGE_TABLE", "csv"), ("CHART", "html"),
    )}
    run("nep:gravitycenter", {"INPUT": wander, **paths})
    assert [row["stage"] for row in table(paths["STAGE_TABLE"])] == ["2001-2003", "2004-2006", "2007-2009"]
    del paths["STAGE_TABLE"]
    run("nep:gravitycenter", {"INPUT": wander, **paths})
    assert "Migration by stage" not in Path(paths["CHART"]).read_text(encoding="utf-8")


def test_stages_without_two_centres_are_empty(tmp_path):
    stack = three_years()
    stack[1:] = np.nan
    found = Found(series(tmp_path / "x.tif", stack), tmp_path / "out", STAGES="2001-2003", COMMON_MASK=False)
    (row,) = table(found.paths["STAGE_TABLE"])
    assert [row[name] for name in ("path_km", "net_km", "azimuth", "km_per_year")] == [""] * 4
    assert np.isnan([found.results[name] for name in ("PATH_KM", "NET_KM", "NET_AZIMUTH")]).all()


@pytest.mark.parametrize(("text", "words"), [
    ("2001-2002,2002-2003,2002-2003", "overlap"), ("first half", "'first'"), ("2003-2001", "ends at least one year"),
])
def test_bad_stages_are_refused_before_the_run(tmp_path, text, words):
    layers = series(tmp_path / "x.tif", three_years())
    with pytest.raises(QgsProcessingException, match=words) as error:
        run("nep:gravitycenter", {"INPUT": layers, "STAGES": text, "CENTERS": str(tmp_path / "c.gpkg")})
    assert "'Stages of the migration' (STAGES)" in str(error.value)


def test_a_stage_beyond_the_series_is_named(tmp_path):
    layers = series(tmp_path / "x.tif", three_years())
    given = {"INPUT": layers, "STAGES": "2002-2005", "CENTERS": str(tmp_path / "c.gpkg")}
    with pytest.raises(QgsProcessingException, match="holds the stage 2002-2005, but the series has no 2005"):
        run("nep:gravitycenter", given)
    assert not (tmp_path / "c.gpkg").exists()

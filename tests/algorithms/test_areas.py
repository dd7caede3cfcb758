"""Areas of cells in every tool that has some: Web Mercator, whose map units are four times too large at 60 N."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_raster
from testkit.tools import Feedback, table
from testkit.tools import run as run_tool

from nep_toolbox.framework.run import Run
from nep_toolbox.raster.cells import areas_of_rows
from nep_toolbox.raster.crs import crs_wkt
from nep_toolbox.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("provider")

TRANSFORM = (0.0, 1000.0, 0.0, 8399737.0, 0.0, -1000.0)
ROWS, COLS, YEARS = 40, 30, range(2001, 2011)


def numbers_of(folder, tool: str, name: str, **parameters) -> list:
    """The rows of a table, their columns of numbers as such."""
    feedback = parameters.pop("feedback", None)
    run_tool(f"nep:{tool}", {**parameters, name: str(folder / f"{name}.csv")}, feedback)
    columns = ("year", "class", "from_class", "to_class", "area_km2", "y")
    return [{key: float(row[key]) for key in columns if row.get(key)} for row in table(folder / f"{name}.csv")]


def square_km() -> np.ndarray:
    """Area of a cell of each row between its parallels, which those of Web Mercator are on the sphere."""
    edges = np.degrees(np.arctan(np.sinh((TRANSFORM[3] - 1000.0 * np.arange(ROWS + 1)) / 6378137.0)))
    width = np.degrees(1000.0 / 6378137.0)
    heights = zip(edges[:-1], np.diff(edges))
    grids = [Grid(crs_wkt("EPSG:4326"), (0.0, width, 0.0, top, 0.0, height), 1, 1) for top, height in heights]
    return np.array([areas_of_rows(grid, 0, 1)[0, 0] for grid in grids]) / 1e6


@pytest.fixture(params=[None, (COLS, 16), (256, 16)])
def blocks(request, monkeypatch) -> None:
    monkeypatch.setattr(Run, "block", request.param)


@pytest.fixture
def values(tmp_path) -> str:
    random = np.random.default_rng(1).normal(100.0, 10.0, (len(YEARS), ROWS, COLS))
    return write_raster(tmp_path / "nep.tif", random, TRANSFORM, 3857, descriptions=YEARS)


@pytest.fixture
def landcover(tmp_path) -> str:
    classes = np.zeros((2, ROWS, COLS)) + (1 + np.arange(ROWS) // 20)[:, np.newaxis]
    classes[1, :10] = 2
    return write_raster(tmp_path / "lc.tif", classes, TRANSFORM, 3857, kind="uint8", descriptions=[2001, 2010])


@pytest.mark.usefixtures("blocks")
def test_statistics_of_the_years(tmp_path, values):
    feedback = Feedback()
    row = numbers_of(tmp_path, "annualstatistics", "TABLE", INPUT=[values], feedback=feedback)[0]
    assert row["area_km2"] == pytest.approx(COLS * square_km().sum(), rel=1e-9)
    told = [text for text in feedback.infos if text.startswith("Area of a cell: ")]
    assert told == ["Area of a cell: on the ellipsoid, cell by cell, as map units squared are off by up to +3e+02 %"]


@pytest.mark.usefixtures("blocks")
def test_shares_of_classes(tmp_path, values):
    rows = numbers_of(tmp_path, "trend", "TABLE", INPUT=[values], SLOPE=str(tmp_path / "slope.tif"))
    total = sum(row.get("area_km2", 0.0) for row in rows)
    assert total == pytest.approx(COLS * square_km().sum(), rel=1e-9)


@pytest.mark.usefixtures("blocks")
def test_the_budget_of_the_years(tmp_path, values):
    row = numbers_of(tmp_path, "sourcesink", "BUDGET", INPUT=[values], CLASS=str(tmp_path / "class.tif"))[0]
    assert row["area_km2"] == pytest.approx(COLS * square_km().sum(), rel=1e-9)


@pytest.mark.usefixtures("blocks")
def test_land_cover(tmp_path, values, landcover):
    by_row = COLS * square_km()
    places = {"TRANSITIONS": str(tmp_path / "moves.csv")}
    rows = numbers_of(tmp_path, "landcovertransition", "AREAS", INPUT=[landcover], **places)
    areas = {(row["year"], row["class"]): row["area_km2"] for row in rows}
    assert areas[2001, 1] == pytest.approx(by_row[:20].sum(), rel=1e-9)
    assert areas[2010, 1] == pytest.approx(by_row[10:20].sum(), rel=1e-9)
    moved = [row for row in table(tmp_path / "moves.csv") if (row["from_class"], row["to_class"]) == ("1", "2")]
    assert float(moved[0]["area_km2"]) == pytest.approx(by_row[:10].sum(), rel=1e-9)
    rows = numbers_of(tmp_path, "landcoverstatistics", "TABLE", INPUT=[values], LANDCOVER=[landcover])
    areas = {(row["year"], row["class"]): row["area_km2"] for row in rows}
    assert areas[2005, 2] == pytest.approx(by_row[20:].sum(), rel=1e-9)
    rows = numbers_of(tmp_path, "landcovereffect", "TABLE", INPUT=[values], LANDCOVER=[landcover])
    moved, total = (by_row[rows].sum() for rows in (slice(0, 10), slice(None)))
    assert [row["area_km2"] for row in rows[1::2]] == pytest.approx([moved, total], rel=1e-9)


def test_the_centre_weighs_cells_by_their_area(tmp_path):
    ones = write_raster(tmp_path / "one.tif", np.ones((2, ROWS, COLS)), TRANSFORM, 3857, descriptions=[2001, 2002])
    rows = numbers_of(tmp_path, "gravitycenter", "CENTERS", INPUT=[ones])
    middle = TRANSFORM[3] - 1000.0 * (np.arange(ROWS) + 0.5)
    expected = (square_km() * middle).sum() / square_km().sum()
    assert rows[0]["y"] == pytest.approx(expected, abs=1e-4)

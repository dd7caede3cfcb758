"""Sums over regions that overlap, and what is said of empty ones."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from testkit.rasters import write_raster
from testkit.regions import SIZE, outlines, polygons
from testkit.tools import Feedback
from testkit.toy import call, toy

from nep_toolbox.core.zonal.blocks import zonal_block
from nep_toolbox.core.zonal.statistics import empty_sums
from nep_toolbox.framework.regional_sums import Zones, gather, sparse_regions, warn_of_empty, zonal_statistics
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("qgis_app")

ROWS, COLS = 40, 600

#: Regions in cells: first row, last, first column, last. The first two overlap, the third lies within one cell row.
REGIONS = {"west": (2, 30, 1, 400), "east": (10, 38, 200, 590), "line": (5, 6, 3, 500)}


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Three years with gaps, on a level much above their differences."""
    rng = np.random.default_rng(3)
    stack = 1e6 + rng.normal(0, 1, (3, ROWS, COLS)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.1] = -9999.0
    return stack.astype(np.float32)


@pytest.fixture
def series(values, tmp_path) -> list:
    """The rasters."""
    return [write_raster(tmp_path / f"npp_{2001 + i}.tif", plane, nodata=-9999.0) for i, plane in enumerate(values)]


def within(series, look, boxes=None, feedback=None) -> None:
    """Call ``look(run)`` inside of a run over the series and the regions."""
    layer = polygons(REGIONS if boxes is None else boxes)
    call(toy(compute=look), {"INPUT": series, "REGIONS": layer, "REGION_FIELD": "name"}, feedback)


@pytest.mark.parametrize("block", [None, (256, 16), (512, 16)])
def test_overlapping_regions_against_plain_sums(series, values, monkeypatch, block):
    monkeypatch.setattr(Run, "block", block)
    found = {}

    def look(run):
        statistics, zones = zonal_statistics(run, run.series("INPUT"))
        found.update(statistics, names=zones.names, coverage=zones.coverage(statistics["area"]))

    within(series, look)
    assert found["names"] == ["all", *REGIONS]
    for zone, (top, bottom, left, right) in enumerate([(0, ROWS, 0, COLS), *REGIONS.values()]):
        for year, plane in enumerate(values.astype(np.float64)):
            cells = plane[top:bottom, left:right]
            cells = cells[cells != -9999.0]
            assert found["pixels"][year, zone] == cells.size
            assert (found["min"][year, zone], found["max"][year, zone]) == (cells.min(), cells.max())
            assert found["area"][year, zone] == cells.size * SIZE**2
            assert found["mean"][year, zone] == pytest.approx(cells.mean(), rel=1e-14)
            assert found["std"][year, zone] == pytest.approx(cells.std(), rel=1e-9)
            whole = (bottom - top) * (right - left)
            share = np.nan if zone == 0 else 100 * cells.size / whole
            assert found["coverage"][year, zone] == pytest.approx(share, rel=1e-3, nan_ok=True)
            assert found["total"][year, zone] == pytest.approx(cells.sum() * SIZE**2, rel=1e-13)


def test_the_sums_do_not_depend_on_the_blocks(series, monkeypatch):
    found = []

    def look(run):
        sums, _zones = gather(run, run.series("INPUT"), zonal_block, {}, empty_sums)
        found.append([part.tobytes() for part in sums])

    for block in (None, (256, 16), (512, 32)):
        monkeypatch.setattr(Run, "block", block)
        within(series, look)
    assert found[0] == found[1] == found[2]


def test_sums_by_shares_do_not_depend_on_the_blocks(series, monkeypatch):
    found, parts = [], []
    layer = outlines({
        "a": [(1.3, 2.2), (590.1, 10.7), (300.5, 39.4)], "b": [(100, 1), (599, 0.5), (450.7, 38.2), (90.9, 20)],
        "c": [(250, 15.5), (262, 15.5), (256.5, 17)],
    })

    def look(run):
        sums, _zones = gather(run, run.series("INPUT"), zonal_block, {}, partial(empty_sums, pixels=float),
                              fractions=True)
        found.append([part.tobytes() for part in sums])
        parts.append(sums.count % 1)

    for block in (None, (256, 16), (512, 32)):
        monkeypatch.setattr(Run, "block", block)
        call(toy(compute=look), {"INPUT": series, "REGIONS": layer, "REGION_FIELD": "name"})
    assert found[0] == found[1] == found[2]
    assert (parts[0][:, 1:] > 0).all() and not parts[0][:, 0].any()


def test_without_regions_only_the_whole(series):
    found = []
    call(toy(compute=lambda run: found.extend(zonal_statistics(run, run.series("INPUT")))), {"INPUT": series})
    assert found[0]["pixels"].shape == (3, 1) and found[1].names == ["all"]


def test_a_region_without_a_value_is_named(series):
    feedback = Feedback()
    within(series, lambda run: zonal_statistics(run, run.series("INPUT")), {"far": (500, 510, 0, 9), **REGIONS},
           feedback)
    assert feedback.warnings == [
        "No value in the region 'far': it lies outside of the raster, holds no cell centre (it is smaller than a cell) "
        "or only missing values."
    ]


class Warned:
    """Stands for a run: keeps its warnings."""

    def __init__(self):
        self.log = self
        self.texts: list = []

    def warn(self, text):
        self.texts.append(text)


@pytest.mark.parametrize(
    ("pixels", "years", "common", "texts"),
    [
        ([[5, 1], [4, 0]], (2001, 2002), False, []),
        ([[5, 0, 0], [4, 0, 0]], (2001, 2002), False, ["No value in the region 'a', 'b': it lies outside"]),
        ([[5, 0, 2]], (2001,), True, ["No value in the region 'a': it lies outside"]),
        ([[5], [0], [0]], (2001, 2002, 2003), False, ["The raster has no valid value in 2002, 2003."]),
        ([[0, 0], [4, 0]], (2001, 2002), False,
         ["The raster has no valid value in 2001.", "No value in the region 'a': it lies outside"]),
        ([[0, 0], [0, 0]], (2001, 2002), False, ["The raster has no valid value."]),
        ([[0, 0]], (2001,), True, ["No pixel has a value in every year. Leave out the years without values"]),
    ],
)
def test_what_is_said_of_empty_zones(pixels, years, common, texts):
    run = Warned()
    warn_of_empty(run, ["all", "a", "b"], np.array(pixels), years, common)
    assert len(run.texts) == len(texts)
    assert all(said.startswith(text) for said, text in zip(run.texts, texts))
    if common and len(pixels[0]) > 2:
        assert run.texts[0].endswith("or no pixel with a value in every year.")


def test_coverage_of_the_years_with_a_value():
    # Of 200 m2, 20 and 40 in two of three years; nothing; an area that is not known.
    zones = Zones(["all", "a", "b", "c"], np.array([np.nan, 200.0, 10.0, np.nan]))
    covered = np.array([[5.0, 20, 0, 1], [5, 0, 0, 1], [5, 40, 0, 1]])
    np.testing.assert_array_equal(zones.coverage(covered)[:, 1:3], [[10, 0], [0, 0], [20, 0]])
    np.testing.assert_array_equal(zones.mean_coverage(covered), [np.nan, 15, 0, np.nan])


def test_regions_with_few_values_are_named_in_one_line():
    run = Warned()
    zones = Zones(["all", "a", "b", "c", "d"], np.array([np.nan, 100.0, 100, 100, 100]))
    found = sparse_regions(run, zones, np.array([[9.0, 9.9, 10.0, 0.0, 0.05]]))
    assert found == {"a": 9.9, "d": 0.05}
    assert run.texts == [
        "Little of these regions has values (less than 10 % of their area), so that their numbers may not stand for "
        "them: 'a' (9.9 %), 'd' (0.05 %)."
    ]
    assert sparse_regions(run, zones, np.full((1, 5), 50.0)) == {} and len(run.texts) == 1

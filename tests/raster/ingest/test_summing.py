"""Counts on another grid: totals, and where they go."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_layer
from testkit.warping import source_of

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_wkt, transformed
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest import summing
from nep_toolbox.raster.ingest.content import DOUBLES
from nep_toolbox.raster.ingest.summing import SummedReader
from nep_toolbox.raster.ingest.target_grid import covering_grid

UTM = wkt_of(32650)
SINUSOIDAL = crs_wkt("+proj=sinu +R=6371007.181")
DEGREES = (117.0, 0.01, 0.0, 36.3, 0.0, -0.01)


def counts(shape=(60, 80), gaps=0.2, seed=1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(2, 2, shape))
    values[rng.random(shape) < gaps] = np.nan
    return values


def reader(tmp_path, values, target: Grid, transform=COARSE_TRANSFORM, wkt=UTM) -> SummedReader:
    layer = write_layer(tmp_path / "people.tif", values, transform, wkt, kind=gdal.GDT_Float64, nodata=np.nan)
    return SummedReader.of(source_of(layer, DOUBLES), "people", target)


def test_by_hand(tmp_path):
    """Cells of 500 m onto one of 1000 m that is shifted by a quarter of theirs, 125 m, to the east."""
    target = Grid(UTM, (500125.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0), 2, 1)
    found = reader(tmp_path, np.array([[8.0, 16, 32], [4, np.nan, 64]]), target).read(target.whole)
    assert found.tolist() == [[[6 + 16 + 8 + 3 + 16, 24 + 48]]]


def test_blocks_of_whole_cells_are_summed(tmp_path):
    values = counts()
    values[:5, :5] = np.nan
    target = Grid(UTM, (500000.0, 2500.0, 0.0, 4000000.0, 0.0, -2500.0), 16, 12)
    found = reader(tmp_path, values, target).read(target.whole)[0]
    expected = np.nansum(values.reshape(12, 5, 16, 5), axis=(1, 3))
    np.testing.assert_allclose(found[~np.isnan(found)], expected[~np.isnan(found)], rtol=1e-14)
    assert np.argwhere(np.isnan(found)).tolist() == [[0, 0]]


def test_a_missing_cell_counts_nothing_beside_a_valid_one(tmp_path):
    target = Grid(UTM, (500000.0, 250.0, 0.0, 4000000.0, 0.0, -250.0), 4, 2)
    found = reader(tmp_path, np.array([[8.0, np.nan]]), target).read(target.whole)[0]
    np.testing.assert_array_equal(found, [[2, 2, np.nan, np.nan]] * 2)
    wide = Grid(UTM, (500000.0, 1000.0, 0.0, 4000000.0, 0.0, -500.0), 1, 1)
    assert reader(tmp_path, np.array([[8.0, np.nan]]), wide).read(wide.whole).tolist() == [[[8.0]]]


@pytest.mark.parametrize("wkt, cell", [
    (wkt_of(4326), 0.05), (wkt_of(4326), 0.013), (wkt_of(4326), 0.003), (UTM, 5000.0), (UTM, 777.0), (UTM, 150.0),
    (wkt_of(3857), 2000.0), (SINUSOIDAL, 463.3127), (SINUSOIDAL, 9e3),
])
def test_the_total_is_kept_from_degrees_to_any_grid(tmp_path, wkt, cell):
    values = counts()
    source = Grid(wkt_of(4326), DEGREES, 80, 60)
    target = covering_grid(wkt, Bounds.of_projected(source, wkt), cell)
    wider = target.part(Window(-2, -2, target.width + 4, target.height + 4))
    found = reader(tmp_path, values, wider, DEGREES, wkt_of(4326)).read(wider.whole)
    assert np.nansum(found) == pytest.approx(np.nansum(values), rel=1e-12)
    assert np.isfinite(found).mean() > 0.2


def test_density_stays_what_it_is_in_another_reference_system(tmp_path):
    """People per square kilometre that change evenly: counts over areas, cell by cell, on UTM."""
    row, col = np.mgrid[0:120, 0:160]
    density = 50 + 0.5 * col + 0.25 * row
    # Areas by the sphere: along a parallel they change by the cosine of the latitude.
    area = np.cos(np.radians(36.3 - 0.01 * (row + 0.5)))
    source = Grid(wkt_of(4326), DEGREES, 160, 120)
    target = Grid(UTM, (520000.0, 2500.0, 0.0, 4000000.0, 0.0, -2500.0), 30, 30)
    found = reader(tmp_path, density * area, target, DEGREES, wkt_of(4326)).read(target.whole)[0]
    x, y = target.centres(target.whole)
    there = source.cell_of(*transformed(x, y, UTM, source.wkt))
    expected = 50 + 0.5 * (there[0] - 0.5) + 0.25 * (there[1] - 0.5)
    ratio = found / expected
    np.testing.assert_allclose(ratio / ratio.mean(), 1.0, atol=3e-3)


def test_parts_are_those_of_the_whole_to_the_last_bit(tmp_path, monkeypatch):
    monkeypatch.setattr(summing, "TILE", 16)
    target = Grid(UTM, (498000.0, 777.0, 0.0, 4020000.0, 0.0, -777.0), 100, 90)
    values = np.stack([counts(), counts(seed=2)])
    found = reader(tmp_path, values, target, DEGREES, wkt_of(4326))
    whole = found.read(target.whole)
    assert np.isfinite(whole).mean() > 0.3 and (np.isnan(whole[0]) != np.isnan(whole[1])).any()
    for window in (Window(0, 0, 1, 1), Window(13, 40, 31, 9), Window(60, 30, 40, 60)):
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        np.testing.assert_array_equal(found.read(window), whole[:, rows, cols])


def test_a_grid_that_runs_from_south_to_north_or_is_turned(tmp_path):
    values = counts((8, 8), 0)
    south_up = Grid(UTM, (500000.0, 1000.0, 0.0, 3996000.0, 0.0, 1000.0), 4, 4)
    found = reader(tmp_path, values, south_up).read(south_up.whole)[0]
    np.testing.assert_allclose(found, values.reshape(4, 2, 4, 2).sum(axis=(1, 3))[::-1], rtol=1e-14)
    turned = Grid(UTM, (495000.0, 700.0, 300.0, 4001500.0, 300.0, -700.0), 20, 20)
    assert np.nansum(reader(tmp_path, values, turned).read(turned.whole)) == pytest.approx(values.sum(), rel=1e-12)


def test_the_globe_round_a_pole_and_over_the_edge_of_the_map(tmp_path):
    """Cells that the map tears, and those that end in the pole, are not lost."""
    values = counts((18, 72), 0)
    transform = (-180.0, 5.0, 0.0, 90.0, 0.0, -5.0)
    polar = Grid(wkt_of(3995), (-1.3e7, 2e5, 0.0, 1.3e7, 0.0, -2e5), 130, 130)
    found = reader(tmp_path, values, polar, transform, wkt_of(4326)).read(polar.whole)
    assert np.nansum(found) == pytest.approx(values.sum(), rel=1e-12)
    pacific = Grid(crs_wkt("+proj=eqc +lon_0=178 +R=6371000"), (-2.1e7, 5e5, 0.0, 1.1e7, 0.0, -5e5), 84, 24)
    found = reader(tmp_path, values, pacific, transform, wkt_of(4326)).read(pacific.whole)
    assert np.nansum(found) == pytest.approx(values.sum(), rel=1e-12)


def test_what_lies_beyond_the_grid_is_left_out_and_nothing_comes_from_far_away(tmp_path):
    values = counts((8, 8), 0)
    half = Grid(UTM, (500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0), 2, 4)
    assert reader(tmp_path, values, half).read(half.whole).sum() == pytest.approx(values[:, :4].sum())
    far = Grid(UTM, (900000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0), 2, 4)
    assert np.isnan(reader(tmp_path, values, far).read(far.whole)).all()


def test_a_cancel_is_heard_between_two_squares(tmp_path, monkeypatch):
    monkeypatch.setattr(summing, "TILE", 16)
    asked = []

    def is_cancelled():
        asked.append(1)
        return len(asked) > 3

    target = Grid(UTM, (500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0), 40, 30)
    found = reader(tmp_path, counts(), target)
    with heeding(is_cancelled), pytest.raises(Cancelled):
        found.read(target.whole)
    assert len(asked) < 10 and np.isfinite(found.read(target.whole)).any()

"""Sums patch by patch: every cell once, and the same bits whatever the blocks."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import pytest

from nep_toolbox.core.zonal import gravity_centre as gravity
from nep_toolbox.core.zonal import statistics as zonal
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block
from nep_toolbox.core.zonal.reduction import PATCH, Total, sum_patches

ROWS, COLS, STEPS, REGIONS = 70, 600, 3, 4
ORIGIN = (300.0, 35.0)


@pytest.fixture(scope="module")
def raster():
    """Values with gaps, cell areas by row, coordinates, and overlapping regions as a list of masks."""
    rng = np.random.default_rng(11)
    values = rng.normal(300, 90, (STEPS, ROWS, COLS)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = np.nan
    area = rng.uniform(0.9, 1.1, (ROWS, 1)) * 250_000
    x, y = np.meshgrid(np.arange(COLS) + 0.5, ROWS - np.arange(ROWS) - 0.5)
    masks = [np.hypot(x - cx, 5 * (y - cy)) < size for cx, cy, size in
             ((100, 30, 90), (180, 40, 120), (500, 20, 60), (5, 5, 0.1))]
    return values, area, (x, y), masks


def reduce_blocks(raster, shape, kernel, empty):
    """Walk the raster in blocks of (rows, cols) as a tool does."""
    values, area, (x, y), masks = raster
    total = Total(partial(empty, STEPS, REGIONS + 1))
    for row in range(0, ROWS, shape[0]):
        for col in range(0, COLS, shape[1]):
            part = np.s_[row : row + shape[0], col : col + shape[1]]
            inside = [np.flatnonzero(mask[part]) for mask in masks]
            regions = (np.concatenate(inside), np.repeat(np.arange(REGIONS), [each.size for each in inside]))
            total.add(kernel(values[(slice(None), *part)], area[part[0]], (x[part], y[part]), regions),
                      last=col + shape[1] >= COLS)
    return total.sums


def zonal_kernel(stack, area, _centres, regions):
    return zonal_block(stack, area, regions)


KERNELS = {
    "zonal": (zonal_kernel, zonal.empty_sums),
    "gravity": (partial(gravity_block, origin=ORIGIN), partial(gravity.empty_sums, origin=ORIGIN)),
}


@pytest.mark.parametrize("name", KERNELS)
def test_same_bits_for_all_blocks_of_whole_patches(raster, name):
    whole = reduce_blocks(raster, (ROWS, COLS), *KERNELS[name])
    for shape in ((16, COLS), (48, COLS), (16, 256), (ROWS, 256), (32, 512), (64, 256)):
        for one, other in zip(whole, reduce_blocks(raster, shape, *KERNELS[name])):
            np.testing.assert_array_equal(one, other, err_msg=str(shape))


@pytest.mark.parametrize("name", KERNELS)
def test_nearly_the_same_for_other_blocks(raster, name):
    whole = reduce_blocks(raster, (ROWS, COLS), *KERNELS[name])
    for shape in ((1, COLS), (7, COLS), (ROWS, 100), (3, 41)):
        found = reduce_blocks(raster, shape, *KERNELS[name])
        if name == "zonal":
            for key, value in whole.statistics().items():
                exact = key in ("pixels", "min", "max")
                np.testing.assert_allclose(found.statistics()[key], value, rtol=0 if exact else 1e-12, err_msg=key)
        else:
            np.testing.assert_array_equal(found.pixels, whole.pixels)
            for one, other in zip(gravity.gravity_centres(whole), gravity.gravity_centres(found)):
                np.testing.assert_allclose(one, other, rtol=1e-12)


def test_zonal_equals_plain_numpy(raster):
    values, area, _, masks = raster
    found = reduce_blocks(raster, (ROWS, COLS), *KERNELS["zonal"]).statistics()
    for zone, mask in enumerate([np.ones((ROWS, COLS), dtype=bool), *masks]):
        for step in range(STEPS):
            chosen = mask & np.isfinite(values[step])
            v, w = values[step][chosen].astype(float), np.broadcast_to(area, mask.shape)[chosen]
            assert found["pixels"][step, zone] == v.size
            assert found["area"][step, zone] == pytest.approx(w.sum(), rel=1e-12)
            if v.size:
                mean = np.average(v, weights=w)
                assert found["mean"][step, zone] == pytest.approx(mean, rel=1e-12)
                std = np.sqrt(np.average((v - mean) ** 2, weights=w))
                assert found["std"][step, zone] == pytest.approx(std, rel=1e-10, abs=1e-12)
                assert found["total"][step, zone] == pytest.approx((v * w).sum(), rel=1e-12)
                assert (found["min"][step, zone], found["max"][step, zone]) == (v.min(), v.max())


def test_gravity_equals_plain_numpy(raster):
    values, area, (x, y), masks = raster
    centres = gravity.gravity_centres(reduce_blocks(raster, (ROWS, COLS), *KERNELS["gravity"]))
    valid = np.isfinite(values).all(axis=0)
    for zone, mask in enumerate([np.ones((ROWS, COLS), dtype=bool), *masks]):
        chosen = mask & valid
        for step in range(STEPS):
            assert centres.pixels[step, zone] == chosen.sum()
            if chosen.any():
                w = values[step][chosen].astype(float) * np.broadcast_to(area, mask.shape)[chosen]
                assert centres.x[step, zone] == pytest.approx(np.average(x[chosen], weights=w), rel=1e-12)
                assert centres.y[step, zone] == pytest.approx(np.average(y[chosen], weights=w), rel=1e-12)
        if chosen.any():
            w = np.broadcast_to(area, mask.shape)[chosen]
            assert centres.geometric_y[zone] == pytest.approx(np.average(y[chosen], weights=w), rel=1e-12)
        else:
            assert np.isnan(centres.x[:, zone]).all() and np.isnan(centres.geometric_x[zone])


class Cells(NamedTuple):
    """Not sums but the cells themselves, to see which patch got which."""

    cells: np.ndarray
    zone: np.ndarray


def test_patches_hold_every_cell_once_and_every_pair_once():
    rows, cols = 2 * PATCH[0] + 3, PATCH[1] + 5
    regions = (np.array([0, cols - 1, 5 * cols, 0, rows * cols - 1]), np.array([7, 7, 7, 9, 9]))
    strips = sum_patches((rows, cols), regions, lambda cells, zone, _zones: Cells(cells, zone))
    assert [len(line) for line in strips] == [2, 2, 2]
    seen = []
    for line in strips:
        for patch in line:
            assert patch.zones[0] == 0 and patch.sums.zone.max() == len(patch.zones) - 1
            seen += list(zip(patch.zones[patch.sums.zone].tolist(), patch.sums.cells.tolist()))
    expected = [(0, cell) for cell in range(rows * cols)]
    expected += [(region + 1, cell) for cell, region in zip(*(part.tolist() for part in regions))]
    assert sorted(seen) == sorted(expected)


def test_without_regions():
    strips = sum_patches((3, 4), None, lambda cells, zone, zones: Cells(cells, np.full(zones, zone.max())))
    assert strips[0][0].sums.cells.tolist() == list(range(12))
    assert strips[0][0].zones.tolist() == [0]

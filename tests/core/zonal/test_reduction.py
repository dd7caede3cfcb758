"""Sums patch by patch: every cell once, and the same bits whatever the blocks."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal import gravity_sums as gravity
from nep_toolbox.core.zonal import statistics as zonal
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block
from nep_toolbox.core.zonal.gravity_centre import gravity_centres
from nep_toolbox.core.zonal.reduction import PATCH, Total, runs_of

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
            regions = Labels.of_pairs(
                x[part].shape, np.concatenate(inside), np.repeat(np.arange(REGIONS), [each.size for each in inside])
            )
            place = gravity.Place((0.0, 1.0, 0.0, ROWS, 0.0, -1.0), col, row)
            total.add(kernel(values[(slice(None), *part)], area[part[0], part[1] if by_cell(area) else slice(None)],
                             place, regions),
                      last=col + shape[1] >= COLS)
    return total.sums


def by_cell(area) -> bool:
    return area.shape[1] > 1


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
            for one, other in zip(gravity_centres(whole), gravity_centres(found)):
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
    centres = gravity_centres(reduce_blocks(raster, (ROWS, COLS), *KERNELS["gravity"]))
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


def test_runs_are_cells_of_a_row_of_a_patch_in_the_same_regions(raster):
    *_rest, masks = raster
    labels = Labels.of_pairs((ROWS, COLS), *np.nonzero([mask.ravel() for mask in masks])[::-1])
    runs = runs_of((ROWS, COLS), labels)
    assert (runs.starts[1:] == runs.starts[:-1] + runs.lengths[:-1]).all() and runs.starts[0] == 0
    assert runs.lengths.sum() == ROWS * COLS
    for place, (start, length) in enumerate(zip(runs.starts.tolist(), runs.lengths.tolist())):
        rows, cols = np.divmod(np.arange(start, start + length), COLS)
        assert (rows == runs.row[place]).all() and cols[0] == runs.col[place]
        assert (cols // PATCH[1] == runs.patch[place]).all() and runs.row[place] // PATCH[0] == runs.strip[place]
        assert (labels.of_cell[rows, cols] == runs.label[place]).all()


def test_areas_by_cell_are_the_weights(raster):
    values, area, centres, masks = raster
    rng = np.random.default_rng(6)
    for alike in (True, False):
        by_cell = np.repeat(area, COLS, axis=1) if alike else rng.uniform(0.5, 2.0, (ROWS, COLS))
        zonal_sums = reduce_blocks((values, by_cell, centres, masks), (16, 256), *KERNELS["zonal"]).statistics()
        moved = gravity_centres(reduce_blocks((values, by_cell, centres, masks), (16, 256), *KERNELS["gravity"]))
        valid = np.isfinite(values).all(axis=0)
        for zone, mask in enumerate([np.ones((ROWS, COLS), dtype=bool), *masks[:3]]):
            here, common = mask & np.isfinite(values[0]), mask & valid
            v, w = values[0][here].astype(float), by_cell[here]
            assert zonal_sums["mean"][0, zone] == pytest.approx(np.average(v, weights=w), rel=1e-13)
            assert zonal_sums["std"][0, zone] == pytest.approx(np.sqrt(np.cov(v, aweights=w, ddof=0)), rel=1e-12)
            x, w = centres[0][common], values[0][common] * by_cell[common].astype(float)
            assert moved.x[0, zone] == pytest.approx(np.average(x, weights=w), rel=1e-12)
            assert moved.geometric_x[zone] == pytest.approx(np.average(x, weights=by_cell[common]), rel=1e-12)

"""Quantiles of zones: against sorting, whatever the values, the weights and the blocks."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.fractions import Fractions
from nep_toolbox.core.zonal.quantiles import LEAST_BINS, MOST_BINS, Bins, Brackets, QuantileSearch, binned_block

SHARES = (0.0, 0.1, 0.5, 0.9, 1.0)
ROWS, COLS = 50, 60


def sorted_quantile(values, weights, share) -> float:
    """By sorting, with the weights as exact as they are: the mean of both sides of a step that is hit."""
    order = np.argsort(values, kind="stable")
    values, sums = values[order], np.cumsum(weights[order])
    low, high = (np.searchsorted(sums, share * sums[-1] * (1 + slack)) for slack in (-1e-12, 1e-12))
    low, high = values[low], values[min(high, values.size - 1)]
    return low if low == high else 0.5 * low + 0.5 * high


def search(values, area, regions, zones, shares=SHARES, **options) -> tuple:
    """All readings in blocks of 16 rows; what was found, and how many readings it took."""
    present = [[plane[mask & np.isfinite(plane)] for mask in zones] for plane in values]
    low, high = (
        np.array([[end(part) if part.size else np.nan for part in each] for each in present], dtype=float)
        for end in (np.min, np.max)
    )
    found, readings = QuantileSearch(shares, low, high), 0
    while not found.done:
        readings += 1
        assert readings < 30
        bins = Bins.empty(found.brackets)
        for row in range(0, ROWS, 16):
            part = slice(row, row + 16)
            labels = Labels(regions.of_cell[part], regions.regions)
            options.update(brackets=found.brackets, unit=area[0, 0])
            bins.add(binned_block(values[:, part], area[part], labels, **options))
        found.narrow(bins)
    return found.found, readings


@pytest.fixture(scope="module")
def regions():
    """Two regions that overlap, one without a cell, as labels and as masks; the first mask is the whole."""
    masks = [np.zeros((ROWS, COLS), dtype=bool) for _ in range(3)]
    masks[0][10:30, 5:40] = True
    masks[1][20:45, 30:55] = True
    cells = [np.flatnonzero(mask) for mask in masks]
    numbers = np.repeat(np.arange(3), [each.size for each in cells])
    labels = Labels.of_pairs((ROWS, COLS), np.concatenate(cells), numbers)
    return labels, [np.ones((ROWS, COLS), dtype=bool), *masks]


def some_values(kind: str, rng) -> np.ndarray:
    noise = rng.normal(0, 300, (2, ROWS, COLS))
    outlier = np.arange(noise.size).reshape(noise.shape) % 997 == 5
    return {
        "around 0": noise, "few": np.round(noise / 100), "constant": np.full(noise.shape, 7.25),
        "half zeros": np.where(rng.random(noise.shape) < 0.5, 0.0, 700 + noise),
        "huge": 1e300 * noise / np.abs(noise).max(), "tiny": 5e-324 * np.round(noise),
        "cluster and outlier": np.where(outlier, -1e30, 1 + 1e-14 * noise),
    }[kind]


@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("kind", ["around 0", "few", "constant", "half zeros", "huge", "tiny", "cluster and outlier"])
def test_equals_sorting(kind, alike, regions):
    labels, zones = regions
    rng = np.random.default_rng(3)
    values = some_values(kind, rng)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[0, 0, 0] = np.inf
    area = np.full((ROWS, 1), 463.3127**2) if alike else rng.uniform(0.9, 1.1, (ROWS, 1))
    found, readings = search(values, area, labels, zones)
    assert readings <= 8
    for step, plane in enumerate(values):
        for zone, mask in enumerate(zones):
            chosen = mask & np.isfinite(plane)
            # Cells of one area weigh 1: the steps are whole numbers.
            weights = np.broadcast_to(area / area[0], mask.shape)[chosen]
            expected = [sorted_quantile(plane[chosen], weights, share) if chosen.any() else np.nan for share in SHARES]
            np.testing.assert_array_equal(found[:, step, zone], expected)


def test_a_step_that_is_hit_lies_between_two_values():
    values, labels = np.full((1, ROWS, COLS), np.nan, dtype=np.float32), Labels(np.zeros((ROWS, COLS), np.int32), ((),))
    values[0, :2, :2] = [[1, 2], [4, 8]]
    found, _ = search(values, np.ones((ROWS, 1)), labels, [np.ones((ROWS, COLS), dtype=bool)], (0.25, 0.3, 0.5, 0.75))
    assert found.ravel().tolist() == [1.5, 2.0, 3.0, 6.0]


def test_equal_values_are_not_merged():
    # The median of 999 ones and a two is 1.
    values, labels = np.ones((1, ROWS, COLS)), Labels(np.zeros((ROWS, COLS), np.int32), ((),))
    values[0, 0, 0] = 2
    found, readings = search(values, np.ones((ROWS, 1)), labels, [np.ones((ROWS, COLS), dtype=bool)], (0.5, 0.9, 1.0))
    assert found.ravel().tolist() == [1.0, 1.0, 2.0] and readings == 1


def test_only_common_pixels(regions):
    labels, zones = regions
    values = np.random.default_rng(1).normal(0, 1, (2, ROWS, COLS))
    values[1, 5:20] = np.nan
    common = [mask & np.isfinite(values).all(axis=0) for mask in zones]
    found, _ = search(values, np.ones((ROWS, 1)), labels, common, common_mask=True)
    assert found[2, 0, 0] == np.median(values[0][common[0]]) and found[4, 0, 1] == values[0][common[1]].max()


def test_shares_of_cells_weigh():
    stack = np.array([[[10.0, 20.0, 30.0, 40.0]]])
    labels = Labels(np.array([[1, 0, 0, 0]], dtype=np.int32), ((), (0,)))
    regions = Fractions(labels, np.array([1, 2]), np.array([0, 0]), np.array([0.25, 0.5]))
    low, high = np.full((1, 2), 10.0), np.array([[40.0, 30.0]])
    brackets = QuantileSearch([0.5], low, high).brackets
    found = binned_block(stack, np.array([[2.0]]), regions, brackets=brackets, unit=2.0)
    weights = [found.weights[0, zone, 0] for zone in range(2)]
    assert [each[each > 0].tolist() for each in weights] == [[1, 1, 1, 1], [1, 0.25, 0.5]]
    assert [each[each > 0].tolist() for each in found.sample[0, :, 0]] == [[10, 20, 30, 40], [10, 20, 30]]


def test_ends_of_ranges_that_single_precision_cannot_hold():
    # Between 1 and the next number of single precision lie many of double precision.
    stack = np.array([[[1.0, np.nextafter(np.float32(1), np.float32(2))]]], dtype=np.float32)
    key = 0x3FF0000000000000 + 2**63
    for low, high, expected in ((key, key + 1, 1.0), (key + 1, key + 2**29, 0.0), (key + 1, key + 2**29 + 1, 1.0)):
        brackets = Brackets(*np.array([low, high, 40], dtype=np.uint64).reshape(3, 1, 1, 1), 2)
        assert binned_block(stack, np.ones((1, 1)), brackets=brackets, unit=1.0).weights.sum() == expected


def test_bins_are_bounded():
    for zones, bins in ((1, MOST_BINS), (4000, LEAST_BINS)):
        low = np.zeros((40, zones))
        brackets = QuantileSearch([0.5], low, low + 1).brackets
        assert brackets.low.shape == (40, zones, 1) and brackets.bins == bins
    # Room for each of many quantiles.
    assert QuantileSearch(np.linspace(0, 1, 2000), np.zeros((1, 1)), np.ones((1, 1))).brackets.bins == 4096

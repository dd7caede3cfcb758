"""What an area takes up and gives off, against plain sums and the reference file."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nep_toolbox.core.balance.budget import budget_block, empty_budget
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.reduction import Total

NAN = np.nan
COLUMNS = ("pixels", "area_km2", "sink_area_km2", "source_area_km2", "sink_tg", "source_tg", "net_tg")


def budget_of(stack, cell_area, regions=None, zones: int = 1, width: int | None = None, height: int | None = None):
    """The sums of a raster walked in blocks."""
    total = Total(partial(empty_budget, len(stack), zones))
    rows, cols = stack.shape[1:]
    width, height = width or cols, height or rows
    cell_area = np.broadcast_to(cell_area, (rows, cols))
    for top in range(0, rows, height):
        for left in range(0, cols, width):
            here = slice(top, top + height), slice(left, left + width)
            labels = regions and Labels(regions.of_cell[here], regions.regions)
            block = budget_block(stack[(slice(None), *here)], cell_area[here], labels)
            total.add(block, last=left + width >= cols)
    return total.sums


def test_by_hand():
    stack = np.array([[[3.0, -2.0, 0.0], [NAN, 1.0, -0.5]], [[NAN] * 3] * 2, [[-1.0] * 3] * 2])
    labels = Labels(np.array([[0, 1, 2], [1, 1, 2]], dtype=np.int32), ((), (0,), (0, 1)))
    found = budget_of(stack, np.array([[2e6], [1e6]]), labels, 3).budget(1e6)
    assert {name: values[0].tolist() for name, values in found.items()} == {
        "pixels": [5, 4, 2], "area_km2": [8.0, 6.0, 3.0], "sink_area_km2": [3.0, 1.0, 0.0],
        "source_area_km2": [3.0, 3.0, 1.0], "sink_tg": [7.0, 1.0, 0.0], "source_tg": [-4.5, -4.5, -0.5],
        "net_tg": [2.5, -3.5, -0.5],
    }
    assert [found[name][1, 0].item() for name in COLUMNS[:4]] == [0, 0.0, 0.0, 0.0]
    assert np.isnan([found[name][1] for name in COLUMNS[4:]]).all()  # a year without values has no budget
    assert [found[name][2, 0].item() for name in COLUMNS] == [6, 9.0, 0.0, 9.0, 0.0, -9.0, -9.0]


@pytest.fixture(scope="module")
def raster() -> tuple:
    """A raster that spans several patches, areas of its cells, and regions that overlap."""
    rng = np.random.default_rng(11)
    stack = rng.normal(3.0, 200.0, (2, 40, 300)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.1] = NAN
    stack[rng.random(stack.shape) < 0.05] = 0.0
    stack[1, 0, :4] = np.inf
    label = np.repeat(np.repeat(rng.integers(0, 4, (8, 10)), 5, axis=0), 30, axis=1).astype(np.int32)
    return stack, rng.uniform(2e5, 3e5, (40, 300)), Labels(label, ((), (0,), (0, 1), (1,)))


def test_against_exact_sums(raster):
    stack, area, labels = raster
    found = budget_of(stack, area, labels, 3).budget(1e12)
    for zone, inside in enumerate((labels.of_cell >= 0, *(np.isin(labels.of_cell, each) for each in ((1, 2), (2, 3))))):
        for step, values in enumerate(stack):
            chosen = inside & np.isfinite(values)
            pairs = [(Fraction(float(value)), Fraction(size)) for value, size in zip(values[chosen], area[chosen])]
            signs = [[pair for pair in pairs if pair[0] * sign > 0] for sign in (1, -1)]
            expected = [
                len(pairs), *(sum(size for _value, size in part) / 10**6 for part in (pairs, *signs)),
                *(sum(value * size for value, size in part) / 10**12 for part in signs),
            ]
            assert_allclose(
                [found[name][step, zone] for name in COLUMNS[:-1]], [float(number) for number in expected], rtol=1e-12
            )


@pytest.mark.parametrize("teragram", [1e12, 1e9, 7e5, 1e-3])
def test_it_closes_as_it_is_written(raster, teragram):
    found = budget_of(*raster, 3).budget(teragram)
    sink, source, net = ([Decimal(f"{number:.15g}") for number in found[name].ravel()] for name in COLUMNS[4:])
    assert [one + other for one, other in zip(sink, source)] == net


@pytest.mark.parametrize("values", [[1e-9, -3e5], [3e5, -1e-9], [3e5, -1e-3], [1e-3, -3e5]])
def test_a_small_part_beside_a_large_one_closes_too(values):
    found = budget_of(np.array([[values]]), np.array([[1.1e6]])).budget(1e12)
    sink, source, net = (Decimal(f"{found[name].item():.15g}") for name in COLUMNS[4:])
    assert sink + source == net
    assert_allclose(found["net_tg"], sum(values) * 1.1e-6, rtol=1e-12)
    assert not np.signbit(found["source_tg"]) or source < 0  # no part is -0


@pytest.mark.parametrize(("width", "height"), [(256, 16), (256, 40), (300, 32)])
def test_the_same_bits_in_any_blocks(raster, width, height):
    whole, parts = budget_of(*raster, 3), budget_of(*raster, 3, width, height)
    assert all(one.tobytes() == other.tobytes() for one, other in zip(whole, parts))


def test_areas_of_rows_are_those_of_their_cells(raster):
    stack, area, labels = raster
    rows = area[:, :1]
    each = budget_of(stack, np.broadcast_to(rows, area.shape).copy(), labels, 3)
    assert all(one.tobytes() == other.tobytes() for one, other in zip(each, budget_of(stack, rows, labels, 3)))

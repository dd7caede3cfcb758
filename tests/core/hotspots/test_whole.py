"""Global Moran's I: the reference, all orders of few values, and the same bits whatever the blocks."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from testkit.spots import levels, reference, wholes

from nep_toolbox.core.hotspots.whole import Whole

NAN = np.nan


@pytest.fixture(scope="module")
def rough():
    """Two steps of 50 x 600 cells, with gaps that differ."""
    rng = np.random.default_rng(3)
    stack = rng.gamma(2.0, 150.0, (2, 50, 600))
    stack[rng.random(stack.shape) < 0.4] = np.nan
    return stack


def test_the_reference(shared):
    expected = reference(shared)
    [whole] = wholes(expected["values"][np.newaxis])
    moran, known = whole.moran(), expected["global"]
    assert whole.count == known["n"]
    assert moran.i == pytest.approx(known["I"], rel=1e-12)
    assert moran.expected == pytest.approx(known["E"], rel=1e-14)
    assert moran.variance == pytest.approx(known["V"], rel=1e-11)
    assert moran.z == pytest.approx(known["z"], rel=1e-12)
    assert moran.p_value == pytest.approx(known["p"], rel=1e-9)
    found, isolated = levels(expected["values"][np.newaxis])
    valid = np.isfinite(expected["values"])
    assert isolated == [int(valid.sum()) - known["n"]] and isolated[0] > 0
    there = expected["values"][np.isfinite(expected["gi"]["1"]["z"])]
    assert (found.minimum[0, 0], found.maximum[0, 0]) == (there.min(), there.max())


def test_variance_over_all_orders_of_seven_values():
    values = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 40.0]
    cells = [(0, 0), (0, 1), (1, 2), (2, 1), (2, 2), (3, 3), (2, 3)]
    weights = np.zeros((7, 7))
    for (one, (row, col)), (other, (r, c)) in itertools.permutations(enumerate(cells), 2):
        weights[one, other] = max(abs(row - r), abs(col - c)) == 1
    weights /= weights.sum(axis=1, keepdims=True)
    orders = np.array(list(itertools.permutations(values))) - np.mean(values)
    every = np.einsum("ki,ij,kj->k", orders, weights, orders) / (orders**2).sum(axis=1)

    raster = np.full((4, 4), np.nan)
    for place, value in zip(cells, values):
        raster[place] = value
    moran = wholes(raster[np.newaxis])[0].moran()
    assert moran.i == pytest.approx(every[0], rel=1e-13)
    assert moran.expected == pytest.approx(every.mean(), rel=1e-12)
    assert moran.variance == pytest.approx(every.var(), rel=1e-12)
    assert moran.z == pytest.approx((every[0] - every.mean()) / every.std(), rel=1e-12)
    assert moran.p_value == pytest.approx(math.erfc(abs(moran.z) / math.sqrt(2)), rel=1e-14)


@pytest.mark.parametrize("shape", [(16, 256), (32, 600), (48, 512)])
def test_no_bit_depends_on_the_blocks(rough, shape):
    assert wholes(rough, shape) == wholes(rough)
    assert repr(levels(rough, shape)) == repr(levels(rough))


def test_no_step_depends_on_those_beside_it(rough):
    several = np.concatenate([rough, rough[:1] * 2.0, rough[1:]])
    assert wholes(several) == tuple(wholes(step[np.newaxis])[0] for step in several)
    assert wholes(rough)[0].s1 != wholes(rough)[1].s1


def test_level_and_scale_do_not_matter(rough):
    whole_numbers = np.round(rough[:1])
    [plain], [shifted], [turned] = wholes(whole_numbers), wholes(whole_numbers + 1e9), wholes(whole_numbers * -8.0)
    assert shifted.moran() == pytest.approx(plain.moran(), rel=1e-9)
    assert turned.moran() == plain.moran()


def test_single_precision_is_added_up_in_double(rough):
    single = rough.astype(np.float32)
    assert wholes(single) == wholes(single.astype(np.float64))


def test_what_can_be_divided_by():
    fine = Whole(30, 0.0, 1.0, 0.5, 0.1, 100, 100)
    assert fine.is_measurable
    for squares, fourths in ((0.0, 0.0), (1e-200, 0.0), (1e200, math.inf), (NAN, NAN), (1.0, math.inf)):
        assert not fine._replace(squares=squares, fourths=fourths).is_measurable
    stack = np.array([[[1e300, -1e300, 1e308, 1e308]], [[1.0, 2.0, 4.0, 4.0]]])
    assert [whole.is_measurable for whole in wholes(stack)] == [False, True]


@pytest.mark.parametrize("pairs", [17, 40, 101])
@pytest.mark.parametrize("value", [1.0, 7.3, -1e5])
def test_of_one_value_among_equal_ones_in_pairs_every_order_has_the_same(pairs, value):
    raster = np.full((2, 2 * pairs), np.nan)
    raster[:, ::2] = 0.1
    raster[0, 6] = value  # wherever it lies, its neighbour is one of the others
    moran = wholes(raster[np.newaxis])[0].moran()
    assert moran.i == pytest.approx(moran.expected, rel=1e-12) and abs(moran.variance) < 1e-15
    assert math.isnan(moran.z) and math.isnan(moran.p_value)


def test_without_a_variance_there_is_no_z():
    odd = Whole(30, 0.0, 1.0, 1.0, 0.1, 840**2 * 100, 840**2 * 20).moran()
    assert Whole(30, 0.0, 2.0, 1.0, 0.1, 1, 1).kurtosis == 7.5
    assert odd.variance < 0 and math.isnan(odd.z) and math.isnan(odd.p_value) and odd.i == 0.1

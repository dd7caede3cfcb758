"""Moments of zones against rational numbers, pixel by pixel."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.blocks import gravity_block
from nep_toolbox.core.zonal.gravity_sums import (
    GravitySums,
    Moment,
    Negative,
    Place,
    empty_sums,
    from_middle,
    gravity_sums,
)
from nep_toolbox.core.zonal.reduction import PATCH, Total
from nep_toolbox.errors import InvalidParameter

NAN = np.nan
ROWS, COLS = 19, 300
NORTH_UP, TURNED = (4e5, 30.0, 0.0, 3e6, 0.0, -30.0), (4e5, 27.0, 11.0, 3e6, 9.0, -28.0)


@pytest.fixture
def stack():
    rng = np.random.default_rng(14)
    values = rng.normal(2, 3, (2, ROWS, COLS))
    values[0, 3:9, 20:40] = NAN
    values[1, rng.random((ROWS, COLS)) < 0.1] = np.inf
    return values


def exact(values, area, x, y, valid) -> list:
    """The moments of `Moment` over the pixels that are valid, in rational numbers."""
    sums = [Fraction(0)] * len(Moment)
    for value, weight, u, v in zip(*(part[valid].tolist() for part in (values, area, x, y))):
        w, u, v = Fraction(value) * Fraction(weight), Fraction(u), Fraction(v)
        for moment, term in enumerate((w, w * u, w * v, w * u * u, w * u * v, w * v * v, -min(w, 0), abs(w))):
            sums[moment] += term
    return sums


@pytest.mark.parametrize("transform, by_cell", [(NORTH_UP, False), (TURNED, True)])
@pytest.mark.parametrize("common_mask", [False, True])
@pytest.mark.parametrize("negative", Negative)
def test_moments_equal_rational_numbers(stack, transform, by_cell, common_mask, negative):
    area = np.random.default_rng(3).uniform(500, 900, (ROWS, COLS if by_cell else 1))
    mask = np.zeros((ROWS, COLS), dtype=bool)
    mask[2:12, 200:280] = True
    regions = Labels.of_pairs((ROWS, COLS), np.flatnonzero(mask), np.zeros(mask.sum()))
    place, (x0, a, b, y0, d, e) = Place(transform, 5, 7), transform
    col, row = np.meshgrid(np.arange(COLS) + 5.5, np.arange(ROWS) + 7.5)
    origin = (x0 + a * 150, y0 + e * 10)
    x, y = x0 + a * col + b * row - origin[0], y0 + d * col + e * row - origin[1]
    total = Total(lambda: empty_sums(2, 2, origin))
    total.add(gravity_block(
        stack, area, place, regions, origin=origin, common_mask=common_mask, negative=negative), last=True)
    finite = np.isfinite(stack)
    covered = finite.all(axis=0) if common_mask else finite.any(axis=0)
    area = np.broadcast_to(area, mask.shape)
    for zone, inside in enumerate((np.ones_like(mask), mask)):
        for step, values in enumerate(stack):
            valid = inside & (covered if common_mask else finite[step])
            below = valid & (np.nan_to_num(values) < 0)
            assert total.sums.negative_pixels[step, zone] == below.sum()
            left_out = below if negative == Negative.LEAVE_OUT else np.zeros_like(below)
            assert total.sums.pixels[step, zone] == (valid & ~left_out).sum()
            assert total.sums.area[step, zone] == pytest.approx(area[valid].sum(), rel=1e-14)
            every = exact(values, area, x, y, valid)
            kept = exact(values, area, x, y, valid & ~left_out)
            for moment in Moment:
                number = float((every if moment >= Moment.NEGATIVE else kept)[moment])
                # What rounding may leave of terms that cancel: a share of their sizes.
                w = np.abs(values[valid] * area[valid])
                size = w @ (np.hypot(x, y)[valid] ** (0, 1, 1, 2, 2, 2, 0, 0)[moment])
                assert total.sums.moments[moment, step, zone] == pytest.approx(number, rel=0, abs=2e-15 * size), moment
        here = inside & covered
        for found, term in zip(total.sums.valid_area[:, zone], (1.0, x, y)):
            assert found == pytest.approx((area * term)[here].sum(), rel=1e-12)
        np.testing.assert_allclose(
            total.sums.ends[:, zone], [term[here].min() for term in (x, -x, y, -y)], rtol=1e-12, atol=1e-9
        )


def test_columns_are_measured_from_the_middle_of_their_patch():
    along = from_middle(np.arange(3 * PATCH[1]))
    assert along[: PATCH[1]].sum() == 0 and np.array_equal(along[: PATCH[1]], along[2 * PATCH[1] :])


def test_a_run_has_the_same_bits_whatever_others_there_are(stack):
    values, along = stack[:, 4], from_middle(np.arange(COLS))
    starts, area = np.array([0, 30, 256]), np.array([2.0, 3.0, 5.0])
    middle = (np.array([1.0, 7.0, -3.0]), np.array([0.5, 2.0, 1.0]))
    together = gravity_sums(values, starts, area, along, middle, (30.0, 0.0), origin=(0.0, 0.0))
    for run, (start, end) in enumerate(zip(starts, [*starts[1:], COLS])):
        alone = gravity_sums(
            values[:, start:end], np.array([0]), area[run : run + 1], along[start:end],
            tuple(part[run : run + 1] for part in middle), (30.0, 0.0), origin=(0.0, 0.0),
        )
        for one, other in zip(together[1:], alone[1:]):
            np.testing.assert_array_equal(one[..., run], other[..., 0])


def test_parts_of_different_origins_cannot_be_joined():
    with pytest.raises(InvalidParameter, match="origins"):
        GravitySums.merge(empty_sums(1, 1, (0, 0)), empty_sums(1, 1, (0, 1)))

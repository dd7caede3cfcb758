"""Zonal sums against hand-computed values, exact arithmetic and plain numpy; independence of the blocks."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce

import numpy as np
import pytest

from nep_toolbox.core.zonal.grouped import columns
from nep_toolbox.core.zonal.statistics import ZonalSums, empty_sums, run_sums, zonal_sums
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


def test_by_hand():
    values = np.array([[1.0, 3.0, NAN, 10.0, 99.0], [NAN, -np.inf, NAN, -2.0, 99.0]])
    area = np.array([1.0, 3.0, 5.0, 2.0, 7.0])
    zone = np.array([1, 1, 1, 0, -1])
    found = zonal_sums(values, area, zone, 3).statistics()
    assert found["pixels"].tolist() == [[1, 2, 0], [1, 0, 0]]
    np.testing.assert_array_equal(found["area"], [[2, 4, 0], [2, 0, 0]])
    # (1*1 + 3*3) / 4 = 2.5; variance (1*1.5^2 + 3*0.5^2) / 4 = 0.75
    np.testing.assert_allclose(found["mean"], [[10, 2.5, NAN], [-2, NAN, NAN]], rtol=1e-15)
    np.testing.assert_allclose(found["std"], [[0, math.sqrt(0.75), NAN], [0, NAN, NAN]], rtol=1e-15)
    np.testing.assert_array_equal(found["min"], [[10, 1, NAN], [-2, NAN, NAN]])
    np.testing.assert_array_equal(found["max"], [[10, 3, NAN], [-2, NAN, NAN]])
    np.testing.assert_array_equal(found["total"], [[20, 10, 0], [-4, 0, 0]])
    np.testing.assert_array_equal(found["positive_percent"], [[100, 100, NAN], [0, NAN, NAN]])


def test_share_of_the_area_above_zero_whatever_the_blocks():
    rng = np.random.default_rng(4)
    values = np.round(rng.standard_normal((2, 500)), 1)
    values[rng.random(values.shape) < 0.2] = NAN
    area, zone = rng.uniform(1.0, 3.0, 500), rng.integers(0, 2, 500)
    assert (values == 0).any(), "0 is neither a sink nor a source"
    for size in (500, 7):
        found = blocks_of(values, area, zone, 2, size).statistics()["positive_percent"]
        for step, number in np.ndindex(2, 2):
            inside = (zone == number) & np.isfinite(values[step])
            expected = 100 * area[inside & (values[step] > 0)].sum() / area[inside].sum()
            assert 0 < found[step, number] == pytest.approx(expected, rel=1e-12)


def exact(values, area):
    """Mean, population variance and total in rational numbers."""
    pairs = [(Fraction(float(v)), Fraction(float(a))) for v, a in zip(values, area)]
    total_area = sum(a for _, a in pairs)
    total = sum(v * a for v, a in pairs)
    mean = total / total_area
    variance = sum(a * (v - mean) ** 2 for v, a in pairs) / total_area
    return float(total_area), float(mean), math.sqrt(variance), float(total)


def blocks_of(values, area, zone, zones, size):
    parts = [
        zonal_sums(values[:, s : s + size], area[s : s + size], zone[s : s + size], zones)
        for s in range(0, values.shape[1], size)
    ]
    return reduce(ZonalSums.merge, parts, empty_sums(len(values), zones))


@pytest.mark.parametrize("level", [0.0, 300.0, 1e6, -1e6])
def test_equals_exact_arithmetic_whatever_the_blocks(level):
    rng = np.random.default_rng(8)
    values = level + rng.standard_normal((2, 3000)) * [[1.0], [1e-3]]
    values[rng.random(values.shape) < 0.1] = NAN
    area = rng.uniform(0.7, 1.3, 3000) * 250_000.0
    zone = rng.integers(-1, 3, 3000)
    for size in (3000, 17, 1000, 1):
        found = blocks_of(values, area, zone, 3, size).statistics()
        for step in range(2):
            for k in range(3):
                chosen = (zone == k) & ~np.isnan(values[step])
                expected = exact(values[step, chosen], area[chosen])
                assert found["pixels"][step, k] == chosen.sum()
                for name, value in zip(("area", "mean", "total"), (expected[0], expected[1], expected[3])):
                    assert abs(found[name][step, k] - value) <= 1e-12 * max(
                        abs(value), np.abs(values[step, chosen]).max() * (expected[0] if name == "total" else 1e-3)
                    )
                assert found["std"][step, k] == pytest.approx(expected[2], rel=1e-12)
                assert found["min"][step, k] == values[step, chosen].min()
                assert found["max"][step, k] == values[step, chosen].max()


def test_many_equal_values_do_not_drift():
    # Adding 0.1 a million times one after the other is wrong in the eleventh digit.
    values = np.full((1, 1_000_000), 0.1)
    area = np.full(1_000_000, 0.3)
    for size in (1_000_000, 250):
        found = blocks_of(values, area, np.zeros(1_000_000, dtype=np.int32), 1, size).statistics()
        assert found["area"][0, 0] == pytest.approx(300_000.0, rel=1e-13)
        assert found["total"][0, 0] == pytest.approx(30_000.0, rel=1e-13)
        assert found["mean"][0, 0] == 0.1
        assert found["std"][0, 0] == 0.0


def test_the_same_order_gives_the_same_bits_and_the_order_hardly_matters():
    rng = np.random.default_rng(9)
    values, area, zone = rng.gamma(2, 200, (3, 5000)), rng.uniform(1, 2, 5000), rng.integers(0, 5, 5000)
    once, again = (blocks_of(values, area, zone, 5, 311) for _ in range(2))
    for one, other in zip(once, again):
        np.testing.assert_array_equal(one, other)
    order = rng.permutation(5000)
    shuffled = blocks_of(values[:, order], area[order], zone[order], 5, 311).statistics()
    for name, value in once.statistics().items():
        np.testing.assert_allclose(shuffled[name], value, rtol=1e-12)


@pytest.mark.parametrize("values", [[0.0, -0.0], [-0.0, 0.0], [-0.0, -0.0]])
def test_extremes_are_no_negative_zero(values):
    found = zonal_sums(np.array([values]), np.ones(2), np.zeros(2, dtype=int), 1).statistics()
    assert not np.signbit([found["min"][0, 0], found["max"][0, 0]]).any()


def test_overlapping_zones_by_naming_a_pixel_twice():
    values = np.array([[1.0, 2.0, 4.0]])
    index, zone = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    found = zonal_sums(values[:, index], np.ones(4), zone, 2).statistics()
    np.testing.assert_array_equal(found["mean"], [[1.5, 3.0]])


def test_nothing_inside():
    outside = zonal_sums(np.ones((2, 3)), np.ones(3), np.full(3, -1), 2)
    assert outside.statistics()["pixels"].tolist() == [[0, 0], [0, 0]]
    empty = zonal_sums(np.ones((2, 0)), np.ones(0), np.zeros(0, dtype=int), 2)
    some = zonal_sums(np.full((2, 3), 5.0, dtype=np.float32), np.ones(3), np.zeros(3, dtype=int), 2)
    for sums in (some.merge(outside), outside.merge(some), empty.merge(some)):
        np.testing.assert_array_equal(sums.statistics()["mean"], [[5, NAN], [5, NAN]])
        np.testing.assert_array_equal(sums.statistics()["std"], [[0, NAN], [0, NAN]])


def test_bad_input():
    with pytest.raises(InvalidParameter, match="Zone 4 is out of range"):
        zonal_sums(np.ones((1, 2)), np.ones(2), np.array([0, 4]), 4)


@pytest.mark.parametrize(
    "values, area, zone", [((1, 2), (2, 1), 2), ((1, 2), 3, 2), ((1, 2), 2, 3), ((1, 2), 1, 2), ((2,), 2, 2),
                           ((1, 2, 2), (2, 2), (2, 2)), ((1, 3), 2, 2)],
)
def test_shapes_that_do_not_fit(values, area, zone):
    with pytest.raises(InvalidParameter, match="do not fit"):
        zonal_sums(np.ones(values), np.ones(area), np.zeros(zone, dtype=int), 1)


@pytest.mark.parametrize("level, size", [(0.0, 1.0), (1e6, 1e-3), (-3e4, 40.0)])
@pytest.mark.parametrize("by_pixel", [False, True])
@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_runs_equal_exact_arithmetic(level, size, by_pixel, gaps):
    rng = np.random.default_rng(21)
    values = level + size * rng.standard_normal((3, 700))
    values[rng.random(values.shape) < gaps] = NAN
    values[1, 300:400] = -np.inf if gaps else level
    starts = np.array([0, 1, 3, 256, 300, 400])
    of_run = rng.uniform(1e5, 1e6, starts.size)
    area = rng.uniform(1e5, 1e6, 700) if by_pixel else of_run
    sums = run_sums(values, starts, area)
    found = sums.statistics()
    for run, (start, end) in enumerate(zip(starts, [*starts[1:], 700])):
        for step in range(3):
            here = values[step, start:end]
            valid = np.isfinite(here)
            weights = area[start:end][valid] if by_pixel else np.full(valid.sum(), of_run[run])
            assert found["pixels"][step, run] == valid.sum()
            if not valid.any():
                assert np.isnan(found["mean"][step, run]) and found["total"][step, run] == 0
                continue
            total_area, mean, std, total = exact(here[valid], weights)
            above = weights[here[valid] > 0]
            assert found["area"][step, run] == pytest.approx(total_area, rel=1e-14)
            assert found["mean"][step, run] == pytest.approx(mean, rel=3e-16, abs=1e-15 * size)
            assert found["std"][step, run] == pytest.approx(std, rel=1e-13)
            assert found["total"][step, run] == pytest.approx(total, rel=1e-15, abs=1e-15 * size * total_area)
            assert found["positive_percent"][step, run] == pytest.approx(
                100 * math.fsum(above) / math.fsum(weights), rel=1e-14
            )


@pytest.mark.parametrize("pixels", [2, 256, 4096])
def test_one_value_apart_from_all_others_is_the_worst_for_squares(pixels):
    values = np.full((1, pixels), 1e-3) + np.random.default_rng(2).uniform(0, 1e-9, (1, pixels))
    values[0, 1] = 1e9
    found = run_sums(values, np.array([0]), np.array([7.0])).statistics()
    bound = 2.0**-52 * max(pixels / 2, 4)
    assert found["std"][0, 0] == pytest.approx(exact(values[0], np.full(pixels, 7.0))[2], rel=bound)


def test_a_run_has_the_same_bits_whatever_others_there_are():
    rng = np.random.default_rng(3)
    values = rng.normal(3, 5, (4, 900)).astype(np.float32)
    values[2:, 500:][rng.random((2, 400)) < 0.1] = NAN
    starts, area = np.array([0, 100, 356, 512, 700]), rng.uniform(1, 2, 5)
    together = run_sums(values, starts, area)
    for run, (start, end) in enumerate(zip(starts, [*starts[1:], 900])):
        for steps in (slice(0, 4), slice(1, 2), slice(3, 4)):
            alone = run_sums(values[steps, start:end], np.array([0]), area[run : run + 1])
            for one, other in zip(together, alone):
                np.testing.assert_array_equal(one[..., steps, run], other[..., 0])


def test_many_parts_at_once_are_parts_one_after_the_other():
    rng = np.random.default_rng(5)
    values = 1e5 + rng.normal(0, 1e-2, (2, 4000))
    values[:, 1000:1200] = NAN
    starts = np.arange(0, 4000, 100)
    parts = run_sums(values, starts, rng.uniform(1, 2, starts.size))
    joined = parts.joined(np.array([0, 7, 8, 30])).statistics()
    for place, (start, end) in enumerate(((0, 7), (7, 8), (8, 30), (30, 40))):
        one_by_one = reduce(ZonalSums.merge, [columns(parts, np.array([each])) for each in range(start, end)])
        for name, value in one_by_one.statistics().items():
            np.testing.assert_allclose(joined[name][:, place], value[:, 0], rtol=1e-13, err_msg=name)

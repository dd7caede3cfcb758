"""Gi* and local Moran: the reference, all ways to draw few values, and what has no result."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from testkit.spots import maps, reference

from nep_toolbox.core.hotspots.local import NODATA, Method, reach_of, spot_class

NAN = np.nan

METHODS = [(Method.MORAN, 1), (Method.GI_STAR, 1), (Method.GI_STAR, 2), (Method.GI_STAR, 4)]


@pytest.mark.parametrize(("method", "radius"), METHODS)
def test_the_reference(shared, method, radius):
    known = reference(shared)
    expected = known["local"] if method == Method.MORAN else known["gi"][str(radius)]
    suffix = "05" if method == Method.MORAN else ""
    for fdr, p, classes in ((False, "p", f"class_p{suffix}"), (True, "p_fdr", f"class_fdr{suffix}")):
        found = maps(known["values"][np.newaxis], method, radius, fdr=fdr)
        for name, values in (("z", expected["z"]), ("p_value", expected[p])):
            # twelve decimals are given
            np.testing.assert_allclose(found[name][0], values, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(found["class"][0], np.where(np.isnan(expected["z"]), NODATA, expected[classes]))


@pytest.mark.parametrize("radius", [3, 8, 20])
def test_wide_windows_cell_by_cell(radius):
    values = np.random.default_rng(radius).gamma(2.0, 50.0, (30, 26))
    values[4:9, 3:20] = np.nan
    n, mean, spread = np.isfinite(values).sum(), np.nanmean(values), np.nanstd(values)
    expected = np.full(values.shape, np.nan)
    for row, col in np.argwhere(np.isfinite(values)):
        window = values[max(0, row - radius) : row + radius + 1, max(0, col - radius) : col + radius + 1]
        k = np.isfinite(window).sum()
        if k < n:
            expected[row, col] = (np.nansum(window) - k * mean) / (spread * np.sqrt(k * (n - k) / (n - 1)))
    np.testing.assert_allclose(maps(values[np.newaxis], radius=radius)["z"][0], expected, rtol=1e-10, atol=1e-11)


SMALL = np.array([[2.0, 3.0, NAN, 11.0], [NAN, 5.0, NAN, 7.0], [13.0, NAN, NAN, 40.0]])


def test_gi_star_over_all_ways_to_fill_a_window():
    values = SMALL[np.isfinite(SMALL)]
    score = maps(SMALL[np.newaxis])["z"][0]
    # the window of 5.0 holds 2, 3, 5 and 13; that of 7.0 holds 11, 7 and 40
    for place, inside in (((1, 1), (2.0, 3.0, 5.0, 13.0)), ((1, 3), (11.0, 7.0, 40.0))):
        sums = [sum(drawn) for drawn in itertools.combinations(values, len(inside))]
        assert score[place] == pytest.approx((sum(inside) - np.mean(sums)) / np.std(sums), rel=1e-12)


def test_local_moran_over_all_neighbours_that_could_be_drawn():
    values = SMALL[np.isfinite(SMALL)]
    score = maps(SMALL[np.newaxis], Method.MORAN)["z"][0]
    for place, around in (((1, 1), (2.0, 3.0, 13.0)), ((0, 3), (7.0,)), ((1, 3), (11.0, 40.0))):
        rest = [value for value in values if value != SMALL[place]]
        means = [np.mean(drawn) for drawn in itertools.combinations(rest, len(around))]
        assert score[place] == pytest.approx((np.mean(around) - np.mean(means)) / np.std(means), rel=1e-12)


@pytest.mark.parametrize(("method", "radius"), [*METHODS, (Method.GI_STAR, 7)])
def test_no_bit_depends_on_the_blocks(method, radius):
    rng = np.random.default_rng(8)
    stack = rng.gamma(2.0, 150.0, (1, 40, 300))
    stack[rng.random(stack.shape) < 0.5] = np.nan
    stack[0, :, 150:] = np.where(rng.random((40, 150)) < 0.92, np.nan, stack[0, :, 150:])  # many isolated cells
    whole = maps(stack, method, radius, fdr=True)
    assert np.isnan(whole["z"]).sum() > np.isnan(stack).sum()
    for shape in ((16, 256), (32, 300)):
        cut = maps(stack, method, radius, shape, fdr=True)
        for name in ("z", "p_value", "class"):
            assert cut[name].tobytes() == whole[name].tobytes()


def test_isolated_cells_are_in_no_window():
    raster = np.full((5, 7), np.nan)
    raster[:, :3] = np.arange(15.0).reshape(5, 3) ** 2
    alone = raster.copy()
    alone[2, 4] = 1e6  # two columns away, within a window of radius 2
    without, with_it = (maps(each[np.newaxis], radius=2)["z"] for each in (raster, alone))
    np.testing.assert_array_equal(with_it, without)
    assert np.isfinite(with_it).sum() == 12  # the middle row sees all


def test_a_window_of_all_cells_has_no_result():
    found = maps(np.arange(12.0).reshape(1, 3, 4) ** 2, radius=2)
    assert np.isnan(found["z"][0]).tolist() == [[False, True, True, False]] * 3
    assert (found["class"][0, :, 1:3] == NODATA).all()


def test_where_all_others_are_equal_there_is_no_local_moran():
    values = np.full((1, 6, 6), 0.1)
    values[0, 2, 2] = 7.3
    found = maps(values, Method.MORAN)
    assert np.argwhere(np.isnan(found["z"][0])).tolist() == [[2, 2]]
    near = values + np.random.default_rng(0).normal(size=values.shape) * 1e-5
    assert np.isfinite(maps(near, Method.MORAN)["z"]).all()


@pytest.mark.parametrize(("method", "radius"), METHODS)
def test_level_and_scale_do_not_matter(method, radius):
    stack = np.round(np.random.default_rng(1).gamma(2.0, 50.0, (1, 12, 15)))
    plain, high, turned = (maps(each, method, radius) for each in (stack, stack + 1e9, stack * -4.0))
    np.testing.assert_allclose(high["z"], plain["z"], rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(turned["z"], -plain["z"])


def test_how_far_a_method_sees():
    assert [reach_of(*each) for each in METHODS] == [1, 1, 3, 5]
    assert reach_of(Method.MORAN, 4) == 1


def test_classes_of_gi_star_by_hand():
    p = np.array([0.0099, 0.01, 0.0499, 0.05, 0.0999, 0.1, 1.0, NAN])
    z = np.where(np.isnan(p), NAN, 2.0)
    assert spot_class(z, p, z > 0, z > 0, Method.GI_STAR).tolist() == [3, 2, 2, 1, 1, 0, 0, NODATA]
    assert spot_class(-z, p, -z > 0, -z > 0, Method.GI_STAR).tolist() == [-3, -2, -2, -1, -1, 0, 0, NODATA]


def test_classes_of_local_moran_by_hand():
    high = np.array([True, False, False, True, True, True])
    around = np.array([True, True, False, False, True, True])
    p = np.array([0.04, 0.04, 0.04, 0.04, 0.05, NAN])
    z = np.where(np.isnan(p), NAN, 1.0)
    assert spot_class(z, p, high, around, Method.MORAN).tolist() == [1, 2, 3, 4, 0, NODATA]
    assert spot_class(z, p, high, around, Method.MORAN, alpha=0.051).tolist() == [1, 2, 3, 4, 1, NODATA]
    assert spot_class(z, p, high, around, Method.MORAN, alpha=0.04).tolist() == [0, 0, 0, 0, 0, NODATA]

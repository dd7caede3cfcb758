"""Centre of gravity: hand-computed cases, exact paths, ellipses, independence of the blocks."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest

from nep_toolbox.core.zonal.gravity_centre import deviational_ellipse, gravity_centres, migration
from nep_toolbox.core.zonal.gravity_sums import GravitySums, Negative, empty_sums, gravity_sums
from nep_toolbox.core.zonal.grouped import columns, put_columns, starts_of
from nep_toolbox.errors import InvalidParameter

NAN = np.nan
WGS84 = (6378137.0, 1 / 298.257223563)


def sums_of(values, x, y, *, area=None, zone=None, zones=1, origin=(0.0, 0.0), **options):
    values = np.asarray(values, dtype=float)
    size = values.shape[1]
    area = np.ones(size) if area is None else np.asarray(area, dtype=float)
    zone = np.zeros(size, dtype=np.int32) if zone is None else np.asarray(zone)
    apart = np.asarray(x, dtype=float) - origin[0], np.asarray(y, dtype=float) - origin[1]
    # Every pixel is a run of its own, wherever it lies.
    sums = gravity_sums(values, np.arange(size), area, np.zeros(size), apart, (0.0, 0.0), origin=origin, **options)
    order = np.argsort(zone, kind="stable")
    order = order[zone[order] >= 0]
    found, starts = empty_sums(len(values), zones, origin), starts_of(zone[order])
    if starts.size:
        put_columns(found, zone[order][starts], columns(sums, order).joined(starts))
    return found


def test_two_pixels_by_hand():
    # Weights 1*2 and 3*2: the centre divides the way at three quarters.
    found = gravity_centres(sums_of([[1, 3]], [0, 4], [10, 30], area=[2, 2], origin=(100.0, -7.0)))
    assert (found.x[0, 0], found.y[0, 0]) == pytest.approx((3, 25), abs=1e-12)
    assert found.weight[0, 0] == 8
    assert (found.geometric_x[0], found.geometric_y[0]) == pytest.approx((2, 20), abs=1e-12)
    # Areas count as weights: 1*6 and 3*2 balance, while the geometric centre moves to the larger pixel.
    found = gravity_centres(sums_of([[1, 3]], [0, 4], [10, 30], area=[6, 2]))
    assert (found.x[0, 0], found.y[0, 0]) == (2, 20)
    assert (found.geometric_x[0], found.geometric_y[0]) == (1, 15)


def test_symmetric_field_has_its_centre_in_the_middle():
    x, y = (g.ravel() * 500.0 + 4e5 for g in np.meshgrid(np.arange(41), np.arange(41)))
    distance = np.hypot(x - x.mean(), y - y.mean())
    sums = sums_of([np.exp(-distance / 3000), distance], x, y, origin=(4.1e5, 4.0e5))
    found = gravity_centres(sums)
    np.testing.assert_allclose(found.x, 410_000.0, rtol=1e-13)
    np.testing.assert_allclose(found.y, 410_000.0, rtol=1e-13)
    np.testing.assert_allclose([found.geometric_x, found.mean_y], 410_000.0, rtol=1e-13)
    ellipse = deviational_ellipse(sums)
    np.testing.assert_allclose(ellipse.major, ellipse.minor, rtol=1e-10)
    assert np.isnan(ellipse.rotation).all()


def test_field_shifted_by_a_pixel_a_year_gives_that_path():
    rng = np.random.default_rng(1)
    patch = rng.uniform(1, 9, (5, 5))
    values = np.zeros((6, 20, 20))
    for step in range(6):
        values[step, 12 - step : 17 - step, step : step + 5] = patch
    x, y = np.meshgrid(1000.0 + 30 * np.arange(20), 5000.0 - 30 * np.arange(20))
    found = gravity_centres(sums_of(values.reshape(6, -1), x.ravel(), y.ravel(), origin=(1300.0, 4700.0)))
    np.testing.assert_allclose(np.diff(found.x[:, 0]), 30, atol=1e-9)
    np.testing.assert_allclose(np.diff(found.y[:, 0]), 30, atol=1e-9)
    assert found.x[0, 0] == pytest.approx((patch * x[12:17, :5]).sum() / patch.sum(), abs=1e-9)


def test_common_mask_and_own_mask():
    values = [[1, 1, 1], [1, 1, np.inf]]
    common = gravity_centres(sums_of(values, [0, 1, 5], [0, 0, 0]))
    own = gravity_centres(sums_of(values, [0, 1, 5], [0, 0, 0], common_mask=False))
    assert common.x.ravel().tolist() == [0.5, 0.5]
    assert own.x.ravel().tolist() == [2.0, 0.5]
    assert common.pixels.ravel().tolist() == [2, 2]
    assert own.pixels.ravel().tolist() == [3, 2]
    # The valid area is that of all steps, or of any.
    assert common.geometric_x[0] == 0.5
    assert own.geometric_x[0] == 2.0


def test_a_year_without_a_centre():
    values = [[1, 1], [NAN, NAN], [1, 3], [2, -2]]
    found = gravity_centres(sums_of(values, [0, 4], [0, 0], common_mask=False))
    # No valid pixel, and weights that cancel to nothing.
    np.testing.assert_array_equal(found.x[:, 0], [2, NAN, 3, NAN])
    assert found.mean_x[0] == 2.5
    assert found.pixels[:, 0].tolist() == [2, 0, 2, 2]
    nowhere = gravity_centres(sums_of(values, [0, 4], [0, 0]))
    assert np.isnan(nowhere.x).all()
    assert np.isnan([nowhere.mean_x[0], nowhere.geometric_x[0]]).all()
    assert np.isnan(nowhere.negative_pixel_percent).all()


def test_negative_values_kept_or_left_out():
    values = [[1, 3, -1, 0]]
    kept = gravity_centres(sums_of(values, [0, 4, 10, 20], [0, 0, 0, 0]))
    assert kept.x[0, 0] == pytest.approx((12 - 10) / 3, abs=1e-12)
    assert kept.pixels[0, 0] == 4
    options = {"negative": Negative.LEAVE_OUT}
    left = gravity_centres(sums_of(values, [0, 4, 10, 20], [0, 0, 0, 0], **options), **options)
    assert left.x[0, 0] == pytest.approx(3, abs=1e-12)
    assert left.pixels[0, 0] == 3
    for found in (kept, left):
        assert found.negative_pixel_percent[0, 0] == 25
        assert found.negative_weight_percent[0, 0] == 20
        # Where the values lie does not depend on their sign.
        assert found.geometric_x[0] == 8.5


@pytest.mark.parametrize("scale", [1e-5, 1.0, 1e3])
def test_weights_that_nearly_cancel_have_no_centre(scale):
    # Pixels from 0 to 3: (3 w - 3) / (w - 1 + 1e-3) for the weights 1e-3, w and -1 at 0, 3 and 1.
    x, y = scale * np.array([0, 3, 1]), 500.0 * scale + np.zeros(3)
    values = [[1e-3, 1.5, -1.0], [1e-3, 1.2, -1.0], [1e-3, 1.0, -1.0], [1, 1, 1]]
    sums = sums_of(values, x, y, origin=(scale, 499.0 * scale))
    found = gravity_centres(sums)
    # 3.5 / 0.501, 2.6 / 0.201 and 2 / 0.001 are beyond 3 + 3.
    assert np.isnan(found.x[:3]).all() and np.isnan(found.y[:3]).all()
    assert (found.x[3, 0], found.y[3, 0]) == pytest.approx((4 * scale / 3, 500 * scale), rel=1e-12)
    assert (found.mean_x[0], found.pixels[2, 0]) == (pytest.approx(4 * scale / 3, rel=1e-12), 3)
    assert np.isnan(deviational_ellipse(sums).major[:3]).all()
    # (3 * 3 - 1) / 2.001 lies outside of the pixels, and no farther than their width.
    near = gravity_centres(sums_of([[1e-3, 3.0, -1.0]], x, y))
    assert near.x[0, 0] == pytest.approx(8 * scale / 2.001, rel=1e-12)


def test_a_single_pixel_is_its_own_centre_whatever_rounding_does():
    rng = np.random.default_rng(7)
    for value, x, y in zip(rng.uniform(-1, 1, 2000), rng.uniform(-180, 180, 2000), rng.uniform(-90, 90, 2000)):
        found = gravity_centres(sums_of([[value]], [x], [y], area=[abs(x) + 0.1], origin=(1.0, 2.0)))
        assert (found.x[0, 0], found.y[0, 0]) == pytest.approx((x, y), abs=1e-12)


def test_no_centre_lies_beyond_the_pole():
    # (85 * 2 - 80) / 1 = 90.5 and 89 degrees.
    values, y = [[2, -1, 0.0], [1.8, -0.8, 0]], [85.0, 79.5, 80.0]
    found = gravity_centres(sums_of(values, [0, 0, 0], y), pole=90.0)
    assert np.isnan(found.y[0, 0]) and found.y[1, 0] == pytest.approx(1.8 * 85 - 0.8 * 79.5, rel=1e-12)
    assert gravity_centres(sums_of(values, [0, 0, 0], y)).y[0, 0] == pytest.approx(90.5)


def test_zones_apart_equal_each_zone_alone():
    rng = np.random.default_rng(2)
    values, x, y = rng.uniform(-1, 5, (4, 300)), rng.uniform(0, 9, 300), rng.uniform(0, 9, 300)
    zone = rng.integers(-1, 3, 300)
    together = gravity_centres(sums_of(values, x, y, zone=zone, zones=4))
    for k in range(3):
        own = zone == k
        expected = values[:, own] @ x[own] / values[:, own].sum(axis=1)
        np.testing.assert_allclose(together.x[:, k], expected, rtol=1e-12)
    assert np.isnan(together.x[:, 3]).all()


def test_blocks_join_to_the_whole():
    rng = np.random.default_rng(3)
    values, x, y = rng.uniform(0, 5, (3, 997)), 4e5 + rng.uniform(0, 1e5, 997), 3e6 + rng.uniform(0, 1e5, 997)
    values[rng.random(values.shape) < 0.05] = NAN
    origin = (4.5e5, 3.05e6)
    whole = sums_of(values, x, y, origin=origin)
    for size in (1, 100):
        parts = [
            sums_of(values[:, s : s + size], x[s : s + size], y[s : s + size], origin=origin)
            for s in range(0, 997, size)
        ]
        joined = reduce(GravitySums.merge, parts, empty_sums(3, 1, origin))
        for one, other in ((gravity_centres(whole), gravity_centres(joined)),
                           (deviational_ellipse(whole), deviational_ellipse(joined))):
            for mine, theirs in zip(one, other):
                np.testing.assert_allclose(mine, theirs, rtol=1e-11)
    with pytest.raises(InvalidParameter, match="origins"):
        whole.merge(empty_sums(3, 1, (0.0, 0.0)))


def test_ellipse_by_hand():
    # Two pixels on a line to the north-east, 8 apart: standard deviation 4 along it, 0 across.
    step = 4 / np.sqrt(2)
    ellipse = deviational_ellipse(sums_of([[1, 1]], [-step, step], [-step, step]), scale=1.0)
    assert ellipse.major[0, 0] == pytest.approx(4, rel=1e-12)
    assert ellipse.minor[0, 0] == pytest.approx(0, abs=1e-5)
    assert ellipse.rotation[0, 0] == pytest.approx(45, abs=1e-9)
    # A cross with the longer arm north to south: deviations sqrt(2*9/4) and sqrt(2*1/4), times sqrt(2).
    ellipse = deviational_ellipse(sums_of([[1, 1, 1, 1]], [7, 7, 6, 8], [3, -3, 0, 0], origin=(5.0, 1.0)))
    assert (ellipse.major[0, 0], ellipse.minor[0, 0]) == pytest.approx((3, 1), rel=1e-12)
    assert ellipse.rotation[0, 0] % 180 == pytest.approx(0, abs=1e-9)
    # West to east, with a weight of four in place of four equal pixels.
    ellipse = deviational_ellipse(sums_of([[4, 4, 4, 4]], [3, -3, 0, 0], [0, 0, 1, -1]))
    assert ellipse.rotation[0, 0] == pytest.approx(90, abs=1e-9)
    # North-west to south-east.
    assert deviational_ellipse(sums_of([[1, 1]], [-1, 1], [1, -1])).rotation[0, 0] == pytest.approx(135, abs=1e-9)


def test_ellipse_equals_weighted_covariance_and_holds_its_share():
    rng = np.random.default_rng(4)
    points = rng.multivariate_normal([4e5, 3e6], [[9e6, 5e6], [5e6, 4e6]], 20_000).T
    weight = rng.uniform(0.5, 2, 20_000)
    sums = sums_of([weight], points[0], points[1], origin=(4e5, 3e6))
    ellipse, centre = deviational_ellipse(sums), gravity_centres(sums)
    lengths, axes = np.linalg.eigh(np.cov(points, aweights=weight, ddof=0))
    assert ellipse.major[0, 0] == pytest.approx(np.sqrt(2 * lengths[1]), rel=1e-9)
    assert ellipse.minor[0, 0] == pytest.approx(np.sqrt(2 * lengths[0]), rel=1e-9)
    assert ellipse.rotation[0, 0] == pytest.approx(np.degrees(np.arctan2(axes[0, 1], axes[1, 1])) % 180, abs=1e-7)
    turn = np.radians(ellipse.rotation[0, 0])
    u, v = points[0] - centre.x[0, 0], points[1] - centre.y[0, 0]
    along, across = u * np.sin(turn) + v * np.cos(turn), u * np.cos(turn) - v * np.sin(turn)
    inside = (along / ellipse.major[0, 0]) ** 2 + (across / ellipse.minor[0, 0]) ** 2 <= 1
    assert weight[inside].sum() / weight.sum() == pytest.approx(1 - np.exp(-1), abs=0.01)


def test_a_flat_ellipse_and_a_round_one_keep_their_small_differences():
    # 1 along x and 1e-4 along y; then 1 along y and 1 - 1e-8 along x: squares that differ by 1e-8, no rounding
    flat = deviational_ellipse(sums_of([[1, 1, 1, 1]], [-1, 1, 0, 0], [0, 0, 1e-4, -1e-4]), scale=np.sqrt(2.0))
    assert flat.major[0, 0] == pytest.approx(1.0, rel=1e-12)
    assert flat.minor[0, 0] == pytest.approx(1e-4, rel=1e-6)
    assert flat.rotation[0, 0] == 90.0
    side = 1.0 - 1e-8
    nearly_round = deviational_ellipse(sums_of([[1, 1, 1, 1]], [-side, side, 0, 0], [0, 0, 1, -1]))
    assert nearly_round.rotation[0, 0] == pytest.approx(0.0, abs=1e-6)
    exactly = deviational_ellipse(sums_of([[1, 1, 1, 1]], [-1, 1, 0, 0], [0, 0, 1, -1]))
    assert np.isnan(exactly.rotation[0, 0])


def test_ellipse_without_a_variance_is_missing():
    # A strong negative weight far out makes the variance along x negative.
    ellipse = deviational_ellipse(sums_of([[3, 3, -1]], [-1, 1, 50], [1, -1, 0]))
    assert np.isnan([ellipse.major, ellipse.minor, ellipse.rotation]).all()


def test_the_mean_centre_is_that_of_the_years_with_a_centre():
    found = gravity_centres(sums_of([[1, 3], [0, 0], [1, 1]], [0, 4], [10, 30]))
    assert np.isnan(found.x[1, 0])
    assert (found.mean_x[0], found.mean_y[0]) == pytest.approx(((3 + 2) / 2, (25 + 20) / 2), rel=1e-12)


def test_nothing_inside():
    gaps = sums_of(np.full((2, 3), NAN), np.ones(3), np.ones(3), zones=2)
    for found, nothing in zip(gaps, empty_sums(2, 2, (0.0, 0.0))):
        np.testing.assert_array_equal(found, nothing)
    assert np.isnan(gravity_centres(gaps).x).all()


def test_migration_passes_over_years_without_a_centre():
    lon = np.array([10.0, NAN, 11.0, 11.0, 11.0])
    lat = np.array([0.0, NAN, 0.0, 0.0, 1.0])
    way = migration(lon, lat, *WGS84)
    degree, northward = 6378137.0 * np.pi / 180, 110574.388558
    np.testing.assert_allclose(way.distance, [NAN, NAN, degree, 0, northward], atol=1e-5)
    np.testing.assert_allclose(way.azimuth, [NAN, NAN, 90, NAN, 0], atol=1e-9)
    np.testing.assert_allclose(way.cumulative, [0, NAN, degree, degree, degree + northward], atol=1e-5)
    both = migration(np.column_stack((lon, lon[::-1])), np.column_stack((lat, lat[::-1])), *WGS84)
    np.testing.assert_array_equal(both.distance[:, 0], way.distance)
    assert both.cumulative[-1, 1] == pytest.approx(way.cumulative[-1], abs=1e-5)
    assert np.isnan(migration(np.full(3, NAN), np.full(3, NAN), *WGS84).cumulative).all()

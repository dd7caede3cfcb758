"""Rank correlation against scipy, exact fractions, all permutations and the inverse of the matrix of correlations."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import permutations

import numpy as np
import pytest

from nep_toolbox.core.correlation.coefficients import (
    CHUNK_VALUES,
    SPEARMAN,
    correlation,
    require_independent_controls,
)
from nep_toolbox.errors import InvalidParameter

spearman = partial(correlation, method=SPEARMAN)


def with_gaps(rng, *stacks, share=0.05):
    """The stacks, some of whose values are missing."""
    for values in stacks:
        values[rng.random(values.shape) < share] = np.nan
    return stacks


@pytest.mark.parametrize("steps", [9, 20, 66, 140])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_pixel_equals_scipy(steps, kind):
    from scipy.stats import spearmanr

    rng = np.random.default_rng(steps)
    x, y = rng.normal(size=(2, steps, 6, 7)).astype(kind)
    y += x
    x[:, 2:4], y[:, 3:5] = np.round(x[:, 2:4], 0), np.round(y[:, 3:5] * 2, 0)  # ties in one, in both, in the other
    with_gaps(rng, x, y)
    y[1, 5, 5] = np.inf
    found = spearman(x, y, min_observations=5)
    for cell in np.ndindex(6, 7):
        index = (slice(None), *cell)
        keep = np.isfinite(x[index]) & np.isfinite(y[index])
        expected = spearmanr(x[index][keep], y[index][keep])
        np.testing.assert_allclose([found.r[cell], found.p_value[cell]], expected, rtol=1e-9)
        assert found.n[cell] == keep.sum() and found.collinear[cell] == 0


def ranks_of(values: list) -> list:
    """Mean ranks, as fractions."""
    ordered = sorted(values)
    return [Fraction(2 * ordered.index(value) + 1 + ordered.count(value), 2) for value in values]


def test_rho_is_right_to_the_last_digit():
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 12, (2, 17, 60)).astype(float)
    found = spearman(x, y)
    for pixel in range(60):
        first, second = (ranks_of(values[:, pixel].tolist()) for values in (x, y))
        first, second = ([rank - sum(ranks) / 17 for rank in ranks] for ranks in (first, second))
        product = sum(a * b for a, b in zip(first, second))
        squared = product**2 / (sum(a * a for a in first) * sum(b * b for b in second))
        assert abs(found.r[pixel]) == pytest.approx(float(squared) ** 0.5, rel=3e-16)
        assert np.sign(found.r[pixel]) == np.sign(product)


@pytest.mark.parametrize("steps", [3, 8, 10, 31, 200])
def test_series_that_rise_together_have_exactly_one(steps):
    x = np.sort(np.random.default_rng(steps).normal(size=(steps, 40)), axis=0)
    rising, falling = spearman(x, np.exp(x), min_observations=3), spearman(-x, x**3, min_observations=3)
    assert (rising.r == 1.0).all() and (falling.r == -1.0).all()
    assert (rising.p_value == 0.0).all() and (falling.p_value == 0.0).all()


def test_without_ties_all_orders_of_eight_years_are_counted():
    orders = np.array(list(permutations(range(8)))).T
    found = spearman(np.broadcast_to(np.arange(8)[:, np.newaxis], orders.shape), orders)
    # rho = 1 - 6 D / (n (n^2 - 1)), D the sum of the squared differences of ranks
    squares = ((orders - np.arange(8)[:, np.newaxis]) ** 2).sum(axis=0)
    np.testing.assert_allclose(found.r, 1 - 6 * squares / 504, rtol=0, atol=3e-16)
    # how many of the 40,320 orders p calls significant at 0.05: nearly 6 %, as the help of the tool says
    assert (found.p_value < 0.05).sum() == (np.abs(84 - squares) >= 60).sum() == 2322


def test_a_curve_and_an_odd_year_do_not_matter():
    x, y = np.random.default_rng(4).normal(size=(2, 25, 30))
    plain = spearman(x, y)
    bent = spearman(np.exp(3 * x), np.arctan(y))
    np.testing.assert_array_equal(plain.r, bent.r)
    x[np.argmax(x, axis=0), np.arange(30)] += 1e9
    np.testing.assert_array_equal(spearman(x, y).r, plain.r)


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("gaps", [False, True])
def test_with_controls_it_is_the_partial_correlation_of_the_inverted_matrix(number, gaps):
    from scipy.stats import spearmanr, t

    rng = np.random.default_rng(number)
    controls = rng.normal(size=(number, 24, 4, 5))
    x, y = rng.normal(size=(2, 24, 4, 5)) + controls[0]
    y[:, 1] = np.round(y[:, 1])
    if gaps:
        with_gaps(rng, x, y, *controls, share=0.03)
    found = correlation(x, y, controls, method=SPEARMAN)
    for cell in np.ndindex(4, 5):
        rows = np.array([values[(slice(None), *cell)] for values in (x, y, *controls)])
        rows = rows[:, np.isfinite(rows).all(axis=0)]
        inverse = np.linalg.inv(spearmanr(rows, axis=1)[0])
        r, degrees = -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1]), rows.shape[1] - 2 - number
        p = 2 * t.sf(abs(r) * np.sqrt(degrees / (1 - r * r)), degrees)
        np.testing.assert_allclose([found.r[cell], found.p_value[cell]], [r, p], rtol=1e-9)
    if gaps:
        assert found.n.min() < 24


def test_result_does_not_depend_on_the_neighbours():
    rng = np.random.default_rng(5)
    x, y, control = np.round(rng.normal(size=(3, 21, CHUNK_VALUES // 21 + 50)), 1)
    x[3, ::7] = np.nan
    for controls in ((), (control,)):
        together = correlation(x, y, controls, method=SPEARMAN)
        for pixel in (0, 1, 7, CHUNK_VALUES // 21, CHUNK_VALUES // 21 + 49):
            alone = correlation(x[:, pixel], y[:, pixel], [each[:, pixel] for each in controls], method=SPEARMAN)
            for plane, value in zip(together, alone):
                np.testing.assert_array_equal(plane[pixel], value)


def test_constant_series_and_few_years_have_no_rho():
    x, y = np.random.default_rng(6).normal(size=(2, 12, 3))
    x[:, 0], y[:5, 1] = 0.1, np.nan
    found = spearman(x, y)
    assert np.isnan(found.r).tolist() == np.isnan(found.p_value).tolist() == [True, True, False]
    assert found.n.tolist() == [12, 7, 12]


def test_controls_whose_ranks_are_the_same_are_collinear():
    x, y, heat = np.random.default_rng(7).normal(size=(3, 20, 6))
    for controls, code in (([heat, np.exp(heat)], 2), ([np.exp(x)], -1), ([-(y**3)], -2)):
        found = correlation(x, y, controls, method=SPEARMAN)
        assert (found.collinear == code).all() and np.isnan(found.r).all()
        assert (correlation(x, y, controls).collinear == 0).all()
    with pytest.raises(InvalidParameter, match="The ranks of the control series are collinear: growth is constant"):
        require_independent_controls({2: 6}, 6, ["heat", "growth"], SPEARMAN)
    with pytest.raises(InvalidParameter, match="The ranks of the control series explain the input series entirely"):
        require_independent_controls({-1: 6}, 6, ["growth"], SPEARMAN)


@pytest.mark.parametrize(("follows", "size"), [(1.0, 0.06), (3.0, 0.096), (10.0, 0.197)])
def test_the_size_of_the_partial_rho_where_both_follow_the_control_is_what_the_help_says(follows, size):
    """r of 0.7, 0.95 and 0.995 with the control; the partial r of the values keeps its 5 %."""
    control, x, y = np.random.default_rng(6).normal(size=(3, 30, 20_000))
    x, y = x + follows * control, y + follows * control
    assert np.corrcoef(x.ravel(), control.ravel())[0, 1] == pytest.approx(follows / np.hypot(follows, 1), abs=0.003)
    found = correlation(x, y, [control], method=SPEARMAN).p_value
    assert np.mean(found[np.isfinite(found)] < 0.05) == pytest.approx(size, abs=0.01)
    assert np.mean(correlation(x, y, [control]).p_value < 0.05) == pytest.approx(0.05, abs=0.005)

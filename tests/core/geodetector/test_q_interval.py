"""Limits of q against gdverse, another program, closed forms and Boost; q_adjusted against what noise gives."""

from __future__ import annotations

import json
from fractions import Fraction
from math import log, log1p

import numpy as np
import pytest

from nep_toolbox.core.geodetector import q_interval
from nep_toolbox.core.geodetector.q_interval import q_adjusted, q_limits

LIMITS_OF_GDVERSE, LIMITS_OF_REFERENCE = 1e-6, 1e-9  # absolute


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))


def noncentrality(limit, size):
    """lambda of a limit."""
    return size * limit / (1.0 - limit)


# Against other programs -----------------------------------------------------------------------------------------------


def test_limits_of_six_factors_at_three_scales(reference):
    compared = 0
    for scale in reference["gd_scales"]["scales"].values():
        for row in scale["interval95"]:
            found = q_limits(row["q"], row["rows"], row["L"])
            assert found == pytest.approx((row["lower"], row["upper"]), abs=LIMITS_OF_GDVERSE, rel=0)
            assert found == pytest.approx(row["ours"], abs=LIMITS_OF_REFERENCE, rel=0)
            compared += 1
    assert compared == 18


def test_limits_of_the_same_strata_in_four_years(reference):
    strata = reference["by_year"]["strata"]
    for row in reference["by_year"]["years"].values():
        found = q_limits(row["q"], len(strata), len(set(strata)))
        assert found == pytest.approx(row["interval95"], abs=LIMITS_OF_REFERENCE, rel=0)


@pytest.mark.parametrize("confidence", [50.0, 90.0, 95.0, 99.9])
def test_the_limits_have_the_tails_that_boost_gives(confidence):
    from scipy.special import fdtr
    from scipy.stats import ncf

    rng = np.random.default_rng(17)
    solved = 0
    for size, strata, q in zip((10.0 ** rng.uniform(1, 5, 40)).astype(int) + 20, rng.integers(2, 20, 40),
                               rng.uniform(0, 1, 40) ** 3):
        df_1, df_2 = strata - 1, size - strata
        f = q / (1 - q) * df_2 / df_1
        tail = (1 - confidence / 100) / 2
        for limit, probability in zip(q_limits(q, size, strata, confidence), (1 - tail, tail)):
            if limit == 0.0:
                assert fdtr(df_1, df_2, f) <= probability
            else:
                below = ncf.cdf(f, df_1, df_2, noncentrality(limit, size))
                assert below == pytest.approx(probability, rel=1e-8)
                solved += 1
    assert solved > 50


# Closed forms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strata", [2, 3, 8, 41])
@pytest.mark.parametrize("confidence", [80.0, 95.0, 99.0])
def test_with_two_degrees_of_freedom_left_the_limits_have_a_closed_form(strata, confidence):
    """N = L + 2: P(F' <= F) = q^((L - 1) / 2) exp(-lambda (1 - q) / 2), for P(B <= q) of beta(a, 1) is q^a."""
    size, tail, solved = strata + 2, (1 - confidence / 100) / 2, 0
    for rest in (0.9, 0.5, 0.2, 0.05, 1e-3, 1e-6, 1e-9, 1e-10, 1e-11, 1e-13):
        q = 1.0 - rest
        rest = 1.0 - q
        found = q_limits(q, size, strata, confidence)
        for limit, probability in zip(found, (1 - tail, tail)):
            exact = max(0.0, ((strata - 1) * log1p(-rest) - 2 * log(probability)) / rest)
            assert 1 - limit == pytest.approx(size / (exact + size), rel=1e-9, abs=3e-16)
            solved += exact > 0
    assert solved > 8


def test_many_values_have_the_limits_of_large_samples():
    """N of 1e8: sqrt(N) (q_hat - q) is normal, of the variance (4 q - 2 q^2) (1 - q)^2."""
    size, strata = 100_000_000, 8
    for q in (1e-4, 0.05, 0.3, 0.9, 0.995, 0.999, 1 - 1e-9):
        deviation = (1 - q) * np.sqrt((4 * q - 2 * q * q) / size)
        lower, upper = q_limits(q, size, strata)
        assert upper - lower == pytest.approx(2 * 1.9599639845400545 * deviation, rel=2e-4)
        assert (lower + upper) / 2 == pytest.approx(q, abs=2e-3 * deviation + 3 * strata / size)


def test_the_limits_are_the_same_where_the_numerator_is_taken_as_constant(monkeypatch):
    cases = [(1 - 1e-11, 30, 4), (1 - 2e-7, 1_000_000, 6), (1 - 5e-5, 100_000_000, 8)]
    found = [q_limits(*case) for case in cases]
    monkeypatch.setattr(q_interval, "_LARGE", np.inf)
    exact = [q_limits(*case) for case in cases]
    assert found != exact
    np.testing.assert_allclose(found, exact, rtol=0, atol=2e-11)  # what the tail of F loses at 2e12


# Ends and order -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size, strata", [(3, 2), (10, 9), (1000, 5), (100_000_000, 8)])
def test_ends(size, strata):
    assert q_limits(0.0, size, strata) == (0.0, 0.0)
    assert q_limits(1.0, size, strata) == (1.0, 1.0)
    assert q_limits(1e-300, size, strata) == (0.0, 0.0)


@pytest.mark.parametrize("q, size, strata", [(0.0, 50, 1), (1.0, 5, 5), (0.5, 5, 6), (np.nan, 50, 3)])
def test_without_a_test_there_are_no_limits(q, size, strata):
    assert np.isnan(q_limits(q, size, strata)).all()


def test_limits_lie_around_the_q_of_few_strata_and_grow_with_it():
    for size, strata in ((12, 3), (200, 4), (20_000, 6)):
        limits = np.array([q_limits(q, size, strata) for q in np.linspace(0.0, 1.0, 31)])
        assert ((limits >= 0.0) & (limits <= 1.0)).all()
        assert (np.diff(limits, axis=0) >= 0).all() and (limits[:, 0] <= limits[:, 1]).all()
        assert (limits[:, 0] <= np.linspace(0.0, 1.0, 31)).all()


def test_more_confidence_takes_a_wider_interval():
    lower, upper = zip(*(q_limits(0.2, 150, 5, confidence) for confidence in (1e-3, 50, 80, 95, 99, 99.9999)))
    assert list(lower) == sorted(lower, reverse=True) and list(upper) == sorted(upper)
    assert upper[0] - lower[0] < 1e-4 and lower[-1] == 0.0 < lower[-2]


def test_the_default_is_95_percent():
    assert q_limits(0.2, 150, 5) == q_limits(0.2, 150, 5, 95.0)


# q_adjusted -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("q, size, strata", [(0.25, 45, 8), (0.6, 3265, 3), (0.0, 9, 2), (1.0, 9, 2)])
def test_q_adjusted_by_hand(q, size, strata):
    exact = 1 - (1 - Fraction(q)) * Fraction(size - 1, size - strata)
    assert q_adjusted(q, size, strata) == pytest.approx(float(exact), abs=1e-15)


def test_the_q_that_noise_has_in_the_mean_is_adjusted_to_zero():
    for size, strata in ((10, 2), (45, 8), (3265, 8), (50, 49), (1_000_000, 300)):
        assert q_adjusted((strata - 1) / (size - 1), size, strata) == pytest.approx(0.0, abs=1e-13)


def test_q_adjusted_of_simulated_noise():
    """40 rows in strata of 4 to 6: the q of noise is 0.18 in the mean, the adjusted one 0."""
    y = np.random.default_rng(5).standard_normal((4000, 40))
    codes = np.arange(40) % 8
    mean = np.stack([y[:, codes == code].mean(axis=1) for code in range(8)], axis=1)[:, codes]
    q = 1 - ((y - mean) ** 2).sum(axis=1) / ((y - y.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    adjusted = np.array([q_adjusted(one, 40, 8) for one in q])
    assert q.mean() == pytest.approx(7 / 39, abs=0.006)
    assert adjusted.mean() == pytest.approx(0.0, abs=0.007)  # four standard errors


def test_q_adjusted_is_missing_with_a_stratum_for_each_row():
    assert np.isnan(q_adjusted(1.0, 5, 5))
    assert np.isnan(q_adjusted(np.nan, 50, 5))
    assert q_adjusted(0.0, 50, 1) == 0.0

"""The interval of H: its noise by hand, its quantiles and its coverage against simulations that share no code."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core import simulation
from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.persistence import interval as intervals
from nep_toolbox.core.persistence.detrend import Detrend
from nep_toolbox.core.persistence.hurst import hurst
from nep_toolbox.core.persistence.interval import EXPONENTS, fractional_noise, interval, limits, require_interval
from nep_toolbox.core.persistence.rescaled_range import Method
from nep_toolbox.errors import Cancelled, InvalidParameter

KINDS = {"none": Detrend.NONE, "ols": Detrend.OLS}
SETTINGS = [(n, kind) for n in (15, 20, 30, 40) for kind in KINDS]


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/hurst_interval.json").read_text(encoding="utf-8"))


def covariance(lag: int, exponent: float) -> float:
    return 0.5 * (abs(lag + 1) ** (2 * exponent) - 2 * abs(lag) ** (2 * exponent) + abs(lag - 1) ** (2 * exponent))


def noise_by_eigenvalues(n, exponent, series, seed) -> np.ndarray:
    """Fractional Gaussian noise (n, series) by another root of its covariance, and another generator."""
    matrix = np.array([[covariance(i - j, exponent) for j in range(n)] for i in range(n)])
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ (np.sqrt(values)[:, np.newaxis] * np.random.default_rng(seed).standard_normal((n, series)))


@pytest.mark.parametrize("exponent", [0.05, 0.3, 0.7, 0.99])
def test_the_noise_has_the_covariance_of_its_definition(exponent):
    factor = fractional_noise(np.eye(9), exponent)
    expected = [[covariance(i - j, exponent) for j in range(9)] for i in range(9)]
    np.testing.assert_allclose(factor @ factor.T, expected, rtol=0, atol=1e-13)
    assert np.array_equal(np.triu(factor, 1), np.zeros((9, 9))), "no value knows of later ones"
    # by hand: the second value of H = 0.7 is r of the first, r = 2^0.4 - 1
    if exponent == 0.7:
        assert factor[1, 0] == pytest.approx(2**0.4 - 1, abs=1e-15)


def test_at_one_half_the_noise_is_the_white_noise_it_is_made_of():
    noise = np.random.default_rng(3).standard_normal((12, 40))
    assert np.array_equal(fractional_noise(noise, 0.5), noise)
    alone = fractional_noise(noise[:, 7:8], 0.8)
    assert np.array_equal(fractional_noise(noise, 0.8)[:, 7:8], alone)


@pytest.mark.parametrize(("n", "kind"), SETTINGS)
def test_quantiles_and_ends_equal_those_of_another_simulation(reference, n, kind):
    curves = np.array(reference["curves"][f"n{n}|{kind}"])
    _mean, lowest, low, _median, high, highest = np.maximum.accumulate(curves.T, axis=1)
    np.testing.assert_allclose(EXPONENTS, reference["meta"]["grid"], rtol=0, atol=1e-15)
    found = limits(n, 90.0, detrend=KINDS[kind])
    assert found.shape == (2, 20) and (np.diff(found) >= 0).all()
    for quantile, expected, further in ((found[0], low, lowest), (found[1], high, highest)):
        # Both simulations draw 20,000 series: the standard error of a quantile, from the density beside it.
        error = np.sqrt(2 * 0.05 * 0.95 / 20_000) * np.abs(further - expected) / 0.025
        assert (np.abs(quantile - expected) <= np.maximum(0.01, 4 * error)).all()
        assert np.abs(quantile - expected).mean() < 0.006
    for example in reference["examples"][f"n{n}|{kind}"]:
        lower, upper = interval(np.array(example["h"]), n, detrend=KINDS[kind])
        assert lower == pytest.approx(example["lower"], abs=0.03), example
        assert upper == pytest.approx(example["upper"], abs=0.03), example


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.7, 0.9])
def test_the_interval_covers_the_exponent_as_often_as_it_says(reference, exponent, kind):
    expected = reference["coverage"][f"n20|{kind}"][str(exponent)]
    series = noise_by_eigenvalues(20, exponent, 20_000, 5)
    found = hurst(series, detrend=KINDS[kind], confidence=90.0)
    inside = (found["lower"] <= exponent) & (exponent <= found["upper"])
    assert inside.mean() == pytest.approx(0.9, abs=0.01)
    assert inside.mean() == pytest.approx(expected["coverage"], abs=0.012)
    assert (found["upper"] - found["lower"]).mean() == pytest.approx(expected["mean_width"], abs=0.01)
    half = (found["lower"] <= 0.5) & (found["upper"] >= 0.5)
    assert half.mean() == pytest.approx(expected["share_containing_half"], abs=0.015)


def test_a_higher_level_is_wider_and_what_is_simulated_is_kept():
    values = np.linspace(0.1, 1.1, 60)
    narrow, wide = interval(values, 14, 80.0), interval(values, 14, 95.0)
    assert (wide[0] <= narrow[0]).all() and (wide[1] >= narrow[1]).all()
    assert (wide[1] - wide[0]).mean() > (narrow[1] - narrow[0]).mean() + 0.05
    assert limits(14, 80.0) is limits(14, 80.0) and limits(14, 80.0) is not limits(14, 95.0)
    assert not np.array_equal(limits(14, 80.0), limits(14, 80.0, detrend=Detrend.OLS))
    assert not np.array_equal(limits(14, 80.0), limits(14, 80.0, min_window=3))


def test_limits_lie_between_the_first_and_the_last_exponent():
    low, high = limits(20, 90.0)
    beyond = np.array([low[0] - 1e-9, high[-1] + 1e-9, np.nan])
    lower, upper = interval(beyond, 20)
    np.testing.assert_array_equal(lower, [0.05, 0.99, np.nan])
    np.testing.assert_array_equal(upper, [0.05, 0.99, np.nan])
    # the limit of an estimate that is a quantile is the exponent it was simulated with; between two it is linear
    lower, upper = interval(np.array([high[9], (high[9] + high[10]) / 2]), 20)
    assert lower.tolist() == pytest.approx([0.5, 0.525], abs=1e-12)
    assert interval(np.array([low[9]]), 20)[1] == pytest.approx([0.5], abs=1e-12)


def test_quantiles_by_hand_and_never_falling_with_the_exponent(monkeypatch):
    rows = np.array([[0.0, 1.0, 2.0, 3.0, 40.0], [5.0, 5.0, 6.0, 8.0, 9.0]])
    for share, expected in ((0.0, [0, 5]), (0.3, [1.2, 5.2]), (0.75, [3, 8]), (0.95, [32.6, 8.8]), (1.0, [40, 9])):
        assert intervals._quantile(rows, share).tolist() == pytest.approx(expected)
    # Few series: their own quantiles fall here and there.
    monkeypatch.setattr(simulation, "_known", {})
    monkeypatch.setattr(intervals, "INTERVAL_SERIES", 40)
    assert (np.diff(limits(12, 90.0)) >= 0).all()


def test_too_short_for_an_estimate(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    for limit in interval(np.array([0.5, 0.9]), 11):
        assert np.isnan(limit).all()
    assert not simulation._known, "nothing to simulate"


def test_pixels_with_gaps_have_the_interval_of_their_number_of_values():
    rng = np.random.default_rng(9)
    stack = rng.standard_normal((20, 3, 30))
    stack[:5, 1] = np.nan
    stack[:9, 2] = np.nan
    whole = hurst(stack, detrend=Detrend.OLS, confidence=90.0)
    for row, n in ((0, 20), (1, 15)):
        lower, upper = interval(whole["hurst"][row], n, detrend=Detrend.OLS)
        np.testing.assert_array_equal(whole["lower"][row], lower)
        np.testing.assert_array_equal(whole["upper"][row], upper)
    assert np.isnan([whole["lower"][2], whole["upper"][2]]).all()
    single = hurst(stack[:, 1:2, 4:5], detrend=Detrend.OLS, confidence=90.0)
    for name in ("lower", "upper"):
        np.testing.assert_array_equal(single[name], whole[name][1:2, 4:5])
    assert "lower" not in hurst(stack)
    other = hurst(stack[:, :1], min_window=3, confidence=80.0)
    assert np.array_equal(other["lower"], interval(other["hurst"], 20, 80.0, min_window=3)[0])


@pytest.mark.parametrize(("form", "said"), [
    ({"method": Method.EXPANDING}, "for no other form"), ({"corrected": False}, "for no other form"),
    ({"confidence": 100.0}, "between 0 and 100 percent"), ({"confidence": 0.0}, "CONFIDENCE⟩ has to lie"),
])
def test_other_forms_and_levels_are_refused(form, said):
    with pytest.raises(InvalidParameter, match=said):
        hurst(np.zeros((20, 1)), **{"confidence": 90.0, **form})
    require_interval(Method.PIECES, True, 90.0)


def test_the_simulation_tells_its_progress_and_hears_a_cancel(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    told, asked = [], []
    with heeding(lambda: asked.append(1)):  # never says yes
        expected = limits(13, 90.0, progress=told.append)
    assert told == pytest.approx(np.arange(1, 81) / 80)
    assert len(asked) >= 16 * len(told), "a cancel would have to wait"
    limits(13, 90.0, progress=told.append)
    assert len(told) == 80, "what is known is not simulated"
    for yes_at in (1, len(asked) // 2, len(asked)):
        simulation._known.clear()
        left = iter(range(yes_at - 1))
        with pytest.raises(Cancelled), heeding(lambda left=left: next(left, None) is None):
            limits(13, 90.0)
        assert not [key for key in simulation._known if key[0] == "interval"]
    np.testing.assert_array_equal(limits(13, 90.0), expected)
    assert intervals.INTERVAL_SERIES == 20_000

"""Scores against the reference implementations, by hand and by property."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.validation.pairs import empty_sums, sums_of_pairs
from nep_toolbox.core.validation.scores import scores, scores_of_groups
from nep_toolbox.errors import InvalidParameter

CASES = ("good", "biased", "near_zero_mean", "anti", "constant_sim", "three", "missing")
#: What the reference calls the scores.
NAMES = {
    "n": "n", "bias": "bias", "rmse": "rmse", "mae": "mae", "r": "r", "r2": "r2", "p": "p", "crmse": "crmse",
    "slope": "slope_ma", "intercept": "intercept_ma", "nse": "nse", "sd_ratio": "sd_ratio", "kge_2009": "kge2009",
    "kge_2012": "kge2012", "kge_2021": "kge2021", "s_bias": "ilamb_bias", "s_rmse": "ilamb_rmse", "s_iav": "ilamb_iav",
    "taylor": "taylor_score",
}
DEFINED_OF_CONSTANT = {"n", "bias", "rmse", "mae", "crmse", "nse", "s_bias", "s_rmse", "s_iav", "years"}


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "validation_scores.json").read_text(encoding="utf-8"))["pairs"]


def pairs_of(case: dict) -> tuple:
    return tuple(np.array([np.nan if value is None else value for value in case[key]]) for key in ("obs", "sim"))


@pytest.mark.parametrize("name", CASES)
def test_reference(reference, name):
    assert set(reference) == set(CASES)
    case = reference[name]
    found = scores(*pairs_of(case))
    given = {ours: case["scores"].get(theirs) for ours, theirs in NAMES.items()}
    expected = {key: value for key, value in given.items() if value is not None}
    assert len(expected) == (4 if name == "constant_sim" else len(NAMES))
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-10, abs=1e-300), key
    if name != "constant_sim":
        assert found["crmse_ratio"] == pytest.approx(case["scores"]["taylor"]["crmse_ratio"], rel=1e-10)


@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_a_constant_series_has_no_r(level):
    observed = np.array([1.3, 2.1, 0.7, 4.4]) + level
    found = scores(observed, np.full(4, 1.1 + level))
    assert {key for key, value in found.items() if not np.isnan(value)} == DEFINED_OF_CONSTANT
    assert found["s_iav"] == pytest.approx(np.exp(-1.0))
    found = scores(np.full(4, 1.1 + level), observed)
    assert {key for key, value in found.items() if not np.isnan(value)} == DEFINED_OF_CONSTANT - {
        "nse", "s_bias", "s_rmse", "s_iav",
    }


def test_the_same_series_is_perfect():
    values = [3.1, 4.7, -2.2, 8.0]
    found = scores(values, values)
    for key in ("bias", "rmse", "mae", "crmse", "p"):
        assert found[key] == 0.0, key
    for key in ("r", "r2", "nse", "kge_2009", "kge_2012", "kge_2021", "slope", "sd_ratio", "taylor", "s_bias", "s_rmse",
                "s_iav"):
        assert found[key] == pytest.approx(1.0, abs=1e-15), key


def test_two_pairs_are_too_few():
    found = scores([1.0, 2.0, np.nan], [1.0, 3.0, 4.0])
    assert found.pop("n") == 2 and found.pop("years") == 2
    assert np.isnan(list(found.values())).all()


def test_a_mean_of_zero_has_no_ratio():
    found = scores([-1.0, 0.0, 1.0], [-2.0, 1.0, 4.0])
    assert np.isnan(found["kge_2009"]) and np.isnan(found["kge_2012"]) and not np.isnan(found["kge_2021"])
    found = scores([-2.0, 1.0, 4.0], [-1.0, 0.0, 1.0])
    assert np.isnan(found["kge_2012"]) and not np.isnan(found["kge_2009"])


def test_the_triangle_of_a_taylor_diagram():
    rng = np.random.default_rng(3)
    observed = rng.normal(size=50)
    found = scores(observed, 0.4 * observed + rng.normal(3.0, 1.0, 50))
    a = found["sd_ratio"]
    assert found["crmse_ratio"] ** 2 == pytest.approx(1.0 + a**2 - 2.0 * a * found["r"], rel=1e-12)
    assert found["crmse"] == pytest.approx(found["crmse_ratio"] * observed.std(), rel=1e-12)


def test_a_small_error_keeps_its_digits_on_a_large_level():
    """Twelve digits of the values are the same: the error is that of the differences, not of the squares."""
    rng = np.random.default_rng(5)
    observed = rng.normal(1e6, 1.0, 40)
    simulated = observed + np.where(np.arange(40) % 2, 2.0**-20, -(2.0**-20))
    difference = simulated - observed
    assert scores(observed, simulated)["rmse"] == pytest.approx(np.sqrt(np.mean(difference**2)), rel=1e-12)
    assert scores(observed, simulated)["crmse"] == pytest.approx(difference.std(), rel=1e-12)


def test_scores_of_ilamb_are_those_of_annual_means():
    """Two pixels over four years: all other scores take eight pairs."""
    rng = np.random.default_rng(7)
    observed, simulated = rng.normal(300, 50, (2, 4, 2))
    year, group = np.repeat(np.arange(4), 2), np.zeros(8, dtype=int)
    found = scores_of_groups(sums_of_pairs(observed.ravel(), simulated.ravel(), year, group, 4, 1))
    by_pair = scores(observed.ravel(), simulated.ravel())
    by_year = scores(observed.mean(axis=1), simulated.mean(axis=1))
    assert found["n"] == 8 and found["years"] == 4
    for key in found.keys() - {"n", "years"}:
        expected = by_year if key in ("s_bias", "s_rmse", "s_iav") else by_pair
        assert found[key][0] == pytest.approx(expected[key], rel=1e-12), key


def test_groups_do_not_touch_each_other():
    rng = np.random.default_rng(11)
    observed, simulated = rng.normal(size=(2, 60))
    year, group = rng.integers(0, 6, 60), rng.integers(0, 3, 60)
    together = scores_of_groups(sums_of_pairs(observed, simulated, year, group, 6, 4))
    for number in range(3):
        here = group == number
        alone = scores_of_groups(
            sums_of_pairs(observed[here], simulated[here], year[here], np.zeros(here.sum(), dtype=int), 6, 1)
        )
        for key, values in together.items():
            assert values[number] == pytest.approx(alone[key][0], rel=1e-12), key
    assert together["n"][3] == 0 and np.isnan(together["bias"][3])


def test_nothing_has_no_score():
    assert scores_of_groups(empty_sums(3, 1))["n"] == 0
    assert scores([], [])["n"] == 0


def test_unequal_lengths_are_refused():
    with pytest.raises(InvalidParameter, match="do not fit"):
        scores([1.0, 2.0], [1.0])

"""What the log tells of cuts that were chosen by cross-validation."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._cut_choice import tell_choice
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.discretize import METHODS
from nep_toolbox.core.geodetector.settings import LARGEST_Q, ONE_STANDARD_ERROR, Settings

NAMES = {method: method.upper() for method in METHODS}


class Log:
    """What was said."""

    def __init__(self):
        self.infos, self.warnings = [], []
        self.info, self.warn = self.infos.append, self.warnings.append


@pytest.fixture(scope="module")
def factors() -> dict:
    rng = np.random.default_rng(6)
    rain, street = rng.random(150), rng.integers(0, 30, 150)
    return {
        "rain": Factor("rain", rain), "noise": Factor("noise", rng.permutation(rain)),
        "half": Factor("half", np.floor(2 * rain), CATEGORICAL), "street": Factor("street", street, CATEGORICAL),
    }


def told(factors: dict, *names, **settings) -> tuple:
    """What the log tells of the factors named, and their result."""
    rain = factors["rain"].values
    target = np.floor(4 * rain) + np.random.default_rng(1).normal(0, 0.7, rain.size)
    result = detect(target, [factors[name] for name in names], Settings(**{"choice": ONE_STANDARD_ERROR, **settings}))
    log = Log()
    tell_choice(log, result, NAMES)
    return log, result


def test_each_factor_with_its_q_cv_and_the_cut_that_was_passed_over(factors):
    log, result = told(factors, "rain", "half")
    cuts, q_cv = result.discretization, result.factors.q_cv
    assert result.factors.classes[0] == 4
    largest = int(np.nanargmax(cuts.q))
    assert cuts.classes[largest] > 4
    passed = f"{cuts.q[largest]:.4f}, takes {cuts.classes[largest]} classes ({NAMES[cuts.method[largest]]})"
    assert log.infos == [
        "Cross-validation in 10 parts:",
        f"  rain: q_cv = {q_cv[0]:.4g}; the largest q, {passed}",
        f"  half: q_cv = {q_cv[1]:.4g}",
    ]
    assert log.warnings == []


def test_where_both_take_the_same_cut_it_says_so(factors):
    log, result = told(factors, "rain", min_classes=4, max_classes=4, methods=["equal"])
    assert log.infos[1:] == [f"  rain: q_cv = {result.factors.q_cv[0]:.4g}, of the cut with the largest q"]


def test_of_cuts_of_equal_q_it_names_the_first_as_the_choice_of_the_largest_q_does(factors):
    _log, result = told(factors, "rain", min_classes=4, max_classes=5, methods=["equal"])
    log, q = Log(), np.array([0.6 - 1e-15, 0.6])
    tell_choice(log, result._replace(discretization=result.discretization._replace(q=q)), NAMES)
    assert result.factors.classes[0] == 4
    assert log.infos[1].endswith(", of the cut with the largest q")


def test_the_largest_q_is_that_of_a_candidate(factors):
    _log, result = told(factors, "rain", min_classes=4, max_classes=4, methods=["equal", "quantile"])
    log, cuts = Log(), result.discretization
    q, candidate = cuts.q.copy(), cuts.candidate.copy()
    q[0], candidate[0] = np.nan, 0
    tell_choice(log, result._replace(discretization=cuts._replace(q=q, candidate=candidate)), NAMES)
    assert result.factors.method == ("equal",)
    assert log.infos[1].endswith(f"; the largest q, {q[1]:.4f}, takes 4 classes (QUANTILE)")


def test_factors_that_predict_nothing_are_warned_of(factors):
    log, result = told(factors, "noise", "rain", "street")
    below = dict(zip(result.factors.factor, result.factors.q_cv <= 0))
    assert below == {"noise": True, "rain": False, "street": True}
    (warning,) = log.warnings
    assert warning.startswith("q_cv is not above 0 for 'noise', 'street': the means of their strata predict rows that")


def test_a_q_cv_near_zero_keeps_its_sign_and_size(factors):
    _log, result = told(factors, "half")
    log, table = Log(), result.factors
    tell_choice(log, result._replace(factors=table._replace(q_cv=np.array([-3.27e-6]))), NAMES)
    assert log.infos[1] == "  half: q_cv = -3.27e-06" and len(log.warnings) == 1


def test_nothing_is_told_where_nothing_was_cross_validated(factors):
    log, _result = told(factors, "rain", "street", choice=LARGEST_Q)
    assert log.infos == log.warnings == []

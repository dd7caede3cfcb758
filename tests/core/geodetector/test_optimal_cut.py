"""Candidate cuts against strata formed one by one, and the choice among them."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.geodetector.discretize import METHODS, classify
from nep_toolbox.core.geodetector.optimal_cut import Cut, best_cut, candidate_cuts
from nep_toolbox.errors import Cancelled


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(3)
    values = np.round(rng.gamma(2, 10, 200), 1)
    target = np.sqrt(values) + rng.normal(size=200)
    return target - target.mean(), values


def test_q_is_that_of_the_strata(sample):
    target, values = sample
    cuts = candidate_cuts(target, values, METHODS, range(3, 9))
    assert sum(cut.candidate for cut in cuts) > 15
    for cut in cuts:
        if not cut.candidate:
            assert np.isnan(cut.q)
            continue
        codes = classify(values, cut.breaks)
        strata = [target[codes == code] for code in range(cut.classes)]
        assert min(part.size for part in strata) >= 2
        within = sum(((part - part.mean()) ** 2).sum() for part in strata)
        assert cut.q == pytest.approx(1 - within / (target @ target), rel=1e-10)


def test_order_of_the_candidates_does_not_follow_that_of_the_arguments(sample):
    cuts = candidate_cuts(*sample, list(METHODS)[::-1], [5, 3])
    assert [(cut.method, cut.requested) for cut in cuts] == [(method, k) for method in METHODS for k in (3, 5)]


def test_a_class_of_one_value_is_no_candidate():
    values = np.array([0.0, 1, 2, 3, 4, 5, 6, 100])
    (cut,) = candidate_cuts(np.arange(8.0) - 3.5, values, ["equal"], [3])
    assert not cut.candidate
    assert cut.breaks.tolist() == pytest.approx([0, 100 / 3, 200 / 3, 100])


def test_q_of_a_factor_that_explains_all_is_one_and_no_more():
    rng = np.random.default_rng(0)
    above = 0
    for _ in range(20):
        values = np.repeat([0.0, 1, 2], rng.integers(2, 9, 3))
        target = rng.normal(size=3)[values.astype(int)]
        target -= target.mean()
        (cut,) = candidate_cuts(target, values, ["equal"], [3])
        assert 1 - 1e-12 < cut.q <= 1
        strata = [target[values == value] for value in range(3)]
        above += sum(part.sum() ** 2 / part.size for part in strata) / (target @ target) > 1
    assert above  # of the sums themselves some exceed 1 by their rounding


def test_the_first_of_equals_is_best():
    cuts = [Cut("equal", k, k, np.zeros(1), q, candidate) for k, q, candidate in
            ((3, 0.5, True), (4, 0.7, True), (5, 0.7, True), (6, 0.6, True), (7, 0.9, False))]
    assert best_cut(cuts) is cuts[1]
    assert best_cut(cuts[4:]) is None
    assert best_cut([]) is None


def test_rounding_does_not_choose_between_equals():
    cuts = [Cut("equal", k, k, np.zeros(1), q, True) for k, q in ((3, 0.7 - 1e-15), (4, 0.7), (5, 0.7 - 2e-12))]
    assert best_cut(cuts) is cuts[0]
    assert best_cut(cuts[::-1]) is cuts[1]


def test_the_order_of_rows_and_the_unit_of_the_target_choose_no_cut():
    """Few values of few digits: several cuts have the same q to the last digit but for rounding."""
    rng, ties = np.random.default_rng(5), 0
    for _ in range(60):
        y, x, order = np.round(rng.normal(0, 1, 10)), np.round(rng.normal(0, 2, 10)), rng.permutation(10)
        y = y - y.mean()
        if np.ptp(y) == 0:
            continue
        tried = candidate_cuts(y, x, METHODS, range(2, 6))
        best = best_cut(tried)
        if best is None:
            continue
        ties += sum(abs(cut.q - best.q) < 1e-12 for cut in tried) > 1
        for other in (candidate_cuts(y[order], x[order], METHODS, range(2, 6)),
                      candidate_cuts(0.1 * y, x, METHODS, range(2, 6))):
            found = best_cut(other)
            assert (found.method, found.requested) == (best.method, best.requested)
    assert ties > 20


def test_progress_and_cancel(sample):
    seen = []
    candidate_cuts(*sample, METHODS, range(3, 9), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0

    def stop(_fraction):
        raise Cancelled

    with pytest.raises(Cancelled):
        candidate_cuts(*sample, METHODS, [3], stop)

"""Counts of p-values, in bins where every pixel has its own, and what the number of tests makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core import field_significance as module
from nep_toolbox.core.field_significance import Adjustment, PCounts, Significance, counted_p, rounded_up
from nep_toolbox.core.significance import benjamini_hochberg


def test_p_is_rounded_up_to_thirteen_bits():
    one_more = 1 + 2.0**-12
    p = np.array([0.0, 1.0, 0.5, np.nextafter(0.5, 1), 0.5 * one_more, np.nextafter(0.25, 0), 1e-300, np.nan])
    rounded = rounded_up(p)
    assert rounded[:6].tolist() == [0, 1, 0.5, 0.5 * one_more, 0.5 * one_more, 0.25]
    assert 1e-300 < rounded[6] < 1e-300 * one_more
    assert np.isnan(rounded[7])


def test_memory_does_not_grow_with_the_number_of_blocks(monkeypatch):
    monkeypatch.setattr(module, "_MOST_PENDING", 100)
    counts = PCounts()
    for _ in range(50):
        counts.add((np.arange(30.0), np.ones(30)))
        assert sum(len(values) for values, _ in counts._parts) <= 130
    values, number = counts.joined()
    assert values.tolist() == list(range(30)) and (number == 50).all()


def test_the_more_p_there_are_the_rarer_they_are_joined(monkeypatch):
    sizes, join = [], module.joined
    monkeypatch.setattr(module, "_MOST_PENDING", 100)
    monkeypatch.setattr(module, "joined", lambda all_: sizes.append(sum(len(part[0]) for part in all_)) or join(all_))
    counts = PCounts()
    for block in range(200):
        counts.add((np.arange(30.0) + 30 * block, np.ones(30)))
    assert counts.joined()[0].tolist() == list(range(6000))
    # each join takes as many new ones as there were before, so that all of them take a few times as many
    assert len(sizes) < 10 and sum(sizes) < 4 * 6000


@pytest.fixture(scope="module")
def p():
    """Of 4000 tests, in which a tenth holds something, with some missing."""
    rng = np.random.default_rng(12)
    p = rng.random((40, 100)) ** np.where(rng.random((40, 100)) < 0.1, 9.0, 1.0)
    p[3, :20] = np.nan
    p[5, :4] = 0.0, 1.0, 0.05, 0.05
    return p


def test_p_are_counted_in_bins_and_only_those_below_a_limit(p):
    values, counts = counted_p(p)
    assert counts.sum() == 3980 and values.size < 3980 and (np.diff(values) > 0).all()
    values, counts = counted_p(p, 0.05)
    assert counts.sum() == (p < 0.05).sum() and values.max() <= 0.05 * (1 + 2.0**-12)


@pytest.mark.parametrize("rows", [40, 7, 1])
def test_adjusted_p_are_never_too_small_nor_too_large_by_more_than_stated(p, rows):
    adjustment = Adjustment(counted_p(p[row : row + rows]) for row in range(0, 40, rows))
    found, exact = adjustment.of(p), benjamini_hochberg(p)
    tested = np.isfinite(p)
    assert np.isnan(found[~tested]).all()
    assert (found >= exact)[tested].all() and (found <= exact * (1 + 2.0**-12))[tested].all()
    assert (found < 0.05).any() and (found > exact).any()
    np.testing.assert_array_equal(found, Adjustment([counted_p(p)]).of(p))


def test_what_equals_the_level_is_not_significant():
    # by hand: of two tests with p 1/8 and 1 the first becomes 1/4
    found = Significance(0.25)
    found.add({"tested": 2, "significant": counted_p(np.array([0.125, 1.0]), 0.25)})
    assert found.percent() == (50.0, 0.0)
    assert Adjustment([counted_p(np.array([0.125, 1.0]))]).of(np.array([0.125])).tolist() == [0.25]


def test_nothing_to_adjust():
    assert np.isnan(Adjustment(()).of(np.array([np.nan]))).all()
    assert np.isnan(Significance(0.05).percent()).all()


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_significant_tests_are_those_of_the_rule(p, alpha):
    found = Significance(alpha)
    for block in p:
        found.add({"tested": int(np.isfinite(block).sum()), "significant": counted_p(block, alpha)})
    ordered = np.sort(p[np.isfinite(p)])
    # the step-up rule as it is stated; no p lies within 2^-12 of itself of the limit
    passing = np.flatnonzero(ordered <= alpha * np.arange(1, ordered.size + 1) / ordered.size).max() + 1
    assert found.tested == 3980
    assert found.percent() == pytest.approx((100 * (ordered < alpha).sum() / 3980, 100 * passing / 3980), rel=1e-14)

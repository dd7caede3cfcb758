"""What is wanted of a trend alone against all of it, and what need not be computed for it."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.trend import pair_slopes, slope_search
from nep_toolbox.core.trend import theil_sen as trend_module
from nep_toolbox.core.trend.mann_kendall import untied_tests
from nep_toolbox.core.trend.theil_sen import trend


def random_stack(seed, n, pixels, kind, gaps=0.0):
    generator = np.random.default_rng(seed)
    stack = generator.normal(size=(n, pixels)) + np.arange(n)[:, None] * generator.normal(size=pixels) * 0.1
    if kind == "few values":
        stack = np.round(stack)
    stack[generator.random(stack.shape) < gaps] = np.nan
    return stack


@pytest.mark.parametrize("correction", list(trend_module.Correction))
@pytest.mark.parametrize("n", [12, 81])
def test_what_is_wanted_alone_is_what_all_has(correction, n):
    stack = np.concatenate([random_stack(7, n, 40, "normal", 0.1), random_stack(8, n, 40, "few values")], axis=1)
    stack[:, 5] = np.nan
    options = {"years": 2001 + np.arange(n), "correction": correction, "confidence": 90.0}
    everything = trend(stack, **options)
    for name in everything:
        found = trend(stack, wanted=(name,), **options)
        assert list(found) == [name]
        np.testing.assert_array_equal(found[name], everything[name], err_msg=name)


@pytest.mark.parametrize("sorting, shared", [(True, ("sorted_slopes",)), (False, ("least_squares", "slopes_by_rows"))])
def test_slope_and_limits_share_one_sort_or_one_line_and_one_forming_of_the_slopes(monkeypatch, sorting, shared):
    monkeypatch.setattr(pair_slopes, "sorting_pays", lambda _x, _several: sorting)
    made, room = {}, pair_slopes if sorting else slope_search
    for name in shared:
        function = getattr(room, name)

        def counted(x, *rest, name=name, function=function):
            made.setdefault((name, x.dtype), []).append(x.shape[1])
            return function(x, *rest)

        monkeypatch.setattr(room, name, counted)
    rising = random_stack(3, 12, 50, "normal") + 9 * np.arange(12)[:, np.newaxis]
    trend(rising.astype(np.float32), np.arange(12), confidence=90.0)
    assert made == {(name, np.dtype(np.float32)): [50] for name in shared}


@pytest.mark.parametrize("correction", [trend_module.Correction.NONE, trend_module.Correction.PRE_WHITENING])
def test_p_alone_needs_no_slopes(monkeypatch, correction):
    monkeypatch.setattr(trend_module, "order_statistics", None)
    assert np.isfinite(trend(random_stack(1, 10, 9, "normal"), np.arange(10), correction=correction,
                             wanted=("p_value", "outcome"))["p_value"]).all()


def test_the_outcome_says_which_of_all_tests_without_ties_it_is():
    stack = random_stack(9, 12, 200, "normal", 0.1)
    stack[:, :20] = np.round(stack[:, :20])
    found = trend(stack, np.arange(12), wanted=("z", "p_value", "outcome"))
    table, has = untied_tests(12), found["outcome"] != trend_module.NO_OUTCOME
    assert (has == [len(set(one[one == one])) == (one == one).sum() >= 8 for one in stack.T]).all()
    np.testing.assert_array_equal(found["z"][has], table.z[found["outcome"][has]])
    np.testing.assert_array_equal(found["p_value"][has], table.p[found["outcome"][has]])

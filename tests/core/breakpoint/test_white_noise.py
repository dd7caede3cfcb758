"""What breaks are measured against: critical values of a simulation apart, ranks, and one for all threads."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core import simulation
from nep_toolbox.core.breakpoint.white_noise import SERIES, Method, null_distribution, p_value
from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled


def test_critical_values_of_a_simulation_apart(shared):
    expected = json.loads((shared / "reference/breakpoint.json").read_text(encoding="utf-8"))["critical_values"]
    assert len(expected) == 6
    for n, of_methods in expected.items():
        for method, name in enumerate(("pettitt", "hinge", "two_lines")):
            null = null_distribution(int(n), method, 5)
            assert len(null) == SERIES
            for level, value in of_methods[name].items():
                # four standard errors of the difference of two simulations; K is a whole number, with ties
                spread = 4 * np.sqrt(2 * float(level) * (1 - float(level)) / SERIES)
                assert (null > value).mean() - spread <= float(level) <= (null >= value).mean() + spread, (n, name)


@pytest.mark.parametrize("method", list(Method))
def test_p_is_a_rank_and_never_0(method):
    null = null_distribution(20, method, 5)
    assert (np.diff(null) >= 0).all() and null[0] >= 0
    p = p_value(np.array([[np.inf, np.nan, 0.0, null[-1], null[10_000]]]), 20, method, 5)
    as_large = [0, SERIES, (null >= null[-1]).sum(), (null >= null[10_000]).sum()]
    assert p[0, [0, 2, 3, 4]].tolist() == [(1 + count) / (SERIES + 1) for count in as_large]
    assert np.isnan(p[0, 1]) and p.shape == (1, 5)
    # the sign tells the direction of a step
    np.testing.assert_array_equal(p_value(np.array([-63.0]), 20, method, 5), p_value(np.array([63.0]), 20, method, 5))


def test_one_distribution_for_all_that_it_depends_on(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    told = []
    first = null_distribution(16, Method.TURNING_POINT, 5, progress=told.append)
    assert told == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert null_distribution(16, 1, 5, progress=told.append) is first and len(told) == 4
    assert null_distribution(16, Method.PETTITT, 5) is null_distribution(16, Method.PETTITT, 8)
    others = [null_distribution(16, Method.TURNING_POINT, 8), null_distribution(16, Method.TWO_LINES, 5),
              null_distribution(17, Method.TURNING_POINT, 5)]
    assert not any(np.array_equal(first, other) for other in others)
    simulation._known.clear()
    np.testing.assert_array_equal(null_distribution(16, Method.TURNING_POINT, 5), first)


@pytest.mark.parametrize("method", list(Method))
def test_a_cancel_is_heard_and_leaves_nothing(method, monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    left = iter(range(2))
    with pytest.raises(Cancelled), heeding(lambda: next(left, None) is None):
        null_distribution(15, method, 5)
    assert simulation._known == {}

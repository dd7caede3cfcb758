"""White noise that stays the same, and what is simulated once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nep_toolbox.core import simulation
from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled


def test_the_noise_is_the_same_in_every_version():
    # p-values that were published must come out again: RandomState gives one stream for ever
    expected = np.random.RandomState(7).standard_normal(10 * 3 * 5000).reshape(10, 3, 5000)
    np.testing.assert_array_equal(list(simulation.white_noise(3, 7)), expected)


def test_the_number_of_series_need_not_be_whole_chunks():
    shapes = [noise.shape for noise in simulation.white_noise(4, 1, 12_000)]
    assert shapes == [(4, 5000), (4, 5000), (4, 2000)]


def test_what_is_simulated_is_made_once_for_each_key_and_cannot_be_changed(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    made = []

    def make():
        made.append(1)
        return [1.0, 2.0]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: simulation.once(("some", 3), make), range(8)))
    assert made == [1] and all(one is found[0] for one in found)
    assert simulation.once(("some", 4), make) is not found[0]
    with pytest.raises(ValueError, match="read-only"):
        found[0][0] = 1.0


def test_what_fails_is_not_kept(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    with pytest.raises(ZeroDivisionError):
        simulation.once(("failing",), lambda: 1 / 0)
    assert simulation._known == {}
    assert simulation.once(("failing",), lambda: [3.0]).tolist() == [3.0]


def test_a_statistic_of_noise_is_sorted_and_lacks_what_is_none(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    told = []

    def first_above_0(noise):
        return np.where(noise[0] > 0, noise[0], np.nan)

    found = simulation.simulated(("some",), 3, 7, first_above_0, told.append, 12_000)
    firsts = np.concatenate([noise[0] for noise in simulation.white_noise(3, 7, 12_000)])
    np.testing.assert_array_equal(found, np.sort(firsts[firsts > 0]))
    assert len(told) == 3 and told[:2] == pytest.approx([5 / 12, 10 / 12])
    assert simulation.simulated(("some",), 3, 7, first_above_0, told.append, 12_000) is found and len(told) == 3


def test_a_cancel_of_a_simulation_is_heard_before_each_chunk(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    left, seen = iter(range(2)), []
    with pytest.raises(Cancelled), heeding(lambda: next(left, None) is None):
        simulation.simulated(("some",), 3, 7, lambda noise: seen.append(1) or noise[0])
    assert len(seen) == 2 and simulation._known == {}


def test_p_is_the_rank_among_the_simulated_with_the_observed_one():
    null = np.array([1.0, 2.0, 2.0, 3.0])
    values = np.array([[0.0, 1.0, 2.0], [2.5, 3.0, 9.0]])
    assert (5 * simulation.p_by_rank(values, null)).tolist() == [[5, 5, 4], [2, 2, 1]]
    # above all: twice one of five; in the middle both tails are more than half
    assert (5 * simulation.p_by_rank(values, null, two_sided=True)).tolist() == [[2, 4, 5], [4, 4, 2]]
    assert np.isnan(simulation.p_by_rank(np.array([np.nan]), null)).all()
    assert np.isnan(simulation.p_by_rank(np.array([np.nan]), null, two_sided=True)).all()

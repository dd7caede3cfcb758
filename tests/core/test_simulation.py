"""White noise that stays the same, and what is simulated once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nep_toolbox.core import simulation


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

"""The null distribution of Hurst exponents: ranks, and one for all threads."""

from __future__ import annotations

import json
import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nep_toolbox.core import simulation
from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.persistence import white_noise
from nep_toolbox.core.persistence.rescaled_range import Method
from nep_toolbox.errors import Cancelled


def test_p_value_by_rank():
    null = white_noise.null_distribution(20)
    assert len(null) >= 20_000
    p = white_noise.p_value(np.array([-9.0, 9.0, np.nan, np.median(null), np.quantile(null, 0.01)]), 20)
    smallest = 2 / (len(null) + 1)
    np.testing.assert_allclose(p, [smallest, smallest, np.nan, 1.0, 0.02], atol=1e-4)
    # the value observed is one of those that are as far out: never 0
    assert p[:2].tolist() == [smallest, smallest]
    assert white_noise.p_value(null[:1], 20)[0] == 2 * smallest
    assert np.isnan(white_noise.p_value(np.array([0.5]), 11)).all()
    assert math.isnan(white_noise.white_noise_mean(11)) and math.isnan(white_noise.white_noise_persistent(11))


def test_white_noise_against_the_simulation_of_nolds(shared):
    rows = json.loads((shared / "reference/hurst_detrend.json").read_text(encoding="utf-8"))["table"]
    compared = 0
    for row in rows:
        if row["detrend"] != "none" or row["slope_sd_per_year"] or row["n"] > 20:
            continue
        method, _, form = row["method"].partition("_")
        options = (row["n"], Method[method.upper()], 4, form == "corrected")
        assert white_noise.white_noise_mean(*options) == pytest.approx(row["mean"], abs=0.004)
        assert white_noise.white_noise_persistent(*options) == pytest.approx(100 * row["share_above_half"], abs=1.0)
        compared += 1
    assert compared == 10


def test_null_distribution_is_made_once_for_all_threads():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: white_noise.null_distribution(17), range(8)))
    assert all(one is found[0] for one in found)
    simulation._known.clear()
    np.testing.assert_array_equal(white_noise.null_distribution(17), found[0])
    with pytest.raises(ValueError, match="read-only"):
        found[0][0] = 1.0


@pytest.mark.parametrize("method", list(Method))
def test_a_cancel_of_the_simulation_leaves_nothing_and_the_next_one_gives_the_same_bits(method, monkeypatch):
    expected = white_noise.null_distribution(15, method).copy()
    monkeypatch.setattr(simulation, "_known", {})
    asked = []
    with heeding(lambda: asked.append(1)):  # never says yes
        white_noise.null_distribution(15, method)
    assert len(asked) >= 20, "a cancel would have to wait"
    for yes_at in (1, len(asked) // 2, len(asked)):
        simulation._known.clear()
        left = iter(range(yes_at - 1))
        with pytest.raises(Cancelled), heeding(lambda left=left: next(left, None) is None):
            white_noise.null_distribution(15, method)
        assert not [key for key in simulation._known if key[0] == "null"]
        assert simulation._lock.acquire(blocking=False), "the turn was not given back"
        simulation._lock.release()
    np.testing.assert_array_equal(white_noise.null_distribution(15, method), expected)


def test_the_simulation_tells_its_progress_once(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    told = []
    first = white_noise.white_noise_mean(13, progress=told.append)
    assert told == pytest.approx(np.arange(1, 11) / 10)
    assert white_noise.white_noise_mean(13, progress=told.append) == first
    assert len(told) == 10, "what is known is not simulated"


def test_a_cancel_need_not_wait_for_the_simulation_of_another_run(monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    cancelled = threading.Event()

    def wait_for_it():
        with heeding(cancelled.is_set):
            white_noise.null_distribution(14)

    with simulation._lock, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait_for_it)
        cancelled.set()
        assert isinstance(waiting.exception(timeout=60), Cancelled)

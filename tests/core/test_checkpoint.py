"""A cancel in the middle of a kernel: asked for in the thread that works for the run, and nowhere else."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
import pytest

from nep_toolbox.core.checkpoint import checkpoint, heeding, watched
from nep_toolbox.core.correlation.blocks import correlation_block
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor, complete_rows
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.landcover.blocks import landcover_block, transition_block
from nep_toolbox.core.landcover.merging import parse_merging
from nep_toolbox.core.persistence.blocks import hurst_block
from nep_toolbox.core.productivity.annual_climate import Statistic, annual_block
from nep_toolbox.core.productivity.blocks import respiration_block
from nep_toolbox.core.productivity.respiration import Forcing
from nep_toolbox.core.trend.blocks import trend_block
from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.core.trend.seasonal import seasonal_block
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block
from nep_toolbox.core.zonal.fractions import Fractions
from nep_toolbox.core.zonal.gravity_sums import Place
from nep_toolbox.core.zonal.quantiles import QuantileSearch, binned_block
from nep_toolbox.errors import Cancelled


class Asked:
    """Says yes from the question number ``yes_at`` on."""

    def __init__(self, yes_at: float = float("inf")):
        self.times, self.yes_at = 0, yes_at

    def __call__(self) -> bool:
        self.times += 1
        return self.times >= self.yes_at


def test_only_within_the_block_and_the_inner_one_holds():
    outer, inner = Asked(), Asked()
    checkpoint()
    with heeding(outer):
        checkpoint()
        with heeding(inner):
            checkpoint()
        checkpoint()
    checkpoint()
    assert (outer.times, inner.times) == (2, 1)


def test_a_cancel_raises_and_is_forgotten_after_the_block():
    with pytest.raises(Cancelled), heeding(lambda: True):
        checkpoint()
    checkpoint()


def test_another_thread_is_not_asked():
    asked = Asked(1)
    with heeding(asked):
        other = threading.Thread(target=checkpoint)
        other.start()
        other.join()
    assert asked.times == 0


STACK = np.random.default_rng(8).normal(500, 50, (120, 40, 512)).astype(np.float32)
AREA = np.ones(STACK.shape[1:])
PLACE = Place((0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 0, 0)
CODES = np.floor(STACK / 50)
KERNELS = {
    "trend": partial(trend_block, STACK[:, :8], years=np.arange(1901, 2021), correction=1, lag=0, confidence=95.0),
    "seasonal trend": partial(
        seasonal_block, STACK[:, :8], years=np.arange(10), places=tuple(np.ndindex(10, 12)), correlated=True,
    ),
    "hurst": partial(hurst_block, STACK),
    "frequency": partial(frequency_block, STACK),
    "zones": partial(zonal_block, STACK, AREA),
    "parts of cells": partial(zonal_block, STACK[:, :2, :8], AREA[:2, :8], Fractions(
        Labels(np.zeros((2, 8), dtype=np.int32), ((),)), np.tile(np.arange(16), 400), np.repeat(np.arange(400), 16),
        np.full(6400, 0.5),
    )),
    "quantiles": partial(
        binned_block, STACK[:, :4], AREA[:4], unit=1.0,
        brackets=QuantileSearch([0.5], np.full((120, 1), 100.0), np.full((120, 1), 900.0)).brackets,
    ),
    "gravity": partial(gravity_block, STACK, AREA, PLACE, origin=(0.0, 0.0)),
    "classes": partial(transition_block, CODES, AREA, titles=("",) * 120, change=True),
    "merged classes": partial(
        transition_block, CODES, AREA, titles=("",) * 120, changes=True, merging=parse_merging("1,2,3,4,5=a"),
    ),
    "values of classes": partial(
        landcover_block, STACK, CODES, AREA, which=tuple(range(120)), titles=("",) * 120,
    ),
    "values of classes of a quantity": partial(
        landcover_block, STACK, STACK, AREA, which=(0,) * 120, titles=("",) * 120, breaks=(450.0, 500.0), stable=True,
    ),
    "respiration": partial(respiration_block, STACK, STACK, years=range(2001, 2011), forcing=Forcing.MONTHLY),
    "annual means": partial(annual_block, STACK, groups=np.arange(120).reshape(10, 12), statistic=Statistic.MEAN),
    "correlation": partial(correlation_block, STACK, STACK[::-1], (STACK[:, ::-1],)),
}


@pytest.mark.parametrize("name", KERNELS)
def test_slow_kernels_ask_many_times_a_block_and_stop_at_once(name):
    whole = Asked()
    with heeding(whole):
        KERNELS[name]()
    assert whole.times >= 4
    for yes_at in (1, whole.times // 2, whole.times):
        asked = Asked(yes_at)
        with pytest.raises(Cancelled), heeding(asked):
            KERNELS[name]()
        assert asked.times == yes_at


def test_lists_of_millions_are_watched():
    asked = Asked()
    with heeding(asked):
        assert list(watched(iter(range(25_000)))) == list(range(25_000))
        assert asked.times == 3
        numbers = [float(value) for value in range(25_000)]
        complete_rows(
            numbers, [Factor("a", numbers, CONTINUOUS), Factor("b", list(map(str, range(25_000))), CATEGORICAL)], "y"
        )
    # The texts become codes, and their labels are put in order.
    assert asked.times >= 3 + 3 + 3 * 3

"""Series without their gaps: which pixels go together, in what parts, and what is left of them."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core import valid_values as module
from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.valid_values import alike, lost_pixels, without_gaps
from nep_toolbox.errors import Cancelled

NAN = np.nan


@pytest.fixture
def gaps() -> np.ndarray:
    missing = np.random.default_rng(4).random((10, 300)) < 0.2
    missing[:, 7] = True
    return missing


@pytest.mark.parametrize("fewest", [0, 8])
def test_every_pixel_with_enough_values_is_in_one_chunk(gaps, fewest, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK_PIXELS", 64)
    counts, found = (~gaps).sum(axis=0), list(alike(gaps, fewest))
    assert all((counts[chosen] == count).all() and len(chosen) <= 64 for count, chosen in found)
    assert len(found) > len({count for count, _chosen in found})
    together = np.concatenate([chosen for _count, chosen in found])
    assert sorted(together.tolist()) == np.flatnonzero(counts >= max(fewest, 1)).tolist()


def test_pixels_that_are_all_alike_are_slices(monkeypatch):
    monkeypatch.setattr(module, "_CHUNK_VALUES", 1280)
    found = list(alike(np.zeros((10, 300), dtype=bool), 3))
    assert found == [(10, slice(0, 128)), (10, slice(128, 256)), (10, slice(256, 384))]
    assert not list(alike(np.zeros((10, 300), dtype=bool), 11))
    monkeypatch.setattr(module, "_CHUNK_VALUES", 10)
    assert [chosen.start for _count, chosen in alike(np.zeros((10, 130), dtype=bool), 3)] == [0, 64, 128]


def test_a_cancel_is_heard_before_each_chunk(gaps):
    with pytest.raises(Cancelled), heeding(lambda: True):
        next(alike(gaps, 1))


def test_what_is_left_keeps_its_order_and_its_place(gaps):
    values = np.random.default_rng(5).random(gaps.shape).astype(np.float32)
    for count, chosen in alike(gaps, 1):
        left, places = without_gaps(values[:, chosen], gaps[:, chosen], count)
        assert left.dtype == np.float64 and left.flags.c_contiguous and len(left) == len(places) == count
        places = np.broadcast_to(places, left.shape)
        for column, pixel in enumerate(chosen.tolist()):
            assert places[:, column].tolist() == np.flatnonzero(~gaps[:, pixel]).tolist()
            np.testing.assert_array_equal(left[:, column], values[places[:, column], pixel])


def test_complete_series_stay_as_they_are():
    values = np.arange(12.0).reshape(4, 3)
    left, places = without_gaps(values, np.zeros((4, 3), dtype=bool), 4)
    np.testing.assert_array_equal(left, values)
    assert places.tolist() == [[0], [1], [2], [3]]


def test_lost_is_what_has_enough_values_and_no_result():
    stack = np.array([[1, 1, NAN, 1], [2, 2, np.inf, 2], [3, 3, 3, NAN]])
    assert lost_pixels(stack, np.array([NAN, 0.5, NAN, NAN]), 3).tolist() == [True, False, False, False]
    assert lost_pixels(stack, np.array([NAN, 0.5, NAN, NAN]), 2).tolist() == [True, False, False, True]

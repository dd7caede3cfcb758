"""Cells that take part, and the means of their neighbours."""

from __future__ import annotations

import numpy as np
from testkit.spots import reference

from nep_toolbox.core.hotspots.neighbours import deviations, lags, neighbours_of

NAN = np.nan


def test_by_hand():
    values = np.array([
        [1, NAN, NAN, NAN, 9],
        [NAN, 3, NAN, NAN, NAN],
        [NAN, NAN, 5, 8, NAN],
        [np.inf, NAN, NAN, NAN, NAN],
    ])
    taking_part, number = neighbours_of(values)
    assert taking_part.tolist() == [
        [True, False, False, False, False], [False, True, False, False, False], [False, False, True, True, False],
        [False] * 5,
    ]
    assert number.tolist() == [[1, 0, 0, 0, 0], [0, 2, 0, 0, 0], [0, 0, 2, 1, 0], [0] * 5]
    apart = deviations(values, taking_part, 4.0)
    assert apart[taking_part].tolist() == [-3, -1, 1, 4] and not apart[~taking_part].any()
    around = lags(apart, number)
    assert around[taking_part].tolist() == [-1, -1, 1.5, 1] and not around[~taking_part].any()


def test_a_full_raster():
    _taking_part, number = neighbours_of(np.zeros((3, 4)))
    assert number.tolist() == [[3, 5, 5, 3], [5, 8, 8, 5], [3, 5, 5, 3]]


def test_single_precision_is_subtracted_in_double():
    values = np.array([[16777216.0, 16777218.0]], dtype=np.float32)
    assert deviations(values, np.ones((1, 2), dtype=bool), 16777217.0).tolist() == [[-1.0, 1.0]]


def test_the_means_of_neighbours_of_the_reference(shared):
    known = reference(shared)
    taking_part, number = neighbours_of(known["values"])
    apart = deviations(known["values"], taking_part, known["values"][taking_part].mean())
    around = np.where(taking_part, lags(apart, number), np.nan)
    np.testing.assert_allclose(around, known["local"]["lag"], rtol=0, atol=1e-11)
    moran = apart * around * (taking_part.sum() - 1) / (apart**2).sum()
    np.testing.assert_allclose(moran[taking_part], known["local"]["I"][taking_part], rtol=0, atol=1e-11)

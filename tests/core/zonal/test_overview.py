"""The mean of a series, and the direction in which it rises."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.zonal.overview import no_moments, overview_block
from nep_toolbox.core.zonal.reduction import Total

NAN = np.nan


def block(stack, **options) -> dict:
    stack = np.array(stack, dtype=float)
    rows, cols = stack.shape[1:]
    x, y = np.meshgrid(np.arange(cols) + 0.5, -np.arange(rows) - 0.5)
    return overview_block(stack, (x, y), **options)


def moments(found):
    total = Total(no_moments)
    total.add(found["moments"], last=True)
    return total.sums


def test_by_hand():
    found = block([[[1, -3, NAN, 2]], [[3, NAN, NAN, -2]]])
    assert found["mean"][0, [0, 1, 3]].tolist() == [2, -3, 0] and np.isnan(found["mean"][0, 2])


def test_the_gradient_is_the_correlation_with_the_coordinates():
    random = np.random.default_rng(1)
    stack = random.normal(size=(3, 40, 300)) + np.linspace(0, 2, 300)
    stack[:, random.random((40, 300)) < 0.2] = NAN
    found = block(stack, origin=(150.0, -20.0), size=300.0)
    mean = stack.mean(axis=0)
    there = np.isfinite(mean)
    x, y = np.meshgrid(np.arange(300.0), -np.arange(40.0))
    expected = [np.corrcoef(each[there], mean[there])[0, 1] for each in (x, y)]
    assert moments(found).gradient() == pytest.approx(expected, rel=1e-12)


def test_without_values_there_is_no_gradient():
    found = block(np.full((2, 2, 2), NAN))
    assert np.isnan(moments(found).gradient()).all() and np.isnan(found["mean"]).all()

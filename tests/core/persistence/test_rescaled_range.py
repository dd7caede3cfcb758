"""Rescaled range against the published expectation, a window by hand, and numpy's lines."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.core.persistence.rescaled_range import (
    Method,
    expected_rescaled_range,
    fit_line,
    log_rescaled_range,
    window_lengths,
)


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "hurst.json").read_text(encoding="utf-8"))


def test_expectation_equals_anis_lloyd(reference):
    for length, expected in reference["expected_RS_anis_lloyd"].items():
        # From 341 on the reference goes over to an approximation; ours has the gamma functions throughout.
        tolerance = 1e-12 if int(length) <= 340 else 3e-3
        assert expected_rescaled_range(int(length)) == pytest.approx(expected, rel=tolerance)
    # No step where the reference has one (its value at 341 lies below that at 340).
    assert expected_rescaled_range(341) > expected_rescaled_range(340)
    # Two values a and b: R = |a - b| / 2, S = |a - b| / sqrt(2); the formula is not exact for so few.
    assert expected_rescaled_range(2) == pytest.approx(0.75 * math.gamma(0.5) / math.sqrt(math.pi))


def test_one_window_by_hand():
    # 1 2 3 4: mean 2.5, cumulative deviations -1.5 -2 -1.5 0, range 2, variance 5/4 (divisor 4) or 5/3 (divisor 3).
    series = np.array([[1.0], [2.0], [3.0], [4.0]])
    for offset, variance in ((0, 5 / 4), (1, 5 / 3)):
        found = log_rescaled_range(series, np.array([4]), Method.EXPANDING, offset)
        assert found[0, 0] == pytest.approx(math.log(2 / math.sqrt(variance)), abs=1e-15)


def test_methods_are_numbered_as_the_choices_of_the_tool():
    assert [(method.name, method.value) for method in Method] == [("PIECES", 0), ("EXPANDING", 1)]


def test_window_lengths():
    assert window_lengths(20).tolist() == [4, 5, 6, 7, 8, 9, 10]
    assert window_lengths(21, Method.PIECES, 8).tolist() == [8, 9, 10]
    assert window_lengths(7, Method.EXPANDING, 4).tolist() == [4, 5, 6, 7]
    assert window_lengths(7).size == 0


def test_lines_through_the_lengths_a_pixel_has():
    x = np.log(np.arange(4.0, 10.0))
    y = np.random.default_rng(1).normal(size=(6, 5))
    y[2, 1] = y[0, 2] = y[5, 2] = np.nan
    y[:4, 3] = np.nan
    # a response that does not vary has no share to explain
    y[:, 4] = 0.25
    slope, r_squared = fit_line(x, y)
    for pixel in range(3):
        keep = np.isfinite(y[:, pixel])
        assert slope[pixel] == pytest.approx(np.polyfit(x[keep], y[keep, pixel], 1)[0], rel=1e-11)
        assert r_squared[pixel] == pytest.approx(np.corrcoef(x[keep], y[keep, pixel])[0, 1] ** 2, rel=1e-11)
    assert np.isnan([slope[3], r_squared[3], r_squared[4]]).all()
    assert slope[4] == pytest.approx(0.0, abs=1e-15)
    assert np.isnan(fit_line(x[:2], y[:2])).all()

"""Sources and sinks of pixels, against the reference file and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nep_toolbox.core.balance.source_sink import NODATA, source_sink

NAN = np.nan
WHOLE = ("class", "sink_years", "switch")


@pytest.fixture(scope="module")
def small(shared) -> dict:
    """The small series of the reference file, with NaN for what is missing."""
    series = json.loads((shared / "reference/variability_sinksource.json").read_text(encoding="utf-8"))["small"]
    for each in series.values():
        each["x"] = np.array(each["x"], dtype=float)
    return series


def column(values) -> np.ndarray:
    return np.array(values, dtype=float)[:, np.newaxis]


def test_against_the_reference(small):
    for name, series in small.items():
        found, expected = source_sink(column(series["x"])), series["sinksource"]
        for key in ("mean", "t", "p_value"):
            number = expected[key[0] if key == "p_value" else key]
            assert_allclose(found[key][0], NAN if number is None else number, rtol=1e-12, err_msg=f"{name} {key}")
        assert [int(found[key][0]) for key in WHOLE] == [expected[key] for key in WHOLE], name


def test_the_same_among_others_with_gaps_and_in_single_precision(small):
    stack = np.full((20, len(small)), NAN)
    for place, series in enumerate(small.values()):
        stack[: len(series["x"]), place] = series["x"]
    stack = stack.astype(np.float32)
    together = source_sink(stack.reshape(20, 2, -1))
    for place in range(stack.shape[1]):
        alone = source_sink(stack[:, place : place + 1])
        for key, values in alone.items():
            assert values.tobytes() == together[key].ravel()[place : place + 1].tobytes(), key


def test_by_hand():
    # 1, 2, 3: mean 2, s 1, t 2 sqrt 3; the middle of three years is in neither half
    found = source_sink(column([1.0, 2.0, 3.0]), min_observations=3)
    assert_allclose(found["t"], 2 * np.sqrt(3), rtol=1e-15)
    # of 2 degrees of freedom p is 1 - t / sqrt(t^2 + 2)
    assert_allclose(found["p_value"], 1 - np.sqrt(12 / 14), rtol=1e-14)
    assert [found[key].tolist() for key in WHOLE] == [[1], [3], [1]]
    assert source_sink(column([1.0, 2.0, 3.0]), min_observations=3, alpha=0.08)["class"].tolist() == [2]
    # a p of just alpha is not below it
    assert source_sink(column([1.0, 2.0, 3.0]), min_observations=3, alpha=found["p_value"][0])["class"].tolist() == [1]


@pytest.mark.parametrize(("values", "switch"), [
    ([-1, 5, -1], 4), ([1, -5, 1], 1), ([-1, 9, 1], 2), ([1, -9, -1], 3),  # the middle one left out
    ([0, 0, 1, 1], 2), ([1, 1, 0, 0], 3), ([0, 0, 0, -1], 4),  # a mean of 0 is a source
    ([-1, 2, NAN, NAN, -3, 1], 3), ([NAN, -1, 1, NAN, 2, -1, NAN], 2),  # halves of the valid values
])
def test_switch(values, switch):
    assert source_sink(column(values), min_observations=2)["switch"].tolist() == [switch]


def test_neutral_is_a_mean_of_exactly_0_and_sinks_are_above_0():
    found = source_sink(column([-2.0, 0.0, 2.0, 0.0]), min_observations=2)
    assert [found[key].tolist() for key in (*WHOLE, "mean", "t", "p_value")] == [[0], [1], [2], [0], [0], [1]]


@pytest.mark.parametrize(("value", "code"), [(0.1, 2), (-0.1, -2), (0.0, 0)])
def test_equal_values(value, code):
    # the sum of ten times 0.1 is not 1: equal values have no spread none the less
    found = source_sink(column([value] * 10))
    assert found["class"].tolist() == [code]
    assert found["mean"].tolist() == [value]
    assert found["p_value"].tolist() == [0.0 if value else 1.0]
    assert np.isnan(found["t"]).all()
    assert not np.signbit(found["p_value"]).any()


def test_infinite_values_are_missing():
    values = np.random.default_rng(7).normal(5, 2, (12, 3))
    values[[1, 4, 9], [0, 1, 2]] = [np.inf, -np.inf, NAN]
    one = source_sink(values)
    values[~np.isfinite(values)] = NAN
    other = source_sink(values)
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)
    assert np.isfinite(one["mean"]).all()


def test_too_few_values():
    stack = np.array([[1.0, 1.0, NAN], [2.0, NAN, np.inf], [3.0, 2.0, NAN]])
    found = source_sink(stack, min_observations=3)
    assert found["class"].tolist() == [1, NODATA, NODATA]
    assert found["sink_years"].tolist() == [3, NODATA, NODATA]
    assert found["switch"].tolist() == [1, NODATA, NODATA]
    assert np.isnan(found["p_value"]).tolist() == np.isnan(found["mean"]).tolist() == [False, True, True]
    # two at least, whatever is asked for: a single value has no spread
    assert source_sink(column([1.0, NAN]), min_observations=1)["class"].tolist() == [NODATA]


def test_a_sign_turns_everything_round():
    stack = np.random.default_rng(5).normal(0.2, 1.0, (12, 300))
    one, other = source_sink(stack), source_sink(-stack)
    assert np.array_equal(one["class"], -other["class"])
    assert np.array_equal(one["t"], -other["t"])
    assert np.array_equal(one["p_value"], other["p_value"])
    assert np.array_equal(one["sink_years"], 12 - other["sink_years"])
    assert np.array_equal(one["switch"], 5 - other["switch"])


def test_chance_alone_is_significant_at_the_level():
    stack = np.random.default_rng(6).normal(size=(15, 40_000))
    share = np.mean(np.abs(source_sink(stack, alpha=0.1)["class"]) == 2)
    assert 0.094 < share < 0.106  # four standard errors


def test_values_beyond_squares_have_no_class():
    found = source_sink(column([1e300, -1e300, 1e200]), min_observations=3)
    assert found["class"].tolist() == [NODATA]
    assert np.isnan([found["mean"][0], found["t"][0], found["p_value"][0]]).all()

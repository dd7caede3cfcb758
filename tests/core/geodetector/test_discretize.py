"""The five methods of discretisation."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from nep_toolbox.core.geodetector.discretize import METHODS, classify, find_breaks
from nep_toolbox.errors import InvalidParameter

GOLDEN = ("gd_ndvi_40.json", "gd_ndvi_40_vignette.json")


def load(shared, name):
    reference = json.loads((shared / "reference" / name).read_text(encoding="utf-8"))
    with open(shared / "reference" / reference["data"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return reference, {name: [row[name] for row in rows] for name in rows[0]}


def breaks_of(values, method, k):
    return find_breaks(np.sort(np.asarray(values, dtype=float)), method, [k])[k]


def sizes(values, breaks):
    return np.bincount(classify(values, breaks), minlength=breaks.size - 1)


@pytest.mark.parametrize("name", GOLDEN)
def test_breaks_and_counts_equal_those_of_gd(shared, name):
    reference, data = load(shared, name)
    compared = 0
    for cut in reference["all_discretizations"]:
        values = np.sort(np.array(data[cut["variable"]], dtype=float))
        k = cut["k"]
        if cut["method"] == "geometric" and values[0] >= 0:
            k -= 1  # GD counts breaks there, we count classes
        found = find_breaks(values, cut["method"], [k])[k]
        expected = np.array(cut["breaks17"], dtype=float)
        # GD's geometric breaks of data from 0 on are off by one rounding of 1: absolute there
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 if expected[0] == 0 else 0)
        if cut["n_unclassified"] == 0:
            assert sizes(values, found).tolist() == cut["counts"]
        else:
            # the extreme row that GD loses to rounding has a class here
            assert sizes(values, found).sum() == values.size == sum(cut["counts"]) + cut["n_unclassified"]
        compared += 1
    assert compared == len(reference["all_discretizations"]) >= 18


def test_geometric_counts_classes_where_gd_counts_breaks(shared):
    pitfalls = json.loads((shared / "reference" / "pitfalls.json").read_text(encoding="utf-8"))
    assert pitfalls["GD_geometric_k5_nonneg"] == 4
    assert breaks_of(np.arange(1.0, 100.0), "geometric", 5).size == 6


@pytest.mark.parametrize("method", METHODS)
def test_every_value_has_a_class_and_the_ends_are_the_extremes(method):
    random = np.random.default_rng(8)
    for values in (random.normal(size=400), random.lognormal(0, 2, 400), random.random(400) - 3.0, 0.1 * np.arange(50)):
        ordered = np.sort(values)
        for k, breaks in find_breaks(ordered, method, range(2, 10)).items():
            if method == "sd" and k > 6 and breaks is None:
                continue  # a range of little more than three standard deviations
            assert breaks[0] == ordered[0]
            assert breaks[-1] == ordered[-1]
            codes = classify(values, breaks)
            assert codes.min() == 0
            assert codes.max() == breaks.size - 2
            expected = [int(np.argmax(v <= breaks[1:])) for v in values]  # the smallest j with x <= b_j
            assert codes.tolist() == expected
            if method in ("equal", "natural", "geometric"):
                assert breaks.size == k + 1


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_has_no_cut(method):
    assert find_breaks(np.full(20, 3.5), method, [3, 4]) == {3: None, 4: None}
    assert find_breaks(np.array([]), method, [3]) == {3: None}


@pytest.mark.parametrize("method", METHODS)
def test_a_binary_variable_ends(method):
    values = np.repeat([0.0, 1.0], 100)
    for k in (3, 5, 8):
        breaks = find_breaks(values, method, [k])[k]
        if breaks is not None:  # then some class is empty: no candidate
            assert sizes(values, breaks).min() == 0
    if method in ("quantile", "sd"):  # no side is as long as a standard deviation
        assert breaks_of(values, method, 3) is None


def test_quantiles_of_whole_positions_are_the_values_themselves():
    values = np.array([0.1, 0.2, 0.3, 0.7, 0.9, 1.1, 1.3])
    assert breaks_of(values, "quantile", 3).tolist() == [0.1, 0.3, 0.9, 1.3]
    assert breaks_of(values, "quantile", 2).tolist() == [0.1, 0.7, 1.3]


def test_quantiles_interpolate_linearly():
    random = np.random.default_rng(1)
    values = random.normal(size=101)
    for k in (3, 7, 8):
        expected = np.quantile(values, np.arange(k + 1) / k)
        np.testing.assert_allclose(breaks_of(values, "quantile", k), expected, rtol=1e-13)


def test_quantiles_of_zero_inflated_data_equal_those_of_gd(shared):
    pitfalls = json.loads((shared / "reference" / "pitfalls.json").read_text(encoding="utf-8"))
    values = np.concatenate((np.zeros(150), np.arange(1.0, 51.0)))
    expected = pitfalls["GD_quantile_zero_inflated"]["breaks"]
    np.testing.assert_allclose(breaks_of(values, "quantile", 4), expected, rtol=1e-12)


def quantiles_one_at_a_time(ordered, k):
    """The rule as it is written: one probability more until k + 1 quantiles are distinct."""
    for points in range(k + 1, ordered.size + 1):
        position = np.arange(points) * (ordered.size - 1)
        low = position // (points - 1)
        rest = (position % (points - 1)) / (points - 1)
        high = np.minimum(low + 1, ordered.size - 1)
        distinct = np.unique(ordered[low] + (ordered[high] - ordered[low]) * rest)
        if distinct.size > k:
            return distinct
    return None


def test_more_probabilities_are_added_one_at_a_time():
    random = np.random.default_rng(6)
    for _ in range(150):
        size = int(random.integers(5, 200))
        levels = int(random.integers(2, 12))
        share = random.dirichlet(np.full(levels, 0.3))
        ordered = np.sort(random.choice(levels, size=size, p=share).astype(float))
        if ordered[0] == ordered[-1]:
            continue
        for k in (2, 3, 5):
            found = find_breaks(ordered, "quantile", [k])[k]
            expected = quantiles_one_at_a_time(ordered, k) if np.unique(ordered).size >= k else None
            if expected is not None:
                np.testing.assert_array_equal(found, expected)
            elif found is not None:  # too few distinct values: some class is empty
                assert sizes(ordered, found).min() == 0


def test_quantiles_of_almost_constant_data_end():
    values = np.zeros(200_000)
    values[-8:] = np.arange(1, 9)
    breaks = breaks_of(values, "quantile", 5)
    assert breaks is not None
    assert breaks.size > 5


def test_geometric_by_hand():
    values = np.array([0.0, 1, 3, 7, 15])
    np.testing.assert_allclose(breaks_of(values, "geometric", 4), [0, 1, 3, 7, 15], rtol=1e-14)
    # on both sides of zero, the longer one with more breaks: 5 / (1 + 3 / 15) = 4.2 of 5
    both = np.array([-3.0, -1, 0, 5, 15])
    np.testing.assert_allclose(breaks_of(both, "geometric", 4), [-3, 1, 3, 7, 15], rtol=1e-14)
    # the mirror image
    np.testing.assert_allclose(breaks_of(-both, "geometric", 4), [-15, -7, -3, -1, 3], rtol=1e-14)
    np.testing.assert_allclose(breaks_of(-values, "geometric", 4), [-15, -7, -3, -1, 0], atol=1e-14)


def test_geometric_of_symmetric_data():
    values = np.linspace(-7, 7, 29)
    # GD stops here with an error; floor(6 / 2) = 3 of 6 breaks on each side
    np.testing.assert_allclose(breaks_of(values, "geometric", 5), [-7, -3, -1, 1, 3, 7], rtol=1e-14)


@pytest.mark.parametrize(
    "k, offsets",
    [(3, (0.5,)), (4, (0, 1)), (5, (0.5, 1.5)), (6, (0, 1, 2)), (7, (0.25, 0.75, 1.25))],
)
def test_sd_offsets(k, offsets):
    values = np.random.default_rng(5).normal(10, 2, size=2000)
    inner = sorted({values.mean() + sign * s * values.std(ddof=1) for s in offsets for sign in (-1, 1)})
    np.testing.assert_allclose(breaks_of(values, "sd", k)[1:-1], inner, rtol=1e-13)


@pytest.mark.parametrize("k", range(3, 9))
def test_sd_breaks_of_the_mirror_image_are_mirrored(k):
    skewed = np.random.default_rng(6).lognormal(0, 1, 300)
    breaks = breaks_of(skewed, "sd", k)
    assert breaks is not None
    np.testing.assert_allclose(breaks_of(-skewed, "sd", k), -breaks[::-1], rtol=1e-12)


def test_sd_breaks_of_a_sample_with_one_short_side_lie_on_the_other():
    # mean 0.45, standard deviation 2.46: above the mean there is room for less than a quarter of it
    values = np.concatenate((np.full(95, 1.0), np.full(5, -10.0)))
    mean, deviation = values.mean(), values.std(ddof=1)
    for sign in (1, -1):
        found = sign * breaks_of(sign * values, "sd", 3)
        np.testing.assert_allclose(np.sort(found)[1:-1], [mean - deviation, mean], rtol=1e-12)


def test_sd_of_a_narrow_range_ends_without_a_cut():
    # range / sd is 2 at least, and here it is: no seven breaks half a standard deviation apart fit in
    values = np.concatenate((np.linspace(0, 0.01, 50), np.linspace(0.99, 1, 50)))
    assert find_breaks(values, "sd", [8])[8] is None


def test_natural_breaks_that_coincide_are_none():
    # the best first class holds the minimum alone: its two breaks are one
    assert find_breaks(np.array([0.0, 10, 11, 20, 21]), "natural", [3])[3] is None


def test_bad_parameters():
    with pytest.raises(InvalidParameter, match="'jenks'.*natural"):
        find_breaks(np.arange(9.0), "jenks", [3])
    with pytest.raises(InvalidParameter, match="at least 2"):
        find_breaks(np.arange(9.0), "equal", [1])

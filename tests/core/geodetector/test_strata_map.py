"""Strata on a map against the rule by hand, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.settings import Settings
from nep_toolbox.core.geodetector.strata_map import (
    StrataRule,
    category_numbers,
    number_type,
    strata_block,
    strata_rules,
)

NAN, NONE = np.nan, -32768


def continuous(breaks, means) -> StrataRule:
    return StrataRule(np.array(breaks, float), None, np.arange(1, len(breaks)), np.array(means, float))


def categorical(categories, means) -> StrataRule:
    return StrataRule(None, np.array(categories, float), category_numbers(categories), np.array(means, float))


def plane(*rows) -> np.ndarray:
    return np.array([rows], dtype=float)


RAIN = continuous([10.0, 20.0, 30.0, 40.0], [1.5, 2.5, NAN])
SOIL = categorical([-3.0, 2.0, 7.0], [5.0, 6.0, 7.0])


def test_by_hand():
    target = plane([1, 1, 1, 1], [1, NAN, 1, np.inf])
    rain = plane([10, 20, 20.0000001, 30], [35, 15, NAN, 15])
    soil = plane([2, 7, -3, 2], [7, 7, 7, 7])
    found = strata_block((RAIN, SOIL), target, (rain, soil))
    assert found["strata"].dtype == np.int16 and found["means"].dtype == np.float32
    assert found["strata"].tolist() == [
        [[1, 1, 2, 2], [3, NONE, NONE, NONE]], [[2, 7, -3, 2], [7, NONE, NONE, NONE]],
    ]
    np.testing.assert_array_equal(found["means"], np.array([
        [[1.5, 1.5, 2.5, 2.5], [NAN, NAN, NAN, NAN]], [[6, 7, 5, 6], [7, NAN, NAN, NAN]],
    ], dtype=np.float32))
    assert found["complete"] == 5 and found["unknown"].tolist() == [0, 0]


def test_outer_classes_take_what_lies_beyond():
    rain = plane([-1e30, 9.99, 40.0, 41.0, 1e30])
    assert strata_block((RAIN,), np.ones((1, 1, 5)), (rain,))["strata"].tolist() == [[[1, 1, 3, 3, 3]]]


def test_a_category_without_a_row_is_no_stratum_and_counted():
    soil = plane([-4, -3, 0, 2, 6.5, 7, 8])
    found = strata_block((SOIL,), np.ones((1, 1, 7)), (soil,))
    assert found["strata"].tolist() == [[[NONE, -3, NONE, 2, NONE, 7, NONE]]]
    np.testing.assert_array_equal(found["means"], plane([NAN, 5, NAN, 6, NAN, 7, NAN]))
    assert found["unknown"].tolist() == [4] and found["complete"] == 7


def test_a_factor_left_out_has_no_band_but_must_have_a_value():
    flat = plane([1, 1, NAN])
    found = strata_block((None, RAIN), np.ones((1, 1, 3)), (flat, plane([15, 25, 35])))
    assert found["strata"].tolist() == [[[1, 2, NONE]]]


def test_a_value_just_above_a_break_is_in_the_next_class_in_both_precisions():
    # 0.1 in Float32 is larger than 0.1 in Float64.
    rule = continuous([0.0, 0.1, 1.0], [1, 2])
    values = np.array([[[0.1, np.nextafter(0.1, 1), 0.05]]])
    assert strata_block((rule,), np.ones((1, 1, 3)), (values,))["strata"].tolist() == [[[1, 2, 1]]]
    assert strata_block((rule,), np.ones((1, 1, 3)), (values.astype(np.float32),))["strata"].tolist() == [[[2, 2, 1]]]


def test_cells_do_not_depend_on_the_block():
    random = np.random.default_rng(2)
    rain, soil = random.uniform(5, 45, (1, 30, 40)), random.choice([-3.0, 2.0, 7.0, 9.0, NAN], (1, 30, 40))
    target = random.choice([1.0, NAN], (1, 30, 40))
    whole = strata_block((RAIN, SOIL), target, (rain, soil))
    part = (slice(None), slice(4, 17), slice(11, 33))
    found = strata_block((RAIN, SOIL), target[part], (rain[part], soil[part]))
    np.testing.assert_array_equal(found["strata"], whole["strata"][part])
    np.testing.assert_array_equal(found["means"], whole["means"][part])
    for j, i in np.ndindex(13, 22):
        row, col = j + 4, i + 11
        there = np.isfinite(target[0, row, col]) and np.isfinite(soil[0, row, col])
        expected = 1 + sum(rain[0, row, col] > b for b in (20.0, 30.0)) if there else NONE
        assert found["strata"][0, j, i] == expected


@pytest.mark.parametrize("categories, numbers", [
    ([1.0, 2.0, 254.0], [1, 2, 254]),
    ([-32767.0, 32767.0], [-32767, 32767]),
    ([-2147483647.0, 2147483647.0], [-2147483647, 2147483647]),
    ([0.5, 1.0, 7.0], [1, 2, 3]),
    ([3.0, 2147483648.0], [1, 2]),
    ([-2147483648.0, 5.0], [1, 2]),
])
def test_what_categories_are_called(categories, numbers):
    assert category_numbers(categories).tolist() == numbers


def test_large_codes_take_32_bits():
    assert number_type((RAIN, None, SOIL)) is np.int16 and number_type((None,)) is np.int16
    assert number_type((categorical([-32767.0, 32767.0], [1, 2]),)) is np.int16
    for codes in ([1.0, 32768.0], [-32768.0, 1.0]):
        rule = categorical(codes, [1, 2])
        assert number_type((RAIN, rule)) is np.int32
        found = strata_block((rule,), np.ones((1, 1, 3)), (plane([codes[0], codes[1], 5]),))["strata"]
        assert found.dtype == np.int32 and found.tolist() == [[[*map(int, codes), -(2**31)]]]


# The rules of a result ------------------------------------------------------------------------------------------------


def test_rules_of_a_result_give_its_strata_back():
    random = np.random.default_rng(6)
    rain, soil, flat = random.normal(0, 1, 300), random.choice([10.0, 2.0, 33.0], 300), np.ones(300)
    target = rain + 0.1 * soil + random.normal(0, 1, 300)
    factors = [Factor("soil", soil, CATEGORICAL), Factor("flat", flat), Factor("rain", rain)]
    result = detect(target, factors, Settings(max_classes=5))
    rules = strata_rules(result.factors, result.strata)
    assert list(rules) == ["soil", "rain"]
    assert rules["soil"].numbers.tolist() == [2, 10, 33] == rules["soil"].categories.tolist()
    given = tuple(values[None, None] for values in (soil, flat, rain))
    found = strata_block(tuple(rules.get(factor.name) for factor in factors), target[None, None], given)
    for band, means, name in zip(found["strata"], found["means"], rules):
        own = [place for place, factor in enumerate(result.strata.factor) if factor == name]
        for place in own:
            chosen = band[0] == int(result.strata.class_[place])
            assert chosen.sum() == result.strata.n[place]
            assert target[chosen].mean() == pytest.approx(result.strata.mean[place], rel=1e-12)
            assert set(means[0][chosen].tolist()) == {float(np.float32(result.strata.mean[place]))}
        assert sum(result.strata.n[own]) == 300


def test_a_class_without_a_row_keeps_its_number():
    values = np.array([0.0, 1.0, 2.0, 3.0, 8.0, 9.0])
    cuts = {"rain": ("equal", [0.0, 2.5, 5.0, 7.5, 10.0])}
    result = detect(values**2, [Factor("rain", values)], cuts=cuts)
    rule = strata_rules(result.factors, result.strata)["rain"]
    found = strata_block((rule,), np.ones((1, 1, 4)), (plane([2.0, 4.0, 6.0, 99.0]),))
    assert found["strata"].tolist() == [[[1, 2, 3, 4]]]
    np.testing.assert_allclose(found["means"], plane([5 / 3, 9, NAN, 72.5]), rtol=1e-6)

"""Correlations and variance inflation factors against least squares on the rows themselves, and factors that depend on
each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from testkit.geodetector import records

from nep_toolbox.core.geodetector.collinearity import correlations, variance_inflation
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect


def by_regression(columns) -> list:
    """1 / (1 - R2) of each column on the others and a constant."""
    found = []
    for place, column in enumerate(columns):
        others = np.column_stack([np.ones(column.size), *columns[:place], *columns[place + 1 :]])
        residual = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
        found.append(np.sum((column - column.mean()) ** 2) / np.sum(residual**2))
    return found


def inflation(given) -> np.ndarray:
    return variance_inflation(correlations(given))


def columns(rows: int = 400) -> list:
    rng = np.random.default_rng(4)
    rain, cold, dust = rng.normal(size=(3, rows))
    return [900 + 200 * rain, cold + 0.6 * rain, dust, 3 * rain - cold + 0.2 * rng.normal(size=rows)]


@pytest.mark.parametrize("rows", [6, 400, 150_000])
def test_equals_regressions(rows):
    given = columns(rows)
    found = inflation(given)
    np.testing.assert_allclose(found, by_regression(given), rtol=1e-9)
    assert found[0] > 10 and (found >= 1).all()


def test_two_factors_have_one_vif_that_follows_from_their_correlation():
    rain, cold = columns()[:2]
    r = np.corrcoef(rain, cold)[0, 1]
    assert inflation([rain, cold]) == pytest.approx([1 / (1 - r * r)] * 2, rel=1e-12)
    assert inflation([rain]).tolist() == [1.0] and inflation([]).tolist() == []


def test_unit_and_order_do_not_matter():
    given = columns()
    found = inflation(given)
    scaled = [1e-30 * given[0], 1e30 * given[1] - 5e30, -given[2] + 1e4, given[3]]
    np.testing.assert_allclose(inflation(scaled), found, rtol=1e-8)
    np.testing.assert_allclose(inflation(given[::-1])[::-1], found, rtol=1e-10)


def test_dependent_factors_are_infinite_and_the_others_stay_what_they_are():
    rain, cold, dust, _mixed = columns()
    found = inflation([rain, cold, dust, rain - 2 * cold])
    assert np.isinf(found[[0, 1, 3]]).all()
    assert found[2] == pytest.approx(by_regression([rain, cold, dust])[2], rel=1e-9)
    assert np.isinf(inflation([rain, 7 * rain + 1])).all()


def test_a_constant_factor_has_none_and_does_not_disturb():
    given = columns()
    found = inflation([given[0], np.full(400, 7.0), *given[1:]])
    assert np.isnan(found[1])
    np.testing.assert_allclose(np.delete(found, 1), inflation(given), rtol=1e-12)


def test_the_table_has_the_continuous_factors_on_the_complete_rows():
    given = columns()
    gap = given[2].copy()
    gap[::7] = np.nan
    factors = [Factor("rain", given[0]), Factor("soil", ["a", "b"] * 200, CATEGORICAL), Factor("cold", given[1]),
               Factor("dust", gap), Factor("flat", np.ones(400)), Factor("double", 2 * given[0])]
    rows = records(detect(given[3] + given[2], factors).collinearity)
    found = {row["factor"]: row["vif"] for row in rows}
    assert list(found) == ["rain", "cold", "dust", "flat", "double"]
    assert [found[name] for name in ("rain", "flat", "double")] == [None] * 3
    kept = np.isfinite(gap)
    expected = by_regression([given[0][kept], given[1][kept], gap[kept]])
    assert [found["cold"], found["dust"]] == pytest.approx(expected[1:], rel=1e-9)


# Correlations ---------------------------------------------------------------------------------------------------------


def by_definition(x, y) -> float:
    """r as a sum of products of deviations, without rounding in the sums."""
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    dx, dy = [value - mean_x for value in x], [value - mean_y for value in y]
    products = math.fsum(a * b for a, b in zip(dx, dy))
    return products / math.sqrt(math.fsum(a * a for a in dx) * math.fsum(b * b for b in dy))


@pytest.mark.parametrize("rows", [3, 400, 70_000])
def test_correlations_by_definition(rows):
    given = columns(rows)
    found = correlations(given)
    expected = [[by_definition(x.tolist(), y.tolist()) for y in given] for x in given]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
    assert (found == found.T).all() and (np.diag(found) == 1.0).all()


def test_correlations_by_hand():
    a, b, c = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0]), np.array([4.0, 1.0, 1.0, 4.0])
    expected = [[1.0, 0.8, 0.0, -1.0], [0.8, 1.0, 0.0, -0.8], [0.0, 0.0, 1.0, 0.0], [-1.0, -0.8, 0.0, 1.0]]
    np.testing.assert_allclose(correlations([a, b, c, 7 - 2 * a]), expected, rtol=0, atol=1e-15)


def test_correlations_never_leave_their_range_and_keep_to_the_order():
    rain = columns()[0]
    alike = [rain, rain * 3.7 + 11.0, -rain / 3.0, rain * 1e-30, rain + 1e7]
    found = correlations(alike)
    assert np.abs(found).max() == 1.0 and np.abs(found).min() > 1 - 1e-9
    given = columns()
    order = [2, 0, 3, 1]
    shuffled = correlations([given[place] for place in order])
    np.testing.assert_allclose(shuffled, correlations(given)[np.ix_(order, order)], rtol=1e-12)


def test_a_constant_factor_correlates_with_nothing():
    given = columns()
    found = correlations([given[0], np.full(400, 7.0), given[1]])
    assert np.isnan(found[1]).all() and np.isnan(found[:, 1]).all()
    assert found[0, 2] == correlations(given[:2])[0, 1]
    assert correlations([]).shape == (0, 0)
    assert np.isnan(correlations([np.ones(5)])).tolist() == [[True]]


def test_a_result_holds_those_of_its_table_on_the_complete_rows():
    given = columns()
    gap = given[1].copy()
    gap[::7] = np.nan
    factors = [Factor("dust", given[2]), Factor("soil", ["a", "b"] * 200, CATEGORICAL), Factor("gap", gap),
               Factor("flat", np.ones(400)), Factor("mixed", given[3])]
    result = detect(given[0], factors)
    assert result.collinearity.factor == ("dust", "gap", "flat", "mixed")
    kept = np.isfinite(gap)
    expected = np.corrcoef([given[2][kept], gap[kept], given[3][kept]])
    found = result.correlations
    np.testing.assert_allclose(found[np.ix_([0, 1, 3], [0, 1, 3])], expected, rtol=1e-11)
    assert np.isnan(found[2]).all() and np.isnan(found[:, 2]).all()

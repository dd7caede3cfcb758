"""Variance inflation factors against least squares on the rows themselves, and factors that depend on each other."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.geodetector import records

from nep_toolbox.core.geodetector.collinearity import variance_inflation
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


def columns(rows: int = 400) -> list:
    rng = np.random.default_rng(4)
    rain, cold, dust = rng.normal(size=(3, rows))
    return [900 + 200 * rain, cold + 0.6 * rain, dust, 3 * rain - cold + 0.2 * rng.normal(size=rows)]


@pytest.mark.parametrize("rows", [6, 400, 150_000])
def test_equals_regressions(rows):
    given = columns(rows)
    found = variance_inflation(given)
    np.testing.assert_allclose(found, by_regression(given), rtol=1e-9)
    assert found[0] > 10 and (found >= 1).all()


def test_two_factors_have_one_vif_that_follows_from_their_correlation():
    rain, cold = columns()[:2]
    r = np.corrcoef(rain, cold)[0, 1]
    assert variance_inflation([rain, cold]) == pytest.approx([1 / (1 - r * r)] * 2, rel=1e-12)
    assert variance_inflation([rain]).tolist() == [1.0] and variance_inflation([]).tolist() == []


def test_unit_and_order_do_not_matter():
    given = columns()
    found = variance_inflation(given)
    scaled = [1e-30 * given[0], 1e30 * given[1] - 5e30, -given[2] + 1e4, given[3]]
    np.testing.assert_allclose(variance_inflation(scaled), found, rtol=1e-8)
    np.testing.assert_allclose(variance_inflation(given[::-1])[::-1], found, rtol=1e-10)


def test_dependent_factors_are_infinite_and_the_others_stay_what_they_are():
    rain, cold, dust, _mixed = columns()
    found = variance_inflation([rain, cold, dust, rain - 2 * cold])
    assert np.isinf(found[[0, 1, 3]]).all()
    assert found[2] == pytest.approx(by_regression([rain, cold, dust])[2], rel=1e-9)
    assert np.isinf(variance_inflation([rain, 7 * rain + 1])).all()


def test_a_constant_factor_has_none_and_does_not_disturb():
    given = columns()
    found = variance_inflation([given[0], np.full(400, 7.0), *given[1:]])
    assert np.isnan(found[1])
    np.testing.assert_allclose(np.delete(found, 1), variance_inflation(given), rtol=1e-12)


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

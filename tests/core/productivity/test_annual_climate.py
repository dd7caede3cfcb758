"""Months to years against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.productivity.annual_climate import Statistic, annual_block, annual_value, group_months
from nep_toolbox.errors import SeriesTooShort, YearNotFound


@pytest.fixture
def months():
    return np.random.default_rng(1).normal(15, 10, (12, 4, 5)).astype(np.float32)


def test_mean_and_sum_equal_numpy(months):
    np.testing.assert_allclose(annual_value(months, Statistic.MEAN), months.mean(axis=0, dtype=float), rtol=1e-12)
    np.testing.assert_allclose(annual_value(months, Statistic.SUM), months.sum(axis=0, dtype=float), rtol=1e-12)


def test_months_weigh_the_same_whatever_their_days():
    assert annual_value(np.arange(12.0), 0) == 5.5


def test_a_pixel_that_misses_a_month(months):
    months[4, 1, 1], months[5, 2, 2], months[:, 3, 3] = np.nan, np.inf, np.nan
    strict = annual_value(months, Statistic.SUM)
    assert np.argwhere(np.isnan(strict)).tolist() == [[1, 1], [2, 2], [3, 3]]
    finite = np.where(np.isfinite(months), months, np.nan).astype(float)
    lenient = annual_value(months, Statistic.MEAN, allow_incomplete=True)
    assert np.argwhere(np.isnan(lenient)).tolist() == [[3, 3]]
    assert lenient[1, 1] == pytest.approx(np.nanmean(finite[:, 1, 1]), rel=1e-12)
    assert annual_value(months, Statistic.SUM, allow_incomplete=True)[2, 2] == pytest.approx(
        np.nansum(finite[:, 2, 2]), rel=1e-12
    )


def test_years_of_fewer_months(months):
    year = annual_value(months[:7], Statistic.MEAN, allow_incomplete=True)
    np.testing.assert_allclose(year, months[:7].mean(axis=0, dtype=float), rtol=1e-12)


def test_a_single_month_is_its_own_mean(months):
    months[1:, 2, 3] = np.nan
    assert annual_value(months, Statistic.MEAN, allow_incomplete=True)[2, 3] == months[0, 2, 3]


def test_annual_block_takes_the_months_of_each_year(months):
    stack = np.concatenate((months[::-1], 2 * months[:7]))
    groups = (tuple(range(11, -1, -1)), tuple(range(12, 19)))
    found = annual_block(stack, groups=groups, statistic=Statistic.SUM)["annual"]
    np.testing.assert_array_equal(found[0], annual_value(months, Statistic.SUM))
    np.testing.assert_allclose(found[1], 2 * months[:7].sum(axis=0, dtype=float), rtol=1e-12)


def test_annual_block_is_strict_unless_told(months):
    months[4, 1, 1] = np.nan
    groups = [tuple(range(12))]
    strict = annual_block(months, groups=groups, statistic=Statistic.MEAN)["annual"]
    lenient = annual_block(months, groups=groups, statistic=Statistic.MEAN, allow_incomplete=True)["annual"]
    assert np.argwhere(np.isnan(strict)).tolist() == [[0, 1, 1]]
    assert np.isfinite(lenient).all()


def test_months_out_of_order_are_put_in_order():
    steps = [(2002, month) for month in range(12, 0, -1)] + [(2001, month) for month in range(1, 13)]
    assert group_months(steps) == {2001: list(range(12, 24)), 2002: list(range(11, -1, -1))}


def test_missing_months_are_named_or_allowed():
    steps = [(2001, month) for month in range(1, 13)] + [(2002, month) for month in (1, 3)]
    with pytest.raises(SeriesTooShort, match="missing: 2002-02, 2002-04, .*ALLOW_INCOMPLETE"):
        group_months(steps)
    assert group_months(steps, allow_incomplete=True)[2002] == [12, 13]
    with pytest.raises(SeriesTooShort, match="missing: 2001-01, 2001-12[.]"):
        group_months([(2001, month) for month in range(2, 12)])


def test_the_same_month_twice():
    with pytest.raises(YearNotFound, match="2001-03 is given twice, by rasters 3 and 13"):
        group_months([(2001, month) for month in range(1, 13)] + [(2001, 3)])


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_that_is_none(month):
    with pytest.raises(YearNotFound, match="no month"):
        group_months([(2001, month)])

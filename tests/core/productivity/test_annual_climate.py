"""Months to years against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.productivity.annual_climate import (
    WHOLE_YEAR,
    Season,
    Statistic,
    annual_block,
    annual_value,
    group_months,
)
from nep_toolbox.errors import SeriesTooShort, YearNotFound


@pytest.fixture
def months():
    return np.random.default_rng(1).normal(15, 10, (12, 4, 5)).astype(np.float32)


def test_mean_and_sum_equal_numpy(months):
    np.testing.assert_allclose(annual_value(months, Statistic.MEAN), months.mean(axis=0, dtype=float), rtol=1e-12)
    np.testing.assert_allclose(annual_value(months, Statistic.SUM), months.sum(axis=0, dtype=float), rtol=1e-12)


def test_minimum_and_maximum_equal_numpy(months):
    np.testing.assert_array_equal(annual_value(months, Statistic.MINIMUM), months.min(axis=0))
    np.testing.assert_array_equal(annual_value(months, Statistic.MAXIMUM), months.max(axis=0))
    np.testing.assert_array_equal(annual_value(months - 99, Statistic.MAXIMUM), (months - 99).max(axis=0))
    months[4, 1, 1], months[:, 3, 3], months[2, 0, 0] = np.nan, np.inf, -np.inf
    finite = np.where(np.isfinite(months), months, np.nan)
    for statistic, plain in ((Statistic.MINIMUM, np.nanmin), (Statistic.MAXIMUM, np.nanmax)):
        assert np.argwhere(np.isnan(annual_value(months, statistic))).tolist() == [[0, 0], [1, 1], [3, 3]]
        lenient = annual_value(months, statistic, allow_incomplete=True)
        assert np.argwhere(np.isnan(lenient)).tolist() == [[3, 3]]
        assert lenient[1, 1] == plain(finite[:, 1, 1]) and lenient[0, 0] == plain(finite[:, 0, 0])


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


# Seasons --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("season", "months", "crosses"), [
    (WHOLE_YEAR, (*range(1, 13),), False), (Season(4, 10), (4, 5, 6, 7, 8, 9, 10), False), (Season(7, 7), (7,), False),
    (Season(12, 2), (12, 1, 2), True), (Season(11, 10), (11, 12, *range(1, 11)), True),
])
def test_the_months_of_a_season(season, months, crosses):
    assert (season.months, season.crosses) == (months, crosses)


def test_a_season_is_one_of_the_year_in_which_it_ends():
    winter = Season(12, 2)
    assert [winter.year_of(2001, month) for month in (11, 12, 1, 2)] == [2001, 2002, 2001, 2001]
    assert [Season(4, 10).year_of(2001, month) for month in (3, 4, 10, 11)] == [2001] * 4


def months_from(first: tuple, count: int) -> list:
    """The (year, month) of so many months in a row."""
    start = first[0] * 12 + first[1] - 1
    return [(number // 12, number % 12 + 1) for number in range(start, start + count)]


def grouped(steps, season, **options) -> dict:
    """The steps of each year, by their own names."""
    return {year: [steps[place] for place in places] for year, places in
            group_months(steps, season=season, **options).items()}


def test_a_season_within_the_year_needs_no_other_month():
    steps = months_from((2001, 4), 19)  # to October 2002
    expected = {year: [(year, month) for month in range(4, 11)] for year in (2001, 2002)}
    assert grouped(steps, Season(4, 10)) == expected
    assert grouped(steps[::-1], Season(4, 10)) == expected
    assert grouped([*steps, (2003, 1)], Season(4, 10)) == expected  # a year without any month of it
    with pytest.raises(SeriesTooShort, match="These months are missing: 2001-04[.]"):
        group_months(steps[1:], season=Season(4, 10))
    assert grouped(steps[1:], Season(4, 10), allow_incomplete=True)[2001][0] == (2001, 5)


def test_a_winter_takes_the_december_of_the_year_before():
    steps, winter = months_from((2001, 1), 36), Season(12, 2)
    whole = {year: [(year - 1, 12), (year, 1), (year, 2)] for year in (2002, 2003)}
    assert grouped(steps, winter) == whole
    assert grouped(steps, winter, allow_incomplete=True) == {
        2001: [(2001, 1), (2001, 2)], **whole, 2004: [(2003, 12)],
    }
    assert grouped([(2000, 12), *steps], winter) == {2001: [(2000, 12), (2001, 1), (2001, 2)], **whole}
    # where the year was left out of the series, neither side of its ends makes a winter
    assert list(grouped([time for time in steps if time[0] != 2002], winter, allow_incomplete=True)) == [
        2001, 2002, 2003, 2004,
    ]
    with pytest.raises(SeriesTooShort, match="No year has the months of the season 12-2 .12, 1, 2."):
        group_months([time for time in steps if time[0] != 2002], season=winter)
    with pytest.raises(SeriesTooShort, match="These months are missing: 2002-02[.]"):
        group_months([time for time in steps if time != (2002, 2)], season=winter)
    with pytest.raises(SeriesTooShort, match="These months are missing: 2001-12[.]"):  # in the midst of the series
        group_months([time for time in steps if time != (2001, 12)], season=winter)
    with pytest.raises(SeriesTooShort, match="These months are missing: 2003-01, 2003-02[.]"):
        group_months([time for time in steps if time not in ((2003, 1), (2003, 2))], season=winter)


def test_a_season_that_a_series_does_not_have():
    with pytest.raises(SeriesTooShort, match="No year has the months of the season 4-5 .4, 5.[.] .*⟨SEASON⟩"):
        group_months(months_from((2001, 1), 3), season=Season(4, 5), allow_incomplete=True)


def test_the_sums_of_a_block_are_those_of_its_years(months):
    months[3, 1, 1] = np.nan
    found = annual_block(months, groups=((0, 1, 2), (3, 4)), statistic=Statistic.MAXIMUM)
    np.testing.assert_allclose(found["sums"][:, 0], np.nansum(found["annual"], axis=(1, 2)))
    assert found["sums"][:, 1].tolist() == [20, 19]

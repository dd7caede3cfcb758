"""Problems by products and by orthogonal factors: the same where products keep their digits, and when they do."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.attribution import problems as module
from nep_toolbox.core.attribution.problems import (
    DETRENDED,
    DIFFERENCES,
    PLAIN,
    by_products,
    orthogonally,
    problems,
)

#: As in `regression.fit`, which computes where some values are missing.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

YEARS = np.arange(2001.0, 2021.0)
METHODS = (PLAIN, DETRENDED, DIFFERENCES)


def made(gaps: float = 0.1, pixels: int = 40) -> tuple:
    rng = np.random.default_rng(6)
    drivers = list(rng.normal(size=(3, 20, pixels)) + 1e4)
    y = drivers[0] - drivers[2] + rng.normal(size=(20, pixels)) + 0.1 * YEARS[:, None]
    y[rng.random(y.shape) < gaps] = np.inf
    drivers[1][rng.random(y.shape) < gaps] = np.nan
    return y, drivers


@pytest.mark.parametrize("gaps", [0.0, 0.1])
@pytest.mark.parametrize("method", METHODS)
def test_both_ways_agree(method, gaps):
    y, drivers = made(gaps)
    quick, exact = (ways(y, drivers, YEARS, method) for ways in (by_products, orthogonally))
    rows = np.triu_indices(len(exact.factors.projections))
    for name in module.Problems._fields[:8]:
        np.testing.assert_allclose(getattr(quick, name), getattr(exact, name), rtol=1e-9, atol=1e-12, err_msg=name)
    for one, other in ((quick.factors, exact.factors), (quick.levels, exact.levels)):
        np.testing.assert_allclose(one.triangle[:3, :3][np.triu_indices(3)], other.triangle[:3, :3][np.triu_indices(3)],
                                   rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(quick.factors.triangle[rows], exact.factors.triangle[rows], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(quick.factors.squares_left, exact.factors.squares_left, rtol=1e-9)


def test_a_pixel_that_needs_digits_is_done_exactly():
    y, drivers = made(0.0, 12)
    rng = np.random.default_rng(2)
    drivers[1][:, 3] = drivers[0][:, 3] + 1e-6 * rng.normal(size=20)  # nearly dependent
    y[:, 5] = drivers[0][:, 5] + 1e-6 * rng.normal(size=20)  # nearly perfect
    drivers[2][:, 7] = YEARS + 1e-6 * rng.normal(size=20)  # nearly a line
    drivers[1][:, 9] = 4.0  # constant
    found = problems(y, drivers, YEARS, DETRENDED, 5)
    quick, exact = (ways(y, drivers, YEARS, DETRENDED) for ways in (by_products, orthogonally))
    special = np.isin(np.arange(12), [3, 5, 7, 9])
    for place, mine in enumerate(found.arrays()):
        np.testing.assert_array_equal(mine[..., special], exact.arrays()[place][..., special])
        np.testing.assert_array_equal(mine[..., ~special], quick.arrays()[place][..., ~special])


def test_a_pixel_whose_drivers_together_follow_the_year_is_done_exactly():
    y, drivers = made(0.0, 4)
    drivers[1][:, 2] = 1e4 + YEARS - drivers[0][:, 2] + 1e-3 * np.random.default_rng(3).normal(size=20)
    found, exact = problems(y, drivers, YEARS, DETRENDED, 5), orthogonally(y, drivers, YEARS, DETRENDED)
    np.testing.assert_array_equal(found.factors.projections[:, 2], exact.factors.projections[:, 2])
    assert not np.array_equal(found.factors.projections[:, 1], exact.factors.projections[:, 1])


def test_a_pixel_without_enough_years_is_not_done_again(monkeypatch):
    y, drivers = made(0.0, 6)
    y[4:, 2] = np.nan
    y[:, 3] = np.nan
    done = []

    def counted(*arguments):
        done.append(arguments[0].shape[1])
        return orthogonally(*arguments)

    monkeypatch.setattr(module, "orthogonally", counted)
    problems(y, drivers, YEARS, PLAIN, 9)
    assert done == []
    drivers[0][:, 4] = 1.0
    problems(y, drivers, YEARS, PLAIN, 9)
    assert done == [1]


@pytest.mark.parametrize("method", METHODS)
def test_parts_do_not_matter(method, monkeypatch):
    y, drivers = made(0.05)
    whole = by_products(y, drivers, YEARS, method)
    for size in (2, 7):
        monkeypatch.setattr(module, "_VALUES", size * len(YEARS))
        for one, other in zip(whole.arrays(), by_products(y, drivers, YEARS, method).arrays()):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("method", METHODS)
def test_gaps_beside_a_pixel_do_not_matter(method):
    y, drivers = made(0.0)
    expected = by_products(y, drivers, YEARS, method)
    others = [np.concatenate([each, each], axis=1) for each in (y, *drivers)]
    others[0][3:5, :40] = np.nan
    found = by_products(others[0], others[1:], YEARS, method)
    for one, other in zip(found.arrays(), expected.arrays()):
        np.testing.assert_array_equal(one[..., 40:], other)


@pytest.mark.parametrize("method", METHODS)
def test_years_that_are_not_there(method):
    """The calendar without two years is the calendar in which they are missing."""
    y, drivers = made(0.1)
    there = ~np.isin(YEARS, [2004.0, 2013.0])
    found = problems(y[there], [each[there] for each in drivers], YEARS[there], method, 1)
    y[~there] = np.nan
    expected = problems(y, drivers, YEARS, method, 1)
    for name in ("count", "used"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for name in ("means", "slopes", "squares", "spread", "times_squared"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.factors.solution(), expected.factors.solution(), rtol=1e-8, atol=1e-9)


def test_single_precision_is_worked_on_in_double():
    y, drivers = made()
    y, *drivers = (np.float32(each) for each in (y, *drivers))
    for ways in (by_products, orthogonally):
        found = ways(y, drivers, YEARS, DETRENDED)
        expected = ways(y.astype(float), [each.astype(float) for each in drivers], YEARS, DETRENDED)
        for one, other in zip(found.arrays(), expected.arrays()):
            np.testing.assert_array_equal(one, other)

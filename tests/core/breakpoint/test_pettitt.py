"""Pettitt's test against ranks of scipy, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from nep_toolbox.core.breakpoint.pettitt import approximate_p, pettitt


def plain(series) -> tuple:
    """U by its definition, and the first place of the largest |U|."""
    n = len(series)
    ranks = rankdata(series)
    u = [2 * ranks[:k].sum() - k * (n + 1) for k in range(1, n)]
    place = int(np.argmax(np.abs(u)))
    return u[place], place


@pytest.mark.parametrize("n", [2, 3, 4, 20, 127, 128, 129, 300])
@pytest.mark.parametrize("ties", [False, True])
def test_against_ranks(n, ties):
    rng = np.random.default_rng(n)
    values = rng.integers(0, 4, (n, 40)).astype(float) if ties else rng.normal(size=(n, 40))
    statistic, last = pettitt(values)
    assert list(zip(statistic.tolist(), last.tolist())) == [plain(series) for series in values.T]
    assert [part.tolist() for part in pettitt(values.astype(np.float32))] == [statistic.tolist(), last.tolist()]


@pytest.mark.parametrize("n", [127, 128, 129, 130, 1999, 2000, 2001, 2600])
def test_the_largest_statistic_fits(n):
    half = n // 2
    rising = np.repeat([0.0, 1.0], [half, n - half])[:, np.newaxis]
    statistic, last = pettitt(np.hstack([rising, -rising, np.arange(n)[:, np.newaxis]]))
    assert statistic.tolist() == [-half * (n - half), half * (n - half), -half * (n - half)]
    assert last.tolist() == [half - 1] * 3


def test_by_hand():
    # ranks 1 2 3 4: U = -3, -4, -3; ranks 2 2 2 4: U = -1, -2, -3; constant; ranks 1 4 2 3: -3, 0, -1
    values = np.array([[1, 2, 3, 4], [5, 5, 5, 6], [7, 7, 7, 7], [1, 9, 2, 3]], dtype=float).T
    assert [part.tolist() for part in pettitt(values)] == [[-4, -3, 0, -3], [1, 2, 0, 0]]


def test_of_places_that_are_alike_the_first_is_taken_whatever_the_sign():
    # U = 3, 0, -3 and its mirror image
    values = np.array([[9, 2, 1, 3], [1, 8, 9, 7]], dtype=float).T
    found = [plain(series) for series in values.T]
    assert list(zip(*(part.tolist() for part in pettitt(values)))) == found == [(3, 0), (-3, 0)]


def test_a_pixel_does_not_depend_on_its_neighbours_nor_on_level_and_scale():
    values = np.random.default_rng(2).normal(size=(22, 57))
    together = pettitt(values)
    for pixel in range(57):
        alone = pettitt(values[:, pixel : pixel + 1])
        assert [part[0] for part in alone] == [part[pixel] for part in together]
    for one, other in zip(pettitt(np.exp(values)), together):
        np.testing.assert_array_equal(one, other)


def test_the_approximation():
    assert approximate_p(np.array([0, 63, -63]), 20).tolist() == pytest.approx(
        [1.0, *[2 * np.exp(-6 * 63**2 / 8400)] * 2], rel=1e-14
    )
    assert approximate_p(np.array([20]), 20)[0] == 1.0  # the formula gives 1.50

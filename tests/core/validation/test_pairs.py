"""Sums of pairs against plain numpy, and that parts join to the whole."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.validation.pairs import empty_sums, run_sums, sums_of_pairs

RNG = np.random.default_rng(8)
OBSERVED = RNG.normal(1e4, 1.0, (2, 30))
SIMULATED = OBSERVED + RNG.normal(0.5, 0.2, OBSERVED.shape)
OBSERVED[0, 3], SIMULATED[1, 7], SIMULATED[0, 20:] = np.nan, np.inf, np.nan


def expected(observed, simulated) -> list:
    both = np.isfinite(observed) & np.isfinite(simulated)
    o, s = observed[both], simulated[both]
    d = s - o
    return [both.sum(), o.mean(), s.mean(), d.sum(), np.abs(d).sum(), *(((o - o.mean()) ** 2).sum(),
            ((s - s.mean()) ** 2).sum(), ((d - d.mean()) ** 2).sum(), ((o - o.mean()) * (s - s.mean())).sum())]


def numbers(sums, place) -> list:
    here = (..., *place)
    return [sums.count[here], *(mean[here] for mean in sums.means()), *sums.apart[here], *sums.squares[here]]


def test_runs():
    starts = np.array([0, 11, 20])
    sums = run_sums(OBSERVED, SIMULATED, starts)
    for year in range(2):
        for run, (start, end) in enumerate(zip(starts, [*starts[1:], 30])):
            if year == 0 and run == 2:
                assert sums.count[year, run] == 0 and np.isnan([mean[year, run] for mean in sums.means()]).all()
                continue
            here = OBSERVED[year, start:end], SIMULATED[year, start:end]
            np.testing.assert_allclose(numbers(sums, (year, run)), expected(*here), rtol=1e-9)


def test_parts_join_to_the_whole():
    joined = run_sums(OBSERVED, SIMULATED, np.array([0, 4, 5, 20])).joined(np.array([0, 2]))
    for year, (o, s) in enumerate(zip(OBSERVED, SIMULATED)):
        np.testing.assert_allclose(numbers(joined, (year, 0)), expected(o[:5], s[:5]), rtol=1e-9)
        np.testing.assert_allclose(numbers(joined, (year, 1)), expected(o[5:], s[5:]), rtol=1e-9)
    whole = run_sums(OBSERVED, SIMULATED, np.array([0, 9])).of_all_years()
    assert whole.count.shape == (1, 2)
    np.testing.assert_allclose(numbers(whole, (0, 1)), expected(OBSERVED[:, 9:], SIMULATED[:, 9:]), rtol=1e-9)


def test_pairs_one_by_one():
    year, group = np.divmod(RNG.permutation(60) % 6, 3)
    observed, simulated = OBSERVED.ravel(), SIMULATED.ravel()
    sums = sums_of_pairs(observed, simulated, year, group, 3, 3)
    assert sums.count.shape == (3, 3) and (sums.count[2] == 0).all()
    for place in np.ndindex(2, 3):
        here = (year == place[0]) & (group == place[1])
        np.testing.assert_allclose(numbers(sums, place), expected(observed[here], simulated[here]), rtol=1e-9)


@pytest.mark.parametrize("value", [0.1, 1e9 + 0.1, -3.3e-7])
def test_a_constant_has_no_variance_at_all(value):
    sums = run_sums(np.full((1, 1000), value), np.full((1, 1000), 7 * value), np.arange(0, 1000, 7))
    observed, simulated, _difference, product = sums.joined(np.array([0])).squares
    assert observed == simulated == product == 0


def test_no_pair():
    empty = empty_sums(2, 3)
    assert empty.of_all_years().count.tolist() == [[0, 0, 0]]
    assert np.isnan(empty.means()).all()
    assert (sums_of_pairs([], [], [], [], 2, 3).count == 0).all()

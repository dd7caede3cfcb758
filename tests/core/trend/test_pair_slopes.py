"""Order statistics of pair slopes against a plain sort, whichever way leads to them."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.slopes import series, signs_of, sorted_slopes

from nep_toolbox.core.trend import pair_slopes, pairs, slope_search, slope_sort
from nep_toolbox.core.trend.pair_slopes import order_statistics
from nep_toolbox.core.trend.pairs import Steps, Workspace, pair_count, slopes_by_rows

YEARS = np.array([1990, 1991, 1995, 2000, 2001, 2002, 2010.0])


def take(way, monkeypatch):
    """Make all order statistics come that way."""
    monkeypatch.setattr(pair_slopes, "sorting_pays", lambda _x, _several: way == "sorted")
    monkeypatch.setattr(pair_slopes, "MANY_SLOPES", 0 if way == "windowed" else 1 << 30)


@pytest.fixture(params=["sorted", "searched", "windowed"])
def way(request, monkeypatch):
    """Makes all order statistics of a test come by one of the three ways."""
    take(request.param, monkeypatch)


def ranks_of(x, steps, count, share=0.5):
    """The slopes next to that share of all slopes: the middle ones by default."""
    pairs = pair_count(count)
    low = ((pairs - 1) * share).astype(int)
    return order_statistics(x, steps, count, signs_of(x), low, (pairs // 2 if share == 0.5 else low + 1), Workspace())


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("decimals", [0, 1, 8])
def test_every_rank_is_that_of_a_sort(gaps, decimals):
    rng = np.random.default_rng(decimals)
    x = np.round(rng.normal(0, 2, (7, 40)), decimals) + 0.0
    if gaps:
        x[rng.integers(0, 7, 40), np.arange(40)] = np.nan
    work, steps = Workspace(), Steps.of(YEARS)
    count = np.isfinite(x).sum(axis=0)
    signs = signs_of(x)
    pairs = pair_count(int(count[0]))
    expected = np.array([sorted_slopes(series, YEARS) for series in x.T])
    for rank in range(pairs - 1):
        low = np.full(40, rank)
        lower, upper = order_statistics(x, steps, count, signs, low, low + 1, work)
        np.testing.assert_allclose(lower, expected[:, rank], rtol=1e-14)
        np.testing.assert_allclose(upper, expected[:, rank + 1], rtol=1e-14)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decimals", [0, 8])
def test_several_ranks_at_once_are_those_of_each_alone(gaps, dtype, decimals):
    x, steps, count = series(gaps, dtype, 12, 60, decimals, rise=0.1)
    x[:, :10] = np.where(np.isnan(x[:, :10]), np.nan, 1)  # without any slope
    work, signs = Workspace(), signs_of(x)
    low = np.stack([((pair_count(count) - 1) * share).astype(int) for share in (0.5, 0.05, 0.9)])
    found = order_statistics(x, steps, count, signs, low, low + np.array([[1], [0], [1]]), work)
    for place, step in enumerate((1, 0, 1)):
        alone = order_statistics(x, steps, count, signs, low[place], low[place] + step, work)
        assert found[:, place].tobytes() == alone.tobytes()
    expected = [sorted_slopes(one, steps.years) for one in x.T.astype(np.float64)]
    for pixel, slopes in enumerate(expected):
        np.testing.assert_allclose(found[0, :, pixel], np.take(slopes, low[:, pixel]), rtol=3e-7)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["noise", "few values", "a steep rise", "nearly nothing", "the largest", "all sizes"])
@pytest.mark.parametrize("n", [2, 3, 9, 20, 33, 50])
def test_all_ways_lead_to_the_same_bits(monkeypatch, n, kind, dtype, gaps):
    rng = np.random.default_rng(n)
    x = rng.normal(0, 3, (n, 300))
    edge = np.finfo(dtype)
    x = {
        "noise": lambda: x, "few values": lambda: np.round(x), "a steep rise": lambda: x + 40 * np.arange(n)[:, None],
        "nearly nothing": lambda: x * float(edge.tiny),
        "the largest": lambda: np.clip(x, -6, 6) * (float(edge.max) / 7),
        "all sizes": lambda: x * 10.0 ** rng.uniform(np.log10(edge.tiny), 30, x.shape),
    }[kind]().astype(dtype) + 0
    if gaps:
        x[rng.random(x.shape) < 0.2] = np.nan
        x = x[:, np.isfinite(x).sum(axis=0) >= 2]
    steps, count = Steps.of(2000 + np.cumsum(rng.integers(1, 3, n))), np.isfinite(x).sum(axis=0)
    low = np.stack([((pair_count(count) - 1) * share).astype(int) for share in (0.5, 0.1, 0.85)])
    high = np.minimum(low + 1, pair_count(count) - 1)
    found = []
    for way in ("sorted", "searched", "windowed"):
        take(way, monkeypatch)
        found.append(order_statistics(x, steps, count, signs_of(x), low, high, Workspace()))
    assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()


@pytest.mark.parametrize("n, rows", [(3, 32), (20, 32), (20, 19), (40, 32)])
def test_slopes_of_all_pairs(monkeypatch, n, rows):
    monkeypatch.setattr(pairs, "SLOPE_ROWS", rows)
    rng = np.random.default_rng(n)
    # spans of one and the same power of two, and of others
    for years in (2000.0 + np.arange(n), 2000 + np.cumsum(rng.integers(1, 5, n)), 2000 + 0.5 * np.arange(n)):
        x = rng.normal(0, 2, (n, 5))
        found = np.concatenate([part.copy() for part in slopes_by_rows(x, Steps.of(years), Workspace())])
        for values, slopes in zip(x.T, found.T):
            assert sorted(slopes.tolist()) == sorted_slopes(values, years)


def test_spans_that_single_precision_holds():
    assert Steps.of(YEARS).exact_in(np.float32)
    assert not Steps.of(2000 + np.arange(3) / 3).exact_in(np.float32)
    assert Steps.of(2000 + np.arange(3) / 3).exact_in(np.float64)


@pytest.mark.usefixtures("way")
def test_middle_slopes_around_a_trial_slope_of_zero_do_not_cancel_in_single_precision():
    # least squares gives exactly 0; the sorted slopes are -2, -2, -2, -1, -1/2, 1/3, 1/2, 1, 3/2 and 5
    x = np.array([[-9], [-4], [-6], [-8], [-7]], dtype=np.float32)
    lower, upper = ranks_of(x, Steps.of(2000 + np.arange(5.0)), np.array([5]))
    assert lower[0] + upper[0] == pytest.approx(-1 / 6, rel=1e-12)


@pytest.mark.usefixtures("way")
def test_middle_slopes_that_nearly_cancel_are_not_formed_in_single_precision():
    x, steps, count = series(False, np.float32, rise=0.0)
    lower, upper = ranks_of(x, steps, count)
    expected = np.array([sorted_slopes(each, steps.years)[94:96] for each in x.T.astype(np.float64)])
    opposite = (expected[:, 0] < 0) & (expected[:, 1] > 0)
    assert opposite.sum() > 10
    np.testing.assert_allclose((lower + upper)[opposite], expected.sum(axis=1)[opposite], rtol=1e-9)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("tile", [3, 10_000])
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decimals", [0, 8])
def test_every_rank_within_seasons_is_that_of_a_sort(monkeypatch, gaps, dtype, decimals, tile):
    monkeypatch.setattr(pairs, "TILE_PIXELS", tile)  # the smallest tile holds one pixel
    monkeypatch.setattr(pairs, "TILE_BYTES", 1)
    monkeypatch.setattr(slope_sort, "SORTED_BYTES", 2000)  # in several parts
    rng = np.random.default_rng(decimals)
    x = np.round(rng.normal(0, 2, (7, 4, 40)) + 5 * np.arange(4)[:, np.newaxis], decimals) + 0.0
    if gaps:
        x[rng.random(x.shape) < 0.2] = np.nan
        x[3, 0], x[1:, 2] = np.nan, np.nan  # a season has one value or none
    x = x.astype(dtype)
    work, steps, count = Workspace(), Steps.of(YEARS), np.isfinite(x).sum(axis=0).astype(np.int32)
    signs = [side.reshape(count.shape).sum(axis=0) for side in signs_of(x.reshape(7, -1))]
    expected = [
        sorted(slope for season in pixel for slope in sorted_slopes(season, YEARS)) for pixel in
        np.moveaxis(x.astype(np.float64), 0, -1).transpose(1, 0, 2)
    ]
    for share in np.linspace(0, 1, 12):
        low = np.array([int(share * (len(slopes) - 2)) for slopes in expected])
        lower, upper = order_statistics(x, steps, count, signs, low, low + 1, work)
        precision = 1e-14 if dtype == np.float64 else 3e-7
        np.testing.assert_allclose(lower, [s[rank] for s, rank in zip(expected, low)], rtol=precision)
        np.testing.assert_allclose(upper, [s[rank + 1] for s, rank in zip(expected, low)], rtol=precision)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_ways_lead_to_the_same_bits_within_seasons(monkeypatch, dtype, gaps):
    rng = np.random.default_rng(9)
    x = rng.normal(0, 3, (20, 12, 400)) + 9 * np.arange(12)[:, np.newaxis] + 0.05 * np.arange(20)[:, None, None]
    x[..., ::2] = np.round(x[..., ::2])
    if gaps:
        x[rng.random(x.shape) < 0.1] = np.nan
        x[0, 0] = np.nan
    x = x.astype(dtype) + 0
    steps, count = Steps.of(np.arange(20)), np.isfinite(x).sum(axis=0).astype(np.int32)
    signs = [side.reshape(count.shape).sum(axis=0) for side in signs_of(x.reshape(20, -1))]
    total = pairs.pairs_within(count)
    found = []
    for sorts in (True, False):
        monkeypatch.setattr(pair_slopes, "sorting_pays", lambda _x, _several, sorts=sorts: sorts)
        found.append(order_statistics(x, steps, count, signs, (total - 1) // 2, total // 2, Workspace()))
    assert found[0].tobytes() == found[1].tobytes()


@pytest.mark.parametrize("gaps", [False, True])
def test_the_search_within_seasons_leaves_little_to_sort(monkeypatch, gaps):
    x = np.random.default_rng(11).normal(0, 3, (20, 12, 400))
    if gaps:
        x[3, 5:, 0] = x[8, :, 1:] = np.nan  # the first season of the first pixel is complete
    count, settled = np.isfinite(x).sum(axis=0), []
    signs = [side.reshape(count.shape).sum(axis=0) for side in signs_of(x.reshape(20, -1))]
    ranks = (pairs.pairs_within(count) - 1) // 2, pairs.pairs_within(count) // 2
    monkeypatch.setattr(pair_slopes, "sorting_pays", lambda _x, _several: False)
    settle = slope_search._settle
    monkeypatch.setattr(slope_search, "_settle", lambda *rest: settled.append(rest[0].shape[-1]) or settle(*rest))
    order_statistics(x, Steps.of(np.arange(20)), count, signs, *ranks, Workspace())
    assert sum(settled) < 40

"""The seasonal test and slope against pymannkendall's numbers, the published formulas in plain code, and properties."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import rankdata
from testkit.plain import median, sign

from nep_toolbox.core.trend import pairs, seasonal
from nep_toolbox.core.trend.seasonal import RESULTS, seasonal_block, seasonal_trend
from nep_toolbox.core.trend.theil_sen import trend
from nep_toolbox.errors import InvalidParameter

NAN = np.nan
YEARS = np.array([1998, 1999, 2001, 2002, 2003, 2006, 2007, 2008, 2010])

#: Our names and those of the reference.
NAMES = {"s": "S", "var_s": "V", "z": "z", "p_value": "p", "tau": "tau", "slope": "slope_per_year"}


def places_of(years: int, seasons: int) -> np.ndarray:
    """Every season of every year, in order of time."""
    return np.array(list(np.ndindex(years, seasons)))


def trend_of(table, years=None, **options) -> dict:
    """`seasonal_trend` of tables (years, seasons, pixels) or (years, seasons)."""
    table = np.asarray(table)
    table = table.reshape(*table.shape[:2], -1)
    years = np.arange(2001, 2001 + len(table)) if years is None else years
    stack = table.reshape(-1, table.shape[2])
    return seasonal_trend(stack, years, places_of(*table.shape[:2]), **options)


def noise(seasons=4, pixels=30, decimals=8, gaps=0.0, dtype=np.float64, seed=1) -> np.ndarray:
    """A course of the year, a weak trend and noise over `YEARS`, with that share of missing values."""
    rng = np.random.default_rng(seed)
    course = 5 * np.sin(2 * np.pi * np.arange(seasons) / seasons)[:, np.newaxis]
    rise = 0.1 * (YEARS - YEARS[0])[:, np.newaxis, np.newaxis]
    table = np.round(course + rise + rng.normal(0, 1, (len(YEARS), seasons, pixels)), decimals) + 0.0
    table[rng.random(table.shape) < gaps] = NAN
    return table.astype(dtype)


def plain(table, years=YEARS) -> dict:
    """The test and slope of one pixel (years, seasons), a pair at a time, in exact fractions."""
    s = pairs_there = variance = 0
    slopes = []
    for column in np.transpose(table):
        there = [(int(year), Fraction(float(x))) for year, x in zip(years, column) if np.isfinite(x)]
        for (t, x), (u, y) in combinations(there, 2):
            s, pairs_there = s + sign(y - x), pairs_there + 1
            slopes.append((y - x) / (u - t))
        values, n = [x for _t, x in there], len(there)
        ties = [values.count(x) for x in set(values)]
        variance += Fraction(n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in ties), 18)
    z = (s - sign(s)) / math.sqrt(variance) if s else 0.0
    p = math.erfc(abs(z) / math.sqrt(2))
    return {"s": s, "var_s": variance, "z": z, "p_value": p, "tau": s / pairs_there, "slope": median(slopes)}


def plain_correlated(table) -> tuple:
    """S and its variance of complete seasons (years, seasons), as Hirsch and Slack write the covariances."""
    n, seasons = table.shape
    ranks = np.stack([rankdata(column) for column in table.T], axis=1)
    s, variance, table = 0, 0.0, table.T.tolist()
    for g in range(seasons):
        s += sum(sign(table[g][j] - table[g][i]) for i, j in combinations(range(n), 2))
        for h in range(seasons):
            k = sum(sign(table[g][j] - table[g][i]) * sign(table[h][j] - table[h][i])
                    for i, j in combinations(range(n), 2))
            variance += (k + 4 * (ranks[:, g] * ranks[:, h]).sum() - n * (n + 1) ** 2) / 3
    return s, variance


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/trend_more.json").read_text(encoding="utf-8"))["seasonal"]


@pytest.mark.parametrize("case", ["monthly_trend", "monthly_missing", "quarterly", "ties"])
def test_reference(reference, case):
    table = np.array(reference[case]["x"], dtype=np.float64)
    expected = reference[case]["seasonal"]
    found = trend_of(table)
    for ours, theirs in NAMES.items():
        np.testing.assert_allclose(found[ours], [expected[theirs]], rtol=1e-10, atol=0, err_msg=ours)
    peer = reference[case]["pymannkendall"]
    for ours, theirs in {"s": "s", "var_s": "var_s", "z": "z", "tau": "tau", "slope": "slope"}.items():
        np.testing.assert_allclose(found[ours], [peer[theirs]], rtol=1e-10, atol=0, err_msg=ours)


@pytest.mark.parametrize("case", ["monthly_trend", "quarterly", "ties"])
def test_reference_of_correlated_seasons(reference, case):
    table = np.array(reference[case]["x"], dtype=np.float64)
    found, alone = trend_of(table, correlated=True), trend_of(table)
    for ours, theirs in {"s": "S", "var_s": "V", "z": "z", "p_value": "p"}.items():
        np.testing.assert_allclose(found[ours], [reference[case]["correlated"][theirs]], rtol=1e-10, err_msg=ours)
    assert found["slope"] == alone["slope"] and found["tau"] == alone["tau"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("decimals", [0, 8])
def test_pixels_equal_plain_code(dtype, gaps, decimals, monkeypatch):
    monkeypatch.setattr(pairs, "TILE_PIXELS", 20)  # seven tiles of four seasons
    monkeypatch.setattr(pairs, "TILE_BYTES", 1)
    table = noise(decimals=decimals, gaps=gaps, dtype=dtype)
    found = trend_of(table, YEARS, min_observations=2)
    for pixel in range(table.shape[2]):
        expected = plain(table[..., pixel])
        for name in RESULTS:
            precision = 3e-7 if name == "slope" and dtype == np.float32 else 1e-13
            assert found[name][pixel] == pytest.approx(float(expected[name]), rel=precision, abs=1e-300), name


@pytest.mark.parametrize("decimals", [0, 8])
def test_correlated_seasons_equal_the_published_sums(decimals):
    table = noise(decimals=decimals)
    found = trend_of(table, YEARS, correlated=True)
    for pixel in range(table.shape[2]):
        s, variance = plain_correlated(table[..., pixel])
        assert found["s"][pixel] == s
        assert found["var_s"][pixel] == pytest.approx(variance, rel=1e-13)
        assert found["z"][pixel] == pytest.approx(s / math.sqrt(variance) if s else 0.0, rel=1e-13)


def test_correlated_seasons_are_those_complete_in_all_years():
    table = noise(seasons=5, pixels=3)
    table[4, 1, 0] = table[0, 3, 0] = NAN  # three complete seasons
    table[2, :4, 1] = NAN  # one
    table[8, :, 2] = NAN  # none
    found, alone = trend_of(table, YEARS, correlated=True), trend_of(table, YEARS)
    s, variance = plain_correlated(table[:, [0, 2, 4], 0])
    assert (found["s"][0], found["var_s"][0]) == (s, pytest.approx(variance, rel=1e-13))
    for name in ("s", "var_s", "z", "p_value"):
        assert np.isnan(found[name]).tolist() == [False, True, True], name
    for name in ("slope", "tau"):
        assert found[name].tolist() == alone[name].tolist() and np.isfinite(found[name]).all()


def test_two_complete_seasons_suffice_for_correlated_ones():
    table = noise(seasons=3, pixels=1)
    table[3, 0, 0] = NAN
    s, variance = plain_correlated(table[:, 1:, 0])
    found = trend_of(table, YEARS, correlated=True)
    assert (found["s"][0], found["var_s"][0]) == (s, pytest.approx(variance, rel=1e-13))


def test_one_season_is_the_test_of_a_yearly_series():
    table = noise(seasons=1, pixels=50, gaps=0.2)
    found = trend_of(table, YEARS, min_observations=4)
    expected = trend(table[:, 0], YEARS, min_observations=4)
    for name in RESULTS:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-14, err_msg=name)


def test_neighbours_and_chunks_do_not_matter(monkeypatch):
    table = noise(seasons=12, pixels=60, gaps=0.05)
    table[..., ::3] = noise(seasons=12, pixels=20, seed=2)
    whole = [trend_of(table, YEARS, min_observations=2, correlated=way) for way in (False, True)]
    monkeypatch.setattr(seasonal, "CHUNK_VALUES", 1)  # sixteen pixels at a time
    for way, expected in enumerate(whole):
        parts = trend_of(table, YEARS, min_observations=2, correlated=way)
        one = [trend_of(table[..., [pixel]], YEARS, min_observations=2, correlated=way) for pixel in range(60)]
        for name in RESULTS:
            assert parts[name].tobytes() == expected[name].tobytes()
            assert np.concatenate([each[name] for each in one]).tobytes() == expected[name].tobytes()


def test_complete_pixels_are_worked_on_apart(monkeypatch):
    table, kinds = noise(pixels=20), []
    table[3, 2, ::3] = NAN
    order = seasonal.order_statistics
    monkeypatch.setattr(
        seasonal, "order_statistics", lambda x, *more: kinds.append(np.isnan(x).any(axis=(0, 1))) or order(x, *more)
    )
    trend_of(table, YEARS)
    assert [(len(kind), kind.all(), kind.any()) for kind in kinds] == [(13, False, False), (7, True, True)]


def test_order_of_seasons_and_steps_does_not_matter():
    table = noise(seasons=4, gaps=0.1)
    stack, places = table.reshape(-1, table.shape[2]), places_of(9, 4)
    shuffled = np.random.default_rng(3).permutation(len(stack))
    other = np.array([2, 0, 3, 1])
    named = np.column_stack([places[:, 0], 10 * other[places[:, 1]] + 7])  # seasons that never occur take no part
    for correlated in (False, True):
        expected = trend_of(table, YEARS, correlated=correlated, min_observations=2)
        found = seasonal_trend(stack[shuffled], YEARS, named[shuffled], correlated=correlated, min_observations=2)
        for name in RESULTS:
            assert found[name].tobytes() == expected[name].tobytes(), name


def test_a_course_of_the_year_changes_nothing():
    table = np.round(noise(), 3)
    moved = table + np.array([0.0, 64.0, -32.0, 1024.0])[:, np.newaxis]
    one, other = trend_of(table, YEARS), trend_of(moved, YEARS)
    for name in ("s", "var_s", "z", "p_value", "tau"):
        assert one[name].tobytes() == other[name].tobytes()
    np.testing.assert_allclose(one["slope"], other["slope"], atol=1e-12)


def test_a_step_that_is_not_there_is_a_missing_value():
    table = noise(seasons=12, pixels=5)
    missing = table.copy()
    missing[0, :2], missing[-1, 7:] = NAN, NAN
    stack, places = table.reshape(-1, 5), places_of(9, 12)
    there = np.arange(2, len(stack) - 5)
    for correlated in (False, True):
        expected = trend_of(missing, YEARS, correlated=correlated)
        found = seasonal_trend(stack[there], YEARS, places[there], correlated=correlated)
        for name in RESULTS:
            assert found[name].tobytes() == expected[name].tobytes() and np.isfinite(found[name]).all()


def test_by_hand():
    # Season 1 rises 1, 2, 3, season 2 falls 5, 5, 2: S = 3 - 2 and 3 + 2 pairs that differ, of 6.
    table = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 2.0]])
    found = trend_of(table, min_observations=3)
    assert {name: float(value[0]) for name, value in found.items()} == {
        "s": 1.0, "var_s": pytest.approx(66 / 18 + (66 - 18) / 18), "z": 0.0, "p_value": 1.0,
        "tau": pytest.approx(1 / 6), "slope": 0.5,  # -3, -1.5, 0, 1, 1, 1
    }
    # d is 1, 0 and 0 for the pairs of years (1, 2), (1, 3), (2, 3), its sums over the other year -1, 1 and 0.
    both = trend_of(table, min_observations=3, correlated=True)
    assert both["s"].tolist() == [1.0] and both["var_s"].tolist() == [1.0]
    assert both["z"].tolist() == [1.0] and both["p_value"][0] == pytest.approx(0.31731050786291415)


def test_a_constant_has_no_trend():
    for correlated in (False, True):
        found = trend_of(np.full((9, 4, 1), 3.5), correlated=correlated)
        assert [float(found[name][0]) for name in RESULTS] == [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def test_opposite_seasons_cancel():
    rising = np.arange(9.0)
    found = trend_of(np.stack([rising, -rising], axis=1), YEARS)
    assert found["s"].tolist() == [0.0] and found["p_value"].tolist() == [1.0] and found["slope"].tolist() == [0.0]


def test_fewer_values_than_asked_for_in_every_season_give_nothing():
    table = noise(seasons=3, pixels=2)
    table[:4, :, 0] = NAN  # five values in every season
    table[:4, 1:, 1] = NAN  # nine in one
    found = trend_of(table, YEARS, min_observations=6)
    for name in RESULTS:
        assert np.isnan(found[name]).tolist() == [True, False], name
    assert np.isfinite(trend_of(table, YEARS, min_observations=5)["slope"]).all()


def test_seasons_of_one_value_add_nothing():
    table = noise(seasons=3, pixels=1)
    table[1:, 1] = NAN
    table[:, 2] = NAN
    found, alone = trend_of(table, YEARS), trend_of(table[:, :1], YEARS)
    for name in RESULTS:
        assert found[name].tobytes() == alone[name].tobytes()


def test_infinities_are_missing_and_negative_zeros_are_zeros():
    table = noise(pixels=1, decimals=0)
    missing, other = table.copy(), table.copy()
    missing[[2, 5], [1, 3]] = NAN
    other[2, 1], other[5, 3] = np.inf, -np.inf
    other[other == 0] = -0.0
    assert (table == 0).any()
    one, two = trend_of(missing, YEARS), trend_of(other, YEARS)
    for name in RESULTS:
        assert one[name].tobytes() == two[name].tobytes()


def test_only_what_is_wanted():
    table = noise(gaps=0.1)
    every = trend_of(table, YEARS)
    assert set(every) == set(RESULTS)
    for name in RESULTS:
        found = trend_of(table, YEARS, wanted=(name,))
        assert set(found) == {name} and found[name].tobytes() == every[name].tobytes()


@pytest.mark.parametrize(("changes", "said"), [
    ({"places": places_of(9, 3)}, "give the year and the season of each time step"),
    ({"years": YEARS[::-1]}, "increase"),
    ({"years": YEARS[:8]}, "not among the years"),
    ({"places": np.minimum(places_of(9, 4), 7)}, "two time steps are of one season of one year"),
    ({"places": places_of(9, 4) - 1}, "not among the years"),
    ({"min_observations": 1}, "⟨MIN_OBSERVATIONS⟩ is 1"),
])
def test_arguments_that_make_no_sense(changes, said):
    arguments = {"stack": np.zeros((36, 2)), "years": YEARS, "places": places_of(9, 4), **changes}
    with pytest.raises(InvalidParameter, match=said):
        seasonal_trend(**arguments)


def test_a_block_has_classes_and_counts():
    rng = np.random.default_rng(5)
    table = rng.normal(0, 1, (12, 4, 6))
    table += np.array([0.0, 3.0, -3.0, 0.0, 0.0, 0.0]) * np.arange(12)[:, np.newaxis, np.newaxis]
    table[..., 3] = 7.0
    table[0, :3, 4] = NAN
    table[..., 5] = NAN
    stack = table.reshape(48, 2, 3)
    options = {"years": np.arange(12), "places": places_of(12, 4), "correlated": True}
    found = seasonal_block(stack, np.array([[10.0], [20.0]]), **options)
    assert found["class"].dtype == np.int16 and found["class"].shape == (2, 3)
    assert found["class"][0, 1] == 4 and found["class"][0, 2] == -4
    assert found["class"][1].tolist() == [0, -32768, -32768]
    assert found["significant"].tolist() == [np.count_nonzero(found["p_value"] < 0.05), 4]
    assert found["no_result"][0, 0] == 1  # with a slope, but one complete season
    assert found["class_areas"][:, 0].sum() == 4 and found["class_areas"][4, 0] >= 1
    assert "z" not in found and "z" in seasonal_block(stack, wanted=("z", "class"), **options)


def test_a_block_counts_what_is_significant_at_five_percent():
    table = noise(pixels=60)
    found = seasonal_block(table.reshape(36, 6, 10), years=YEARS, places=places_of(9, 4))
    p = found["p_value"]
    assert np.count_nonzero((p >= 0.05) & (p < 0.1)) > 2
    assert found["significant"].tolist() == [np.count_nonzero(p < 0.05), 60]


def test_single_precision_is_not_enough_for_times_that_it_does_not_hold():
    table = noise(gaps=0.1, dtype=np.float32)
    years = np.arange(9) / 3
    found, expected = (trend_of(x, years, min_observations=2)["slope"] for x in (table, table.astype(np.float64)))
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize(("correlated", "low", "high"), [(False, 4, 6), (True, 4, 6)])
def test_white_noise_of_months_is_significant_in_five_percent(correlated, low, high):
    table = np.random.default_rng(22).normal(size=(15, 12, 8000)).astype(np.float32)
    p = trend_of(table, correlated=correlated, wanted=("p_value",))["p_value"]
    assert low < 100 * (p < 0.05).mean() < high


def test_months_that_follow_each_other_need_the_covariances():
    rng = np.random.default_rng(23)
    series = rng.normal(size=(20 * 12, 4000))
    for month in range(1, len(series)):
        series[month] += 0.5 * series[month - 1]
    shares = [
        100 * (trend_of(series.reshape(20, 12, -1), correlated=way, wanted=("p_value",))["p_value"] < 0.05).mean()
        for way in (False, True)
    ]
    assert 22 < shares[0] < 26 and 4.5 < shares[1] < 7  # as the help says

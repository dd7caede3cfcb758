"""Random series through the kernels, against plain code."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit import plain
from testkit.fuzzing import budget, count

from nep_toolbox.core.correlation.coefficients import pearson
from nep_toolbox.core.exact_sums import UNIT_EXPONENT
from nep_toolbox.core.geodetector.detectors import factor_test, strata_statistics
from nep_toolbox.core.landcover.transitions import count_landcover
from nep_toolbox.core.persistence.hurst import hurst
from nep_toolbox.core.trend.frequency import COUNT_NODATA, change_frequency
from nep_toolbox.core.trend.theil_sen import trend
from nep_toolbox.core.zonal.statistics import zonal_sums

GAPS = st.sampled_from([math.nan, math.inf, -math.inf])
NUMBERS = st.one_of(
    st.integers(-3, 3).map(float),  # many ties
    st.floats(-1e4, 1e4, allow_subnormal=False).map(lambda x: round(x, 3)),
    st.floats(-(2.0**40), 2.0**40, allow_subnormal=False, width=32),
    st.floats(-(2.0**-40), 2.0**-40, allow_subnormal=False, width=32),
)


#: Numbers as instruments give them: none is lost beside another.
MEASURED = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e4, 1e4).map(lambda x: round(x, 3)))


def series(least: int = 2, most: int = 24, numbers=NUMBERS):
    """A series with ties, gaps and, unless said otherwise, numbers of very different size."""
    return st.one_of(
        st.lists(numbers, min_size=least, max_size=most),
        st.lists(st.one_of(numbers, numbers, GAPS), min_size=least, max_size=most),
        st.builds(lambda x, n: [x] * n, numbers, st.integers(least, most)),
    )


def increasing_years(n: int):
    """Years of n steps, most often one after the other."""
    return st.one_of(
        st.just(list(range(2001, 2001 + n))),
        st.lists(st.integers(1900, 2100), min_size=n, max_size=n, unique=True).map(sorted),
    )


@budget()
@given(st.data())
def test_trend_equals_the_definition(data):
    count("trend")
    values = data.draw(series())
    years = data.draw(increasing_years(len(values)))
    least = data.draw(st.integers(2, 12))
    kind = data.draw(st.sampled_from([np.float32, np.float64]))
    stack = np.array(values, kind)[:, None]
    found = {name: result[0] for name, result in trend(stack, years, min_observations=least).items()}
    expected = plain.mann_kendall(stack[:, 0].astype(float), years, least)
    if expected is None:
        assert all(math.isnan(number) for number in found.values())
        return
    assert found["s"] == expected["s"]
    assert found["var_s"] == float(expected["var_s"])
    assert found["z"] == pytest.approx(expected["z"], rel=1e-13)
    assert found["p_value"] == pytest.approx(expected["p_value"], rel=1e-12)
    assert found["tau"] == pytest.approx(expected["tau"], rel=1e-15)
    slope = expected["slope"]
    assert np.sign(found["slope"]) == plain.sign(slope)
    # Two middle slopes that nearly cancel leave the rounding of each.
    assert abs(Fraction(found["slope"]) - slope) <= tolerance(stack[:, 0], years, kind) + Fraction(1e-14) * abs(slope)


def tolerance(values, years, kind) -> Fraction:
    """What rounding may do to the mean of two slopes: two units in the last place of the steepest."""
    finite = values[np.isfinite(values)].astype(float)
    steepest = (finite.max() - finite.min()) / min(np.diff(years))
    return Fraction(2 * float(np.finfo(kind).eps) * float(steepest))


@budget()
@given(series(), st.sampled_from([np.float32, np.float64]))
def test_frequency_equals_counting(values, kind):
    count("frequency")
    stack = np.array(values, kind)
    found = {name: int(result[0]) for name, result in change_frequency(stack[:, None]).items()}
    expected = plain.changes(stack.astype(float).tolist())
    comparisons = sum(expected.values())
    if comparisons == 0:
        assert set(found.values()) == {COUNT_NODATA}
    else:
        assert found == {**expected, "comparisons": comparisons}


@budget()
@given(series(8, 30, MEASURED), st.integers(2, 6), st.booleans(), st.integers(1, 14))
def test_hurst_equals_the_definition(values, shortest, corrected, least):
    count("hurst")
    stack = np.array(values)[:, None]
    found = hurst(stack, min_window=shortest, corrected=corrected, min_observations=least)["hurst"][0]
    expected = plain.hurst(values, shortest, corrected, least)
    if expected is None:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-7)


@budget()
@given(st.data())
def test_correlation_equals_the_definition(data):
    count("correlation")
    xs = data.draw(series(2, 20))
    ys = data.draw(st.one_of(series(len(xs), len(xs)), st.just([2.0 * x + 1.0 for x in xs])))
    least = data.draw(st.integers(2, 10))
    found = pearson(np.array(xs)[:, None], np.array(ys)[:, None], min_observations=least)
    expected = plain.pearson(xs, ys, least)
    if expected is None:
        assert math.isnan(found.r[0]) and math.isnan(found.p_value[0])
    else:
        assert found.r[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert -1 <= found.r[0] <= 1 and 0 <= found.p_value[0] <= 1


cells = st.lists(
    st.tuples(st.one_of(NUMBERS, GAPS), st.floats(1e-3, 1e9, allow_subnormal=False), st.integers(-1, 3)),
    min_size=1, max_size=40,
)


@budget()
@given(cells, st.integers(0, 40))
def test_zonal_statistics_equal_fractions_however_the_pixels_are_parted(table, cut):
    count("zonal statistics")
    values, areas, zones = (np.array(column) for column in zip(*table))
    zones = zones.astype(int)
    parts = [part for part in (slice(None, cut), slice(cut, None)) if values[part].size]
    sums = [zonal_sums(values[None, part], areas[part], zones[part], 4) for part in parts]
    joined = sums[0] if len(sums) == 1 else sums[0].merge(sums[1])
    found = joined.statistics()
    for zone in range(4):
        inside = zones == zone
        expected = plain.zonal(values[inside], areas[inside])
        size = np.abs(values[inside][np.isfinite(values[inside])]).max(initial=0.0)
        for name, number in expected.items():
            scale = 100.0 if name == "positive_percent" else size * (expected["area"] if name == "total" else 1.0)
            # The standard deviation is the root of a difference, so half the digits of a large level can go.
            allowed = 1e-7 * scale if name == "std" else 1e-12 * scale
            assert found[name][0, zone] == pytest.approx(number, rel=1e-9, abs=allowed), name


codes = st.one_of(st.integers(0, 4).map(float), st.integers(-(2**31) + 1, 2**31 - 1).map(float), st.just(math.nan))


@budget()
@given(st.lists(st.tuples(codes, codes, st.floats(1e-3, 1e10, allow_subnormal=False)), min_size=1, max_size=40))
def test_transitions_equal_counting(table):
    count("transitions")
    before, after, areas = (np.array(column)[None, :] for column in zip(*table))
    found = count_landcover([before, after], areas).transitions[0]
    expected = plain.transitions(before[0], after[0], areas[0])
    assert {key: (tally.pixels, Fraction(tally.area) * Fraction(2) ** UNIT_EXPONENT) for key, tally in found.items()} \
        == expected


@budget()
@given(st.lists(st.tuples(NUMBERS, st.integers(0, 4)), min_size=4, max_size=40))
def test_q_equals_fractions(table):
    count("geodetector q")
    target, strata = np.array([y for y, _c in table]), [c for _y, c in table]
    if len(set(target.tolist())) == 1:
        return
    _names, coded = np.unique(strata, return_inverse=True)
    mean = math.fsum(target) / len(target)
    spread = math.sqrt(math.fsum((target - mean) ** 2))
    found = factor_test(strata_statistics(target - mean, coded, coded.max() + 1), mean).q
    lost = 1e-15 * abs(mean) / spread if spread else math.inf
    assert found == pytest.approx(float(plain.q_statistic(target, strata)), abs=1e-12 + 4 * lost)

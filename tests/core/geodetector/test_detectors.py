"""The four detectors against hand computation, scipy and their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nep_toolbox.core.geodetector.detectors import (
    ecological_test,
    factor_test,
    interaction_test,
    interaction_type,
    published_noncentrality,
    risk_tests,
    strata_statistics,
)


def centred(values):
    values = np.asarray(values, dtype=float)
    return values - values.mean(), float(values.mean())


def test_q_f_and_lambda_by_hand():
    # strata {1, 3}, {5, 7, 9}, {10}: mean 35 / 6, SSW = 2 + 8 + 0, SST = 265 - 35^2 / 6
    y, origin = centred([1, 3, 5, 7, 9, 10])
    codes = np.array([0, 0, 1, 1, 1, 2])
    strata = strata_statistics(y, codes, 3)
    assert strata.count.tolist() == [2, 3, 1]
    np.testing.assert_allclose(strata.mean + origin, [2, 7, 10], rtol=1e-15)
    np.testing.assert_allclose(strata.within, [2, 8, 0], rtol=1e-14)
    total = 265 - 35**2 / 6
    test = factor_test(strata, origin)
    assert test.q == pytest.approx(1 - 10 / total, rel=1e-14)
    f = 3 / 2 * test.q / (1 - test.q)
    assert test.p_f == pytest.approx(stats.f.sf(f, 2, 3), rel=1e-12)
    noncentrality = (4 + 49 + 100 - (2 * 2**0.5 + 7 * 3**0.5 + 10) ** 2 / 6) / (total / 6)
    assert published_noncentrality(strata.count, strata.mean + origin, total / 6) == pytest.approx(noncentrality)
    assert test.p == pytest.approx(stats.ncf.sf(f, 2, 3, noncentrality), rel=1e-10)


def test_p_f_is_the_one_way_analysis_of_variance():
    random = np.random.default_rng(3)
    codes = random.integers(0, 5, size=300)
    raw = random.normal(size=300) + 0.2 * codes
    y, origin = centred(raw)
    expected = stats.f_oneway(*(raw[codes == h] for h in range(5))).pvalue
    assert factor_test(strata_statistics(y, codes, 5), origin).p_f == pytest.approx(expected, rel=1e-9)


def test_a_target_that_the_strata_explain_entirely():
    y, origin = centred([0.1, 0.1, 0.1, 0.3, 0.3, 0.7, 0.7])
    strata = strata_statistics(y, np.array([0, 0, 0, 1, 1, 2, 2]), 3)
    assert strata.within.tolist() == [0, 0, 0]
    test = factor_test(strata, origin)
    assert (test.q, test.p, test.p_f) == (1.0, 0.0, 0.0)


def test_undefined_tests_are_missing():
    y, origin = centred([1, 2, 4])
    one = factor_test(strata_statistics(y, np.zeros(3, dtype=int), 1), origin)
    assert one.q == pytest.approx(0, abs=1e-30)
    assert np.isnan([one.p, one.p_f]).all()
    each = factor_test(strata_statistics(y, np.arange(3), 3), origin)
    assert each.q == 1
    assert np.isnan([each.p, each.p_f]).all()


def test_interaction_strata_are_the_pairs_that_occur():
    random = np.random.default_rng(1)
    first, second = random.integers(0, 4, 200), random.integers(0, 3, 200)
    first[second == 2] = 0
    y, origin = centred(random.normal(size=200) + first * second)
    pairs = sorted(set(zip(first.tolist(), second.tolist())))
    joint = np.array([pairs.index(pair) for pair in zip(first.tolist(), second.tolist())])
    expected = factor_test(strata_statistics(y, joint, len(pairs)), origin)
    found = interaction_test(y, first, 4, second, 3, origin)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    # so many possible pairs that they are not counted one by one
    many = interaction_test(y, first * 1000, 4000, second * 500, 1500, origin)
    np.testing.assert_allclose(many, expected, rtol=1e-12)


@pytest.mark.parametrize(
    "q_1, q_2, q_12, expected",
    [
        (0.2, 0.3, 0.1, "weaken, nonlinear"),
        (0.2, 0.3, 0.2, "weaken, uni-variable"),
        (0.2, 0.3, 0.25, "weaken, uni-variable"),
        (0.3, 0.2, 0.3 + 1e-13, "weaken, uni-variable"),
        (0.2, 0.3, 0.4, "enhance, bi-variable"),
        (0.2, 0.3, 0.5, "independent"),
        (0.1, 0.2, 0.1 + 0.2, "independent"),
        (0.2, 0.3, 0.5 - 1e-13, "independent"),
        (0.2, 0.3, 0.6, "enhance, nonlinear"),
    ],
)
def test_interaction_types(q_1, q_2, q_12, expected):
    assert interaction_type(q_1, q_2, q_12) == expected


def test_risk_equals_welch():
    random = np.random.default_rng(7)
    codes = np.repeat(np.arange(4), [3, 20, 50, 8])
    raw = random.normal(size=codes.size) * (1 + codes) + codes
    y, _ = centred(raw)
    tests = risk_tests(strata_statistics(y, codes, 4))
    assert list(zip(tests.first.tolist(), tests.second.tolist())) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    for i, j, t, p in zip(tests.first, tests.second, tests.t, tests.p):
        expected = stats.ttest_ind(raw[codes == i], raw[codes == j], equal_var=False)
        assert (t, p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10)
    order = np.argsort(tests.p)
    by_hand = np.minimum(np.maximum.accumulate(tests.p[order] * np.arange(6, 0, -1)), 1)
    np.testing.assert_allclose(tests.p_holm[order], by_hand, rtol=1e-14)


def test_pairs_without_variance_are_not_tested():
    # 0.1 * 3 is no multiple of 0.1 in binary: the variance of equal values must be 0 all the same
    raw = np.array([0.1, 0.1, 0.1, 0.7, 0.7, 0.7, 5.0, 1.0, 2.0, 4.0])
    codes = np.array([0, 0, 0, 1, 1, 1, 2, 3, 3, 3])
    tests = risk_tests(strata_statistics(centred(raw)[0], codes, 4))
    tested = {(int(i), int(j)) for i, j, p in zip(tests.first, tests.second, tests.p) if not np.isnan(p)}
    assert tested == {(0, 3), (1, 3)}
    assert np.isnan(tests.p_holm).tolist() == np.isnan(tests.p).tolist()
    # two tests were made, not six
    smaller, larger = sorted(tests.p[[2, 4]])
    assert sorted(tests.p_holm[[2, 4]]) == pytest.approx([2 * smaller, max(2 * smaller, larger)], rel=1e-14)


def test_ecological_is_two_sided():
    f, p = ecological_test(3.0, 2.0, 100)
    assert f == 1.5
    assert p == pytest.approx(2 * stats.f.sf(1.5, 99, 99), rel=1e-12)
    turned_f, turned_p = ecological_test(2.0, 3.0, 100)
    assert turned_f == pytest.approx(1 / 1.5)
    assert turned_p == p
    assert ecological_test(2.0, 2.0, 100) == (1.0, pytest.approx(1.0))
    assert np.isnan(ecological_test(0.0, 0.0, 9)).all()
    assert ecological_test(1.0, 0.0, 9) == (np.inf, 0.0)


# Properties -----------------------------------------------------------------------------------------------------------

number = st.floats(-1e3, 1e3, allow_nan=False).map(lambda v: round(v, 3))
rows = st.lists(st.tuples(number, st.integers(0, 4), st.integers(0, 3)), min_size=6, max_size=60).filter(
    lambda r: len({v for v, _, _ in r}) > 1
)
several = settings(max_examples=60, deadline=None)


def q_tests(table, shift=0.0, scale=1.0):
    raw = np.array([row[0] for row in table]) * scale + shift
    y, origin = centred(raw)
    y -= y.mean()
    codes = [np.unique([row[i] for row in table], return_inverse=True) for i in (1, 2)]
    (_, a), (_, b) = codes
    single = [factor_test(strata_statistics(y, c, labels.size), origin) for labels, c in codes]
    return (*single, interaction_test(y, a, codes[0][0].size, b, codes[1][0].size, origin))


@several
@given(rows)
def test_q_lies_between_0_and_1_and_a_refinement_never_lowers_it(table):
    first, second, joint = q_tests(table)
    for test in (first, second, joint):
        assert 0 <= test.q <= 1
        assert np.isnan(test.p_f) or 0 <= test.p_f <= 1
        assert np.isnan(test.p) or 0 <= test.p <= 1
    assert joint.q >= max(first.q, second.q) - 1e-12


@several
@given(rows, st.randoms(use_true_random=False))
def test_order_of_rows_and_names_of_strata_do_not_matter(table, random):
    expected = q_tests(table)
    turned = list(table)
    random.shuffle(turned)
    names = [random.sample(range(100), 5) for _ in range(2)]
    turned = [(v, names[0][a], names[1][b]) for v, a, b in turned]
    for test, other in zip(expected, q_tests(turned)):
        assert other.q == pytest.approx(test.q, abs=1e-12)


@several
@given(rows, st.sampled_from([-1e4, -3.0, 0.5, 1e4]), st.sampled_from([-1.0, 1e-3, 0.1, 250.0]))
def test_shift_and_scale_of_the_target_do_not_matter(table, shift, scale):
    raw = np.array([row[0] for row in table])
    for test, other in zip(q_tests(table), q_tests(table, shift, scale)):
        # what the shift rounds off the target itself
        lost = 1e-15 * (abs(shift) + abs(scale) * np.abs(raw).max()) / (abs(scale) * raw.std())
        assert other.q == pytest.approx(test.q, abs=1e-12 + 4 * lost)
        if not np.isnan(test.p_f) and test.q < 1 - 1e-6:
            assert other.p_f == pytest.approx(test.p_f, rel=1e-6, abs=1e-9)


def test_the_published_p_depends_on_the_origin_and_p_f_does_not():
    random = np.random.default_rng(2)
    codes = np.repeat(np.arange(3), [10, 30, 80])
    y, origin = centred(random.normal(size=120) + codes)
    strata = strata_statistics(y, codes, 3)
    near, far = factor_test(strata, origin), factor_test(strata, origin + 1000)
    assert near.p < 0.01
    assert far.p > 0.99
    assert (near.q, near.p_f) == (far.q, far.p_f)

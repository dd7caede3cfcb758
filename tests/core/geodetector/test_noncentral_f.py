"""The upper tail of noncentral F against numbers of 40 digits."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special

from nep_toolbox.core.geodetector.noncentral_f import LARGEST, noncentral_f_tail

# f, df_1, df_2, lambda, P(F' > f): the Poisson mixture summed with 40 digits (mpmath)
EXACT = [
    (28.2561188976884, 4, 180, 101.925575855463, 0.37214548590694045),
    (38.7, 8, 176, 152.8, 0.00013046390024273488),
    (45.77, 6, 178, 199, 0.043343286421448197),
    (300, 5, 700, 50, 2.606984498425231e-115),
    (900, 6, 706, 198, 5.1735454895510377e-202),
    (2, 3, 50, 0.001, 0.12604050048154306),
    (1.5, 44, 660, 20, 0.41916577761681689),
    (0.01, 3, 20, 5, 0.99988156125453327),
    (12.5, 2, 9997, 3, 0.00096496782201372298),
    (400, 7, 9992, 1500, 2.9547868066996727e-40),
    (5, 6, 1000000, 10, 0.042860328876155114),
    (500, 6, 999993, 600, 1.6899524796254759e-200),
]


@pytest.mark.parametrize("f, df_1, df_2, noncentrality, expected", EXACT)
def test_exact_values(f, df_1, df_2, noncentrality, expected):
    # the logarithms of gamma functions in the oldest scipy's beta tail cancel: they are as large as df_2 log df_2
    rtol = max(1e-12, np.finfo(float).eps * df_2 * np.log(df_2))
    assert noncentral_f_tail(f, df_1, df_2, noncentrality) == pytest.approx(expected, rel=rtol, abs=0)


def test_equals_boost_where_that_is_right():
    # another algorithm, in scipy since 1.9; nothing below 1e-230, nor lambda of 0 or above 1e6
    from scipy.stats import ncf

    rng = np.random.default_rng(13)
    df_1, df_2 = rng.integers(1, 60, 300), (10.0 ** rng.uniform(1, 6, 300)).round()
    noncentrality = 10.0 ** rng.uniform(-5, 6, 300)
    f = (noncentrality / df_1 + 1) * 10.0 ** rng.normal(0, 0.3, 300)
    expected = ncf.sf(f, df_1, df_2, noncentrality)
    found = [noncentral_f_tail(*one) for one in zip(f, df_1, df_2, noncentrality)]
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-230)
    assert ((expected > 1e-200) & (expected < 0.01)).sum() > 30


@pytest.mark.parametrize("f, df_1, df_2", [(0.3, 3, 20), (45.8, 6, 178), (900.0, 6, 700)])
def test_without_noncentrality_it_is_the_central_tail(f, df_1, df_2):
    from scipy.special import fdtrc

    assert noncentral_f_tail(f, df_1, df_2, 0.0) == fdtrc(df_1, df_2, f)
    assert noncentral_f_tail(f, df_1, df_2, 1e-12) == pytest.approx(fdtrc(df_1, df_2, f), rel=1e-9)


def test_grows_with_noncentrality_and_falls_with_f():
    by_lambda = [noncentral_f_tail(5.0, 6, 700, x) for x in (0, 0.1, 1, 10, 30, 100, 1e3, 1e6, 1e12)]
    assert by_lambda == sorted(by_lambda)
    assert by_lambda[-1] == 1.0
    by_f = [noncentral_f_tail(f, 6, 700, 30.0) for f in (0, 0.1, 1, 3, 10, 30, 100, 300)]
    assert by_f == sorted(by_f, reverse=True)
    assert by_f[0] == 1.0


def test_a_large_noncentrality_does_not_stop_the_process():
    # half of the distribution lies above its centre, to the skewness left; other implementations overflow an integer
    assert noncentral_f_tail(1e10 / 6, 6, 1e6, 1e10) == pytest.approx(0.5, abs=1e-3)


def test_limits():
    assert noncentral_f_tail(np.inf, 3, 20, 5.0) == 0.0
    assert noncentral_f_tail(0.0, 3, 20, 5.0) == 1.0
    assert np.isnan(noncentral_f_tail(np.nan, 3, 20, 5.0))


@pytest.mark.parametrize("degrees", [(2, 30), (5, 1000), (1, 3)])
def test_a_huge_noncentrality_comes_to_an_end(degrees):
    """F is about noncentrality / df_1 then, of a spread of its order; where no digit is left there is no tail."""
    for noncentrality in (1e12, LARGEST):
        tails = [noncentral_f_tail(noncentrality / degrees[0] * share, *degrees, noncentrality)
                 for share in (1e-6, 0.5, 1.0, 2.0)]
        assert tails[0] == 1.0 and tails == sorted(tails, reverse=True) and tails[3] >= 0.0
    for noncentrality in (2e15, 1e17, 1e100, np.inf):
        assert np.isnan(noncentral_f_tail(1e15, *degrees, noncentrality))


@pytest.mark.parametrize(("noncentrality", "digits"), [(1e10, 1e-6), (1e12, 1e-4), (1e15, 5e-2)])
def test_a_large_noncentrality_leaves_the_denominator(noncentrality, digits):
    """Beside such a numerator only the chi-squared denominator varies: F is noncentrality / df_1 times df_2 / it."""
    for share in (0.5, 0.9, 1.0, 1.1, 2.0):
        f = noncentrality / 2 * share
        limit = scipy.special.gammainc(15.0, 30.0 * (noncentrality + 2) / (2 * 2 * f))
        assert noncentral_f_tail(f, 2, 30, noncentrality) == pytest.approx(limit, rel=digits)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("size", [10**7, 10**8, 10**9])
def test_of_many_values_the_median_is_where_the_normal_approximation_has_it(size, share):
    """(lambda + df_1) / ratio is chi-squared but for what lambda adds; the rest is skewness, below 1 / sqrt(lambda)."""
    ratio = share / (1 - share)
    noncentrality = ratio * (size - 8 - 2 / 3) - 7
    tail = noncentral_f_tail(ratio * (size - 8) / 7, 7, size - 8, noncentrality)
    assert abs(tail - 0.5) < 1 / noncentrality**0.5

"""The four geographical detectors, from counts, sums and sums of squares of strata.

The target enters centred on its mean; q, F and the tests do not depend on its origin. Only lambda of the published
p-value does, and gets the mean apart.

References
----------
Wang, J.-F., Li, X.-H., Christakos, G. et al. (2010). Geographical detectors-based health risk assessment. Int. J.
Geogr. Inf. Sci. 24, 107-127. doi:10.1080/13658810802443457
Wang, J.-F., Zhang, T.-L. and Fu, B.-J. (2016). A measure of spatial stratified heterogeneity. Ecol. Indic. 67,
250-256. doi:10.1016/j.ecolind.2016.02.052
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..significance import holm, student_two_sided_p
from .noncentral_f import noncentral_f_tail

SAME = 1e-12  # q values closer than this are equal


class Strata(NamedTuple):
    """Sufficient statistics of the strata of one factor; arrays (L,)."""

    count: np.ndarray
    mean: np.ndarray  # of the centred target
    within: np.ndarray  # sum of squares about the stratum's mean


class QTest(NamedTuple):
    """Power of determinant and its two p-values; NaN where a test is not defined."""

    q: float
    p: float
    p_f: float


class PairTests(NamedTuple):
    """Welch's t tests between every two strata; arrays (pairs,), NaN where a pair cannot be tested."""

    first: np.ndarray
    second: np.ndarray
    t: np.ndarray
    df: np.ndarray
    p: np.ndarray
    p_holm: np.ndarray


def strata_statistics(target: np.ndarray, codes: np.ndarray, number: int) -> Strata:
    """Sufficient statistics of each stratum.

    Parameters
    ----------
    target : float array (n,)
        Centred on its mean.
    codes : int array (n,)
        Stratum of each value, 0 .. ``number`` - 1, each of them present.
    number : int

    Returns
    -------
    Strata
        ``within`` is exactly 0 where all values of a stratum are equal.
    """
    count = np.bincount(codes, minlength=number)
    mean = np.bincount(codes, weights=target, minlength=number) / count
    residual = target - mean[codes]
    within = np.bincount(codes, weights=residual * residual, minlength=number)
    member = np.empty(number)
    member[codes] = target
    differing = np.bincount(codes, weights=target != member[codes], minlength=number)
    constant = differing == 0
    mean[constant] = member[constant]
    within[constant] = 0.0
    return Strata(count, mean, within)


def factor_test(strata: Strata, origin: float = 0.0) -> QTest:
    """Factor detector: q of a stratification with its published and its plain p-value.

    Parameters
    ----------
    strata : Strata
    origin : float
        Mean of the target before centring; the published p depends on it.

    Returns
    -------
    QTest
        ``p`` is the published form (noncentral F, population variance), ``p_f`` the F test of equal means. Both are NaN
        with one stratum, or with as many strata as values.
    """
    count, mean, within = strata
    between = float(np.sum(count * mean * mean))
    return _q_test(count, mean, between, float(within.sum()), origin)


def interaction_test(
    target: np.ndarray,
    codes_1: np.ndarray,
    number_1: int,
    codes_2: np.ndarray,
    number_2: int,
    origin: float = 0.0,
) -> QTest:
    """Interaction detector: q of the strata that two factors form together.

    Parameters
    ----------
    target : float array (n,)
        Centred on its mean.
    codes_1, codes_2 : int arrays (n,)
        Strata of the two factors, 0 .. ``number_1`` - 1 and 0 .. ``number_2`` - 1.
    number_1, number_2 : int
    origin : float
        Mean of the target before centring.

    Returns
    -------
    QTest
    """
    joint = codes_1.astype(np.int64) * number_2 + codes_2
    cells = number_1 * number_2
    if cells > max(4 * target.size, 1 << 16):
        joint = np.unique(joint, return_inverse=True)[1].reshape(-1)
        cells = 0
    count = np.bincount(joint, minlength=cells)
    total = np.bincount(joint, weights=target, minlength=cells)
    present = count > 0
    count, mean = count[present], total[present] / count[present]
    between = float(np.sum(count * mean * mean))
    rest = max(float(np.dot(target, target)) - between, 0.0)
    return _q_test(count, mean, between, rest, origin)


def _q_test(count: np.ndarray, mean: np.ndarray, between: float, within: float, origin: float) -> QTest:
    """q = between / total; F = (N - L) / (L - 1) * between / within."""
    from scipy.special import fdtrc

    total = between + within
    q = between / total
    size, strata = int(count.sum()), count.size
    df_1, df_2 = strata - 1, size - strata
    if df_1 < 1 or df_2 < 1:
        return QTest(q, np.nan, np.nan)
    f = np.inf if within == 0 else between / df_1 / (within / df_2)
    p_f = 0.0 if np.isinf(f) else float(fdtrc(df_1, df_2, f))
    p = noncentral_f_tail(f, df_1, df_2, published_noncentrality(count, mean + origin, total / size))
    return QTest(q, p, p_f)


def published_noncentrality(count: np.ndarray, mean: np.ndarray, variance: float) -> float:
    """lambda of Wang et al. (2016): ``[sum m_h^2 - (sum sqrt(N_h) m_h)^2 / N] / v``.

    Computed as the squared length of what is left of the means after projection on ``sqrt(N_h / N)``, which is the same
    without cancellation.
    """
    direction = np.sqrt(count / count.sum())
    rest = mean - np.dot(direction, mean) * direction
    return float(np.dot(rest, rest) / variance)


def interaction_type(q_1: float, q_2: float, q_12: float) -> str:
    """Name of the interaction of two factors, from their q values and that of their joint strata."""
    lower, upper, total = min(q_1, q_2), max(q_1, q_2), q_1 + q_2
    if q_12 < lower - SAME:
        return "weaken, nonlinear"
    if q_12 <= upper + SAME:
        return "weaken, uni-variable"
    if abs(q_12 - total) <= SAME:
        return "independent"
    return "enhance, bi-variable" if q_12 < total else "enhance, nonlinear"


def risk_tests(strata: Strata) -> PairTests:
    """Risk detector: Welch's t test between the means of every two strata, with Holm-adjusted p-values.

    Parameters
    ----------
    strata : Strata

    Returns
    -------
    PairTests
        A pair with a stratum of one value, or of two strata without variance, cannot be tested: NaN.

    References
    ----------
    Welch, B. L. (1947). The generalization of Student's problem when several different population variances are
    involved. Biometrika 34, 28-35. doi:10.1093/biomet/34.1-2.28
    """
    count, mean, within = strata
    first, second = np.triu_indices(count.size, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = within / (count - 1.0) / count  # squared standard error of a mean
        error = share[first] + share[second]
        t = (mean[first] - mean[second]) / np.sqrt(error)
        parts = share * share / (count - 1.0)
        df = error * error / (parts[first] + parts[second])
    testable = (count[first] > 1) & (count[second] > 1) & (error > 0)
    t, df = np.where(testable, t, np.nan), np.where(testable, df, np.nan)
    p = student_two_sided_p(t, df)
    return PairTests(first, second, t, df, p, holm(p))


def ecological_test(within_1: float, within_2: float, size: int) -> tuple[float, float]:
    """Ecological detector: whether two factors differ in what they leave unexplained.

    Parameters
    ----------
    within_1, within_2 : float
        Sums of squares within the strata of the two factors.
    size : int
        Number of values N.

    Returns
    -------
    f, p : float
        ``F = within_1 / within_2`` and its two-sided p on N - 1 and N - 1 degrees of freedom, which does not depend on
        the order of the factors. NaN where both sums are 0.
    """
    from scipy.special import fdtrc

    if within_1 == 0 and within_2 == 0:
        return np.nan, np.nan
    if within_1 == 0 or within_2 == 0:
        return (0.0 if within_1 == 0 else np.inf), 0.0
    # F and 1 / F have the same distribution: the smaller tail is that of the larger ratio
    larger = max(within_1, within_2) / min(within_1, within_2)
    return within_1 / within_2, min(1.0, 2.0 * float(fdtrc(size - 1, size - 1, larger)))

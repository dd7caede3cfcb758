"""Scores of simulated against observed values."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter
from ..significance import student_two_sided_p
from .pairs import PairSums, ratio, sums_of_pairs

#: Fewest pairs, and years of the scores on annual means, for which a score is given.
LEAST = 3

_UNLIKE = "Observed {} and simulated values {} do not fit: give one of each for every year."


def scores(observed, simulated) -> dict:
    """Scores of two series of annual values.

    Parameters
    ----------
    observed, simulated : arrays (n,)
        Values of the same years; NaN and infinite values are missing, and pairs with both count.

    Returns
    -------
    dict of str to float
        As `scores_of_groups` gives them.

    Raises
    ------
    InvalidParameter
        Where the two are not equally long.
    """
    observed, simulated = (np.asarray(each, dtype=np.float64) for each in (observed, simulated))
    if observed.ndim != 1 or observed.shape != simulated.shape:
        raise InvalidParameter(_UNLIKE.format(observed.shape, simulated.shape))
    sums = sums_of_pairs(
        observed, simulated, np.arange(observed.size), np.zeros(observed.size), max(1, observed.size), 1
    )
    return {name: values[0].item() for name, values in scores_of_groups(sums).items()}


def scores_of_groups(sums: PairSums) -> dict:
    """Scores of groups of pairs, such as the years of the pixels of a class or those of a site.

    Parameters
    ----------
    sums : PairSums
        Arrays (years, groups).

    Returns
    -------
    dict of str to arrays (groups,)
        ``n`` (pairs) and ``years`` (those with a pair); of all pairs, with o observed, s simulated and d = s - o:
        ``bias`` (mean of d), ``rmse``, ``mae``, ``crmse`` (root mean square of d less its mean), ``r`` (Pearson) with
        ``p`` (two-sided, n - 2 degrees of freedom), ``r2``, ``nse`` (1 - sum d^2 / sum (o - mean o)^2), ``kge_2009``,
        ``kge_2012`` and ``kge_2021``, ``slope`` and ``intercept`` of the major axis, ``sd_ratio`` (sd s / sd o),
        ``crmse_ratio`` (over the population sd of o) and ``taylor`` (skill); of the annual means of the group
        ``s_bias``, ``s_rmse`` and ``s_iav``. NaN with fewer than `LEAST` pairs (years), and where a score is not
        defined: of a constant series r and all that need it.

    References
    ----------
    Nash, J. E. and Sutcliffe, J. V. (1970), doi:10.1016/0022-1694(70)90255-6.
    Gupta, H. V. et al. (2009), doi:10.1016/j.jhydrol.2009.08.003 (KGE).
    Kling, H. et al. (2012), doi:10.1016/j.jhydrol.2012.01.011.
    Tang, G. et al. (2021), doi:10.1175/JCLI-D-21-0067.1.
    Collier, N. et al. (2018), doi:10.1029/2018MS001354 (ILAMB).
    Taylor, K. E. (2001), doi:10.1029/2000JD900719.
    """
    whole = sums.of_all_years()
    n = whole.count[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {**_levels(whole), **_of_annual_means(sums)}
    enough = n >= LEAST
    found = {name: np.where(enough, values, np.nan) for name, values in found.items()}
    return {"n": n, "years": np.count_nonzero(sums.count, axis=0), **found}


def _levels(sums: PairSums) -> dict:
    """The scores on all pairs of each group, from sums (1, groups)."""
    n = sums.count[0].astype(np.float64)
    oo, ss, dd, so = sums.squares[:, 0]
    (mean_o,), (mean_s,) = sums.means()
    bias = sums.apart[0, 0] / n
    square = dd + n * bias**2
    varies = (oo > 0) & (ss > 0)
    r = np.where(varies, np.clip(so / np.sqrt(oo * ss), -1.0, 1.0), np.nan)
    a = np.where(varies, np.sqrt(ss / oo), np.nan)
    b = np.where(mean_o != 0, mean_s / mean_o, np.nan)
    spread_of = np.where(mean_s != 0, a / b, np.nan)
    away = (mean_s - mean_o) / np.sqrt(oo / (n - 1.0))
    slope = np.where(varies & (so != 0), (ss - oo + np.hypot(ss - oo, 2.0 * so)) / (2.0 * so), np.nan)
    # 1 - r^2 of a perfect fit is 0: t is infinite, and p is 0.
    t = r * np.sqrt((n - 2.0) / (1.0 - r**2))
    return {
        "bias": bias,
        "rmse": np.sqrt(square / n),
        "mae": sums.apart[1, 0] / n,
        "crmse": np.sqrt(dd / n),
        "r": r,
        "p": student_two_sided_p(t, n - 2.0),
        "r2": r**2,
        "nse": np.where(oo > 0, 1.0 - square / oo, np.nan),
        "kge_2009": 1.0 - np.sqrt((r - 1.0) ** 2 + (a - 1.0) ** 2 + (b - 1.0) ** 2),
        "kge_2012": 1.0 - np.sqrt((r - 1.0) ** 2 + (spread_of - 1.0) ** 2 + (b - 1.0) ** 2),
        "kge_2021": 1.0 - np.sqrt((r - 1.0) ** 2 + (a - 1.0) ** 2 + away**2),
        "slope": slope,
        "intercept": mean_s - slope * mean_o,
        "sd_ratio": a,
        "crmse_ratio": np.where(varies, np.sqrt(dd / oo), np.nan),
        "taylor": 4.0 * (1.0 + r) / (2.0 * (a + 1.0 / a) ** 2),
    }


def _of_annual_means(sums: PairSums) -> dict:
    """The scores of ILAMB on the annual means of each group."""
    years, groups = sums.count.shape
    observed, simulated = sums.means()
    year, group = np.indices((years, groups))
    of_means = sums_of_pairs(
        observed.ravel(), simulated.ravel(), year.ravel(), group.ravel(), years, groups
    ).of_all_years()
    n = of_means.count[0].astype(np.float64)
    oo, ss, dd, _so = of_means.squares[:, 0]
    defined = (n >= LEAST) & (oo > 0)
    sd = np.sqrt(ratio(oo, n))
    found = {
        "s_bias": np.exp(-np.abs(of_means.apart[0, 0] / n) / sd),
        "s_rmse": np.exp(-np.sqrt(dd / n) / sd),
        "s_iav": np.exp(-np.abs(np.sqrt(ss) - np.sqrt(oo)) / np.sqrt(oo)),
    }
    return {name: np.where(defined, values, np.nan) for name, values in found.items()}

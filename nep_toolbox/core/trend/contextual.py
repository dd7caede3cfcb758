"""The contextual Mann-Kendall test: each pixel is tested together with the pixels around it.

References
----------
Neeti, N. and Eastman, J. R. (2011). doi:10.1111/j.1467-9671.2011.01280.x
"""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..significance import normal_two_sided_p
from ..surroundings import Surrounded, window_sums
from .serial_correlation import Correction
from .theil_sen import NO_OUTCOME, TEST, trend

#: Cells to each side that a pixel is tested with: windows of 3 x 3.
REACH = 1


def require_no_correction(correction) -> None:
    """Raise InvalidParameter where the test shall allow for serial correlation too."""
    if correction != Correction.NONE:
        raise InvalidParameter(
            "⟨CONTEXTUAL⟩ and ⟨CORRECTION⟩ are two tests, of which a run makes one: switch the contextual test off, or "
            "choose no correction for serial correlation."
        )


def trend_of(stack, **options) -> tuple:
    """The trend of a block, by the contextual test where the block comes with its surroundings.

    Parameters
    ----------
    stack : array (n, rows, cols), or Surrounded
    **options
        Of `trend`; ``years`` and ``wanted`` are required.

    Returns
    -------
    found : dict
        As `trend` or `contextual_trend` gives it.
    own_p : bool
        Whether about every pixel has a p of its own, as under a correction and by the contextual test; else p depends
        on S, the ties and the number of values only.
    """
    if isinstance(stack, Surrounded):
        return contextual_trend(stack, **options), True
    return trend(stack, **options), options.get("correction", Correction.NONE) != Correction.NONE


def contextual_trend(around: Surrounded, years, *, wanted, correction=Correction.NONE, **options) -> dict:
    """The trend of a block, with the contextual test in place of that of each pixel alone.

    Parameters
    ----------
    around : Surrounded
        Values (n, rows, cols) in order of time, NaN is missing, with `REACH` cells around the block.
    years : array (n,)
        Time of each step, strictly increasing.
    wanted : collection of str
        Names of the results of `trend` to compute.
    correction : Correction
        None: there is no such test.
    **options
        The others of `trend`.

    Returns
    -------
    dict of arrays (rows, cols) of the block
        What is wanted. ``s``, ``var_s``, ``z`` and ``p_value`` are those of `contextual_test`, no test has an
        ``outcome``, and all others are those of the pixel alone. Beside them ``members``, as `contextual_test` gives
        it.

    Raises
    ------
    InvalidParameter
        If there is a correction, and as `trend`.
    """
    require_no_correction(correction)
    found = trend(around.values, years, wanted={*wanted}.difference(TEST).union(("s", "var_s")), **options)
    found.update(contextual_test(around.values, found["s"], found["var_s"]))
    found["outcome"] = np.full(found["s"].shape, NO_OUTCOME, dtype=np.int32)
    return {name: around.inner(found[name]) for name in (*wanted, "members")}


def contextual_test(stack, s, var_s) -> dict:
    """Mann-Kendall test of the mean S of the complete pixels in the window around each pixel.

    Parameters
    ----------
    stack : float array (n, rows, cols)
        Values in order of time. A pixel is complete where all of them are finite.
    s, var_s : arrays (rows, cols)
        S of each pixel, and its variance with ties.

    Returns
    -------
    dict of arrays (rows, cols)
        ``s``, ``var_s``, ``z`` and ``p_value`` (float64), NaN where the pixel itself is not complete, and ``members``
        (int64), the number of complete pixels in its window, itself included, and 0 where it is not complete. z and p
        are NaN too where a sum of squares in the window is beyond the range of float64.

    Notes
    -----
    With the m complete pixels g, h of the window: S = mean S_g, Var = sum_gh r'_gh sqrt(V_g V_h) / m^2, where r'_gg is
    1 and r'_gh is (n - 1) / n times Pearson's correlation of the two series. Z = S / sqrt(Var) without a continuity
    correction, and 0 where S is 0; p is two-sided.
    """
    complete = np.isfinite(stack[0])
    for values in stack[1:]:
        complete &= np.isfinite(values)
    members = window_sums(complete.astype(np.float64), REACH)
    members[~complete] = np.nan
    mean_s = window_sums(np.where(complete, s, 0.0), REACH) / members
    variance = _variance_of_sum(stack, complete, np.where(complete, var_s, 0.0)) / members**2
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(mean_s == 0, 0.0, mean_s / np.sqrt(variance))
    return {"s": mean_s, "var_s": variance, "z": z, "p_value": normal_two_sided_p(z),
            "members": np.nan_to_num(members).astype(np.int64)}


def _variance_of_sum(stack, complete, variances) -> np.ndarray:
    """Variance of the sum of S over the window of each pixel, given those of the pixels (0 where not complete).

    No pair of pixels is looked at. With u_g the series g less its mean, divided by the root of its sum of squares,
    r_gh is the product u_g u_h, so that sum_gh r_gh sqrt(V_g V_h) is the squared length of sum_g sqrt(V_g) u_g: a sum
    over the window for each time step. What the diagonal has beyond (n - 1) / n is sum_g V_g / n.
    """
    n, shape = len(stack), complete.shape
    mean, squares, length = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        # step by step: a sum must not depend on what lies beside a pixel
        for values in stack:
            mean += values
        mean /= n
        for values in stack:
            checkpoint()
            squares += (values - mean) ** 2
        squares[~((squares >= np.finfo(np.float64).tiny) & np.isfinite(squares))] = np.nan
        weight = np.where(variances > 0, np.sqrt(variances / squares), 0.0)  # equal values have no variance
        for values in stack:
            checkpoint()
            length += window_sums(np.where(complete, (values - mean) * weight, 0.0), REACH) ** 2
        return (n - 1) / n * length + window_sums(variances, REACH) / n

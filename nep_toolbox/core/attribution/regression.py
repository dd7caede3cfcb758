"""Regression of every pixel's series on several drivers, and what it says of their trends.

References
----------
Evans, J. and Geerken, R. (2004). doi:10.1016/S0140-1963(03)00121-6
Wessels, K. J. et al. (2012). doi:10.1016/j.rse.2012.06.022
Björck, Å. (1967). doi:10.1007/BF01934122
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..trend.theil_sen import require_years
from .problems import DETRENDED, DIFFERENCES, PLAIN, Problems, problems
from .tails import two_sided_p, upper_p

#: What a dialog calls them, by their number.
METHODS = ["Plain (RESTREND)", "Detrended (the year held constant)", "First differences"]

#: `Fit.status`.
FINE, TOO_FEW, CONSTANT, DEPENDENT, COLLINEAR = range(5)

#: Drivers are linearly dependent where 1 / VIF is below.
TOLERANCE = 1e-10

#: What is left of a series without its line, or in its differences, is nothing where it is a smaller share of its
#: length.
LINE_SHARE = 1e-10

#: A slope is 0 where it is a smaller share of the standard deviation of the target over that of the years.
ZERO_SHARE = 1e-12

#: Pixels that are worked on at a time.
CHUNK_PIXELS = 8192


class Fit(NamedTuple):
    """Result of `fit`; k drivers. NaN where ``status`` is `TOO_FEW`, `CONSTANT` or `DEPENDENT`.

    Attributes
    ----------
    count : int32 array (pixels,)
        Years in which the target and all drivers have a value.
    df : int32 array (pixels,)
        Degrees of freedom of the residuals.
    coefficients : array (k, pixels)
        Target per unit of the driver.
    intercept : array (pixels,)
        mean(y) - sum of b mean(x).
    r_squared, adjusted_r_squared, f, p_value : arrays (pixels,)
        Of all drivers together: with `DETRENDED` beyond the year, with `DIFFERENCES` of the differences.
    t, partial_r, driver_p, beta : arrays (k, pixels)
        t of each coefficient, correlation with all others held (the year too with `DETRENDED`), two-sided p, and the
        coefficient of the standardised variables that the fit is of.
    vif : array (k, pixels)
        Variance inflation of each driver among the others, infinite where it depends on them; of the series as they
        are, whatever the method. Given where ``status`` is `DEPENDENT` too.
    condition : array (pixels,)
        sqrt(largest / smallest eigenvalue) of the correlation matrix of the drivers; NaN unless it is asked for.
    slope, slope_climate, slope_residual : arrays (pixels,)
        Least-squares slopes a year of the target, of the sum of the drivers' parts, and of the rest.
    residual_p : array (pixels,)
        Two-sided p of ``slope_residual`` by the t test of the year, with `DETRENDED`; else NaN.
    contributions : array (k, pixels)
        Slope a year of each driver's part: with ``slope_residual`` they add up to ``slope``.
    status : int8 array (pixels,)
        `FINE`; `TOO_FEW` years; `CONSTANT`: the target or a driver does not vary, or the target is a line where the fit
        is beyond the year; `DEPENDENT`: drivers are linearly dependent, among each other or with the year where the fit
        has one; `COLLINEAR`: the largest VIF is above ``max_vif``, and what belongs to single drivers
        (``coefficients``, ``t``, ``partial_r``, ``driver_p``, ``beta``, ``contributions``) is NaN.
    blame : int8 array (pixels,)
        Where it is `CONSTANT`: 0 for the target, j for the j-th driver; where `DEPENDENT` or `COLLINEAR`: the driver
        with the largest VIF; else -1.
    along : int8 array (pixels,)
        Where the variance inflation of the year among the drivers is above ``max_vif``, so that what is the drivers' of
        the trend and what the rest's can hardly be told apart: the driver that is nearest to a line over the years, the
        first is 1; else 0. With `DIFFERENCES` the year is the constant of the fit; with `PLAIN` it is always 0.
    weights : array (k, pixels)
        ``coefficients``, where it is `COLLINEAR` too: their sum stands where they do not.
    means : array (k + 1, pixels)
        Of the target and each driver over the ``count`` years.
    """

    count: np.ndarray
    df: np.ndarray
    coefficients: np.ndarray
    intercept: np.ndarray
    r_squared: np.ndarray
    adjusted_r_squared: np.ndarray
    f: np.ndarray
    p_value: np.ndarray
    t: np.ndarray
    partial_r: np.ndarray
    driver_p: np.ndarray
    beta: np.ndarray
    vif: np.ndarray
    condition: np.ndarray
    slope: np.ndarray
    slope_climate: np.ndarray
    slope_residual: np.ndarray
    residual_p: np.ndarray
    contributions: np.ndarray
    status: np.ndarray
    blame: np.ndarray
    along: np.ndarray
    weights: np.ndarray
    means: np.ndarray


_SINGLE = ("coefficients", "t", "partial_r", "driver_p", "beta", "contributions")
_EACH = (*_SINGLE, "vif", "weights")
_NOT_ALWAYS = ("condition", "residual_p")
_INTEGERS = {"count": np.int32, "df": np.int32, "status": np.int8, "blame": np.int8, "along": np.int8}


def fit(y, drivers, years, *, method=DETRENDED, min_df=5, max_vif=10.0, condition=False) -> Fit:
    """Least squares of each pixel's series on its drivers.

    Parameters
    ----------
    y : array (n, pixels)
        The target; NaN and infinite values are missing. A year counts where the target and all drivers have a value.
    drivers : array (k, n, pixels) or sequence of k arrays (n, pixels)
    years : array (n,)
        Increasing.
    method : int
        `PLAIN`: y on X; `DETRENDED`: y on X and the year, the same as the detrended y on the detrended X; or
        `DIFFERENCES`: differences between calendar years that follow each other on those of X and a constant.
    min_df : int
        Fewest degrees of freedom of the residuals, at least 1.
    max_vif : float
        Largest VIF with which single drivers are told apart, or all of them from the rest.
    condition : bool
        Whether the condition number is wanted.

    Returns
    -------
    Fit

    Raises
    ------
    InvalidParameter
        If the shapes differ, there is no driver, or a parameter is out of range.

    Notes
    -----
    By products of the centred series where these keep their digits, which is in most pixels and fast, else by modified
    Gram-Schmidt, the target last, which is as stable as Householder's factorisation and needs no scaling (Björck 1967).
    Products of the raw values are never formed.
    """
    y, drivers, years = _checked(y, drivers, years, method, min_df)
    k, pixels = len(drivers), y.shape[1]
    if pixels == 1:  # a lone column would be added up in another order
        two = fit(y.repeat(2, axis=1), [each.repeat(2, axis=1) for each in drivers], years, method=method,
                  min_df=min_df, max_vif=max_vif, condition=condition)
        return Fit(*(each[..., :1] for each in two))
    found = Fit(**{name: _unknown(name, k, pixels) for name in Fit._fields})
    least = min_df + 1 + k + (method == DETRENDED)
    parts = -(-pixels // max(2, CHUNK_PIXELS))
    for number in range(parts):
        checkpoint()
        part = slice(pixels * number // parts, pixels * (number + 1) // parts)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            posed = problems(y[:, part], [each[:, part] for each in drivers], years, method, least)
            results = _results(posed, method, min_df, max_vif, condition)
        for name, result in results.items():
            getattr(found, name)[..., part] = result
    return found


def climate_and_residual(found: Fit, y, drivers) -> tuple[np.ndarray, np.ndarray]:
    """The series of what the drivers explain, and the rest.

    Parameters
    ----------
    found : Fit
    y, drivers
        What it is the fit of.

    Returns
    -------
    climate, residual : float64 arrays (n, pixels)
        a + Xb and y - (a + Xb), which add up to ``y``; NaN in years in which the target or a driver has no value. What
        is left by a perfect fit is 0, not rounding.
    """
    climate = np.broadcast_to(found.means[0], np.shape(y)).copy()
    for weight, mean, driver in zip(found.weights, found.means[1:], drivers):
        climate += weight * (driver - mean)  # a + Xb, which large numbers in a and Xb cannot spoil
    residual = y - climate
    lost = ~np.isfinite(residual)
    apart = np.abs(y - found.means[0])
    apart[lost] = 0.0
    np.copyto(residual, 0.0, where=np.abs(residual) <= ZERO_SHARE * apart.max(axis=0))
    climate[lost] = residual[lost] = np.nan
    return climate, residual


def _checked(y, drivers, years, method: int, min_df: int) -> tuple:
    y, drivers, years = np.asarray(y), [np.asarray(each) for each in drivers], np.asarray(years, dtype=np.float64)
    if not drivers:
        raise InvalidParameter("there is no driver: give one or more ⟨DRIVERS⟩")
    if any(each.shape != y.shape for each in drivers):
        raise InvalidParameter("the series and its drivers differ in shape")
    require_years(y, years)
    if method not in (PLAIN, DETRENDED, DIFFERENCES):
        raise InvalidParameter("⟨FIT⟩ is no kind of fit: give 0 (plain), 1 (detrended) or 2 (first differences)")
    if min_df < 1:
        raise InvalidParameter("⟨MIN_DF⟩ is below 1: a fit needs a degree of freedom")
    return y, drivers, years


def _unknown(name: str, k: int, pixels: int) -> np.ndarray:
    if name in _INTEGERS:
        return np.empty(pixels, dtype=_INTEGERS[name])
    if name in _NOT_ALWAYS:
        return np.full(pixels, np.nan)
    return np.empty((k + 1, pixels) if name == "means" else (k, pixels) if name in _EACH else pixels)


def _results(posed: Problems, method, min_df, max_vif, condition) -> dict:
    """The results of a few pixels, by name."""
    k = len(posed.means) - 1
    y, x = 0, slice(1, None)
    weights = posed.factors.solution()
    of_drivers, of_design = posed.factors.inverse_diagonals(k)
    own = posed.squares[x] * of_design[:k]
    vif = own if method == PLAIN else posed.squares[x] * of_drivers
    if method == DIFFERENCES:
        vif = posed.squares[x] * posed.levels.inverse_diagonals(k)[0]
        own = np.fmax(posed.spread[x] * of_design, vif)
    df = posed.used - 1 - len(weights)
    status, blame = _status(posed, vif, own, df, min_df, max_vif)
    t = weights / np.sqrt(of_design * (posed.factors.squares_left / df))
    np.copyto(t, 0.0, where=weights == 0)
    weights = weights[:k]
    contributions = weights * posed.slopes[x]
    climate = _sum(contributions)
    zero = ZERO_SHARE * np.sqrt(posed.squares[y] / posed.times_squared)
    slope, climate, residual = (
        np.where(np.abs(each) <= zero, 0.0, each) for each in (posed.slopes[y], climate, posed.slopes[y] - climate)
    )
    (p_values, correlations), along = two_sided_p(t, df), 0
    results = {
        "coefficients": weights.copy(), "weights": weights,
        "intercept": posed.means[y] - _sum(weights * posed.means[x]),
        **_of_all(np.minimum(posed.factors.squares_left / posed.spread[y], 1.0), k, df),
        "t": t[:k], "partial_r": correlations[:k], "driver_p": p_values[:k],
        "beta": weights * np.sqrt(posed.spread[x] * (1.0 / posed.spread[y])), "means": posed.means,
        "slope": slope, "slope_climate": climate, "slope_residual": residual, "contributions": contributions,
    }
    if method == DETRENDED:
        results["residual_p"] = np.where(residual == 0, 1.0, p_values[k])
        along = _along(posed, posed.times_squared * of_design[k], max_vif)
    elif method == DIFFERENCES:
        along = _along(posed, 1.0 + posed.used * posed.factors.inverse_form(posed.steps), max_vif)
    if condition:
        results["condition"] = posed.levels.condition(posed.squares[x])
    without = (status != FINE) & (status != COLLINEAR)
    if status.any():
        for name, result in results.items():
            np.copyto(result, np.nan, where=status != FINE if name in _SINGLE else without)
    vif = np.where(vif < 1.0 / TOLERANCE, np.maximum(vif, 1.0), np.inf)
    np.copyto(vif, np.nan, where=(status == TOO_FEW) | (status == CONSTANT))
    return {
        **results, "vif": vif, "count": posed.count, "df": df, "status": status, "blame": blame,
        "along": np.where(without, 0, along),
    }


def _along(posed: Problems, inflation, max_vif) -> np.ndarray | int:
    """`Fit.along` of pixels that have a fit; ``inflation`` is that of the year."""
    inflated = inflation > max_vif
    if not inflated.any():
        return 0
    lines = posed.slopes[1:] * posed.slopes[1:] / posed.squares[1:]
    return np.where(inflated, 1 + np.argmax(lines, axis=0), 0)


def _sum(terms) -> np.ndarray:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _of_all(unexplained, k: int, df) -> dict:
    """How much all drivers explain; ``unexplained`` is 1 - R squared."""
    return {
        "r_squared": 1.0 - unexplained,
        "adjusted_r_squared": 1.0 - unexplained * ((df + k) / df),
        "f": ((1.0 - unexplained) / k) / (unexplained / df),
        "p_value": upper_p(unexplained, k, df),
    }


def _status(posed: Problems, vif, own, df, min_df, max_vif) -> tuple[np.ndarray, np.ndarray]:
    """`Fit.status` and `Fit.blame`; ``own`` is the variance inflation in the design of the fit."""
    status, blame = np.zeros(df.shape, np.int8), np.full(df.shape, -1, np.int8)

    def mark(where, code, whose):
        where = where & (status == FINE)
        if where.any():
            status[where] = code
            blame[where] = np.broadcast_to(whose, where.shape)[where]

    mark(df < min_df, TOO_FEW, -1)
    line = posed.spread <= LINE_SHARE**2 * posed.squares
    for place, squares in enumerate(posed.squares):
        mark(squares == 0, CONSTANT, place)
        if place == 0:
            mark(line[0], CONSTANT, 0)
    for place, is_line in enumerate(line[1:], start=1):
        mark(is_line, DEPENDENT, place)
    independent = (own < 1.0 / TOLERANCE).all(axis=0)
    if not independent.all():
        mark(~independent, DEPENDENT, 1 + np.argmax(np.where(np.isnan(own), np.inf, own), axis=0))
    collinear = (vif > max_vif).any(axis=0)
    if collinear.any():
        mark(collinear, COLLINEAR, 1 + np.argmax(vif, axis=0))
    return status, blame

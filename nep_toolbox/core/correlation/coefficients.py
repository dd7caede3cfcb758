"""Correlation of two series, of their values or their ranks, plain or partial, pixel by pixel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter, YearNotFound
from ..checkpoint import checkpoint
from ..ranks import rank_balance
from ..significance import student_two_sided_p
from ..sums import sum_over_time

#: What is correlated: the values, or their ranks.
PEARSON, SPEARMAN = 0, 1

CLASS_NODATA = -32768

CLASS_LABELS = {
    -2: "Significant negative correlation",
    -1: "Negative correlation, not significant",
    0: "No correlation",
    1: "Positive correlation, not significant",
    2: "Significant positive correlation",
}

# A column is collinear with others when they leave less than this share of its length unexplained: R squared above
# 1 - 1e-8. Rasters are mostly Float32, where the same quantity in two units agrees only to that order.
COLLINEAR_SHARE = 1e-4

# Values of one chunk of one series: so many that threads seldom wait for one another between two calls of numpy.
CHUNK_VALUES = 2**18

X_EXPLAINED = -1
Y_EXPLAINED = -2


class Correlation(NamedTuple):
    """Coefficient, two-sided p and number of complete steps, each of the shape of one time step.

    ``collinear`` is 0 where all is well, j where the j-th control (from 1) is constant or a linear combination of those
    before it, -1 where the controls explain ``x`` entirely, -2 where they explain ``y``.
    """

    r: np.ndarray
    p_value: np.ndarray
    n: np.ndarray
    collinear: np.ndarray


def pearson(x, y, *, min_observations: int = 8) -> Correlation:
    """Pearson's correlation over time: `correlation` of the values, without controls."""
    return correlation(x, y, min_observations=min_observations)


def partial(x, y, controls, *, min_observations: int = 8) -> Correlation:
    """Partial correlation over time, by Pearson: `correlation` of the values with controls."""
    return correlation(x, y, controls, min_observations=min_observations)


def correlation(x, y, controls=(), *, method: int = PEARSON, min_observations: int = 8) -> Correlation:
    """Correlation over time; with controls the partial one, that is of what is left once they are accounted for.

    Parameters
    ----------
    x, y : arrays (n, ...)
        Two series with time on the first axis; NaN and infinite values are missing.
    controls : array (k, n, ...) or sequence of k arrays (n, ...)
        Control series. A time step counts where ``x``, ``y`` and all controls have a value.
    method : int
        `PEARSON`, or `SPEARMAN`: then each series is replaced by its ranks among the steps that count, equal values by
        the mean of theirs.
    min_observations : int
        Fewest steps for which a result is given, at least 2; with k controls never fewer than k + 3, the least that
        leaves a degree of freedom.

    Returns
    -------
    Correlation
        ``r``: Pearson's r, with controls that of the residuals of ``x`` and ``y`` after least-squares regression on all
        controls and a constant. ``p_value``: that of ``t = r sqrt(df / (1-r^2))`` with df = n-2-k degrees of freedom (1
        for two pairs), of ranks too. Both are NaN where there are too few steps, where a series is constant over them
        and where the controls are collinear.

    Raises
    ------
    InvalidParameter
        Where the shapes differ, or ``min_observations`` is below 2.

    Notes
    -----
    The controls are made orthogonal by modified Gram-Schmidt, which leaves the residuals of ``x`` and ``y`` as right as
    an orthogonal factorisation would (Björck 1967, doi:10.1007/BF01934122).
    """
    x, y, *controls = (np.asarray(values) for values in (x, y, *controls))
    if any(values.shape != x.shape for values in [y, *controls]):
        shapes = ", ".join(str(values.shape) for values in [x, y, *controls])
        raise InvalidParameter(f"The series to correlate differ in shape: {shapes}.")
    if min_observations < 2:
        raise InvalidParameter("A correlation needs at least 2 observations: raise ⟨MIN_OBSERVATIONS⟩.")
    least = max(min_observations, len(controls) + 3) if controls else min_observations

    steps, shape = x.shape[0], x.shape[1:]
    flat = [values.reshape(steps, -1) for values in (x, y, *controls)]
    pixels = flat[0].shape[1]
    r, n, collinear = np.empty(pixels), np.empty(pixels, np.int32), np.empty(pixels, np.int16)
    width = min(pixels, max(1, CHUNK_VALUES // max(steps, 1)))
    room = np.empty((len(flat) + 1, steps * width))  # used by one chunk after the other
    for start in range(0, pixels, width):
        checkpoint()
        part = slice(start, min(start + width, pixels))
        *chunk, product = room[:, : steps * (part.stop - start)].reshape(len(room), steps, -1)
        for values, series in zip(chunk, flat):
            values[...] = series[:, part]
        r[part], n[part], collinear[part] = _chunk(chunk, product, least, method)
    p_value = _p_value(r, n - 2 - len(controls))
    return Correlation(*(plane.reshape(shape) for plane in (r, p_value, n, collinear)))


def _p_value(r: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """The two-sided p of a coefficient with these degrees of freedom."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = r * np.sqrt(degrees / ((1.0 - r) * (1.0 + r)))
    # Two pairs always lie on a line: no evidence at all.
    return np.where(degrees > 0, student_two_sided_p(t, np.maximum(degrees, 1)), np.where(np.isnan(r), np.nan, 1.0))


def correlation_class(r, p_value, alpha: float = 0.05) -> np.ndarray:
    """Classes by sign and significance.

    Parameters
    ----------
    r, p_value : arrays of one shape
    alpha : float
        Level of significance; significant is ``p < alpha``.

    Returns
    -------
    int16 array
        The codes of `CLASS_LABELS`, `CLASS_NODATA` where r or p is missing.
    """
    r, p_value = np.asarray(r), np.asarray(p_value)
    classes = np.sign(np.where(np.isnan(r), 0, r)).astype(np.int16)
    classes[p_value < alpha] *= 2
    classes[np.isnan(r) | np.isnan(p_value)] = CLASS_NODATA
    return classes


def regression_line(x, y) -> tuple[float, float]:
    """Least-squares line through the pairs of two series of numbers.

    Parameters
    ----------
    x, y : arrays (n,)
        NaN and infinite values are missing.

    Returns
    -------
    slope, intercept : float
        NaN where fewer than two pairs are left or ``x`` is constant.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    if not both.any() or np.ptp(x[both]) == 0:
        return np.nan, np.nan
    from_mean = x[both] - x[both].mean()
    slope = float(from_mean @ (y[both] - y[both].mean()) / (from_mean @ from_mean))
    return slope, float(y[both].mean() - slope * x[both].mean())


def require_independent_controls(collinear_pixels: dict, tested_pixels: int, names, method: int = PEARSON) -> None:
    """Refuse controls that are collinear everywhere.

    Parameters
    ----------
    collinear_pixels : dict of int to int
        Number of pixels of each code of `Correlation.collinear` other than 0.
    tested_pixels : int
        Pixels with enough observations.
    names : sequence of str
        Names of the controls, in order.
    method : int
        What was correlated.

    Raises
    ------
    InvalidParameter
        Where no tested pixel is free of collinearity; it names the control that is to blame most often.
    """
    if tested_pixels == 0 or sum(collinear_pixels.values()) < tested_pixels:
        return
    held = "ranks of the control series" if method == SPEARMAN else "control series"
    code = max(collinear_pixels, key=lambda key: collinear_pixels[key])
    if code in (X_EXPLAINED, Y_EXPLAINED):
        which = "input" if code == X_EXPLAINED else "driver"
        raise InvalidParameter(
            f"The {held} explain the {which} series entirely, so nothing is left to correlate. Leave out the "
            f"control that is the {which} itself, or is computed from it: {', '.join(names)}."
        )
    name = names[code - 1]
    others = f", or a linear combination of {', '.join(names[: code - 1])}" if code > 1 else ""
    raise InvalidParameter(
        f"The {held} are collinear: {name} is constant over time{others}. Leave {name} out of the controls."
    )


def common_years(series: dict) -> tuple[list, dict]:
    """Years that all series share, and those left out.

    Parameters
    ----------
    series : dict of str to sequence of int
        Years of each named series.

    Returns
    -------
    years : list of int
        Sorted years that every series has.
    left_out : dict of str to list of int
        Years of each series that some other series lacks; series that lose nothing are not in it.

    Raises
    ------
    YearNotFound
        Where no year is common to all.
    """
    shared = sorted(set.intersection(*(set(years) for years in series.values())))
    if not shared:
        spans = "; ".join(f"{name}: {min(years)}-{max(years)}" for name, years in series.items())
        raise YearNotFound(f"The series have no year in common ({spans}). Give series that overlap, or set ⟨YEARS⟩.")
    left_out = {name: sorted(set(years) - set(shared)) for name, years in series.items()}
    return shared, {name: years for name, years in left_out.items() if years}


def _chunk(series: list, product: np.ndarray, least: int, method: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficient, count and collinearity of a few pixels.

    ``series`` is x, y and the controls, each (n, pixels) float64; it is overwritten, as is ``product``, of their shape.
    """
    valid = np.isfinite(series[0])
    for values in series[1:]:
        valid &= np.isfinite(values)
    n, missing = np.full(valid.shape[1], len(valid)), None
    if not valid.all():
        n, missing = np.add.reduce(valid, axis=0, dtype=np.int32), ~valid
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        prepare = _rank if method == SPEARMAN else _centre
        x, y, *controls = (prepare(values, missing, n) for values in series)
        collinear = _remove_controls(x, y, controls)
        xx, yy, xy = (sum_over_time(np.multiply(a, b, out=product)) for a, b in ((x, x), (y, y), (x, y)))
        # Squares of ranks are whole numbers, whose root gives that of a perfect correlation exactly.
        r = xy / np.sqrt(xx * yy) if method == SPEARMAN else xy / np.sqrt(xx) / np.sqrt(yy)
    r = np.minimum(np.maximum(r, -1.0), 1.0)
    too_few = n < least
    collinear[too_few] = 0
    r[too_few | (collinear != 0) | (xx == 0) | (yy == 0)] = np.nan
    return r, n, collinear


def _centre(values: np.ndarray, missing, n: np.ndarray) -> np.ndarray:
    """Deviations from the mean, 0 where missing.

    The largest value is taken off first: then a large mean cannot cancel, and a constant series becomes exactly 0.
    """
    if missing is None:
        values -= values.max(axis=0)
    else:
        np.putmask(values, missing, -np.inf)
        values -= values.max(axis=0)
        np.putmask(values, missing, 0.0)
    values -= sum_over_time(values) / n
    if missing is not None:
        np.putmask(values, missing, 0.0)
    return values


def _rank(values: np.ndarray, missing, _n) -> np.ndarray:
    """Twice the ranks, from their mean, 0 where missing: whole numbers."""
    if missing is not None:
        np.putmask(values, missing, np.nan)
    values[...] = rank_balance(values)
    return values


def _remove_controls(x: np.ndarray, y: np.ndarray, controls: list) -> np.ndarray:
    """Replace x and y by their residuals on the controls, in place; return the collinearity codes."""
    collinear = np.zeros(x.shape[1], np.int16)
    if not controls:
        return collinear
    basis = []
    for number, column in enumerate(controls, start=1):
        length = np.sqrt(sum_over_time(column * column))
        _project_out(column, basis)
        rest = np.sqrt(sum_over_time(column * column))
        collinear[(collinear == 0) & ~(rest > COLLINEAR_SHARE * length)] = number
        column /= rest  # NaN where nothing is left, which is flagged
        basis.append(column)
    for code, series in ((X_EXPLAINED, x), (Y_EXPLAINED, y)):
        length = np.sqrt(sum_over_time(series * series))
        _project_out(series, basis)
        rest = np.sqrt(sum_over_time(series * series))
        # A constant series (length 0) is missing for that reason, not for the controls.
        collinear[(collinear == 0) & (length > 0) & (rest <= COLLINEAR_SHARE * length)] = code
    return collinear


def _project_out(column: np.ndarray, basis: list) -> None:
    """Take the orthonormal ``basis`` out of a column, in place, one after the other."""
    for direction in basis:
        column -= sum_over_time(column * direction) * direction

"""Where the slope of a series changes: the largest F over all places of a turning point, or of two separate lines.

All sums run over one step after the other, for all pixels at once, so that a pixel does not depend on its neighbours.
They start from the residuals of the straight line, whose size is that of what is left to explain: a large level or a
steep trend costs no digits.

References
----------
Andrews, D. W. K. (1993). doi:10.2307/2951764
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: A series whose squared residuals from a model are no more than this share of its squared deviations from the mean is
#: that model: what is left is the rounding of stored values.
EXACT = 1e-12

#: A series in single precision is a line where it leaves one by no more than this share of its largest value: its
#: values are rounded by up to a quarter of that, and they draw the line with them.
SINGLE_PRECISION = 2.0**-22

#: A later place must have an F that is larger by this share; rounding decides less.
_FURTHER = 1.0 + 1e-12

NO_BREAK = -1


class Line(NamedTuple):
    """Series without their least-squares lines.

    Attributes
    ----------
    residuals : float64 array (n, pixels)
    years : float64 array (n, pixels) or (n, 1)
        Centred: their mean is 0.
    left : float64 array (pixels,)
        The sum of the squared residuals.
    spread : float64 array (pixels,)
        That of the squared deviations from the mean.
    years_spread : float64 array (pixels,) or (1,)
        That of the years.
    """

    residuals: np.ndarray
    years: np.ndarray
    left: np.ndarray
    spread: np.ndarray
    years_spread: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray, years: np.ndarray) -> Line:
        """The lines of complete series (n, pixels) over ``years`` (n, pixels) or (n, 1)."""
        n = len(values)
        centred = years - years[0]
        centred -= _sum(centred) / n
        residuals = values - _sum(values) / n
        spread, years_spread = _products(residuals, residuals), _products(centred, centred)
        _take_slope(residuals, centred, years_spread)
        # What rounding has left of a high level and a steep line counts beside what a bend leaves: once more.
        residuals -= _sum(residuals) / n
        _take_slope(residuals, centred, years_spread)
        return cls(residuals, centred, _products(residuals, residuals), spread, years_spread)


def _take_slope(values: np.ndarray, years: np.ndarray, years_spread: np.ndarray) -> None:
    """Take the slope out of series (n, pixels) whose mean is 0."""
    slope = _products(years, values) / years_spread
    for each, year in zip(values, years):
        each -= slope * year


def slope_change(
    values: np.ndarray, years: np.ndarray, min_segment: int, two_lines: bool = False, rounding: float = 0.0,
) -> tuple:
    """The largest F of a change of slope in complete series, and its place.

    Parameters
    ----------
    values : float64 array (n, pixels)
        No NaN.
    years : float64 array (n, pixels) or (n, 1)
        The time of each step, ascending.
    min_segment : int
        Steps of either part at least: 3 or more, and ``n`` at least twice as many.
    two_lines : bool
        Each part has a line of its own, instead of two that meet at the last step of the first part.
    rounding : float
        A series that leaves its line by no more than this share of its largest absolute value is the line:
        `SINGLE_PRECISION` where the values were stored so.

    Returns
    -------
    statistic : float64 array (pixels,)
        The largest of ``F_k = (RSS_0 - RSS_k) / (RSS_k / (n - p))``, p being 3, or 4 for two lines, RSS_0 the sum of
        the squared residuals of one line. Infinite where the model leaves nothing, 0 for a series that is a line, NaN
        for a constant one.
    last : int32 array (pixels,)
        Place of the last step of the first part, counted from 0; `NO_BREAK` where the series is constant or a line.
    """
    line = Line.of(values, years)
    left = _left_by_two_lines if two_lines else _left_by_turning_point
    n, pixels = values.shape
    freedom = n - (4 if two_lines else 3)
    statistic, last = np.zeros(pixels), np.full(pixels, NO_BREAK, dtype=np.int32)
    with np.errstate(divide="ignore", invalid="ignore"):
        for place, explained, rest in left(line, min_segment):
            f = explained / (np.where(rest <= EXACT * line.spread, 0.0, rest) / freedom)
            higher = f > statistic * _FURTHER
            np.copyto(statistic, f, where=higher)
            np.copyto(last, place, where=higher)
    is_line = line.left <= EXACT * line.spread
    if rounding:
        is_line |= np.abs(line.residuals).max(axis=0) <= rounding * np.abs(values).max(axis=0)
    statistic[is_line], last[is_line] = 0.0, NO_BREAK
    constant = (values == values[0]).all(axis=0)
    statistic[constant], last[constant] = np.nan, NO_BREAK
    return statistic, last


def _left_by_turning_point(line: Line, min_segment: int):
    """For each place of a turning point in order: the place, what the bend explains, and the squares it leaves.

    The bend at a step is b (t - t_k) after it. What it explains beyond the line is A^2 / D, A being the sum of
    residuals times bend, D that of the squares of what is left of the bend by a line. Both are built up from the end.
    """
    n = len(line.residuals)
    found = []
    after = weighted = bend = squares = 0.0  # sums over the later steps: residuals; A; of the bend, and of its squares
    for place in range(n - 2, min_segment - 2, -1):
        step, later = line.years[place + 1] - line.years[place], n - 1 - place
        after = after + line.residuals[place + 1]
        weighted = weighted + step * after
        squares = squares + step * (2.0 * bend + step * later)
        bend = bend + step * later
        if later >= min_segment:
            along = squares + line.years[place] * bend
            own = squares - bend * bend / n - along * along / line.years_spread
            found.append((place, weighted * weighted / own))
    for place, explained in reversed(found):
        yield place, explained, line.left - explained


def _left_by_two_lines(line: Line, min_segment: int):
    """For each place of a break in order: the place, what two lines explain beyond one, and the squares they leave."""
    n = len(line.residuals)
    backwards = list(_squares_left(line.residuals[::-1], line.years[::-1], n - min_segment))
    for place, before in enumerate(_squares_left(line.residuals, line.years, n - min_segment)):
        if place >= min_segment - 1:
            rest = before + backwards[n - 2 - place]
            yield place, line.left - rest, rest


def _squares_left(values: np.ndarray, years: np.ndarray, steps: int):
    """The squared residuals of the line through the first 1, 2, ... ``steps`` steps: only sums of squares are added.

    Each step brings its squared distance from the line before it, times what share of it the new line leaves.
    """
    mean, mean_year = values[0] * 1.0, years[0] * 1.0
    spread, common, left = np.zeros_like(mean_year), np.zeros_like(mean), np.zeros_like(mean)
    yield left
    for count in range(1, steps):
        off, off_year = values[count] - mean, years[count] - mean_year
        weight = count / (count + 1.0)
        if count > 1:
            distance = off - common * (off_year / spread)
            left = left + distance * distance * (1.0 / (1.0 + 1.0 / count + off_year * off_year / spread))
        yield left
        mean, mean_year = mean + off / (count + 1.0), mean_year + off_year / (count + 1.0)
        spread, common = spread + weight * off_year * off_year, common + off * (weight * off_year)


def _sum(stack: np.ndarray) -> np.ndarray:
    """The sum over time, one step after the other: a reduction of numpy would depend on the number of pixels."""
    total = np.zeros(stack.shape[1:])
    for step in stack:
        total += step
    return total


def _products(stack: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The sum over time of the products of two stacks, in the same way."""
    return sum(one * two for one, two in zip(stack, other))

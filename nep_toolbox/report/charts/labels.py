"""Labels that do not cover each other: years beside points, and names beside lines and bars."""

from __future__ import annotations

from ...colours import SEQUENTIAL
from .. import theme

ABOVE, BELOW, RIGHT, LEFT = SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))

#: What plotly calls the sides.
TEXT_POSITIONS = {ABOVE: "top center", BELOW: "bottom center", RIGHT: "middle right", LEFT: "middle left"}

#: Half the width and height of a year, how far its middle lies from its point, and half the size of a point, in pixels.
HALF_WIDTH, HALF_HEIGHT = 15, 7
SHIFT = (23, 14)
HALF_POINT = 6

#: Whole numbers of so many years are written rather than those between.
ROUND_YEARS = 5


def scaled(values: list, size: float) -> list:
    """Values as pixels on an axis of a length that they fill to nine tenths."""
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    return [0.9 * size * (value - low) / (high - low) if high > low else 0.0 for value in values]


def label_sides(years: list, x: list, y: list, sides=None, obstacles=()) -> list:
    """The side of its point on which each year is written.

    Parameters
    ----------
    years : list of int
    x, y : lists of float
        Points in pixels, x to the right and y upwards.
    sides : list, optional
        For each point its `SIDES` in the order of preference.
    obstacles : sequence of (x, y)
        Further marks to keep clear.

    Returns
    -------
    list of tuple or None
        One of `SIDES`; None for a year that has no room. The first and the last year come first, then round ones.
    """
    first, last = (min(years), max(years)) if years else (0, 0)
    order = sorted(range(len(years)), key=lambda place: (
        years[place] not in (first, last), years[place] % ROUND_YEARS != 0, years[place]
    ))
    points = [*zip(x, y), *obstacles]
    taken: list = []
    chosen: list = [None] * len(years)
    for place in order:
        for side in sides[place] if sides else SIDES:
            middle = x[place] + SHIFT[0] * side[0], y[place] + SHIFT[1] * side[1]
            others = (point for position, point in enumerate(points) if position != place)
            if any(_close(middle, label, 2 * HALF_WIDTH, 2 * HALF_HEIGHT) for label in taken):
                continue
            if any(_close(middle, point, HALF_WIDTH + HALF_POINT, HALF_HEIGHT + HALF_POINT) for point in others):
                continue
            taken.append(middle)
            chosen[place] = side
            break
    return chosen


def _close(one: tuple, other: tuple, width: float, height: float) -> bool:
    return abs(one[0] - other[0]) < width and abs(one[1] - other[1]) < height


def year_colours(years: list) -> dict:
    """Settings of markers coloured by year, with a colour bar."""
    return {
        "color": years, "colorscale": theme.colorscale(SEQUENTIAL),
        "colorbar": {"title": {"text": "Year"}, "thickness": 14, "outlinewidth": 0, "tickformat": "d"},
    }


def apart(wanted: list, heights: list, low: float, high: float) -> list:
    """Where to write labels so that they do not overlap and lie as near as can be to where they are wanted.

    Parameters
    ----------
    wanted, heights : list of float
        Middle and height of each, from the top down.
    low, high : float
        What they must lie between, if there is room.

    Returns
    -------
    list of float
        Middles: those with the least sum of squared distances (isotonic regression by pooling neighbours).
    """
    if not wanted:
        return []
    steps = [0.0]
    for one, other in zip(heights, heights[1:]):
        steps.append(steps[-1] + (one + other) / 2)
    pools: list = []  # of labels that touch: the sum of where their first would be, and their number
    for middle, step in zip(wanted, steps):
        pools.append([middle + step, 1])
        while len(pools) > 1 and pools[-1][0] / pools[-1][1] > pools[-2][0] / pools[-2][1]:
            total, count = pools.pop()
            pools[-1] = [pools[-1][0] + total, pools[-1][1] + count]
    top, bottom = high - heights[0] / 2, low + heights[-1] / 2 + steps[-1]
    firsts = [min(max(total / count, bottom), top) for total, count in pools for _ in range(count)]
    return [first - step for first, step in zip(firsts, steps)]

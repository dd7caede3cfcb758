"""The annual means of a series against those of a driver, with their line of regression.

These are panels, to be placed beside maps: they carry no letters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...colours import CATEGORIES
from ..charts.labels import HALF_HEIGHT, HALF_WIDTH, SHIFT, SIDES, label_sides
from . import sheet
from .scales import limits, quiet_ticks
from .texts import measure, value, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DRIVERS = {"precipitation": ("Precipitation", "mm", CATEGORIES[0]), "temperature": ("Temperature", "°C", CATEGORIES[5])}


def scatter(
    rows, driver: str, relation: dict, quantity: str, unit: str, words, size_mm: tuple = (sheet.COLUMN, 66.0)
) -> Figure:
    """A point for each year, the least-squares line, and r and p of the annual means.

    Parameters
    ----------
    rows : list of dict
        ``year``, ``mean`` and a column called like the driver.
    driver : str
        ``precipitation`` or ``temperature``.
    relation : dict
        ``r`` and ``p`` of Pearson's correlation of the two; empty for none.
    quantity, unit : str
        Of the mean.
    words, size_mm
        As in `annual.annual`.
    """
    name, its_unit, colour = DRIVERS[driver]
    points = [(value(row, driver), value(row, "mean"), int(row["year"])) for row in rows]
    points = [point for point in points if math.isfinite(point[0]) and math.isfinite(point[1])]
    x, y = ([point[place] for point in points] for place in range(2))
    with sheet.drawing(words):
        width, height = sheet.size(size_mm, 66.0)
        figure = sheet.blank((width, height), arranged=True)
        axes = figure.subplots()
        axes.scatter(x, y, s=13, color=colour, edgecolors="white", linewidths=0.4, zorder=3)
        axes.set_xlim(*limits(x, 0.09))
        axes.set_ylim(*limits(y, 0.16))
        line = least_squares(x, y)
        if line:
            ends = [min(x), max(x)]
            axes.plot(ends, [line[1] + line[0] * end for end in ends], color=sheet.INK, linewidth=0.9)
        quiet_ticks(axes, int(max(2, width / 16)), "x")
        quiet_ticks(axes, int(max(2, height / 9)))
        axes.set_xlabel(words.quantity(words[name], its_unit))
        axes.set_ylabel(words.quantity(quantity, unit))
        _say(axes, relation, len(points), words, width - 17.0)
        _name_extremes(axes, points, line, (width - 15.0, height - 13.0))
        return sheet.finished(figure)


def least_squares(x: list, y: list) -> tuple:
    """Slope and intercept of the line of regression; empty where x does not vary."""
    if len(x) < 2 or min(x) == max(x):
        return ()
    middle_x, middle_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    square = math.fsum((one - middle_x) ** 2 for one in x)
    slope = math.fsum((one - middle_x) * (other - middle_y) for one, other in zip(x, y)) / square
    return slope, middle_y - slope * middle_x


def _say(axes: Axes, relation: dict, count: int, words, width: float) -> None:
    r, p = value(relation, "r"), value(relation, "p")
    if math.isfinite(r):
        parts = [f"r = {words.number(r, 'r')}", *([words.p(p)] if math.isfinite(p) else []), f"n = {count}"]
        text = wrapped(axes.figure, ", ".join(part.replace(" ", "\u00a0") for part in parts), width)
        axes.annotate(
            text, (0, 1), xycoords="axes fraction", xytext=(2, 2), textcoords="offset points", va="bottom"
        )


def _name_extremes(axes: Axes, points: list, line: tuple, room: tuple) -> None:
    """Write the years of the least and the largest of both beside their points, on axes of about ``room`` mm."""
    if not points:
        return
    x, y, years = zip(*points)
    ends = sorted({values.index(end) for values in (x, y) for end in (min(values), max(values))})
    # label_sides measures in pixels of a page: so many are one mm here.
    pixels = 2 * HALF_WIDTH / measure(axes.figure, "2000")[0]
    whole = [pixels * side for side in room]
    ways = axes.get_xlim(), axes.get_ylim()

    def place_of(point: tuple) -> tuple:
        return tuple(size * (at - low) / (high - low) for at, size, (low, high) in zip(point, whole, ways))

    there = [place_of(point) for point in zip(x, y)]
    others = [point for place, point in enumerate(there) if place not in ends]
    if line:
        steps = [min(x) + (max(x) - min(x)) * step / 12 for step in range(13)]
        others += [place_of((step, line[1] + line[0] * step)) for step in steps]
    free = [_sides_inside(there[end], whole) for end in ends]
    sides = label_sides([years[end] for end in ends], *zip(*(there[end] for end in ends)), free, others)
    for end, side in zip(ends, sides):
        if side is None:
            continue
        axes.annotate(
            str(years[end]), (x[end], y[end]), xytext=(3.5 * side[0], 3.5 * side[1]), textcoords="offset points",
            ha={1: "left", -1: "right", 0: "center"}[side[0]], va={1: "bottom", -1: "top", 0: "center"}[side[1]],
        )


def _sides_inside(point: tuple, whole: list) -> list:
    """The sides of a point on which a year lies inside the axes."""
    halves = HALF_WIDTH, HALF_HEIGHT
    return [
        side for side in SIDES
        if all(half <= at + away * shift <= size - half
               for at, away, shift, half, size in zip(point, side, SHIFT, halves, whole))
    ]

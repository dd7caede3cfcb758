"""The annual means of a series against those of a driver, with their line of regression.

These are panels, to be placed beside maps: they carry no letters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...colours import CATEGORIES
from . import sheet
from .scales import limits, quiet_ticks
from .texts import measure, value, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

DRIVERS = {"precipitation": ("Precipitation", "mm", CATEGORIES[0]), "temperature": ("Temperature", "°C", CATEGORIES[5])}

#: Where the name of a point is written, rightwards and upwards of it, the best side first.
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
#: Half the room of a point and what is kept free around a name, in mm; the height of a digit as a share of its size.
_POINT, _CLEAR, _DIGIT = 0.8, 0.3, 0.75


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
        line = _course(x, y)
        if line:
            axes.plot(*zip(*line), color=sheet.INK, linewidth=0.9)
        quiet_ticks(axes, int(max(2, width / 16)), "x")
        quiet_ticks(axes, int(max(2, height / 9)))
        axes.set_xlabel(words.quantity(words[name], its_unit))
        axes.set_ylabel(words.quantity(quantity, unit))
        _say(axes, relation, len(points), words, width - 17.0)
        sheet.finished(figure)
        if points:
            _name_extremes(axes, points, line)
        return figure


def least_squares(x: list, y: list) -> tuple:
    """Slope and intercept of the line of regression; empty where x does not vary."""
    if len(x) < 2 or min(x) == max(x):
        return ()
    middle_x, middle_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    square = math.fsum((one - middle_x) ** 2 for one in x)
    slope = math.fsum((one - middle_x) * (other - middle_y) for one, other in zip(x, y)) / square
    return slope, middle_y - slope * middle_x


def _course(x: list, y: list) -> list:
    """The ends of the line of regression; none where there is no line."""
    line = least_squares(x, y)
    return [(end, line[1] + line[0] * end) for end in (min(x), max(x))] if line else []


def _say(axes: Axes, relation: dict, count: int, words, width: float) -> None:
    r, p = value(relation, "r"), value(relation, "p")
    if math.isfinite(r):
        parts = [f"r = {words.number(r, 'r')}", *([words.p(p)] if math.isfinite(p) else []), f"n = {count}"]
        text = wrapped(axes.figure, ", ".join(part.replace(" ", "\u00a0") for part in parts), width)
        axes.annotate(
            text, (0, 1), xycoords="axes fraction", xytext=(2, 2), textcoords="offset points", va="bottom"
        )


def _name_extremes(axes: Axes, points: list, line: list) -> None:
    """Write the years of the least and the largest of both beside their points, where there is room for them."""
    from matplotlib.path import Path

    pixels = axes.figure.dpi / sheet.INCH  # of one mm
    places = axes.transData.transform([point[:2] for point in points])
    course = Path(axes.transData.transform(line or [points[0][:2]]))
    taken: list = []

    def free(box: Bbox) -> bool:
        wide = box.padded(_CLEAR * pixels)
        inside = axes.bbox.contains(*wide.min) and axes.bbox.contains(*wide.max)
        covers = wide.count_overlaps(taken) or box.padded(_POINT * pixels).count_contains(places)
        return inside and not covers and not course.intersects_bbox(wide, filled=False)

    for end in _extremes(points):
        name = str(points[end][2])
        size = measure(axes.figure, name)[0] * pixels, _DIGIT * sheet.TEXT * sheet.POINT * pixels
        box = next(filter(free, _beside(places[end], size, pixels)), None)
        if box is None:
            continue
        taken.append(box)
        middle = [(low + high - 2 * at) / 2 for low, high, at in zip(box.min, box.max, places[end])]
        axes.annotate(
            name, points[end][:2], xytext=[away / pixels / sheet.POINT for away in middle], textcoords="offset points",
            ha="center", va="center_baseline",
        )


def _extremes(points: list) -> list:
    """The places of the largest and the least y, then of the largest and the least x."""
    found = [
        choose(range(len(points)), key=lambda place: points[place][axis]) for axis in (1, 0) for choose in (max, min)
    ]
    return list(dict.fromkeys(found))


def _beside(point: tuple, size: tuple, pixels: float) -> Iterator[Bbox]:
    """The boxes in which a name of a size in pixels can be written beside its point, the best first."""
    from matplotlib.transforms import Bbox

    for side in _SIDES:
        away = (_POINT + _CLEAR) * pixels * (0.8 if all(side) else 1.0)
        low = [at + way * (away + length / 2) - length / 2 for at, way, length in zip(point, side, size)]
        yield Bbox.from_bounds(*low, *size)

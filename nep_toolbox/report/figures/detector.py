"""The geographical detector: q of each factor and of each pair, a panel for each date, and the ranks over the dates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ...colours import CATEGORIES, LIGHT_TO_DARK, along
from . import sheet
from .ranks import draw_ranks, ranks_width
from .texts import ink_on, measure, present, value, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The mark of each type of interaction, and whether it is filled, so that the cells can be read without colours.
MARKS = {
    "enhance, nonlinear": ("^", True),
    "enhance, bi-variable": ("^", False),
    "independent": ("s", False),
    "weaken, uni-variable": ("v", False),
    "weaken, nonlinear": ("v", True),
}

#: In mm: the letter and the date above a panel, the axis below its bars, the gap between panels, the colour bar with
#: the legend, and the least width of bars.
_ABOVE, _BELOW, _GAP, _FOOT, _BARS = 5.0, 8.0, 4.0, 11.0, 15.0
#: Letters in cells, in points; the height of the chart of ranks with no factors and of each, in mm.
_CELL_TEXT, _RANKS, _RANK = 5.0, 11.0, 3.8


class _Grid(NamedTuple):
    """What all panels share: factors from top to bottom, their names, and sizes in mm."""

    factors: list
    names: dict
    points: float  # size of the names
    label: float  # width of the names
    bars: float
    cell: float  # width of a cell of the triangle
    row: float  # height of a factor
    below: float  # height of what is written below the last panel of a column
    columns: int
    panel: float

    @property
    def height(self) -> float:
        """Of the rows of a panel."""
        return self.row * len(self.factors)

    def corner(self, place: int, top: float) -> tuple:
        """The lower left corner of a panel below ``top``."""
        down, across = divmod(place, self.columns)
        return 1.0 + across * (self.panel + _GAP), top - (down + 1) * (_ABOVE + self.height) - down * _GAP


def detector(factors, pairs, words, size_mm: tuple = (sheet.PAGE, None)) -> Figure:
    """q of the factors as bars beside the triangle of their pairs, for each date; their ranks over several dates.

    Parameters
    ----------
    factors : list of dict
        ``year``, ``factor``, ``q``, and where there is an interval of it, ``q_lower`` and ``q_upper``.
    pairs : list of dict
        ``year``, ``factor_1``, ``factor_2``, ``q_12``, ``interaction`` (a key of `MARKS`).
    words
        As in `annual.annual`; names of factors go through ``words.label``.
    size_mm : (width, height)
        In mm; the height follows from the number of factors and dates, unless a larger one is given.
    """
    years, order = sorted({int(row["year"]) for row in factors}), _ordered(factors)
    with sheet.drawing(words):
        figure = sheet.blank((size_mm[0], 200.0))
        grid = _grid(figure, order, len(years), size_mm[0], words)
        rows = max(1, -(-len(years) // grid.columns))
        ranks = _RANKS + _RANK * len(order) if len(years) > 1 else 0.0
        # A place that the last row of panels leaves free takes the ranks.
        free = bool(ranks) and len(years) % grid.columns > 0
        height = rows * (_ABOVE + grid.height) + (rows - 1) * _GAP + grid.below + _FOOT + (0.0 if free else ranks)
        width, height = sheet.size((size_mm[0], max(size_mm[1], height) if size_mm[1] else None), height)
        figure.set_size_inches([width / sheet.INCH, height / sheet.INCH])
        scale, most = _scale(pairs), _longest(factors)
        for place, year in enumerate(years):
            corner, last = grid.corner(place, height), place + grid.columns >= len(years)
            axes = _bars(figure, grid, corner, _of(factors, year), most, words, last)
            _triangle(figure, grid, corner, _of(pairs, year), scale, words, last)
            _date(axes, year, place)
        bottom = grid.corner(max(len(years) - 1, 0), height)[1]
        _foot(figure, (bottom - grid.below - _FOOT + 2.0, width), pairs, scale, words)
        if ranks:
            left, room = (grid.corner(1, height)[0], grid.panel) if free else (0.0, width)
            span = min(room, ranks_width(figure, [grid.names[name] for name in order], len(years)))
            place = left + (room - span) / 2, bottom - grid.below + 1.0 if free else 1.0, span, ranks - _ABOVE
            sheet.letter(draw_ranks(figure, factors, order, grid.names, place), len(years))
        return sheet.finished(figure)


def _of(rows, year: int) -> list:
    return [row for row in rows if int(row["year"]) == year]


def _ordered(factors) -> list:
    """Factors by the mean of their q over the dates, the strongest first: one order for all panels."""
    found: dict = {}
    for row in factors:
        found.setdefault(str(row["factor"]), []).append(value(row, "q"))
    mean = {name: math.fsum(present(q)) / max(len(present(q)), 1) for name, q in found.items()}
    return sorted(mean, key=lambda name: (-mean[name], name))


def _grid(figure: Figure, order: list, dates: int, width: float, words) -> _Grid:
    columns = 2 if width >= 120 and dates > 1 else 1
    panel = (width - 2.0 - _GAP * (columns - 1)) / columns
    compact = columns == 1 and dates > 2
    points = sheet.SMALL if compact else sheet.TEXT
    room = (0.3 if compact else 0.27) * min(panel, 90.0)
    names = {name: wrapped(figure, words.label(name), room, points, most=1 if compact else 2) for name in order}
    sizes = [measure(figure, name, points) for name in names.values()]
    label = max((size[0] for size in sizes), default=0.0) + 1.5
    least = 5.4 if not compact else 3.8 if len(order) * dates <= 36 else 2.7
    row = max(least, max((size[1] for size in sizes), default=0.0) + 0.1)
    cells = max(len(order) - 1, 1)
    cell = max(0.5, min(7.5, (panel - label - _BARS - 2.0) / cells))
    bars = max(_BARS / 2, min(70.0, panel - label - 2.0 - cell * cells))
    turned = max((measure(figure, name.replace("\n", " "), points)[0] for name in names.values()), default=0.0) + 2.0
    below = max(turned if len(order) > 1 else 0.0, _BELOW)
    return _Grid(order, names, points, label, bars, cell, row, below, columns, panel)


def _longest(factors) -> float:
    """The largest q and limit of q."""
    return max(present(value(row, key) for row in factors for key in ("q", "q_upper")), default=0.0) or 1.0


def _scale(pairs) -> tuple:
    """Limits of the colours: twentieths around the q of all pairs of all dates."""
    found = present(value(row, "q_12") for row in pairs)
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    return math.floor(20 * low + 1e-9) / 20, max(math.ceil(20 * high - 1e-9), math.floor(20 * low + 1e-9) + 1) / 20


def _bars(figure: Figure, grid: _Grid, corner: tuple, rows: list, most: float, words, last: bool) -> Axes:
    """The bars of one date; the axis below is written where nothing else follows below."""
    axes = sheet.axes_at(figure, corner[0] + grid.label, corner[1], grid.bars, grid.height)
    found = {str(row["factor"]): [value(row, key) for key in ("q", "q_lower", "q_upper")] for row in rows}
    room = measure(figure, words.number(0.0, "q"), sheet.SMALL)[0] + 1.2
    axes.set_xlim(0, most * grid.bars / max(grid.bars - room, 1.0))
    axes.set_ylim(len(grid.factors) - 0.5, -0.5)
    for place, name in enumerate(grid.factors):
        q, *limits = found.get(name, [math.nan] * 3)
        if math.isfinite(q):
            axes.barh(place, q, height=0.62, color=CATEGORIES[0], linewidth=0)
        if all(map(math.isfinite, limits)):  # of itself: near 0, q lies above its upper limit
            axes.plot(limits, [place, place], color=sheet.INK, linewidth=0.6, marker="|", markersize=3.2,
                      markeredgewidth=0.6)
        axes.annotate(
            words.number(q, "q") if math.isfinite(q) else "–", (max([0.0, *present([q, limits[1]])]), place),
            xytext=(2, 0), textcoords="offset points", va="center_baseline", fontsize=sheet.SMALL,
        )
    axes.set_yticks(
        range(len(grid.factors)), labels=[grid.names[name] for name in grid.factors], linespacing=1.05,
        fontsize=grid.points,
    )
    axes.tick_params(axis="y", length=0)
    axes.set_xticks(_round_ticks(most, grid.bars - room))
    axes.tick_params(axis="x", labelbottom=last)
    if last:
        axes.set_xlabel("q")
    return axes


def _round_ticks(most: float, width: float) -> list:
    """Round numbers up to ``most`` for an axis on which that is ``width`` mm from 0."""
    steps = [step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if step <= most] or [most]
    for step in steps:
        if step / most * width >= 9.0:
            return [step * place for place in range(int(most / step + 1e-9) + 1)]
    return [0.0, steps[-1] * int(most / steps[-1] + 1e-9)]


def _triangle(figure: Figure, grid: _Grid, corner: tuple, rows: list, scale: tuple, words, last: bool) -> None:
    """The cells of the pairs of one date: below the diagonal, the row of one factor and the column of the other."""
    count = len(grid.factors)
    if count < 2:
        return
    left = corner[0] + grid.label + grid.bars + 2.0
    axes = sheet.axes_at(figure, left, corner[1], grid.cell * (count - 1), grid.height)
    axes.set(xlim=(-0.5, count - 1.5), ylim=(count - 0.5, -0.5))
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    names = [grid.names[name].replace("\n", " ") for name in grid.factors[:-1]] if last else []
    axes.set_xticks(range(len(names)), labels=names, rotation=90, fontsize=grid.points)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0)
    text = grid.row >= 5.0 and grid.cell >= measure(figure, "0.00", _CELL_TEXT)[0] + 0.3
    marked: dict = {}
    cells = _cells(grid.factors, rows)
    colours = [along(LIGHT_TO_DARK, (cell[2] - scale[0]) / (scale[1] - scale[0])) for cell in cells]
    axes.bar(
        [cell[0] for cell in cells], -1.0, width=1.0, bottom=[cell[1] + 0.5 for cell in cells], color=colours,
        edgecolor="white", linewidth=0.6,
    )
    for (across, down, q, kind), colour in zip(cells, colours):
        if text:
            axes.text(across, down - 0.17, words.number(q, "r"), fontsize=_CELL_TEXT, color=ink_on(colour),
                      ha="center", va="center_baseline")
        marked.setdefault((kind, ink_on(colour)), []).append((across, down + (0.27 if text else 0.0)))
    for (kind, ink), places in marked.items():
        if kind in MARKS:
            axes.plot(*zip(*places), linestyle="", markersize=2.2 if text else 3.0, **_look(kind, ink))


def _cells(factors: list, rows: list) -> list:
    """Column, row, q and type of each pair; of the two factors the stronger one is the column."""
    places = {name: place for place, name in enumerate(factors)}
    found = []
    for row in rows:
        ends = {places.get(str(row[key]), -1) for key in ("factor_1", "factor_2")}
        if len(ends) == 2 and min(ends) >= 0 and math.isfinite(value(row, "q_12")):
            found.append((min(ends), max(ends), value(row, "q_12"), str(row.get("interaction"))))
    return found


def _look(kind: str, ink: str) -> dict:
    """The mark of a type of interaction."""
    mark, filled = MARKS[kind]
    return {"marker": mark, "color": ink, "markeredgewidth": 0.5, "markerfacecolor": ink if filled else "none"}


def _date(axes: Axes, year: int, place: int) -> None:
    sheet.letter(axes, place)
    axes.annotate(
        str(year), (0, 1), xycoords="axes fraction", xytext=(16, 3), textcoords="offset points", fontsize=sheet.LETTER,
        va="baseline",
    )


def _foot(figure: Figure, place: tuple, pairs, scale: tuple, words) -> None:
    """The colours of q of pairs, and the marks of their types."""
    from matplotlib.lines import Line2D

    bottom, width = place
    if not present(value(row, "q_12") for row in pairs):
        return
    kinds = [kind for kind in MARKS if any(row.get("interaction") == kind for row in pairs)]
    axes = sheet.axes_at(figure, 4.0, bottom + 3.0, 0.28 * width, 2.2)
    steps = 48
    colours = [along(LIGHT_TO_DARK, (step + 0.5) / steps) for step in range(steps)]
    axes.barh([0] * steps, 1.1, left=range(steps), height=1.0, color=colours, linewidth=0)
    axes.set(xlim=(0, steps), ylim=(-0.5, 0.5), yticks=[])
    axes.set_xticks([0, steps], labels=[words.number(end, "r") for end in scale])
    axes.set_title(words["q of two factors"], fontsize=sheet.TEXT, fontweight="normal", y=1.0)
    axes.spines["left"].set_visible(False)
    handles = [Line2D([], [], linestyle="", markersize=3.2, **_look(kind, sheet.INK)) for kind in kinds]
    if handles:
        labels = [name[:1].upper() + name[1:] for name in map(words.label, kinds)]
        axes.legend(handles, labels, loc="center left", bbox_to_anchor=(1.1, 0.5), ncol=1 if width < 120 else 3)

"""Rows of parts that add up: bars to the right and to the left of zero, and a mark where their sum lies.

These are panels, to be placed beside maps: they carry no letters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from . import sheet
from .scales import legend_columns, quiet_ticks
from .texts import measure, present, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Of a row, of what is written below the rows, and of a line of the legend, in mm.
ROW, AXIS, LINE = 4.8, 9.0, 3.6
#: The share of the width that names may take.
_NAMES = 0.4


class Row(NamedTuple):
    """A row: its name, its parts in the order of the legend (NaN where there is none), and where the mark is."""

    name: str
    parts: list
    total: float = math.nan


def stacked(rows: list, parts: list, title: str, mark: str, words, size_mm: tuple) -> Figure:
    """Bars of signed parts, those of one sign behind each other.

    Parameters
    ----------
    rows : list of Row
        From top to bottom.
    parts : list of (name, colour)
        In the order of the parts of the rows.
    title : str
        Of the axis.
    mark : str
        What the mark stands for; empty for none.
    words, size_mm
        As in `annual.annual`.
    """
    with sheet.drawing(words):
        figure = sheet.blank(sheet.size(size_mm, 60.0))  # for the widths of texts
        names = [*(name for name, _ in parts), *([mark] if mark else [])]
        lines = math.ceil(len(names) / legend_columns(figure, names, size_mm[0] - 4.0))
        below = AXIS + LINE * lines + 1.0
        figure = sheet.blank(sheet.size(size_mm, below + 1.5 + ROW * max(len(rows), 1)))
        width, height = (side * sheet.INCH for side in figure.get_size_inches())
        axes = named_axes(figure, [row.name for row in rows], (0.0, below, width, height - below - 1.5))
        part_bars(axes, rows, parts, mark)
        ends = [0.0, *(end for row in rows for end in (*ends_of(row.parts), row.total))]
        finish_axis(axes, present(ends), title)
        figure.legend(
            *axes.get_legend_handles_labels(), loc="lower center", ncol=legend_columns(figure, names, size_mm[0] - 4.0)
        )
        return sheet.finished(figure)


def named_axes(figure: Figure, names: list, box: tuple, share: float = _NAMES, lines: int = 1) -> Axes:
    """Axes with a name at each row, in a box (left, bottom, width, height) in mm.

    The box has the names in it, in ``share`` of its width and so many lines at most, and not what is written below.
    """
    left, bottom, width, height = box
    shown = [wrapped(figure, name, share * width, most=lines) for name in names]
    room = 2.5 + max((measure(figure, name)[0] for name in shown), default=10.0)
    axes = sheet.axes_at(figure, left + room, bottom, width - room - 3.0, height)
    axes.set_yticks(range(len(shown)), labels=shown, linespacing=1.0)
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    return axes


def part_bars(axes: Axes, rows: list, parts: list, mark: str) -> None:
    """Bars of the parts (name, colour) of rows, and a mark at the total of each; none where it has no name."""
    starts = [[0.0, 0.0] for _ in rows]
    for place, (name, colour) in enumerate(parts):
        values = [row.parts[place] if math.isfinite(row.parts[place]) else 0.0 for row in rows]
        left = [start[value < 0] for start, value in zip(starts, values)]
        for start, value in zip(starts, values):
            start[value < 0] += value
        axes.barh(range(len(rows)), values, left=left, height=0.66, color=colour, edgecolor=sheet.INK, linewidth=0.3,
                  label=name)
    if mark:
        axes.plot([row.total for row in rows], range(len(rows)), "D", markersize=3.2, color="white",
                  markeredgecolor=sheet.INK, markeredgewidth=0.7, label=mark, zorder=4, clip_on=False)


def ends_of(values: list) -> tuple:
    """How far the parts of a row reach to the left and to the right."""
    known = present(values)
    return math.fsum(value for value in known if value < 0), math.fsum(value for value in known if value > 0)


def finish_axis(axes: Axes, ends: list, title: str, share: float = 0.04) -> None:
    """Limits with a share of room, the line at zero and the title of the axis."""
    low, high = min(ends), max(ends)
    room = share * (high - low) or 1.0
    axes.set_xlim(low - room if low < 0 else 0.0, high + room)
    axes.axvline(0.0, color=sheet.INK, linewidth=sheet.LINE, zorder=1)
    width = axes.get_position().width * axes.figure.get_size_inches()[0] * sheet.INCH
    quiet_ticks(axes, int(max(2, width / 12)), "x")
    axes.set_xlabel(wrapped(axes.figure, title, width + 20.0, most=1))

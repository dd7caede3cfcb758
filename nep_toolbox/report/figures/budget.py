"""What sinks take up and sources release in each year: bars above and below zero, with their balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...colours import SOURCE_SINK_CLASSES
from . import sheet
from .scales import quiet_ticks
from .texts import present, values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Column, name and colour of the bars.
_PARTS = (("sink_tg", "Sinks", SOURCE_SINK_CLASSES[1]), ("source_tg", "Sources", SOURCE_SINK_CLASSES[-1]))


def budget_panel(axes: Axes, rows, words) -> None:
    """Draw the budget of each year on axes.

    Parameters
    ----------
    axes : Axes
    rows : list of dict
        ``year``, ``sink_tg``, ``source_tg`` (negative) and ``net_tg``, of one region.
    words : mapping
        As `texts.English`.
    """
    years = values(rows, "year")
    for column, name, colour in _PARTS:
        axes.bar(years, values(rows, column), width=0.72, color=colour, edgecolor=sheet.INK, linewidth=0.3,
                 label=words[name])
    axes.plot(years, values(rows, "net_tg"), "D", markersize=2.8, color="white", markeredgecolor=sheet.INK,
              markeredgewidth=0.6, linestyle="none", label=words["Balance"], zorder=4, clip_on=False)
    ends = [0.0, *present([value for column, _, _ in _PARTS for value in values(rows, column)])]
    room = 0.08 * (max(ends) - min(ends)) or 1.0
    axes.set_ylim(min(ends) - room if min(ends) < 0 else 0.0, max(ends) + room)
    axes.axhline(0.0, color=sheet.INK, linewidth=sheet.LINE, zorder=1)
    axes.set_ylabel(words.quantity(words["Total"], "Tg C yr-1").replace(" (", "\n("))
    quiet_ticks(axes, 4)

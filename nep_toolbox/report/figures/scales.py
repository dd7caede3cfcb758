"""Axes: years as whole numbers that do not touch, limits with room, one legend above or below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import sheet
from .texts import measure, present

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STEPS = (1, 2, 5, 10, 20, 50, 100)


def year_step(count: int, width: float, label: float) -> int:
    """Every how many years one is written.

    Parameters
    ----------
    count : int
        Years on the axis.
    width, label : float
        Of the axis and of one year, in the same unit.
    """
    each = width / max(count, 1)
    return next((step for step in _STEPS if step * each >= 1.35 * label), _STEPS[-1])


def year_axis(axes: Axes, years: list, width: float) -> None:
    """A horizontal axis of years on an axis that is about ``width`` mm wide."""
    from matplotlib.ticker import FixedLocator, StrMethodFormatter

    if not years:
        axes.set_xticks([])
        return
    first, last = int(min(years)), int(max(years))
    step = year_step(last - first + 1, width, measure(axes.figure, "2000")[0])
    written = [year for year in range(first, last + 1) if year % step == 0] or [first]
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.xaxis.set_major_locator(FixedLocator(written))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    if step > 1 and last - first <= 60:
        axes.xaxis.set_minor_locator(FixedLocator(range(first, last + 1)))


def limits(numbers, share: float = 0.06) -> tuple:
    """Limits of an axis with room around its numbers; around one number as much as it is large."""
    found = present(numbers)
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    room = share * (high - low) or 0.1 * abs(high) or 1.0
    return low - room, high + room


def zero_line(axes: Axes, numbers) -> None:
    """A thin line at zero where some numbers are negative and others are not."""
    found = present(numbers)
    if found and min(found) < 0 <= max(found):
        axes.axhline(0.0, color=sheet.INK, linewidth=sheet.LINE, zorder=1)


def quiet_ticks(axes: Axes, most: int, axis: str = "y", whole: bool = False) -> None:
    """So many ticks at most, at round numbers or at ``whole`` ones."""
    from matplotlib.ticker import MaxNLocator

    chosen = axes.yaxis if axis == "y" else axes.xaxis
    chosen.set_major_locator(MaxNLocator(nbins=max(most, 2), steps=[1, 2, 2.5, 5, 10], integer=whole))


def legend_columns(figure: Figure, labels: list, width: float) -> int:
    """How many columns of a legend fit into ``width`` mm, no more than its rows need."""
    handle = 1.6 + 0.5 + 1.4  # handle, distance to its text, distance to the next column: in letters (`sheet`)
    each = max((measure(figure, label)[0] for label in labels), default=0.0) + handle * sheet.TEXT * sheet.POINT
    most = max(1, min(len(labels), math.floor(width / each)))
    return -(-len(labels) // -(-len(labels) // most)) if labels else 1


def legend_below(axes: Axes, handles: list, labels: list, width: float, gap: float = 9.0) -> None:
    """One legend below axes, ``gap`` mm from them so that it clears what is written at the axis, ``width`` mm wide."""
    from matplotlib.transforms import ScaledTranslation

    place = axes.transAxes + ScaledTranslation(0, -gap / sheet.INCH, axes.figure.dpi_scale_trans)
    axes.legend(
        handles, labels, loc="upper center", bbox_to_anchor=(0.5, 0.0), bbox_transform=place,
        ncol=legend_columns(axes.figure, labels, width),
    )

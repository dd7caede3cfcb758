"""How the ranks of factors change over dates: one line for each factor, its name at both ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...colours import categorical, legible
from . import sheet
from .texts import measure, value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: From one date to the next, at most, and from a name to its line, in mm.
_STEP, _TO_NAME = 30.0, 1.5


def ranks_width(figure: Figure, names: list, dates: int) -> float:
    """How wide a chart of ranks is with its names, in mm."""
    return _STEP * (dates - 1) + 2 * (_name_width(figure, names) + _TO_NAME) + 2.0


def draw_ranks(figure: Figure, rows, order: list, names: dict, place: tuple) -> Axes:
    """Draw the ranks.

    Parameters
    ----------
    figure : Figure
    rows : list of dict
        ``year``, ``factor`` and ``q``; rank 1 is the largest q of a date.
    order : list of str
        The factors; their places give them their colours.
    names : dict of factor to str
    place : (left, bottom, width, height)
        In mm, names included.
    """
    left, bottom, width, height = place
    years = sorted({int(row["year"]) for row in rows})
    side = _name_width(figure, [names[factor] for factor in order]) + _TO_NAME
    axes = sheet.axes_at(figure, left + side, bottom + 4.0, max(width - 2 * side, 5.0), height - 4.0)
    colours = dict(zip(order, map(legible, categorical(len(order)))))
    ranks = ranks_of(rows)
    for position, factor in enumerate(order):
        levels = [ranks.get((factor, year), math.nan) for year in years]
        axes.plot(
            range(len(years)), levels, color=colours[factor], marker=sheet.MARKERS[position % len(sheet.MARKERS)],
            linewidth=1.1, markersize=3.5, markeredgewidth=0, clip_on=False, label=factor,
        )
        for end, away, align in ((0, -1, "right"), (len(years) - 1, 1, "left")):
            if math.isfinite(levels[end]):
                name = names[factor].replace("\n", " ")
                axes.annotate(
                    f"{levels[end]:.0f}  {name}" if away > 0 else f"{name}  {levels[end]:.0f}", (end, levels[end]),
                    xytext=(away * _TO_NAME / sheet.POINT, 0), textcoords="offset points", ha=align,
                    va="center_baseline",
                )
    axes.set_xlim(0, max(len(years) - 1, 1))
    axes.set_ylim(len(order) + 0.4, 0.6)
    axes.set_xticks(range(len(years)), labels=[str(year) for year in years])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    return axes


def ranks_of(rows) -> dict:
    """Rank of each factor on each date, 1 for the largest q; those without q have none."""
    found: dict = {}
    for row in rows:
        if math.isfinite(value(row, "q")):
            found.setdefault(int(row["year"]), []).append((-value(row, "q"), str(row["factor"])))
    return {
        (factor, year): rank for year, each in found.items() for rank, (_, factor) in enumerate(sorted(each), start=1)
    }


def _name_width(figure: Figure, names: list) -> float:
    return max((measure(figure, f"10  {name}".replace("\n", " "))[0] for name in names), default=0.0)

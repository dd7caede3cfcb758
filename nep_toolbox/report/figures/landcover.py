"""Values by land cover: the course of the mean of each class, and what each adds to the total."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...colours import legible
from . import sheet
from .sankey import class_colours
from .scales import legend_columns, limits, quiet_ticks, year_axis, zero_line
from .texts import measure, present, value, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def landcover(
    rows, quantity: str, unit: str, total_unit: str, words, size_mm: tuple = (sheet.PAGE, None),
    colours: dict | None = None, least: float = 0.5,
) -> Figure:
    """Annual mean by class as lines, and annual total by class as stacked bars.

    Parameters
    ----------
    rows : list of dict
        ``year``, ``class``, ``label``, ``mean``, ``area_km2``, and ``total_tg`` (Tg) or ``total``.
    quantity, unit, total_unit : str
        Of the mean, and the unit of the total: ``Tg C yr-1`` takes the column ``total_tg``, any other ``total``.
    words, size_mm
        As in `annual.annual`.
    colours : dict of class to str, optional
        ``#rrggbb``, as in the maps; those of `colours.categorical` where it has none.
    least : float
        Classes of a smaller share (percent) of the area are left out (`left_out`).
    """
    out = {code for code, _ in _small(rows, least)}
    colours = {**class_colours({int(row["class"]) for row in rows}), **(colours or {})}
    years = sorted({int(row["year"]) for row in rows})
    lines = _by_class([row for row in rows if int(row["class"]) not in out], years, words)
    column = "total_tg" if total_unit.startswith("Tg") else "total"
    with sheet.drawing(words):
        beside = size_mm[0] > 120
        width = size_mm[0]
        figure = sheet.blank((width, 100.0), arranged=True)
        entries = [(wrapped(figure, line[1], width / 2 - 10.5, most=2), colours[line[0]]) for line in lines]
        below = _legend_height(figure, [label for label, _ in entries], width - 4.0)
        figure.set_size_inches([s / sheet.INCH for s in sheet.size(size_mm, (66.0 if beside else 112.0) + below)])
        panels, foot = _panels(figure, beside, below)
        _means(panels[0], lines, years, colours)
        _totals(panels[1], lines, years, colours, column)
        panels[0].set_ylabel(words.quantity(quantity, unit))
        panels[1].set_ylabel(words.quantity(words["Total {}"].format(quantity), total_unit))
        for place, panel in enumerate(panels):
            sheet.letter(panel, place)
            quiet_ticks(panel, 6)
            year_axis(panel, years, (width / 2 if beside else width) - 18.0)
            panel.set_xlabel(words["Year"])
        _legend(foot, entries, width - 4.0)
        return sheet.finished(figure)


def left_out(rows, least: float = 0.5) -> list:
    """Labels of the classes that `landcover` does not draw, the largest first."""
    labels = {int(row["class"]): str(row["label"]) for row in rows}
    return [labels[code] for code, _ in _small(rows, least)]


def _small(rows, least: float) -> list:
    """Classes below a share (percent) of the area and their areas, the largest first; none if all would be."""
    area: dict = {}
    for row in rows:
        found = value(row, "area_km2")
        area[int(row["class"])] = area.get(int(row["class"]), 0.0) + (found if found > 0 else 0.0)
    whole = math.fsum(area.values())
    small = sorted(((code, km2) for code, km2 in area.items() if 100 * km2 < least * whole), key=lambda each: -each[1])
    return small if len(small) < len(area) else []


def _by_class(rows, years: list, words) -> list:
    """Code, label and a row for each year (empty where there is none) of each class, the largest total first."""
    labels = {int(row["class"]): words.label(str(row["label"])) for row in rows}
    found = {(int(row["class"]), int(row["year"])): row for row in rows}
    lines = [(code, label, [found.get((code, year), {}) for year in years]) for code, label in labels.items()]
    return sorted(lines, key=lambda line: (-abs(math.fsum(present(value(row, "total") for row in line[2]))), line[0]))


def _panels(figure: Figure, beside: bool, below: float) -> tuple:
    """Two panels, beside or above each other, and below them axes for the legend, ``below`` mm high."""
    height = figure.get_size_inches()[1] * sheet.INCH
    if beside:
        grid = figure.add_gridspec(2, 2, height_ratios=[height - below, below])
        panels = [figure.add_subplot(grid[0, place]) for place in (0, 1)]
        foot = figure.add_subplot(grid[1, :])
    else:
        grid = figure.add_gridspec(3, 1, height_ratios=[(height - below) / 2, (height - below) / 2, below])
        panels = [figure.add_subplot(grid[place, 0]) for place in (0, 1)]
        foot = figure.add_subplot(grid[2, 0])
    foot.set_axis_off()
    return panels, foot


def _means(axes: Axes, lines: list, years: list, colours: dict) -> None:
    for place, (code, label, rows) in enumerate(lines):
        axes.plot(
            years, [value(row, "mean") for row in rows], color=legible(colours[code]), label=label, linewidth=0.9,
            marker=sheet.MARKERS[place % len(sheet.MARKERS)], markersize=2.6, markeredgewidth=0,
        )
    shown = [value(row, "mean") for _, _, rows in lines for row in rows]
    axes.set_ylim(*limits(shown))
    zero_line(axes, shown)


def _totals(axes: Axes, lines: list, years: list, colours: dict, column: str) -> None:
    """Bars stacked up from zero, and negative ones down from it."""
    up, down = [0.0] * len(years), [0.0] * len(years)
    for code, label, rows in lines:
        totals = [value(row, column) for row in rows]
        totals = [0.0 if math.isnan(total) else total for total in totals]
        bottoms = [up[place] if total >= 0 else down[place] for place, total in enumerate(totals)]
        axes.bar(years, totals, bottom=bottoms, width=0.8, color=colours[code], edgecolor="white", linewidth=0.2,
                 label=label)
        for place, total in enumerate(totals):
            (up if total >= 0 else down)[place] += total
    low, high = min(down, default=0.0), max(up, default=0.0)
    room = 0.05 * (high - low) or 1.0
    axes.set_ylim(low - room if low < 0 else 0.0, high + room)
    zero_line(axes, [low, high])


def _legend_height(figure: Figure, labels: list, width: float) -> float:
    rows = max(1, -(-len(labels) // legend_columns(figure, labels, width)))
    heights = [measure(figure, label)[1] + 0.35 * sheet.TEXT * sheet.POINT for label in labels]
    return 3.0 + max((math.fsum(heights[start : start + rows]) for start in range(0, len(labels), rows)), default=0.0)


def _legend(foot: Axes, entries: list, width: float) -> None:
    """One legend for both panels, its marks those of the lines on the colours of the bars."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=colour, marker=sheet.MARKERS[place % len(sheet.MARKERS)], linewidth=3.5, markersize=3.4,
               markerfacecolor=sheet.INK, markeredgewidth=0, solid_capstyle="butt")
        for place, (_, colour) in enumerate(entries)
    ]
    labels = [label for label, _ in entries]
    if labels:
        foot.legend(
            marks, labels, loc="lower center", ncol=legend_columns(foot.figure, labels, width),
        ).set_in_layout(False)

"""The course of the annual means, with its trend and the climate of the years below."""

from __future__ import annotations

import math
from statistics import mean, median
from typing import TYPE_CHECKING

from ...colours import CATEGORIES, blend
from . import sheet
from .budget import budget_panel
from .scales import legend_below, limits, quiet_ticks, year_axis, zero_line
from .texts import measure, present, value, values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE, SEN, RAIN, WARMTH = CATEGORIES[2], CATEGORIES[5], CATEGORIES[0], CATEGORIES[1]

#: Column, name and unit of what is drawn below the means, where the table has it.
CLIMATE = (("precipitation", "Precipitation", "mm", RAIN), ("temperature", "Temperature", "°C", WARMTH))


def annual(
    rows, summary, quantity: str, unit: str, words, size_mm: tuple = (sheet.PAGE, None), budget=(),
) -> Figure:
    """Annual means with the standard deviation of the pixels, Sen's line, and the climate of the same years.

    Parameters
    ----------
    rows : list of dict
        ``year``, ``mean``, ``std``, and ``precipitation`` (mm) and ``temperature`` (degrees Celsius) where there are.
    summary : dict
        ``sen_slope`` (per year), ``p_mk`` and ``mean`` of the series; empty where there is no trend.
    quantity, unit : str
        Of the mean.
    words : mapping
        As `texts.English`.
    size_mm : (width, height)
        In mm; a height of None is chosen.
    budget : list of dict
        Sinks and sources of the years, as `budget.budget_panel` takes them; empty for none.
    """
    rows = sorted(rows, key=lambda row: row["year"])
    climate = [entry for entry in CLIMATE if present(values(rows, entry[0]))]
    with sheet.drawing(words):
        width, height = sheet.size(size_mm, (62.0 if size_mm[0] > 120 else 58.0) + 21.0 * len(climate)
                                   + (28.0 if budget else 0.0))
        figure = sheet.blank((width, height), arranged=True)
        heights = [3.0, *([1.4] if budget else []), *[1.0] * len(climate)]
        panels = figure.subplots(
            len(heights), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
        )[:, 0]
        _means(panels[0], rows, summary, words, width - 16.0)
        panels[0].set_ylabel(words.quantity(quantity, unit))
        if budget:
            budget_panel(panels[1], budget, words)
        for panel, (column, name, its_unit, colour) in zip(panels[len(heights) - len(climate):], climate):
            panel.plot(values(rows, "year"), values(rows, column), color=colour, marker="o", markersize=2)
            panel.set_ylabel(words.quantity(words[name], its_unit).replace(" (", "\n("))
            panel.set_ylim(*limits(values(rows, column), 0.12))
            quiet_ticks(panel, 3)
        for place, panel in enumerate(panels):
            if len(panels) > 1:
                sheet.letter(panel, place)
            panel.tick_params(labelbottom=panel is panels[-1])
        year_axis(panels[-1], [row["year"] for row in rows], width - 16.0)
        panels[-1].set_xlabel(words["Year"])
        figure.align_ylabels(panels)
        _legend(panels[: 2 if budget else 1], panels[-1], width - 18.0)
        return sheet.finished(figure)


def sen_line(rows, slope: float) -> list:
    """The line of a slope through the median of years and means (Conover), a value for each row."""
    there = [row for row in rows if math.isfinite(value(row, "mean"))]
    if len(there) < 2 or not math.isfinite(slope):
        return []
    year, level = median(values(there, "year")), median(values(there, "mean"))
    return [level + slope * (row["year"] - year) for row in rows]


def _means(axes: Axes, rows: list, summary: dict, words, width: float) -> None:
    """The upper panel, about ``width`` mm wide."""
    years, means, spread = (values(rows, column) for column in ("year", "mean", "std"))
    low, high = ([m + sign * s for m, s in zip(means, spread)] for sign in (-1, 1))
    if present(low):
        axes.fill_between(
            years, low, high, color=blend(LINE, "#ffffff", 0.82), linewidth=0,
            label=words["± 1 standard deviation of the pixels"],
        )
    shown = [*present(means), *present(low), *present(high)]
    zero_line(axes, shown)
    level = value(summary, "mean")
    level = mean(present(means)) if not math.isfinite(level) and present(means) else level
    if math.isfinite(level):
        axes.axhline(
            level, color=sheet.MUTED, linewidth=0.8, dashes=(4, 2),
            label=f"{words['Multi-year mean']} ({words.number(level, 'value')})",
        )
    line = sen_line(rows, value(summary, "sen_slope"))
    if line:
        axes.plot(years, line, color=SEN, linewidth=1.2, label=_trend_text(summary, words))
    axes.plot(years, means, color=LINE, marker="o", label=words["Annual mean"])
    axes.set_ylim(*limits([*shown, *line], 0.1))
    quiet_ticks(axes, 7)
    _mark_extremes(axes, years, means, words, width)


def _trend_text(summary: dict, words) -> str:
    slope, p = value(summary, "sen_slope"), value(summary, "p_mk")
    rise = f"{'+' if slope > 0 else ''}{words.number(slope, 'slope')}"
    text = words["Sen's slope {} per year"].format(rise)
    return f"{text} ({words.p(p)})" if math.isfinite(p) else text


def _mark_extremes(axes: Axes, years: list, means: list, words, width: float) -> None:
    """Name the years of the least and the largest mean, on axes of about ``width`` mm."""
    there = [(level, year) for level, year in zip(means, years) if math.isfinite(level)]
    if len(there) < 2 or min(there)[0] == max(there)[0]:
        return
    each = width / (years[-1] - years[0] + 1.2)
    for (level, year), side in ((min(there), -1), (max(there), 1)):
        axes.plot([year], [level], marker="o", markersize=4.5, color=SEN, markeredgecolor="white", markeredgewidth=0.6)
        name = f"{year:.0f}: {words.number(level, 'value')}"
        half = measure(axes.figure, name)[0] / 2 / each
        inward = "left" if year - half < years[0] else "right" if year + half > years[-1] else "center"
        axes.annotate(
            name, (year, level), xytext=(0, 5 * side), textcoords="offset points", ha=inward,
            va="bottom" if side > 0 else "top",
        )


def _legend(panels: list, below: Axes, width: float) -> None:
    """The legend of the upper panels, the annual means first, below the lowest one."""
    handles, labels = panels[0].get_legend_handles_labels()
    handles, labels = [*handles[-1:], *handles[:-1]], [*labels[-1:], *labels[:-1]]
    for panel in panels[1:]:
        more = panel.get_legend_handles_labels()
        handles, labels = [*handles, *more[0][1:], *more[0][:1]], [*labels, *more[1][1:], *more[1][:1]]
    legend_below(below, handles, labels, width)

"""Shares of the area: classes of a map as bars, and how often the values rose and fell.

These are panels, to be placed beside maps: they carry no letters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...colours import EVIDENCE_TRENDS, PERSISTENCE_CLASSES, TREND_CLASSES
from . import sheet
from .scales import legend_below, quiet_ticks
from .texts import measure, present, share_text, value, values, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: One light and one dark, so that a grey print tells them apart.
RISE, FALL = TREND_CLASSES[2], TREND_CLASSES[-4]

#: Of a bar with its distance to the next, of what is written below the bars, and to spare, in mm.
_BAR, _BELOW, _SPARE = 4.4, 9.5, 0.5


def trend_shares(rows, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """The share of the area of each trend class, the strongest increase on top.

    Parameters
    ----------
    rows : list of dict
        ``class`` (-4 to 4), ``label`` and ``percent``. Rows without a class ("no result") and classes without area are
        left out.
    words, size_mm
        As in `annual.annual`.
    """
    shown = sorted(with_area(rows), key=lambda row: -row["class"])
    with sheet.drawing(words):
        return sheet.finished(bars(shown, TREND_CLASSES, words, size_mm))


def future_shares(rows, evidence, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """The share of the area of each future trend by evidence, below a bar of the evidence itself.

    Parameters
    ----------
    rows : list of dict
        ``class`` (or ``code``), ``label`` and ``percent`` of the future trends.
    evidence : list of dict
        ``class``, ``label`` and ``percent`` of the evidence, whose classes are those of persistence; empty for none.
    words, size_mm
        As in `annual.annual`.
    """
    shown = with_area([{"class": row.get("code"), **row} for row in rows])
    shown.sort(key=lambda row: _order(row["class"]))
    kept = with_area(evidence)
    above = 8.0 + 3.4 * len(kept) if kept else 1.5
    with sheet.drawing(words):
        figure = bars(shown, EVIDENCE_TRENDS, words, size_mm, above)
        if kept:
            _stack(figure, kept, words)
        return sheet.finished(figure)


def frequency_shares(rows, words, size_mm: tuple = (sheet.COLUMN, 55.0)) -> Figure:
    """The share of the area over the number of increases and decreases.

    Parameters
    ----------
    rows : list of dict
        ``count``, ``increase_percent``, ``decrease_percent``.
    words, size_mm
        As in `annual.annual`.
    """
    with sheet.drawing(words):
        width, height = sheet.size(size_mm, 55.0)
        figure = sheet.blank((width, height), arranged=True)
        axes = figure.subplots()
        counts = values(rows, "count")
        for side, column, name, colour in (
            (-0.2, "increase_percent", "Increases", RISE), (0.2, "decrease_percent", "Decreases", FALL)
        ):
            heights = [share if share > 0 else 0.0 for share in values(rows, column)]
            places = [count + side for count in counts]
            axes.bar(places, heights, width=0.4, color=colour, label=words[name], linewidth=0)
        if counts:
            axes.set_xlim(min(counts) - 0.7, max(counts) + 0.7)
        quiet_ticks(axes, int(min(15, (width - 15) / 5)), "x", whole=True)
        axes.set_ylim(0, 1.05 * max(axes.get_ylim()[1], 1e-9))
        quiet_ticks(axes, 5)
        axes.set_xlabel(words["Number of changes from one year to the next"])
        axes.set_ylabel(words["Share of the area (%)"])
        legend_below(axes, *axes.get_legend_handles_labels(), width - 15.0)
        return sheet.finished(figure)


def with_area(rows) -> list:
    """Rows of classes that have an area."""
    return [row for row in rows if math.isfinite(value(row, "class")) and value(row, "percent") > 0]


def _order(code: int) -> tuple:
    """Likely to continue first, then likely to reverse, then unclear; increases first."""
    evidence, group = divmod(int(code), 10)
    return -evidence, -group


def _bar_height(width: float) -> float:
    """Room for one bar: labels take two lines where the figure is narrow."""
    return _BAR if width > 110 else 1.5 * _BAR


def _names(figure: Figure, rows: list, words, room: float) -> tuple:
    """Names of bars that are ``room`` mm high, and the size of their letters: the largest with which none is cut."""
    width = figure.get_size_inches()[0] * sheet.INCH
    for points, share, most in ((sheet.TEXT, 0.42, 2), (sheet.SMALL, 0.42, 2), (sheet.SMALL, 0.58, 1)):
        names = [wrapped(figure, words.label(str(row["label"])), share * width, points, most) for row in rows]
        high = max((measure(figure, name, points)[1] for name in names), default=0.0)
        if high <= room and not any(name.endswith("…") for name in names):
            break
    return names, points


def bars(rows: list, colours: dict, words, size_mm: tuple, room_above: float = 1.5) -> Figure:
    """Horizontal bars with their names and shares, from top to bottom, in a figure that is `sheet.drawing`.

    Parameters
    ----------
    rows : list of dict
        ``class``, ``label`` and ``percent``.
    colours : dict of class to str
    words, size_mm
        As in `annual.annual`.
    room_above : float
        In mm.
    """
    height = room_above + _BELOW + _SPARE + _bar_height(size_mm[0]) * max(len(rows), 1)
    figure = sheet.blank(sheet.size(size_mm, height))
    width, height = (side * sheet.INCH for side in figure.get_size_inches())
    deep = height - _BELOW - room_above
    names, points = _names(figure, rows, words, deep / max(len(rows), 1))
    left = 2.5 + max((measure(figure, name, points)[0] for name in names), default=10.0)
    shares = values(rows, "percent")
    texts = [share_text(words, share) for share in shares]
    right = 2.0 + max((measure(figure, text, points)[0] for text in texts), default=6.0)
    axes = sheet.axes_at(figure, left, _BELOW, width - left - right, deep)
    places = range(len(rows))
    axes.barh(
        places, shares, height=0.68, color=[colours.get(int(row["class"]), sheet.MUTED) for row in rows],
        edgecolor=sheet.INK, linewidth=0.3,
    )
    for place, share, text in zip(places, shares, texts):
        axes.annotate(
            text, (share, place), xytext=(2, 0), textcoords="offset points", va="center_baseline", fontsize=points
        )
    axes.set_yticks(places, labels=names, linespacing=1.1, fontsize=points)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.set_xlim(0, 1.004 * max(present(shares), default=1.0))
    axes.tick_params(axis="y", length=0)
    quiet_ticks(axes, int(max(2, (width - left - right) / 12)), "x")
    axes.set_xlabel(words["Share of the area (%)"])
    return figure


def _stack(figure: Figure, rows: list, words) -> None:
    """One bar of shares that together are the whole, with its legend below."""
    width, height = (side * sheet.INCH for side in figure.get_size_inches())
    axes = sheet.axes_at(figure, 3.0, height - 5.0, width - 6.0, 4.0)
    start, whole = 0.0, sum(values(rows, "percent"))
    for row in rows:
        share, colour = value(row, "percent"), PERSISTENCE_CLASSES.get(int(row["class"]), sheet.MUTED)
        axes.barh(0, share, left=start, height=1.0, color=colour, edgecolor="white", linewidth=0.5,
                  label=f"{words.label(str(row['label']))}: {share_text(words, share)}")
        start += share
    axes.set_xlim(0, whole)
    axes.set_ylim(-0.5, 0.5)
    axes.set_axis_off()
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles, labels, loc="upper left", bbox_to_anchor=(0, 0), ncol=1, borderaxespad=0.3)

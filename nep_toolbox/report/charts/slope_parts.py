"""The slope of regional means as the sum of its parts: stacked bars with their sign, and the observed slope on them."""

from __future__ import annotations

import math
import textwrap
from typing import NamedTuple

from ...colours import blend
from ...typesetting import unit_text
from .. import theme
from .base import Chart, axis, layout, number, plain, region_label, text

#: Height of a bar, of all else, and of a line of the legend; width of a letter, of what else an entry of the legend
#: takes, and of a page of usual width, in pixels.
_BAR, _RIM, _LINE, _LETTER, _ENTRY, _PAGE = 32, 140, 20, 7.0, 56, 780
#: How much of its colour a region with few values loses; letters of a line of a name; what keeps a text off its bar.
_PALE, _LETTERS, GAP = 0.75, 40, "\u2002"
_OBSERVED, _SLOPE = "observed, {}", "Slope ({})"


class SlopeParts(NamedTuple):
    """The slope of the annual means of a region; NaN is missing.

    Attributes
    ----------
    region : str
    slope : float
        The observed one, per year.
    p_value : float
        Of the observed slope.
    parts : sequence of float
        What adds up to it, with signs: as many for each region.
    """

    region: str
    slope: float
    p_value: float
    parts: list


def slope_parts(regions, names, colours, unit: str, alpha: float = 0.05, whole: str = "",
                sparse: dict | None = None) -> Chart:
    """The parts of a slope, negative ones to the left and positive ones to the right, and the observed slope.

    Parameters
    ----------
    regions : sequence of SlopeParts
        From top to bottom.
    names, colours : sequences of str
        Of the parts.
    unit : str
        Of the values whose slopes these are: ``"gC m-2 yr-1"``.
    alpha : float
        The observed slope is significant where its p is below.
    whole : str
        The row that is no region but the whole raster: it stands apart, at the top.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are grey and marked for the `sparse_note`.

    Returns
    -------
    Chart
        A bar a region; a filled mark is a significant observed slope, a hollow one is not. Table: region, slope, p and
        the parts.
    """
    rows = [(part.region, number(part.slope), number(part.p_value), *plain(part.parts)) for part in regions]
    sparse = sparse or {}
    shown = region_names(rows, sparse)
    traces = [
        {
            "type": "bar", "orientation": "h", "name": text(name), "y": shown, "x": [row[3 + place] for row in rows],
            "marker": {"color": region_colours(rows, colour, sparse)},
            "hovertemplate": "%{y}: %{x:+.4g}<extra>%{fullData.name}</extra>",
        }
        for place, (name, colour) in enumerate(zip(names, colours))
    ]
    marks = _observed(rows, shown, alpha)
    figure = {
        "data": [*traces, *marks, *no_result(rows, shown, range(3, 3 + len(names)), beside=1)],
        "layout": layout(
            barmode="relative", hovermode="closest",
            xaxis=axis(_SLOPE.format(f"{unit_text(unit)} per year" if unit else "per year"), zerolinecolor=theme.INK,
                       zerolinewidth=1.5),
            **bars_of_regions(rows, shown, whole, [*names, *(mark["name"] for mark in marks)]),
        ),
    }
    return Chart(figure, ("region", "slope", "p", *names), rows)


def _observed(rows: list, shown: list, alpha: float) -> list:
    """The marks of the observed slopes: filled where significant, else hollow."""
    traces = []
    for name, fill, rim, significant in (
        (f"significant (p < {alpha:g})", theme.INK, theme.PAPER, True),
        ("not significant", theme.PAPER, theme.INK, False),
    ):
        chosen = [
            (row, label) for row, label in zip(rows, shown)
            if row[1] is not None and (row[2] is not None and row[2] < alpha) == significant
        ]
        if chosen:
            traces.append({
                "type": "scatter", "mode": "markers", "name": _OBSERVED.format(name),
                "x": [row[1] for row, _ in chosen], "y": [label for _, label in chosen],
                "marker": {"symbol": "diamond", "size": 11, "color": fill, "line": {"width": 1.5, "color": rim}},
                "customdata": [theme.p_text(row[2]) for row, _ in chosen], "cliponaxis": False,
                "hovertemplate": "%{y}: %{x:+.4g}, %{customdata}<extra>observed</extra>",
            })
    return traces


def bars_of_regions(rows: list, shown: list, whole: str, entries) -> dict:
    """The settings of a chart with a bar a region, the row of the whole raster apart at the top.

    Parameters
    ----------
    rows : list of tuple
        The name of the region first.
    shown : list of str
        What the regions are called on the axis.
    whole : str
        The row that stands apart.
    entries : sequence of str
        Of the legend, for which there must be room.
    """
    inner = [label for row, label in zip(rows, shown) if row[0] != whole]
    outer = [label for row, label in zip(rows, shown) if row[0] == whole]
    order = [*outer, *([" "] if inner and outer else []), *inner]
    margin = max(0.0, 1 - len(order) / 2)  # a single bar is no thicker than one of two
    return {
        "height": _RIM + _BAR * max(len(order), 2) + _LINE * _legend_lines(shown, entries), "bargap": 0.25,
        "yaxis": axis("", showgrid=False, zeroline=False, ticks="", type="category", categoryorder="array",
                      categoryarray=order[::-1], range=[-0.5 - margin, len(order) - 0.5 + margin], dtick=1),
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom",
                   "traceorder": "normal"},
        # Upright, in a margin of its own: a legend of many entries would lie under it.
        "modebar": {"orientation": "v"}, "margin": {"l": 70, "r": 50, "t": 56, "b": 60},
    }


def _legend_lines(shown: list, entries) -> int:
    """How many lines a legend takes: all of its entries are as wide as the widest."""
    lines = (line for label in shown for line in label.split("<br>"))
    room = _PAGE - _LETTER * max(map(theme.text_width, lines), default=0)
    widest = _ENTRY + _LETTER * max(map(theme.text_width, entries), default=0)
    return math.ceil(len(entries) / max(1, int(room / widest)))


def region_names(rows: list, sparse: dict) -> list:
    """What the regions are called on the axis: the names, the first of each row, in two lines at most."""
    labels = [region_label(row[0], sparse) for row in rows]
    short = ["<br>".join(map(text, wrapped(label, most=2))) for label in labels]
    return short if len(set(short)) == len(short) else [text(label) for label in labels]


def wrapped(name: str, letters: int = _LETTERS, most: int | None = None) -> list:
    """A name in lines, broken between words."""
    return textwrap.wrap(str(name), letters, max_lines=most, placeholder=" …") or [""]


def no_result(rows: list, shown: list, columns, beside: int | None = None) -> list:
    """A trace that says at which regions there is no bar, as all of its columns are missing.

    Parameters
    ----------
    rows, shown : lists
        As for `bars_of_regions`.
    columns : iterable of int
        Those of the bars.
    beside : int, optional
        The column of a mark, between which and 0 the words stand; else they stand right of 0.
    """
    empty = [(row, label) for row, label in zip(rows, shown) if all(row[column] is None for column in columns)]
    if not empty:
        return []
    places = [0 if beside is None else row[beside] or 0 for row, _ in empty]
    return [{
        "type": "scatter", "mode": "text", "name": "no result", "x": places, "y": [label for _, label in empty],
        "text": [f"{GAP}no result{GAP}"] * len(empty), "textfont": {"color": theme.MUTED},
        "textposition": ["middle left" if place > 0 else "middle right" for place in places],
        "showlegend": False, "hoverinfo": "skip",
    }]


def region_colours(rows: list, colour: str, sparse: dict) -> list:
    """The colour of a part in each region, nearly grey in one with few values."""
    return [blend(colour, theme.NEUTRAL, _PALE) if row[0] in sparse else colour for row in rows]

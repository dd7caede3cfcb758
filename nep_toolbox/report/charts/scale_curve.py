"""The geographical detector at several sizes of the cells: how q rises as fewer rows are left."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import blend, categorical, legible
from .. import theme
from .base import Chart, axis, chooser, layout, legend_below, one_at_a_time, plain_rows, text

#: Height of the chart with a legend of one line, what lies above, and one rank of further room, in pixels.
_HEIGHT, _ABOVE = 560, 70
#: Room beside the finest and the coarsest size, in decades, at least.
_ROOM = 0.05
_Q90, _ADJUSTED, _BEST = "90 % quantile of q", "the same of adjusted q", "largest quantile: {}"
#: Dark and pale of no hue, for those of the factors; the pale one is seen on the dark one where both coincide.
_DARK, _PALE = theme.INK, blend(theme.INK, theme.PAPER, 0.55)
_TICK, _ONE_ROW = "{}<br>{:,} rows", "{}<br>1 row"
_SAID, _NOT_SIGNIFICANT = "{}, blocks of {}: q = {:.4f}, adjusted {}{}", " (not significant)"
_SIZE = "Cells along the side of a block, and the rows that are left"


class FactorAtScale(NamedTuple):
    """One factor at one size of the blocks.

    Attributes
    ----------
    block : int
        Cells along the side of a block.
    rows : int
        Blocks that count.
    factor : str
    q, q_adjusted : float
    significant : bool
        Whether the factor counts for the quantile.
    q90, q90_adjusted : float
        Of the size: the 90 % quantile over the significant factors.
    best : bool
        Whether the size has the largest quantile.
    """

    block: int
    rows: int
    factor: str
    q: float
    q_adjusted: float
    significant: bool
    q90: float
    q90_adjusted: float
    best: bool


def scale_curve(parts) -> Chart:
    """q of the factors and its 90 % quantile against the size of the blocks.

    Parameters
    ----------
    parts : sequence of (str, sequence of FactorAtScale)
        Of each year its name and rows; one part without a name where there are no years.

    Returns
    -------
    Chart
        Thin lines: factors, hollow where not significant; thick and without a hue: the quantile, and dashed that of
        adjusted q, which rises less as rows get fewer; the ring marks the largest quantile. Table: as given, where
        there are several parts with their name first.
    """
    parts = [(name, [FactorAtScale(*row) for row in plain_rows(rows)]) for name, rows in parts]
    rows = [row for _name, own in parts for row in own]
    factors = list(dict.fromkeys(row.factor for row in rows))
    colours = dict(zip(factors, map(legible, categorical(len(factors)))))
    traces, groups = one_at_a_time([(name, _traces(own, colours)) for name, own in parts])
    blocks = sorted({row.block for row in rows})
    dated = len(parts) > 1
    titles = {name: {"xaxis.ticktext": _ticks(own, blocks)} for name, own in parts}
    legend = legend_below([*factors, _Q90, _ADJUSTED, _BEST], _HEIGHT, _ABOVE)
    figure = {
        "data": traces,
        "layout": layout(**{
            **legend, "hovermode": "closest",
            "margin": {**legend["margin"], "b": legend["margin"]["b"] + 30, "r": 40},
            "legend": {**legend["legend"], "y": -92 / (_HEIGHT - _ABOVE - 90)},
            "xaxis": axis(_SIZE, type="log", tickvals=blocks, ticktext=_ticks(parts[0][1], blocks) if parts else [],
                          range=_extent(blocks), showgrid=False),
            "yaxis": axis("q", rangemode="tozero"), "updatemenus": chooser([name for name, _ in parts], groups, titles),
        }),
    }
    columns = ("year", *FactorAtScale._fields) if dated else FactorAtScale._fields
    return Chart(figure, columns, [(name, *row) if dated else tuple(row) for name, own in parts for row in own])


def _ticks(rows: list, blocks: list) -> list:
    """The sizes with the rows that are left of each."""
    counts = {row.block: row.rows for row in rows}
    return [
        str(block) if block not in counts else (_ONE_ROW if counts[block] == 1 else _TICK).format(block, counts[block])
        for block in blocks
    ]


def _extent(blocks: list) -> list:
    low, high = (math.log10(end) for end in ((min(blocks), max(blocks)) if blocks else (1, 10)))
    room = max(_ROOM, 0.08 * (high - low))
    return [low - room, high + room]


def _traces(rows: list, colours: dict) -> list:
    """The lines of one year: those of the factors first, so that the quantiles lie above them."""
    sizes = {row.block: row for row in sorted(rows, key=lambda row: row.block)}
    lines = [_factor_line(name, [row for row in rows if row.factor == name], colours[name]) for name in colours]
    lines = [line for line in lines if line["x"]]
    for name, values, colour, dash, symbol in (
        (_Q90, {block: row.q90 for block, row in sizes.items()}, _DARK, "solid", "square"),
        (_ADJUSTED, {block: row.q90_adjusted for block, row in sizes.items()}, _PALE, "dash", "diamond"),
    ):
        lines.append({
            "type": "scatter", "mode": "lines+markers", "name": name, "x": list(values), "y": list(values.values()),
            "line": {"color": colour, "width": 4, "dash": dash}, "marker": {"size": 10, "symbol": symbol},
            "hovertemplate": "%{fullData.name}: %{y:.4f}<extra></extra>",
        })
    best = [row for row in sizes.values() if row.best and row.q90 is not None]
    if best:
        lines.append({
            "type": "scatter", "mode": "markers", "name": _BEST.format(best[0].block), "x": [best[0].block],
            "y": [best[0].q90], "hoverinfo": "skip",
            "marker": {"size": 22, "symbol": "circle-open", "color": theme.INK, "line": {"width": 3}},
        })
    return lines


def _factor_line(name: str, rows: list, colour: str) -> dict:
    """q of one factor."""
    rows = sorted((row for row in rows if row.q is not None), key=lambda row: row.block)
    return {
        "type": "scatter", "mode": "lines+markers", "name": text(name), "x": [row.block for row in rows],
        "y": [row.q for row in rows], "line": {"color": colour, "width": 1.5},
        "marker": {"size": 7, "color": [colour if row.significant else theme.PAPER for row in rows],
                   "line": {"color": colour, "width": 1.5}},
        "hovertext": [
            _SAID.format(text(name), row.block, row.q, theme.number_text(row.q_adjusted, 4) or "none",
                         "" if row.significant else _NOT_SIGNIFICANT) for row in rows
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }

"""Charts of shares and counts: classes of a map, frequency of change."""

from __future__ import annotations

import math

from ...colours import DIVERGING
from .. import theme
from .base import Chart, axis, layout, plain_rows, region_label, text


def class_shares(rows, colours: dict) -> Chart:
    """The share of the area that each class covers.

    Parameters
    ----------
    rows : sequence of (code, label, pixels, area_km2, percent)
        In the order from top to bottom.
    colours : dict of code to str
        ``#rrggbb``.

    Returns
    -------
    Chart
        One bar per class. Table: as given.
    """
    rows = plain_rows(rows)
    figure = {
        "data": [{
            "type": "bar", "orientation": "h", "x": [row[4] for row in rows], "y": [text(row[1]) for row in rows],
            "text": ["" if row[4] is None else f"{row[4]:.2f} %" for row in rows], "textposition": "outside",
            "cliponaxis": False,
            "marker": {
                "color": [colours.get(row[0], theme.NEUTRAL) for row in rows],
                "line": {"color": theme.MUTED, "width": 0.7},
            },
            "customdata": [row[3] for row in rows],
            "hovertemplate": "%{y}: %{x:.4g} %, %{customdata:,.6~g} km²<extra></extra>",
        }],
        "layout": layout(
            height=150 + 34 * len(rows),
            margin={"l": 70, "r": 70, "t": 40, "b": 60},
            xaxis=axis("Share of the area (%)", rangemode="tozero"),
            yaxis=axis("", autorange="reversed", showgrid=False, ticks=""),
            bargap=0.25,
        ),
    }
    return Chart(figure, ("class", "label", "pixels", "area_km2", "percent"), rows)


def change_frequency(rows, whole: str = "", sparse: dict | None = None) -> Chart:
    """How often the regional mean rose and fell from one year to the next.

    Parameters
    ----------
    rows : sequence of (region, increases, decreases, unchanged, comparisons, coverage, p_sign)
    whole : str
        The row that is no region but the whole raster: it stands apart, at the top.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are grey and marked for the `sparse_note`.

    Returns
    -------
    Chart
        Decreases to the left and increases to the right, by region, most increases on top. Table: as given.
    """
    rows, sparse = plain_rows(rows), sparse or {}
    regions = sorted((row for row in rows if row[0] != whole), key=lambda row: (row[1] - row[2], row[1]))
    ordered = [*regions, *(row for row in rows if row[0] == whole)]
    names = [text(region_label(row[0], sparse)) for row in ordered]
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": names,
            "x": [sign * row[column] for row in ordered], "text": [str(row[column]) for row in ordered],
            "textposition": "inside", "insidetextanchor": "end",
            "marker": {"color": [theme.NEUTRAL if row[0] in sparse else colour for row in ordered]},
            "insidetextfont": {"color": "#ffffff"},
            "customdata": [[row[column], row[4]] for row in ordered],
            "hovertemplate": "%{y}: %{customdata[0]} of %{customdata[1]}<extra>" + name + "</extra>",
        }
        for name, column, sign, colour in (
            ("decreases", 2, -1, DIVERGING[0]), ("increases", 1, 1, DIVERGING[-1])
        )
    ]
    apart = [" "] if len(names) > len(regions) > 0 else []
    step = max(1, math.ceil(max((max(row[1], row[2]) for row in rows), default=1) / 4))
    end = step * math.ceil(max((max(row[1], row[2]) for row in rows), default=1) / step) or 1
    ticks = list(range(-end, end + 1, step))
    figure = {
        "data": traces,
        "layout": layout(
            height=150 + 26 * (len(names) + len(apart)), barmode="relative", bargap=0.2,
            xaxis=axis("Number of year-to-year changes", tickvals=ticks, ticktext=[str(abs(tick)) for tick in ticks],
                       range=[-1.03 * end, 1.03 * end]),
            yaxis=axis("", showgrid=False, ticks="", categoryorder="array",
                       categoryarray=[*names[: len(regions)], *apart, *names[len(regions) :]]),
        ),
    }
    return Chart(figure, ("region", "increases", "decreases", "unchanged", "comparisons", "coverage", "p_sign"), rows)

"""Charts of shares and classes: classes of a map, frequency of change, values by land cover."""

from __future__ import annotations

from ...colours import DIVERGING, categorical, legible
from .. import theme
from .base import Chart, axis, layout, number, plain_rows, text, year_axis


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


def change_frequency(rows) -> Chart:
    """How often the regional mean rose and fell from one year to the next.

    Parameters
    ----------
    rows : sequence of (region, increases, decreases, unchanged, comparisons)

    Returns
    -------
    Chart
        Decreases to the left and increases to the right, by region, most increases on top. Table: as given.
    """
    rows = plain_rows(rows)
    ordered = sorted(rows, key=lambda row: (row[1] - row[2], row[1]))
    most = max([1, *(max(row[1], row[2]) for row in rows)])
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": [text(row[0]) for row in ordered],
            "x": [sign * row[column] for row in ordered], "text": [str(row[column]) for row in ordered],
            "textposition": "inside", "insidetextanchor": "end", "marker": {"color": colour},
            "insidetextfont": {"color": "#ffffff"},
            "customdata": [[row[column], row[4]] for row in ordered],
            "hovertemplate": "%{y}: %{customdata[0]} of %{customdata[1]}<extra>" + name + "</extra>",
        }
        for name, column, sign, colour in (
            ("decreases", 2, -1, DIVERGING[0]), ("increases", 1, 1, DIVERGING[-1])
        )
    ]
    step = max(1, round(most / 4))
    ticks = list(range(-(most // step) * step, most + 1, step))
    figure = {
        "data": traces,
        "layout": layout(
            height=150 + 26 * len(rows), barmode="relative", bargap=0.2,
            xaxis=axis("Number of year-to-year changes", tickvals=ticks, ticktext=[str(abs(tick)) for tick in ticks]),
            yaxis=axis("", showgrid=False, ticks=""),
        ),
    }
    return Chart(figure, ("region", "increases", "decreases", "unchanged", "comparisons"), rows)


def landcover_means(rows, colours: dict, quantity: str, unit: str) -> Chart:
    """Annual mean of a value by land-cover class.

    Parameters
    ----------
    rows : sequence of (year, class, label, mean)
    colours : dict of class to str
        ``#rrggbb``; classes without one get one of the palette.
    quantity, unit : str
        Of the mean.

    Returns
    -------
    Chart
        One line per class. Table: year, class, label, mean.
    """
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "name": text(label), "x": years, "y": values,
            "line": {"color": legible(colour), "width": 2.5}, "marker": {"size": 6}, "connectgaps": False,
            "hovertemplate": "%{y:.5g}<extra>" + text(label) + "</extra>",
        }
        for label, colour, years, values in _by_class(rows, colours)
    ]
    return Chart(_over_years(traces, rows, quantity, unit), ("year", "class", "label", "mean"), plain_rows(rows))


def landcover_totals(rows, colours: dict, quantity: str, unit: str) -> Chart:
    """Annual total of a value by land-cover class, stacked; negative totals (a source of carbon) are drawn below zero.

    Parameters are those of `landcover_means`, with the total in place of the mean.
    """
    traces = [
        {
            "type": "bar", "name": text(label), "x": years, "y": values,
            "marker": {"color": colour, "line": {"color": "#ffffff", "width": 0.5}},
            "hovertemplate": "%{y:.5g}<extra>" + text(label) + "</extra>",
        }
        for label, colour, years, values in _by_class(rows, colours)
    ]
    figure = _over_years(traces, rows, quantity, unit)
    figure["layout"].update(barmode="relative", bargap=0.15)
    return Chart(figure, ("year", "class", "label", "total"), plain_rows(rows))


def _by_class(rows, colours: dict) -> list:
    """Label, colour, years and values of each class; a year without a row is a gap."""
    years = sorted({number(row[0]) for row in rows})
    labels: dict = {}
    for row in sorted(rows, key=lambda row: number(row[1])):
        labels.setdefault(number(row[1]), row[2])
    values = {(number(row[1]), number(row[0])): number(row[3]) for row in rows}
    spare = categorical(len(labels))
    return [
        (label, colours.get(code, spare[place]), years, [values.get((code, year)) for year in years])
        for place, (code, label) in enumerate(labels.items())
    ]


def _over_years(traces: list, rows, quantity: str, unit: str) -> dict:
    return {
        "data": traces,
        "layout": layout(
            xaxis=year_axis([number(row[0]) for row in rows]),
            yaxis=axis(theme.quantity_text(text(quantity), unit)),
            hovermode="x unified",
        ),
    }

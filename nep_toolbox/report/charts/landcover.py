"""Charts of values by land cover: the course of each class, and what each adds to the total."""

from __future__ import annotations

from ...colours import categorical, legible
from .. import theme
from .base import Chart, axis, class_label, layout, number, plain_rows, present, text, year_axis
from .labels import apart

#: A mark of its own for each class, beside its colour.
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "triangle-down", "cross", "star", "hexagon", "pentagon")

#: Labels at the ends of lines: their height, width of a letter and longest text; and that of the plot, in pixels.
_LINE, _LETTER, _LONGEST, _PLOT = 15, 7.2, 22, 344


def landcover_means(rows, colours: dict, quantity: str, unit: str, few: frozenset = frozenset()) -> Chart:
    """Annual mean of a value by land-cover class.

    Parameters
    ----------
    rows : sequence of (year, class, label, mean)
    colours : dict of class to str
        ``#rrggbb``; classes without one get one of the palette.
    quantity, unit : str
        Of the mean.
    few : set of classes
        Those with very few pixels: their lines are shown when their name in the legend is clicked.

    Returns
    -------
    Chart
        One line per class, with its name at the end. Table: year, class, label, mean.
    """
    lines = _by_class(rows, colours)
    shown = [line for line in lines if line[0] not in few] or lines
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "name": text(label) + ("" if line in shown else " †"),
            "x": years, "y": values, "visible": True if line in shown else "legendonly",
            "line": {"color": legible(colour), "width": 2.5}, "connectgaps": False,
            "marker": {"size": 7, "symbol": _SYMBOLS[place % len(_SYMBOLS)]},
            "hovertemplate": "%{y:.5g}<extra>" + text(label) + "</extra>",
        }
        for place, line in enumerate(lines) for _code, label, colour, years, values in [line]
    ]
    figure = _over_years(traces, rows, quantity, unit)
    _label_ends(figure["layout"], shown)
    return Chart(figure, ("year", "class", "label", "mean"), plain_rows(rows))


def _label_ends(settings: dict, lines: list) -> None:
    """Write the name of each class at the end of its line, moved apart where two would overlap."""
    values = [value for line in lines for value in present(line[4])]
    if not values:
        return
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 1.0
    low, high = low - margin, high + margin
    ends = sorted((line for line in lines if line[4][-1] is not None), key=lambda line: -line[4][-1])
    wanted = [_PLOT * (line[4][-1] - low) / (high - low) for line in ends]
    names = [label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…" for label in (line[1] for line in ends)]
    settings["yaxis"]["range"] = [low, high]
    settings["margin"]["r"] = 30 + _LETTER * max(map(theme.text_width, names), default=0)
    settings["annotations"] = [
        {
            "text": text(name), "x": line[3][-1], "y": line[4][-1], "xref": "x", "yref": "y", "showarrow": False,
            "xanchor": "left", "yanchor": "middle", "xshift": 10, "yshift": moved - place,
            "font": {"size": 12, "color": legible(line[2])},
        }
        for line, name, place, moved in zip(ends, names, wanted, apart(wanted, [_LINE] * len(ends), 0, _PLOT))
    ]


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
        for _code, label, colour, years, values in _by_class(rows, colours)
    ]
    figure = _over_years(traces, rows, quantity, unit)
    figure["layout"].update(barmode="relative", bargap=0.15)
    return Chart(figure, ("year", "class", "label", "total"), plain_rows(rows))


def _by_class(rows, colours: dict) -> list:
    """Code, label, colour, years and values of each class; a year without a row is a gap."""
    years = sorted({number(row[0]) for row in rows})
    labels: dict = {}
    for row in sorted(rows, key=lambda row: number(row[1])):
        labels.setdefault(number(row[1]), row[2])
    values = {(number(row[1]), number(row[0])): number(row[3]) for row in rows}
    spare = categorical(len(labels))
    return [
        (code, class_label(code, label), colours.get(code, spare[place]), years,
         [values.get((code, year)) for year in years])
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

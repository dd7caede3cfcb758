"""Lists of bars, one below the other, of which one list is shown at a time."""

from __future__ import annotations

from .. import theme
from .base import axis, chooser, layout, one_at_a_time, text
from .slope_parts import GAP as SPACE
from .slope_parts import wrapped

#: Height of a row, of one where any has two lines, and of all else; what a list with a drop-down list has above and
#: below its plot, in pixels.
_ROW, _HIGH_ROW, _RIM, _ABOVE_AND_BELOW, _LEGEND = 26, 35, 190, 116, 62
#: What a number at the end of a bar takes of the axis.
_ROOM = 0.18
#: A row without a bar, between groups.
GAP = ""
EMPTY, _NUMBER, _BELOW = "no change", "{}{:.3g}", "{}<0.001"


def rows_down(labels: list, values: list) -> dict:
    """The settings of the layout that show a list of bars, the first at the top, at the heights 0, 1 and so on.

    Parameters
    ----------
    labels : list of str
        Of the rows; `GAP` is an empty one.
    values : list of float
        Of the bars; their axis leaves room for what is written at their ends.

    Returns
    -------
    dict
        As a drop-down list sets them: ``{"yaxis.range": ...}``.
    """
    row = _HIGH_ROW if any("<br>" in label for label in labels) else _ROW
    height = _RIM + row * max(len(labels), 3)
    margin = max(0.0, (3 - len(labels)) / 2)  # a single bar is no thicker than one of three
    low, high = min([0.0, *values]), max([0.0, *values])
    room = _ROOM * (high - low) or 1.0
    return {
        "height": height,
        "xaxis.range": [low - (room if low else 0.0), high + (room if high or not low else 0.0)],
        "legend.y": -_LEGEND / (height - _ABOVE_AND_BELOW),
        "yaxis.tickvals": [place for place, label in enumerate(labels) if label != GAP],
        "yaxis.ticktext": [label for label in labels if label != GAP],
        "yaxis.range": [len(labels) - 0.5 + margin, -0.5 - margin],
    }


def list_figure(lists, title: str, **more) -> dict:
    """A figure that shows one list of bars at a time.

    Parameters
    ----------
    lists : sequence of (str, list of dict, list of str)
        Name, traces and labels of each, as for `rows_down`.
    title : str
        Of the horizontal axis.
    more
        Further settings of the layout.
    """
    lists = list(lists)
    traces, groups = one_at_a_time([(name, own) for name, own, _labels in lists])
    settings = {
        name: rows_down(labels, [value for trace in own if trace["type"] == "bar" for value in trace["x"]])
        for name, own, labels in lists
    }
    first = settings[lists[0][0]] if lists else rows_down([], [])
    figure = {
        "data": traces,
        "layout": layout(
            height=first["height"], hovermode="closest", barmode="overlay",
            xaxis=axis(title, zerolinecolor=theme.INK, zerolinewidth=1.5, exponentformat="none", separatethousands=True,
                       range=first["xaxis.range"]),
            yaxis=axis("", showgrid=False, zeroline=False, ticks="",
                       **{key: first[f"yaxis.{key}"] for key in ("tickvals", "ticktext", "range")}),
            updatemenus=chooser([name for name, *_ in lists], groups, settings), **more,
        ),
    }
    figure["layout"]["legend"].update(y=first["legend.y"], yanchor="top")
    return figure


def row_label(name: str) -> str:
    """The name of a row, in two lines at most."""
    return "<br>".join(map(text, wrapped(name, most=2)))


def bars(name: str, places: list, values: list, colour: str, told: list, width: float = 0.72, **more) -> dict:
    """Bars of one kind at some rows of a list.

    Parameters
    ----------
    name : str
        Of the kind, for the legend.
    places : list of float
        Rows.
    values : list of float
    colour : str
    told : list of str
        What is said of each bar when one points at it.
    width : float
        Of a bar, in rows.
    more
        Further settings of the trace.
    """
    return {
        "type": "bar", "orientation": "h", "name": name, "y": places, "x": values, "width": width,
        "marker": {"color": colour}, "hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>", **more,
    }


def ends(placed: list) -> dict:
    """The numbers at the ends of bars to the right of 0, or right of the line that would cross them.

    Parameters
    ----------
    placed : list of (float, float, float or None)
        Row, value and the line in that row.
    """
    room = _ROOM * max((value for _place, value, _line in placed), default=0.0)
    return {
        "type": "scatter", "mode": "text", "name": "values", "y": [place for place, *_rest in placed],
        "x": [max(value, line) if line is not None and value + room > line else value for _, value, line in placed],
        "text": [(_BELOW if 0 < value < 0.001 else _NUMBER).format(SPACE, value) for _place, value, _line in placed],
        "textposition": "middle right",
        "textfont": {"size": 11}, "showlegend": False, "hoverinfo": "skip", "cliponaxis": False,
    }


def line_down(name: str, places: list) -> dict:
    """Dashed vertical lines beside bars: what a uniform change would have.

    Parameters
    ----------
    name : str
    places : list of (float, float, float)
        Value, first and last row of each line.
    """
    x, y = [], []
    for value, first, last in places:
        x += [value, value, None]
        y += [first - 0.5, last + 0.5, None]
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": x[:-1], "y": y[:-1], "hoverinfo": "skip",
        "line": {"color": theme.INK, "width": 1.5, "dash": "dash"},
    }


def nothing(words: str = EMPTY) -> dict:
    """What stands where a list has no bar."""
    return {
        "type": "scatter", "mode": "text", "name": words, "x": [0], "y": [0], "text": [SPACE + words],
        "showlegend": False,
        "textfont": {"color": theme.MUTED}, "textposition": "middle right", "hoverinfo": "skip",
    }

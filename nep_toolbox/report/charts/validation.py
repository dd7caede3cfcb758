"""Charts of simulated against observed values: the values themselves, and the diagram of Taylor."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import CATEGORIES, categorical
from .. import theme
from .base import Chart, axis, chooser, layout, number, one_at_a_time, plain, present, text

#: Correlations that have a ray in the diagram.
_RAYS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99)

#: So many groups of the diagram are in its legend; those of more are told when the mouse is over them.
_NAMED = 24

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon", "hexagram")

_MAJOR_AXIS = "major axis: {:.4g} {} {:.4g} × observed"

#: Points of a quarter of a circle.
_QUARTER = 45


class Agreement(NamedTuple):
    """Observed and simulated values of one group, with the line of the major axis; NaN is missing.

    Attributes
    ----------
    group : str
    names : sequence
        What each pair is: a year, or a site and a year.
    observed, simulated : sequences of float
    slope, intercept : float
        NaN draws no line.
    words : str
        The scores of the group, for the legend.
    """

    group: str
    names: list
    observed: list
    simulated: list
    slope: float
    intercept: float
    words: str


class TaylorMark(NamedTuple):
    """A group in a diagram of Taylor.

    Attributes
    ----------
    name : str
    sd_ratio : float
        Standard deviation of the simulated over that of the observed values.
    r : float
    crmse_ratio : float
        Centred root mean square error over the standard deviation of the observed values.
    main : bool
        Whether it is drawn large, as that of all pairs.
    """

    name: str
    sd_ratio: float
    r: float
    crmse_ratio: float
    main: bool = False


def agreement(groups, observed: str, simulated: str, unit: str) -> Chart:
    """Simulated against observed values on axes of one scale, with the line on which both are equal.

    Parameters
    ----------
    groups : sequence of Agreement
        Shown one at a time, the first at the start.
    observed, simulated : str
        What the axes show.
    unit : str

    Returns
    -------
    Chart
        Table: group, pair, observed, simulated.
    """
    groups = list(groups)
    rows = [
        (each.group, str(name), x, y) for each in groups
        for name, x, y in zip(each.names, plain(each.observed), plain(each.simulated)) if None not in (x, y)
    ]
    ends = _ends([value for row in rows for value in row[2:]])
    parts = [(each.group, _agreement_traces(each, ends)) for each in groups]
    traces, shown = one_at_a_time(parts)
    square = {"range": list(ends), "constrain": "domain"}
    figure = {
        "data": traces,
        "layout": layout(
            height=560,
            xaxis={**axis(theme.quantity_text(text(observed), unit)), **square},
            yaxis={**axis(theme.quantity_text(text(simulated), unit)), **square, "scaleanchor": "x"},
            updatemenus=chooser([name for name, _ in parts], shown),
            hovermode="closest",
        ),
    }
    return Chart(figure, ("group", "pair", "observed", "simulated"), rows)


def _ends(values: list) -> tuple:
    """Ends of both axes: those of all values, with some room."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room


def _agreement_traces(group: Agreement, ends: tuple) -> list:
    pairs = [
        (str(name), x, y) for name, x, y in zip(group.names, plain(group.observed), plain(group.simulated))
        if None not in (x, y)
    ]
    traces = [{
        "type": "scatter", "mode": "lines", "x": list(ends), "y": list(ends), "name": "1 : 1",
        "line": {"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip",
    }]
    slope, intercept = number(group.slope), number(group.intercept)
    if slope is not None and intercept is not None:
        sign = "+" if slope >= 0 else "−"
        traces.append({
            "type": "scatter", "mode": "lines", "x": list(ends), "y": [intercept + slope * end for end in ends],
            "name": _MAJOR_AXIS.format(intercept, sign, abs(slope)),
            "line": {"color": theme.CONTRAST, "width": 2}, "hoverinfo": "skip",
        })
    traces.append({
        "type": "scatter", "mode": "markers", "x": [pair[1] for pair in pairs], "y": [pair[2] for pair in pairs],
        "text": [text(pair[0]) for pair in pairs], "name": text(group.words),
        "marker": {"size": 8 if len(pairs) <= 500 else 5, "color": theme.ACCENT,
                   "opacity": 0.75 if len(pairs) <= 500 else 0.35, "line": {"color": "#ffffff", "width": 0.5}},
        "hovertemplate": "%{text}: observed %{x:.5g}, simulated %{y:.5g}<extra></extra>",
    })
    return traces


def taylor_diagram(marks) -> Chart:
    """A diagram of Taylor (2001): standard deviation, correlation and centred RMSE of each group in one place.

    Parameters
    ----------
    marks : sequence of TaylorMark
        Those without r are left out.

    Returns
    -------
    Chart
        Table: group, sd_ratio, r, crmse_ratio. The radius is the standard deviation of the simulated values over that
        of the observed ones, the angle from the horizontal axis is arccos r, and the distance from the point on that
        axis at 1 is the centred RMSE over the standard deviation of the observed values.
    """
    marks = [mark for mark in marks if len(present(mark[1:4])) == 3]
    radius = 1.1 * max([1.45, *(float(mark.sd_ratio) for mark in marks)])
    half = any(mark.r < 0 for mark in marks)
    figure = {
        "data": [*_circles(radius, half), _reference(), *_marks(marks)],
        "layout": layout(
            height=600,
            xaxis={**axis("Standard deviation of the simulated over that of the observed values"),
                   "range": [-1.15 * radius if half else 0.0, 1.15 * radius], "showgrid": False, "zeroline": False,
                   "constrain": "domain", **_absolute_ticks(radius, half)},
            yaxis={**axis(), "range": [0.0, 1.15 * radius], "showgrid": False, "scaleanchor": "x",
                   "constrain": "domain", "visible": not half, **_absolute_ticks(radius, False)},
            legend={"orientation": "v", "x": 1.0, "xanchor": "left", "y": 1.0, "yanchor": "top"},
            annotations=_annotations(radius, half),
            hovermode="closest",
        ),
    }
    rows = [(mark.name, *plain(mark[1:4])) for mark in marks]
    return Chart(figure, ("group", "sd_ratio", "r", "crmse_ratio"), rows)


def _step(radius: float) -> float:
    """Between two circles: 1, 2 or 5 times a power of ten, so that there are some four."""
    rough = radius / 4.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough)


def _absolute_ticks(radius: float, half: bool) -> dict:
    """Radii are no negative numbers on either side."""
    step = _step(radius)
    ticks = [step * place for place in range(int(radius / step) + 1)]
    places = [-tick for tick in ticks[:0:-1]] + ticks if half else ticks
    return {"tickvals": places, "ticktext": [f"{abs(place):g}" for place in places]}


def _arc(centre: float, radius: float, half: bool, within: float) -> tuple:
    """A circle about a point of the axis, as far as it lies in the diagram."""
    x, y = [], []
    for place in range(2 * _QUARTER + 1):
        angle = math.pi * place / (2 * _QUARTER)
        across, up = centre + radius * math.cos(angle), radius * math.sin(angle)
        inside = math.hypot(across, up) <= within * (1 + 1e-9) and (half or across >= -1e-9)
        x.append(across if inside else None)
        y.append(up if inside else None)
    return x, y


def _line(x, y, name: str, colour: str, dash: str = "solid", width: float = 1.0, **more) -> dict:
    return {
        "type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "name": name, "hoverinfo": "skip",
        "line": {"color": colour, "width": width, "dash": dash}, "showlegend": False, **more,
    }


def _circles(radius: float, half: bool) -> list:
    step = _step(radius)
    traces = [_line(*_arc(0.0, radius, half, radius), "rim", theme.NEUTRAL, width=1.5)]
    for place in range(1, int(radius / step) + 1):
        traces.append(_line(*_arc(0.0, step * place, half, radius), "standard deviation", theme.GRID))
    traces.append(_line(*_arc(0.0, 1.0, half, radius), "standard deviation of the observed values", theme.MUTED, "dash",
                        showlegend=True))
    for r in _signed(half):
        ends = radius * r, radius * math.sqrt(1.0 - r * r)
        traces.append(_line((0.0, ends[0]), (0.0, ends[1]), "correlation", theme.GRID))
    for place in range(1, int(2 * radius / step) + 1):
        traces.append(_line(
            *_arc(1.0, step * place, half, radius), f"centred RMSE, in steps of {step:g}", CATEGORIES[2], "dot",
            showlegend=place == 1, opacity=0.7,
        ))
    return traces


def _signed(half: bool) -> list:
    return [*(-r for r in _RAYS[:0:-1] if half), *_RAYS]


def _annotations(radius: float, half: bool) -> list:
    """The correlations along the rim, and what they are."""
    along = [(r, f"{r:g}".replace("-", "−")) for r in (*_signed(half), 1.0, *((-1.0,) if half else ()))]
    marks = [
        {"x": 1.04 * radius * r, "y": 1.04 * radius * math.sqrt(1.0 - r * r), "text": words, "showarrow": False,
         "font": {"size": 11, "color": theme.MUTED},
         # Clear of the axes.
         "xshift": 9 if r == 0 and not half else 0, "yshift": 9 if abs(r) == 1 else 0}
        for r, words in along
    ]
    middle = math.pi / 4
    title = {"x": 1.12 * radius * math.cos(middle), "y": 1.12 * radius * math.sin(middle), "text": "Correlation",
             "showarrow": False, "textangle": 45, "font": {"size": 13, "color": theme.INK}}
    return [*marks, title]


def _reference() -> dict:
    return {
        "type": "scatter", "mode": "markers", "x": [1.0], "y": [0.0], "name": "observed", "cliponaxis": False,
        "marker": {"symbol": "star", "size": 14, "color": theme.INK}, "hovertemplate": "observed<extra></extra>",
    }


def _marks(marks: list) -> list:
    """A trace for each group, told by colour and shape where the legend has room for all."""
    few, traces = len(marks) <= _NAMED, []
    # Black is the star, and the colour of all pairs is theirs alone.
    spare = [colour for colour in categorical(len(marks) + 2) if colour not in (theme.CONTRAST, "#000000")]
    colours = spare if few else [theme.ACCENT] * len(marks)
    for place, mark in enumerate(marks):
        numbers = plain(mark[1:4])
        traces.append({
            "type": "scatter", "mode": "markers", "name": text(mark.name), "cliponaxis": False,
            "x": [numbers[0] * numbers[1]], "y": [numbers[0] * math.sqrt(max(0.0, 1.0 - numbers[1] ** 2))],
            "customdata": [numbers], "showlegend": few or mark.main,
            "marker": {
                "symbol": _SYMBOLS[place % len(_SYMBOLS)] if few else "circle", "size": 15 if mark.main else 10,
                "color": theme.CONTRAST if mark.main else colours[place], "line": {"color": "#ffffff", "width": 1},
            },
            "text": [text(mark.name)],
            "hovertemplate": "%{text}: standard deviation %{customdata[0]:.3g}, r %{customdata[1]:.3f}, centred RMSE "
                             "%{customdata[2]:.3g}<extra></extra>",
        })
    return traces

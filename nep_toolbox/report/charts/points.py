"""The series of single pixels with their trend, a panel for each."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import with_alpha
from ...typesetting import with_unit
from .. import theme
from .base import Chart, axis, layout, number, plain, present, text, year_axis

#: Panels beside each other at most.
_ACROSS = 3
#: Height of a row of panels, of its titles above and its ticks below, and of what is around all rows, in pixels.
_ROW, _TITLES, _TICKS, _RIM = 300, 64, 34, 116
#: Of the width of the page between two panels, and the years that an axis of a panel names at most.
_GAP, _YEARS = 0.07, 5
_WITHIN = "{:g} % limits of the slope"
_TITLE, _SLOPE, _LIMITS, _TESTS = "<b>{}</b>", "{} per year", " ({:.3g} to {:.3g})", "{}, H {}"


class PointSeries(NamedTuple):
    """The series of a pixel; NaN is missing.

    Attributes
    ----------
    name : str
    years, values : sequences
    slope, lower, upper : float
        Theil-Sen slope per year, and its limits.
    p_value, hurst : float
    middle, level : float
        The point that the line passes through: the median year and the median of the values.
    """

    name: str
    years: list
    values: list
    slope: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    p_value: float = math.nan
    hurst: float = math.nan
    middle: float = math.nan
    level: float = math.nan


def point_panels(points, quantity: str, unit: str, confidence: float) -> Chart:
    """Series of pixels side by side, each with its Sen line between the lines of the limits of the slope.

    Parameters
    ----------
    points : sequence of PointSeries
    quantity, unit : str
        Of the values.
    confidence : float
        Of the limits, percent.

    Returns
    -------
    Chart
        Table: point, year, value.
    """
    points = list(points)
    across = min(_ACROSS, len(points))
    inner = math.ceil(len(points) / across) * _ROW
    data, settings, titles, rows, told = [], {}, [], [], set()
    for place, point in enumerate(points):
        line, column = divmod(place, across)
        suffix = str(place + 1) if place else ""
        width = (1 - _GAP * (across - 1)) / across
        left = column * (width + _GAP)
        bottom, top = 1 - ((line + 1) * _ROW - _TICKS) / inner, 1 - (line * _ROW + _TITLES) / inner
        settings[f"xaxis{suffix}"] = {
            **year_axis(plain(point.years)), "title": {"text": ""}, "domain": [left, left + width],
            "anchor": f"y{suffix}", "dtick": _step(point.years),
        }
        settings[f"yaxis{suffix}"] = axis(
            theme.quantity_text(text(quantity), unit) if column == 0 else "", domain=[bottom, top], anchor=f"x{suffix}",
            nticks=6,
        )
        for trace in _traces(point, confidence):
            shown = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "showlegend": trace["legendgroup"] not in told}
            data.append({**trace, **shown})
            told.add(trace["legendgroup"])
        titles.append({
            "text": "<br>".join(_title(point, unit)), "x": left, "y": top, "xref": "paper", "yref": "paper",
            "xanchor": "left", "yanchor": "bottom", "align": "left", "showarrow": False, "font": {"size": 12},
        })
        rows += [(point.name, *pair) for pair in zip(plain(point.years), plain(point.values))]
    figure = {
        "data": data,
        "layout": layout(height=inner + _RIM, annotations=titles, hovermode="closest", **settings),
    }
    return Chart(figure, ("point", "year", "value"), rows)


def _step(years) -> int:
    """Years between two ticks of a panel."""
    return max(1, math.ceil((max(years) - min(years)) / _YEARS))


def _title(point: PointSeries, unit: str) -> list:
    """The lines above a panel: the point's name, its slope, and the tests."""
    lines = [_TITLE.format(text(point.name))]
    if number(point.slope) is None:
        return [*lines, "no trend: too few values"]
    slope = _SLOPE.format(with_unit(f"{point.slope:+.3g}", unit))
    if number(point.lower) is not None:
        slope += _LIMITS.format(point.lower, point.upper)
    persistence = "not defined" if number(point.hurst) is None else f"{point.hurst:.2f}"
    return [*lines, slope, _TESTS.format(theme.p_text(point.p_value), persistence)]


def _traces(point: PointSeries, confidence: float) -> list:
    """The values of a pixel over its line and the lines of the limits."""
    years, values = plain(point.years), plain(point.values)
    known = [year for year, value in zip(years, values) if value is not None]
    traces = []
    if len(present((point.slope, point.lower, point.upper))) == 3:
        # A bow tie: along one line to its end, and back along the other.
        first, last = known[0], known[-1]
        traces.append({
            "type": "scatter", "mode": "lines", "x": [first, last, last, first, first],
            "y": [*_line(point, point.lower, (first, last)), *_line(point, point.upper, (last, first)),
                  *_line(point, point.lower, (first,))], "fill": "toself",
            "name": _WITHIN.format(confidence), "fillcolor": with_alpha(theme.CONTRAST, 0.14),
            "line": {"width": 0}, "hoverinfo": "skip", "legendgroup": "limits",
        })
    if number(point.slope) is not None:
        ends = [known[0], known[-1]]
        traces.append({
            "type": "scatter", "mode": "lines", "x": ends, "y": _line(point, point.slope, ends),
            "name": "Theil-Sen line", "line": {"color": theme.CONTRAST, "width": 2}, "hoverinfo": "skip",
            "legendgroup": "line",
        })
    traces.append({
        "type": "scatter", "mode": "lines+markers", "x": years, "y": values, "name": "value of the pixel",
        "line": {"color": theme.ACCENT, "width": 1.5}, "marker": {"size": 5}, "legendgroup": "values",
        "hovertemplate": "%{x}: %{y:.5g}<extra></extra>",
    })
    return traces


def _line(point: PointSeries, slope: float, years: list) -> list:
    """Where a line of some slope through the medians is in some years."""
    return plain([point.level + slope * (year - point.middle) for year in years])

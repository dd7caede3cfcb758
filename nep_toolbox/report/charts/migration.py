"""The path of a centre of gravity over the years."""

from __future__ import annotations

import math
from typing import NamedTuple

from .. import theme
from .base import Chart, axis, chooser, layout, number, plain, text


class CentrePath(NamedTuple):
    """Yearly centres of gravity of one region, in map coordinates.

    Attributes
    ----------
    region : str
    years, x, y : sequences
    distance_km, azimuth : sequences
        From the year before; missing for the first.
    geometric : (x, y) or None
        Geometric centre of the valid area.
    """

    region: str
    years: list
    x: list
    y: list
    distance_km: list
    azimuth: list
    geometric: tuple = None


def migration_path(paths, x_title: str, y_title: str, geographic: bool) -> Chart:
    """The way of the centre from year to year, its colour graded by time, with an arrow on every step.

    Parameters
    ----------
    paths : sequence of CentrePath
        Shown one at a time, the first at the start.
    x_title, y_title : str
        ``"Longitude (°E)"`` or ``"Easting (m)"``.
    geographic : bool
        Whether the coordinates are degrees: then a degree of longitude is drawn as short as it is there.

    Returns
    -------
    Chart
        Table: region, year, x, y, distance_km, azimuth.
    """
    traces, groups, rows, arrows = [], [], [], {}
    for order, path in enumerate(paths):
        points = [
            point
            for point in zip(*(plain(column) for column in path[1:6]))
            if point[1] is not None and point[2] is not None
        ]
        rows += [(path.region, *point) for point in points]
        arrows[path.region] = _arrows(points)
        for trace in _traces(path, points):
            traces.append({**trace, "visible": order == 0})
            groups.append(path.region)
    latitudes = [row[3] for row in rows]
    squeeze = 1 / math.cos(math.radians(sum(latitudes) / len(latitudes))) if geographic and latitudes else 1
    first = paths[0].region if paths else None
    figure = {
        "data": traces,
        "layout": layout(
            height=620,
            xaxis=axis(x_title, zeroline=False, exponentformat="none", separatethousands=True),
            yaxis=axis(y_title, zeroline=False, exponentformat="none", separatethousands=True, scaleanchor="x",
                       scaleratio=squeeze),
            annotations=arrows.get(first, []),
            updatemenus=chooser(
                [path.region for path in paths], groups,
                {region: {"annotations": drawn} for region, drawn in arrows.items()},
            ),
            hovermode="closest",
        ),
    }
    return Chart(figure, ("region", "year", "x", "y", "distance_km", "azimuth"), rows)


def _arrows(points: list) -> list:
    steps = len(points) - 1
    return [
        {
            "x": after[1], "y": after[2], "ax": before[1], "ay": before[2], "xref": "x", "yref": "y", "axref": "x",
            "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2, "arrowsize": 1, "arrowwidth": 2,
            "standoff": 6, "startstandoff": 6, "arrowcolor": theme.along(theme.SEQUENTIAL, place / max(steps - 1, 1)),
        }
        for place, (before, after) in enumerate(zip(points, points[1:]))
        if before[1:3] != after[1:3]
    ]


def _step_text(distance, azimuth) -> str:
    """How the centre came here; a centre that stayed has a distance and no direction."""
    if distance is None:
        return ""
    return f", {distance:.2f} km" + ("" if azimuth is None else f" towards {azimuth:.0f}°")


def _traces(path: CentrePath, points: list) -> list:
    if not points:
        return []
    years, x, y, distance, azimuth = (list(column) for column in zip(*points))
    traces = [{
        "type": "scatter", "mode": "markers+text", "x": x, "y": y, "text": [str(year) for year in years],
        "textposition": "top center", "textfont": {"size": 11}, "name": "centre of a year", "showlegend": False,
        "marker": {
            "size": 10, "color": years, "colorscale": theme.colorscale(theme.SEQUENTIAL),
            "line": {"color": "#ffffff", "width": 1},
            "colorbar": {"title": {"text": "Year"}, "thickness": 14, "outlinewidth": 0, "tickformat": "d"},
        },
        "customdata": [_step_text(step, towards) for step, towards in zip(distance, azimuth)],
        "hovertemplate": "%{text}: %{x:.6~f}, %{y:.6~f}%{customdata}<extra></extra>", "cliponaxis": False,
    }]
    marks = [("mean centre", sum(x) / len(x), sum(y) / len(y), "star", theme.CONTRAST)]
    if path.geometric is not None and None not in plain(path.geometric):
        marks.append(("geometric centre", number(path.geometric[0]), number(path.geometric[1]), "cross", theme.INK))
    for name, east, north, symbol, colour in marks:
        traces.append({
            "type": "scatter", "mode": "markers", "x": [east], "y": [north], "name": name,
            "marker": {"size": 15, "symbol": symbol, "color": colour, "line": {"color": "#ffffff", "width": 1}},
            "hovertemplate": text(name) + ": %{x:.6~f}, %{y:.6~f}<extra></extra>",
        })
    return traces

"""The path of a centre of gravity over the years."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import SEQUENTIAL, along
from .. import theme
from .base import Chart, axis, chooser, layout, one_at_a_time, plain, region_label, text
from .labels import SHIFT, SIDES, label_sides, year_colours

#: About the width and height of the path on a narrow page, in pixels.
WIDTH, HEIGHT = 450, 380


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


def migration_path(paths, x_title: str, y_title: str, geographic: bool, sparse: dict | None = None) -> Chart:
    """The path of the centre from year to year, coloured by time, with an arrow on every step.

    Parameters
    ----------
    paths : sequence of CentrePath
        Shown one at a time, the first at the start.
    x_title, y_title : str
        ``"Longitude (°E)"`` or ``"Easting (m)"``.
    geographic : bool
        Whether the coordinates are degrees: then a degree of longitude is drawn as short as it is at the mean
        latitude.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are grey and marked for the `sparse_note`.

    Returns
    -------
    Chart
        Table: region, year, x, y, distance_km, azimuth.
    """
    parts, rows, settings, sparse = [], [], {}, sparse or {}
    for path in paths:
        points = [
            point
            for point in zip(*(plain(column) for column in path[1:6]))
            if point[1] is not None and point[2] is not None
        ]
        rows += [(path.region, *point) for point in points]
        frame = _frame(points, _geometric(path))
        name, pale = region_label(path.region, sparse), path.region in sparse
        squeeze = _squeeze(points) if geographic else 1
        notes = _arrows(points, pale) + _labels(points, frame, _geometric(path), squeeze)
        settings[name] = {"annotations": notes, **_ranges(frame)}
        parts.append((name, _traces(path, points, frame, pale)))
    traces, groups = one_at_a_time(parts)
    first = parts[0][0] if parts else None
    figure = {
        "data": traces,
        "layout": layout(
            height=620,
            xaxis=axis(x_title, zeroline=False, exponentformat="none", separatethousands=True),
            yaxis=axis(y_title, zeroline=False, exponentformat="none", separatethousands=True, scaleanchor="x",
                       scaleratio=_squeeze([row[1:] for row in rows]) if geographic else 1),
            annotations=settings[first]["annotations"] if paths else [],
            updatemenus=chooser([name for name, _ in parts], groups, settings),
            hovermode="closest",
        ),
    }
    for name in ("xaxis", "yaxis"):
        if paths and f"{name}.range" in settings[first]:
            figure["layout"][name]["range"] = settings[first][f"{name}.range"]
    return Chart(figure, ("region", "year", "x", "y", "distance_km", "azimuth"), rows)


def _squeeze(points: list) -> float:
    """By how much longer a degree of latitude is drawn than one of longitude, at the mean latitude."""
    return 1 / math.cos(math.radians(sum(point[2] for point in points) / len(points))) if points else 1


def _arrows(points: list, pale: bool) -> list:
    steps = len(points) - 1
    return [
        {
            "x": after[1], "y": after[2], "ax": before[1], "ay": before[2], "xref": "x", "yref": "y", "axref": "x",
            "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2, "arrowsize": 1, "arrowwidth": 2,
            "standoff": 6, "startstandoff": 6,
            "arrowcolor": theme.NEUTRAL if pale else along(SEQUENTIAL, place / max(steps - 1, 1)),
        }
        for place, (before, after) in enumerate(zip(points, points[1:]))
        if before[1:3] != after[1:3]
    ]


def _labels(points: list, frame, geometric, squeeze: float) -> list:
    """The years as labels, each on the side of its centre that is clear of arrows, if there is one.

    Years without room are left out: pointing at their centre tells them.
    """
    if not points:
        return []
    years, x, y = ([point[column] for point in points] for column in range(3))
    (west, east), (south, north) = frame or ((0, 1), (0, 1))
    size = max((east - west) / WIDTH, squeeze * (north - south) / HEIGHT)

    def pixels(place) -> tuple:
        return place[0] / size, squeeze * place[1] / size

    centres = [pixels(point[1:3]) for point in points]
    marks = [pixels((sum(x) / len(x), sum(y) / len(y))), *([pixels(geometric)] if geometric else [])]
    sides = label_sides(years, *zip(*centres), _clear_sides(points), marks)
    return [
        {
            "x": point[1], "y": point[2], "xref": "x", "yref": "y", "text": str(point[0]), "showarrow": False,
            "xshift": SHIFT[0] * side[0], "yshift": SHIFT[1] * side[1], "font": {"size": 11},
            "bgcolor": "rgba(255,255,255,0.7)", "borderpad": 0,
        }
        for point, side in zip(points, sides) if side
    ]


def _clear_sides(points: list) -> list:
    """For each centre the sides in the order of how far they are from the arrows there."""
    ordered = []
    for place, (_year, x, y, *_) in enumerate(points):
        ways = [
            math.atan2(other[2] - y, other[1] - x)
            for other in points[max(0, place - 1) : place + 2] if other[1:3] != (x, y)
        ]
        ordered.append(sorted(SIDES, key=lambda side, ways=ways: round(
            max((side[0] * math.cos(way) + side[1] * math.sin(way) for way in ways), default=0), 6
        )))
    return ordered


def _geometric(path: CentrePath):
    """The geometric centre as plain numbers, or None."""
    if path.geometric is None or None in plain(path.geometric):
        return None
    return tuple(plain(path.geometric))


def _frame(points: list, geometric):
    """Ends of both axes that show the path large: (west, east), (south, north); None if it is a single point.

    The geometric centre is inside if it is not too far: otherwise the path would shrink to a spot beside it.
    """
    x, y = ([point[column] for point in points] for column in (1, 2))
    size = max(max(x) - min(x), max(y) - min(y)) if points else 0
    if size == 0:
        return None
    for place, values in zip(geometric or (), (x, y)):
        if not min(values) - size / 2 <= place <= max(values) + size / 2:
            break
    else:
        if geometric:
            x, y = [*x, geometric[0]], [*y, geometric[1]]
    margin = 0.1 * size
    return tuple((min(values) - margin, max(values) + margin) for values in (x, y))


def _ranges(frame) -> dict:
    """Settings of the layout for a frame."""
    if frame is None:
        return {"xaxis.autorange": True, "yaxis.autorange": True}
    return {"xaxis.range": list(frame[0]), "yaxis.range": list(frame[1])}


def _step_text(distance, azimuth) -> str:
    """The step to this centre; a centre that stayed in place has a distance but no direction."""
    if distance is None:
        return ""
    return f", {distance:.2f} km" + ("" if azimuth is None else f" towards {azimuth:.0f}°")


def _traces(path: CentrePath, points: list, frame, pale: bool) -> list:
    if not points:
        return []
    years, x, y, distance, azimuth = (list(column) for column in zip(*points))
    traces = [{
        "type": "scatter", "mode": "markers", "x": x, "y": y, "text": [str(year) for year in years],
        "name": "centre of a year", "showlegend": False,
        "marker": {
            "size": 10, "line": {"color": "#ffffff", "width": 1},
            **({"color": theme.NEUTRAL} if pale else year_colours(years)),
        },
        "customdata": [_step_text(step, towards) for step, towards in zip(distance, azimuth)],
        "hovertemplate": "%{text}: %{x:.6~f}, %{y:.6~f}%{customdata}<extra></extra>",
    }]
    marks = [("mean centre", sum(x) / len(x), sum(y) / len(y), "star", theme.CONTRAST)]
    geometric = _geometric(path)
    if geometric:
        inside = frame is None or all(low <= place <= high for place, (low, high) in zip(geometric, frame))
        name = "geometric centre" if inside else "geometric centre (outside of the frame: double click to see it)"
        marks.append((name, *geometric, "cross", theme.INK))
    for name, east, north, symbol, colour in marks:
        traces.append({
            "type": "scatter", "mode": "markers", "x": [east], "y": [north], "name": name,
            "marker": {"size": 15, "symbol": symbol, "color": colour, "line": {"color": "#ffffff", "width": 1}},
            "hovertemplate": text(name) + ": %{x:.6~f}, %{y:.6~f}<extra></extra>",
        })
    return traces

"""The layers and tables of a migration of centres."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY

from ...core.zonal.gravity_centre import Centres, Migration
from ...core.zonal.stages import StageWays

CENTERS = {
    "region": "text", "year": "integer", "x": "number", "y": "number", "distance_km": "number", "azimuth": "number",
    "cumulative_km": "number", "coverage": "number",
}
PATH = {
    "region": "text", "from_year": "integer", "to_year": "integer", "distance_km": "number", "azimuth": "number",
}
ELLIPSE = {
    "region": "text", "year": "integer", "semi_major": "number", "semi_minor": "number", "rotation": "number",
}
MEAN_CENTERS = {
    "region": "text", "x": "number", "y": "number", "offset_km": "number", "offset_azimuth": "number",
    "geometric_x": "number", "geometric_y": "number",
}
STAGES = {
    "region": "text", "stage": "text", "from_year": "integer", "to_year": "integer", "path_km": "number",
    "net_km": "number", "azimuth": "number", "km_per_year": "number",
}

#: Corners of an ellipse: with a multiple of four the ends of its axes are corners.
CORNERS = 120


class Result(NamedTuple):
    """Centres of all zones, how they move (m, degrees) and where the mean centre lies from the geometric one.

    ``coverage`` (steps, zones) is the share of the regions that takes part, in percent; ``sparse`` the regions of which
    little does, with that share; ``stages`` are their first and last years, ``ways`` how the centres move in them.
    """

    names: list
    years: list
    centres: Centres
    steps: Migration
    offset: np.ndarray
    offset_azimuth: np.ndarray
    coverage: np.ndarray
    sparse: dict
    stages: list
    ways: StageWays


def centres(result: Result) -> list:
    """A point for each region and year that has a centre."""
    x, y, steps = result.centres.x, result.centres.y, result.steps
    return [
        (QgsGeometry.fromPointXY(QgsPointXY(x[step, zone], y[step, zone])),
         (name, year, x[step, zone], y[step, zone], steps.distance[step, zone] / 1000, steps.azimuth[step, zone],
          steps.cumulative[step, zone] / 1000, result.coverage[step, zone]))
        for zone, name in enumerate(result.names) for step, year in enumerate(result.years)
        if np.isfinite(x[step, zone])
    ]


def path(result: Result) -> list:
    """A line for each step from one centre to the next."""
    x, y, steps = result.centres.x, result.centres.y, result.steps
    lines = []
    for zone, name in enumerate(result.names):
        known = [step for step in range(len(x)) if np.isfinite(x[step, zone])]
        for before, after in zip(known, known[1:]):
            line = [QgsPointXY(x[step, zone], y[step, zone]) for step in (before, after)]
            lines.append((QgsGeometry.fromPolylineXY(line), (
                name, result.years[before], result.years[after], steps.distance[after, zone] / 1000,
                steps.azimuth[after, zone],
            )))
    return lines


def ellipses(result: Result, ellipse) -> list:
    """A polygon for each region and year that has an ellipse; ``ellipse`` are those of `deviational_ellipse`."""
    turn = np.linspace(0.0, 2.0 * np.pi, CORNERS + 1)
    shapes = []
    for zone, name in enumerate(result.names):
        for step, year in enumerate(result.years):
            major, minor, rotation = (part[step, zone] for part in ellipse)
            if not (np.isfinite(major) and np.isfinite(result.centres.x[step, zone])):
                continue
            along = np.radians(rotation if np.isfinite(rotation) else 0.0)
            p, q = major * np.cos(turn), minor * np.sin(turn)
            u = result.centres.x[step, zone] + p * np.sin(along) + q * np.cos(along)
            v = result.centres.y[step, zone] + p * np.cos(along) - q * np.sin(along)
            ring = [QgsPointXY(a, b) for a, b in zip(u.tolist(), v.tolist())]
            shapes.append((QgsGeometry.fromPolygonXY([ring]), (name, year, major, minor, rotation)))
    return shapes


def mean_centres(result: Result) -> list:
    """A point for each region at the mean of its centres."""
    found = result.centres
    return [
        (QgsGeometry.fromPointXY(QgsPointXY(found.mean_x[zone], found.mean_y[zone])),
         (name, found.mean_x[zone], found.mean_y[zone], result.offset[zone] / 1000, result.offset_azimuth[zone],
          found.geometric_x[zone], found.geometric_y[zone]))
        for zone, name in enumerate(result.names) if np.isfinite(found.mean_x[zone])
    ]


def stage_rows(result: Result) -> list:
    """A row for each region and stage."""
    ways = result.ways
    return [
        (name, f"{first}-{last}", first, last, ways.path[stage, zone] / 1000, ways.net[stage, zone] / 1000,
         ways.azimuth[stage, zone], ways.per_year[stage, zone] / 1000)
        for zone, name in enumerate(result.names) for stage, (first, last) in enumerate(result.stages)
    ]

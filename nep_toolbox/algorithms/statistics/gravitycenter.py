"""nep:gravitycenter"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsWkbTypes,
)

from ...core.zonal.blocks import gravity_block
from ...core.zonal.geodesic import geodesic_inverse
from ...core.zonal.gravity_centre import (
    Centres,
    Migration,
    Negative,
    deviational_ellipse,
    empty_sums,
    gravity_centres,
    migration,
)
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import STATISTICS
from ...framework.regional_sums import gather, warn_of_empty
from ...framework.texts import tr
from ...raster.cells import CellCentres
from ...raster.crs import ellipsoid_of, to_geographic
from ...styling.titles import Subject
from ...styling.vectors import style_centres, style_ellipses, style_path

CENTERS = {
    "region": "text", "year": "integer", "x": "number", "y": "number", "distance_km": "number", "azimuth": "number",
    "cumulative_km": "number",
}
PATH = {
    "region": "text", "from_year": "integer", "to_year": "integer", "distance_km": "number", "azimuth": "number",
}
ELLIPSE = {
    "region": "text", "year": "integer", "semi_major": "number", "semi_minor": "number", "rotation": "number",
}

#: Corners of an ellipse: with a multiple of four the ends of its axes are corners.
CORNERS = 120


class Result(NamedTuple):
    """Centres of all zones, how they move (m, degrees) and where the mean centre lies from the geometric one."""

    names: list
    years: list
    centres: Centres
    steps: Migration
    offset: np.ndarray
    offset_azimuth: np.ndarray


class GravityCenter(ToolboxAlgorithm):
    """Centre of gravity of every year and its migration."""

    NAME = "gravitycenter"
    LABEL = "Centre of gravity migration"
    GROUP = STATISTICS
    NEEDS = ("pyproj",)
    TAGS = (
        "gravity center", "centroid", "migration", "standard deviational ellipse", "mean center", "重心迁移",
        "标准差椭圆",
    )
    SUMMARY = (
        "Finds the centre of gravity of every year, how far and where it moves, and its offset from the geometric "
        "centre."
    )
    HELP = """
<p>X = sum(w u) / sum(w), Y = sum(w v) / sum(w), with w = value x pixel area and (u, v) the centre of the pixel in map
units. By default only pixels valid in every year take part, so that the centre does not move because the mask
does.</p>
<ul>
<li>Distances are on the ellipsoid (km), azimuths in degrees clockwise from true north, 0 to 360. A year without a
centre (no valid pixel, or values that sum to zero) has none, and the next step starts at the last centre there
was.</li>
<li>The mean centre is the mean of the yearly centres; its offset is measured from the geometric centre of the valid
area.</li>
<li>Negative values are kept by default; their share is in the log. With many of them the centre can lie outside of
the area: leave them out then.</li>
<li>The standard deviational ellipse is that of the weights w, its semi-axes sqrt(2) standard deviations long (63 % of
a normal distribution), in map units; its rotation is clockwise from the map's y axis.</li>
</ul>
<p>References: Lefever (1926) doi:10.1086/214027; Yuill (1971) doi:10.1080/04353684.1971.11879353.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series whose values are the weights.")
        self.add_years()
        self.add_flag(
            "COMMON_MASK", "Only pixels valid in every year", "Otherwise each year uses the pixels valid in it.", True
        )
        self.add_choice("NEGATIVE", "Negative values", "Weights below zero.", ["Keep", "Leave out"])
        self.add_regions()
        self.add_execution()
        kind = QgsProcessing.SourceType
        self.add_table_output(
            "CENTERS", "Yearly centres of gravity", "A point for each region and year.", False, kind.TypeVectorPoint
        )
        self.add_table_output(
            "PATH", "Path of the centre of gravity", "A line for each step from year to year.", True,
            kind.TypeVectorLine, offered=True,
        )
        self.add_table_output(
            "ELLIPSE", "Deviational ellipses", "A standard deviational ellipse for each region and year.", True,
            kind.TypeVectorPolygon,
        )
        self.add_chart_output("CHART", "Chart of the migration", "The path from year to year, by region.")
        for name, what in (
            ("MEAN_DISTANCE_KM", "Mean distance from year to year (km)"),
            ("OFFSET_KM", "Distance of the mean centre from the geometric centre (km)"),
            ("OFFSET_AZIMUTH", "Direction of the mean centre from the geometric centre (degrees)"),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, tr(what)))

    def compute(self, run):
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        negative = Negative(run.parameters.choice("NEGATIVE"))
        grid = series.grid
        (west, east), (north, south) = grid.corners
        middle = ((west + east) / 2, (north + south) / 2)
        common_mask = run.parameters.flag("COMMON_MASK")
        kernel = partial(gravity_block, origin=middle, common_mask=common_mask, negative=negative)
        sums, names = gather(
            run, series, kernel, {"centres": CellCentres(grid)}, partial(empty_sums, origin=middle)
        )
        centres = gravity_centres(sums, negative=negative)
        warn_of_empty(run, names, centres.pixels, series.years, common_mask)
        steps = migration(*to_geographic(grid.wkt, centres.x, centres.y), *ellipsoid_of(grid.wkt))
        offset, azimuth = geodesic_inverse(
            *to_geographic(grid.wkt, centres.geometric_x, centres.geometric_y),
            *to_geographic(grid.wkt, centres.mean_x, centres.mean_y), *ellipsoid_of(grid.wkt),
        )
        result = Result(names, series.years, centres, steps, offset, azimuth)
        self._log(run, result)
        run.outputs.features(
            "CENTERS", CENTERS, self._centres(result), QgsWkbTypes.Type.Point, grid, style_centres
        )
        run.outputs.features("PATH", PATH, self._path(result), QgsWkbTypes.Type.LineString, grid, style_path)
        run.outputs.features(
            "ELLIPSE", ELLIPSE, self._ellipses(result, deviational_ellipse(sums)), QgsWkbTypes.Type.Polygon, grid,
            style_ellipses,
        )
        run.outputs.page("CHART", lambda: self._page(series, result))

    @staticmethod
    def _log(run, result: Result) -> None:
        centres, moves = result.centres, result.steps.distance
        for zone, name in enumerate(result.names):
            known = moves[np.isfinite(moves[:, zone]), zone]
            mean = known.mean() / 1000 if known.size else float("nan")
            if np.isfinite(result.offset[zone]):
                run.log.info(f"{name}: " + (f"mean distance from year to year {mean:.3f} km; " if known.size else "") +
                         f"the mean centre lies {_offset_text(result, zone)}")
            share = centres.negative_pixel_percent[:, zone]
            if np.nanmax(share, initial=0.0) > 0:
                run.log.warn(f"{name}: up to {np.nanmax(share):.2f} % of the pixels of a year are negative, up to "
                         f"{np.nanmax(centres.negative_weight_percent[:, zone]):.2f} % of the weight.")
            lost = [str(year) for year, x in zip(result.years, centres.x[:, zone]) if np.isnan(x)]
            if lost and len(lost) < len(result.years):
                run.log.warn(f"{name}: no centre in {', '.join(lost)}.")
            if zone == 0:
                run.results.update({
                    "MEAN_DISTANCE_KM": float(mean), "OFFSET_KM": float(result.offset[0]) / 1000,
                    "OFFSET_AZIMUTH": float(result.offset_azimuth[0]),
                })

    @staticmethod
    def _centres(result: Result) -> list:
        x, y, steps = result.centres.x, result.centres.y, result.steps
        return [
            (QgsGeometry.fromPointXY(QgsPointXY(x[step, zone], y[step, zone])),
             (name, year, x[step, zone], y[step, zone], steps.distance[step, zone] / 1000, steps.azimuth[step, zone],
              steps.cumulative[step, zone] / 1000))
            for zone, name in enumerate(result.names) for step, year in enumerate(result.years)
            if np.isfinite(x[step, zone])
        ]

    @staticmethod
    def _path(result: Result) -> list:
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

    @staticmethod
    def _ellipses(result: Result, ellipse) -> list:
        turn = np.linspace(0.0, 2.0 * np.pi, CORNERS + 1)
        shapes = []
        for zone, name in enumerate(result.names):
            for step, year in enumerate(result.years):
                major, minor, rotation = (part[step, zone] for part in ellipse)
                if not np.isfinite(major):
                    continue
                along = np.radians(rotation if np.isfinite(rotation) else 0.0)
                p, q = major * np.cos(turn), minor * np.sin(turn)
                u = result.centres.x[step, zone] + p * np.sin(along) + q * np.cos(along)
                v = result.centres.y[step, zone] + p * np.cos(along) - q * np.sin(along)
                ring = [QgsPointXY(a, b) for a, b in zip(u.tolist(), v.tolist())]
                shapes.append((QgsGeometry.fromPolygonXY([ring]), (name, year, major, minor, rotation)))
        return shapes

    @staticmethod
    def _page(series, result: Result):
        from ...report.charts import CentrePath, migration_path
        from ...report.page import Page

        centres, steps = result.centres, result.steps
        page = Page(f"Centre of gravity: {series.quantity}", "The chart of nep:gravitycenter")
        page.paragraph(
            ("" if np.isnan(result.offset[0]) else f"The mean centre lies {_offset_text(result, 0)}. ")
            + "Distances on the ellipsoid, azimuths in degrees clockwise from true north."
        )
        geographic = bool(series.grid.crs.IsGeographic())
        axes = ("Longitude (degrees)", "Latitude (degrees)")
        if not geographic:
            axes = ("Easting (map units)", "Northing (map units)")
        page.chart(migration_path(
            [
                CentrePath(name, result.years, centres.x[:, zone], centres.y[:, zone], steps.distance[:, zone] / 1000,
                           steps.azimuth[:, zone], (centres.geometric_x[zone], centres.geometric_y[zone]))
                for zone, name in enumerate(result.names)
            ],
            *axes, geographic,
        ))
        return page


def _offset_text(result: Result, zone: int) -> str:
    """Where the mean centre lies from the geometric one; it has no direction where both are one point."""
    azimuth = result.offset_azimuth[zone]
    towards = "" if np.isnan(azimuth) else f", towards {azimuth:.1f} degrees"
    return f"{result.offset[zone] / 1000:.3f} km from the geometric centre{towards}"

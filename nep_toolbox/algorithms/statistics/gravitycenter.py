"""nep:gravitycenter"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
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
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.regional_sums import gather, sparse_regions, warn_of_empty
from ...raster.cells import CellCentres
from ...raster.crs import ellipsoid_of, to_geographic
from ...styling.titles import Subject
from ...styling.vectors import style_centres, style_ellipses, style_path

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

#: Corners of an ellipse: with a multiple of four the ends of its axes are corners.
CORNERS = 120


class Result(NamedTuple):
    """Centres of all zones, how they move (m, degrees) and where the mean centre lies from the geometric one.

    ``coverage`` (steps, zones) is the share of the regions that takes part, in percent; ``sparse`` the regions of which
    little does, with that share.
    """

    names: list
    years: list
    centres: Centres
    steps: Migration
    offset: np.ndarray
    offset_azimuth: np.ndarray
    coverage: np.ndarray
    sparse: dict


class GravityCenter(ToolboxAlgorithm):
    """Centre of gravity of every year and its migration."""

    NAME = "gravitycenter"
    LABEL = "Centre of gravity migration"
    GROUP = STATISTICS
    NEEDS = ("pyproj",)
    TAGS = (
        "gravity center", "centroid", "migration", "standard deviational ellipse", "mean center", "重心迁移",
        "标准差椭圆", "centre of gravity", "shift", *SERIES_TAGS,
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
centre has none, and the next step starts at the last centre there was: no pixel is valid, the values sum to zero, or
they nearly do, so that the centre would lie outside of the valid area grown by its longer side on every side.</li>
<li>The mean centre is the mean of the yearly centres; its offset is measured from the geometric centre of the valid
area.</li>
<li>Negative values are kept by default; their share is in the log. With many of them the centre can lie outside of
the area: leave them out then.</li>
<li>coverage is the area of the pixels that take part in percent of the area of the region's polygon on the ellipsoid,
negative ones among them whether they are left out or not. Regions below 10 % are named in the log, and grey in the
chart.</li>
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
        self.add_number_output("MEAN_DISTANCE_KM", "Mean distance from year to year (km)")
        self.add_number_output("OFFSET_KM", "Distance of the mean centre from the geometric centre (km)")
        self.add_number_output("OFFSET_AZIMUTH", "Direction of the mean centre from the geometric centre (degrees)")

    def compute(self, run):
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        negative = Negative(run.parameters.choice("NEGATIVE"))
        grid = series.grid
        (west, east), (north, south) = grid.corners
        middle = ((west + east) / 2, (north + south) / 2)
        common_mask = run.parameters.flag("COMMON_MASK")
        kernel = partial(gravity_block, origin=middle, common_mask=common_mask, negative=negative)
        sums, zones = gather(
            run, series, kernel, {"centres": CellCentres(grid)}, partial(empty_sums, origin=middle)
        )
        crs = grid.crs
        pole = np.pi / 2 / crs.GetAngularUnits() if crs.IsGeographic() else np.inf
        centres = gravity_centres(sums, negative=negative, pole=pole)
        warn_of_empty(run, zones.names, centres.pixels, series.years, common_mask)
        steps = migration(*to_geographic(grid.wkt, centres.x, centres.y), *ellipsoid_of(grid.wkt))
        offset, azimuth = geodesic_inverse(
            *to_geographic(grid.wkt, centres.geometric_x, centres.geometric_y),
            *to_geographic(grid.wkt, centres.mean_x, centres.mean_y), *ellipsoid_of(grid.wkt),
        )
        result = Result(
            zones.names, series.years, centres, steps, offset, azimuth, zones.coverage(sums.area),
            sparse_regions(run, zones, sums.area),
        )
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
        centres = result.centres
        means = [_mean_km(moves) for moves in result.steps.distance.T]
        run.results.update({
            "MEAN_DISTANCE_KM": means[0], "OFFSET_KM": float(result.offset[0]) / 1000,
            "OFFSET_AZIMUTH": float(result.offset_azimuth[0]),
        })
        known = [zone for zone in range(len(result.names)) if np.isfinite(result.offset[zone])]
        if 0 in known:
            moved = "" if np.isnan(means[0]) else f"mean distance from year to year {means[0]:.3f} km; "
            run.log.info(f"{result.names[0]}: {moved}the mean centre lies {_offset_text(result, 0)}")
        regions = [
            f"{result.names[zone]} {means[zone]:.3f}, {result.offset[zone] / 1000:.3f}" for zone in known if zone
        ]
        if regions:
            run.log.info("Regions, mean distance from year to year and that of the mean centre from the geometric one "
                         f"(km): {'; '.join(regions)}")
        _warn_of_negative(run, result)
        some = centres.pixels.any(axis=0)
        lost, cancelled = np.isnan(centres.x) & some, np.isnan(centres.x) & (centres.pixels > 0)
        _warn_of_years(run, result, lost & ~cancelled, "No centre, for want of values")
        _warn_of_years(
            run, result, cancelled,
            "No centre, as the values are zero, or positive and negative ones nearly cancel and it would lie far "
            "outside of its region (see the choice ⟨NEGATIVE⟩)",
        )

    @staticmethod
    def _centres(result: Result) -> list:
        x, y, steps = result.centres.x, result.centres.y, result.steps
        return [
            (QgsGeometry.fromPointXY(QgsPointXY(x[step, zone], y[step, zone])),
             (name, year, x[step, zone], y[step, zone], steps.distance[step, zone] / 1000, steps.azimuth[step, zone],
              steps.cumulative[step, zone] / 1000, result.coverage[step, zone]))
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
                if not (np.isfinite(major) and np.isfinite(result.centres.x[step, zone])):
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
        from ...report.charts import CentrePath, migration_path, sparse_note
        from ...report.page import Page

        centres, steps = result.centres, result.steps
        page = Page(f"Centre of gravity: {series.quantity}", "The chart of ⟨nep:gravitycenter⟩")
        page.paragraph(
            ("" if np.isnan(result.offset[0]) else f"The mean centre lies {_offset_text(result, 0)}. ")
            + "Distances on the ellipsoid, azimuths in degrees clockwise from true north."
        )
        page.chart(migration_path(
            [
                CentrePath(name, result.years, centres.x[:, zone], centres.y[:, zone], steps.distance[:, zone] / 1000,
                           steps.azimuth[:, zone], (centres.geometric_x[zone], centres.geometric_y[zone]))
                for zone, name in enumerate(result.names)
            ],
            *_axes(series.grid.crs), bool(series.grid.crs.IsGeographic()), result.sparse,
        ), sparse_note(result.sparse))
        return page


def _mean_km(moves: np.ndarray) -> float:
    """Mean of the distances (m) there are, in km; NaN if there is none."""
    known = moves[np.isfinite(moves)]
    return float(known.mean()) / 1000 if known.size else float("nan")


def _axes(crs) -> tuple:
    """What the axes of a map in a reference system show, with their unit."""
    if crs.IsGeographic():
        unit = (crs.GetAngularUnitsName() or "degree").lower()
        unit = "degrees" if unit == "degree" else unit
        return f"Longitude ({unit})", f"Latitude ({unit})"
    unit = crs.GetLinearUnitsName() or "map units"
    unit = {"metre": "m", "meter": "m", "kilometre": "km", "kilometer": "km"}.get(unit.lower(), unit)
    return f"Easting ({unit})", f"Northing ({unit})"


def _warn_of_negative(run, result: Result) -> None:
    """Tell how much of each region is negative in the year in which most is, in one line."""
    pixels, weight = (
        np.nanmax(np.nan_to_num(share), axis=0, initial=0.0)
        for share in (result.centres.negative_pixel_percent, result.centres.negative_weight_percent)
    )
    shares = [
        f"{name} {pixels[zone]:.2f} % ({weight[zone]:.2f} %)"
        for zone, name in enumerate(result.names) if pixels[zone] > 0
    ]
    if shares:
        run.log.warn(f"Pixels with negative values, and their share of the weight, in the year that has most of them: "
                     f"{', '.join(shares)}.")


def _warn_of_years(run, result: Result, lost: np.ndarray, words: str) -> None:
    """Tell which regions have no centre in which years, in one line."""
    found = [
        f"{name} in {', '.join(str(year) for year, gone in zip(result.years, column) if gone)}"
        for name, column in zip(result.names, lost.T) if column.any()
    ]
    if found:
        run.log.warn(f"{words}: {'; '.join(found)}.")


def _offset_text(result: Result, zone: int) -> str:
    """Where the mean centre lies from the geometric one; it has no direction where both are one point."""
    azimuth = result.offset_azimuth[zone]
    towards = "" if np.isnan(azimuth) else f", towards {azimuth:.1f} degrees"
    return f"{result.offset[zone] / 1000:.3f} km from the geometric centre{towards}"

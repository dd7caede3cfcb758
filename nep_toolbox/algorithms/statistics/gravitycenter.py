"""nep:gravitycenter"""

from __future__ import annotations

from functools import partial

import numpy as np
from qgis.core import QgsProcessing, QgsProcessingParameterString, QgsWkbTypes

from ...core.zonal.blocks import gravity_block
from ...core.zonal.geodesic import geodesic_inverse
from ...core.zonal.gravity_centre import deviational_ellipse, gravity_centres, migration
from ...core.zonal.gravity_sums import Negative, empty_sums
from ...core.zonal.stages import stage_ways
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.regional_sums import gather, sparse_regions, warn_of_empty
from ...framework.texts import tr
from ...raster.cells import CellPlace
from ...raster.crs import ellipsoid_of, to_geographic
from ...raster.years import parse_stages, thirds
from ...styling.titles import Subject
from ...styling.vectors import style_centres, style_ellipses, style_mean_centres, style_path
from . import _migration
from ._migration import Result

HEADINGS = {"azimuth": "Direction of the net distance (degrees)", "km_per_year": "Path per year (km)"}


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
<li>A stage (⟨STAGES⟩) has a path_km, the sum of the steps from its first to its last centre, and a net_km, the straight
way from one to the other, with its azimuth; km_per_year is path_km by the years between the two. The step into the
first year of a stage belongs to none. Where one stage begins in the year in which the one before ends
(2001-2005,2005-2010) every step belongs to a stage, and the paths add up to the whole one.</li>
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
        self.add(
            QgsProcessingParameterString("STAGES", tr("Stages of the migration"), optional=True),
            "Periods to sum the migration over: 2001-2005,2006-2010. A stage may begin in the year in which the one "
            "before ends. Empty: the table has three of as many years each.",
        )
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
        self.add_table_output(
            "STAGE_TABLE", "Migration by stage", "One row for each region and stage: length of the path, net distance "
            "and direction.",
        )
        self.add_table_output(
            "MEAN_CENTERS", "Mean centres", "A point for each region at the mean of its yearly centres, and its offset "
            "from the geometric centre.", True, kind.TypeVectorPoint,
        )
        self.add_number_output("MEAN_DISTANCE_KM", "Mean distance from year to year (km)")
        self.add_number_output("OFFSET_KM", "Distance of the mean centre from the geometric centre (km)")
        self.add_number_output("OFFSET_AZIMUTH", "Direction of the mean centre from the geometric centre (degrees)")
        self.add_number_output("PATH_KM", "Length of the path from the first to the last centre (km)")
        self.add_number_output("NET_KM", "Distance of the last centre from the first (km)")
        self.add_number_output("NET_AZIMUTH", "Direction of the last centre from the first (degrees)")

    def check(self, parameters):
        super().check(parameters)
        parse_stages(parameters.text("STAGES"), may_meet=True)

    def compute(self, run):
        series = run.series("INPUT")
        stages = parse_stages(run.parameters.text("STAGES"), series.years, may_meet=True)
        if not stages and run.outputs.is_requested("STAGE_TABLE"):
            stages = thirds(series.years)
        run.outputs.subject = Subject.of(series)
        negative = Negative(run.parameters.choice("NEGATIVE"))
        grid = series.grid
        (west, east), (north, south) = grid.corners
        middle = ((west + east) / 2, (north + south) / 2)
        common_mask = run.parameters.flag("COMMON_MASK")
        kernel = partial(gravity_block, origin=middle, common_mask=common_mask, negative=negative)
        sums, zones = gather(
            run, series, kernel, {"place": CellPlace(grid)}, partial(empty_sums, origin=middle)
        )
        crs = grid.crs
        pole = np.pi / 2 / crs.GetAngularUnits() if crs.IsGeographic() else np.inf
        centres = gravity_centres(sums, negative=negative, pole=pole)
        warn_of_empty(run, zones.names, centres.pixels, series.years, common_mask)
        lon_lat, ellipsoid = to_geographic(grid.wkt, centres.x, centres.y), ellipsoid_of(grid.wkt)
        offset, azimuth = geodesic_inverse(
            *to_geographic(grid.wkt, centres.geometric_x, centres.geometric_y),
            *to_geographic(grid.wkt, centres.mean_x, centres.mean_y), *ellipsoid,
        )
        result = Result(
            zones.names, series.years, centres, migration(*lon_lat, *ellipsoid), offset, azimuth,
            zones.coverage(sums.area), sparse_regions(run, zones, sums.area), stages,
            stage_ways(*lon_lat, series.years, stages, *ellipsoid),
        )
        whole = stage_ways(*lon_lat, series.years, [(series.years[0], series.years[-1])], *ellipsoid)
        run.results.update({
            "PATH_KM": float(whole.path[0, 0]) / 1000, "NET_KM": float(whole.net[0, 0]) / 1000,
            "NET_AZIMUTH": float(whole.azimuth[0, 0]),
        })
        self._log(run, result)
        self._layers(run, result, deviational_ellipse(sums), grid)
        run.outputs.table("STAGE_TABLE", _migration.STAGES, _migration.stage_rows(result), HEADINGS)
        run.outputs.page("CHART", lambda: self._page(series, result))

    @staticmethod
    def _layers(run, result: Result, ellipse, grid) -> None:
        kind = QgsWkbTypes.Type
        for name, columns, features, geometry, style in (
            ("CENTERS", _migration.CENTERS, _migration.centres(result), kind.Point, style_centres),
            ("PATH", _migration.PATH, _migration.path(result), kind.LineString, style_path),
            ("ELLIPSE", _migration.ELLIPSE, _migration.ellipses(result, ellipse), kind.Polygon, style_ellipses),
            ("MEAN_CENTERS", _migration.MEAN_CENTERS, _migration.mean_centres(result), kind.Point, style_mean_centres),
        ):
            run.outputs.features(name, columns, features, geometry, grid, style)

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
        if result.stages:
            page.heading("Migration by stage")
            page.paragraph(
                "Path: the steps from the first to the last centre of the stage; net: the straight way from one to the "
                "other. The step into the first year of a stage belongs to none."
            )
            page.table(
                ("Region", "Stage", "Path (km)", "Net (km)", "Direction (degrees)", "Path per year (km)"),
                [(*row[:2], *row[4:]) for row in _migration.stage_rows(result)], digits=4,
            )
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

"""nep:pointseries"""

from __future__ import annotations

from functools import partial

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessing, QgsWkbTypes

from ...core.sampling.point_series import point_summary
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.cell_values import values_of_cells
from ...framework.features import Stream
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.points import GivenPoints, add_points, require_points
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.wording import counted, listed
from ...styling.points import style_point_trends
from ...styling.titles import Subject

COLUMNS = {"point": "text", "year": "integer", "value": "number"}
SUMMARY = {
    "point": "text", "x": "number", "y": "number", "n": "integer", "mean": "number", "slope": "number",
    "lower": "number", "upper": "number", "z": "number", "p": "number", "hurst": "number",
}
HEADINGS = {
    "slope": "Theil-Sen slope ({} per year)", "lower": "Lower limit of the slope ({} per year)",
    "upper": "Upper limit of the slope ({} per year)", "n": "Valid values",
}

#: Points whose trends are computed at a time.
AT_ONCE = 20_000

#: Points that have a panel in the chart; a page of more would hardly open.
MOST_PANELS = 60


class PointSeries(ToolboxAlgorithm):
    """The series of the pixels that points lie in, with their trend."""

    NAME = "pointseries"
    LABEL = "Series at points"
    GROUP = STATISTICS
    NEEDS = ("scipy",)
    TAGS = (
        "pixel", "profile", "extract values", "sample", "time profile", "Sen slope", "Mann-Kendall", "Hurst",
        "flux tower", "station", "点", "时间序列", "提取", *SERIES_TAGS,
    )
    SUMMARY = "Gives the series of the pixels that points lie in, each with its Theil-Sen line, its limits and its p."
    HELP = """
<p>Each point takes the pixel that it lies in, as it is: nothing is interpolated. Points may be in any CRS, and several
may lie in one pixel. A point beyond the raster, or on a pixel without any value, has an empty row, is named in the log
and has no panel in the chart.</p>
<ul>
<li><b>Series</b>: one row for each point and year, in the unit of the raster; empty where the pixel has no value.</li>
<li><b>Summary</b>: a layer of the points, with x and y in the CRS of the raster, the number of valid values and their
mean, the Theil-Sen slope per year with its confidence limits (Sen 1968), Z and two-sided p of the Mann-Kendall test
with the variance corrected for ties, and the Hurst exponent. Slope, limits, Z and p are those of ⟨nep:trend⟩ without a
correction for serial correlation; the Hurst exponent is that of ⟨nep:hurst⟩ as its dialog opens: of the series without
its least-squares line, corrected for its length, with windows side by side from 4 steps on, for points with 12 values
or more.</li>
<li><b>Chart</b>: a panel for each point, of the first 60 with a value. The line passes through the median year and the
median of the values. The band lies between the lines of the two limits of the slope through the same place: it is no
band of the values.</li>
</ul>
<p>A point with fewer valid values than asked for has a mean, but no trend. With many points some trends are
significant by chance: 5 in 100 at p &lt; 0.05.</p>
<p>References: Sen (1968) doi:10.1080/01621459.1968.10480934; Mann (1945) doi:10.2307/1907187; Kendall (1975); Anis and
Lloyd (1976) doi:10.1093/biomet/63.1.111.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        add_points(self)
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Points with fewer valid values get no trend.", 8,
            INTEGER, 4, advanced=True,
        )
        self.add_number(
            "CONFIDENCE", "Confidence level of the limits (%)", "Level of the two limits of the slope.", 95.0,
            minimum=50.0, maximum=99.99, advanced=True,
        )
        self.add_execution()
        self.add_table_output("TABLE", "Series at points", "One row for each point and year.", optional=False)
        self.add_table_output(
            "SUMMARY", "Points with their trend", "One point each, with mean, trend and Hurst exponent.",
            kind=QgsProcessing.SourceType.TypeVectorPoint, offered=True,
        )
        self.add_chart_output(
            "CHART", "Chart of the series", "A panel for each point: its series with the Theil-Sen line, limits and p."
        )

    def check(self, parameters):
        super().check(parameters)
        require_points(parameters)

    def prepare(self, parameters, inputs):  # noqa: ARG002
        self._given = GivenPoints.read(parameters)

    def compute(self, run):
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        points = self._given.on_grid(series.grid, run.log)
        values = values_of_cells(run, StackReader.of(series), series.grid, points.cells, (0.0, 0.6))
        confidence = run.parameters.number("CONFIDENCE")
        found = _summaries(run, values, series.years, confidence)
        self._tell(run, points, found)
        rows = ((None, row) for row in _series_rows(points.names, series.years, values))
        run.outputs.features("TABLE", COLUMNS, Stream(rows))
        run.outputs.features(
            "SUMMARY", SUMMARY, Stream(_summary_rows(points, found)), QgsWkbTypes.Type.Point, series.grid,
            style_point_trends, HEADINGS,
        )
        run.outputs.page("CHART", partial(_page, series, points.names, values, found, confidence))

    @staticmethod
    def _tell(run, points, found: dict) -> None:
        """Say how many points have values, and name those that have none."""
        outside, empty = points.cells < 0, (points.cells >= 0) & (found["n"] == 0)
        run.log.info(
            tr("{} in {}; {} with a trend, {} of these with p below 0.05").format(
                counted(len(points.names), "point"), counted(len(np.unique(points.cells[~outside])), "pixel"),
                np.count_nonzero(np.isfinite(found["p"])), np.count_nonzero(found["p"] < 0.05),
            )
        )
        for chosen, words in (
            (outside, tr("{} of {} points lie beyond the raster and have no values: {}. Check their CRS.")),
            (empty, tr("{} of {} points lie on pixels without a single value: {}.")),
        ):
            if chosen.any():
                names = [points.names[place] for place in np.flatnonzero(chosen).tolist()]
                run.log.warn(words.format(len(names), len(points.names), listed(names)))
        few = np.count_nonzero((found["n"] > 0) & ~np.isfinite(found["slope"]))
        if few:
            run.log.warn(
                tr("{} of {} points have fewer valid values than ⟨MIN_OBSERVATIONS⟩ asks for, and no trend.").format(
                    few, len(points.names)
                )
            )


def _summaries(run, values: np.ndarray, years: list, confidence: float) -> dict:
    """What is told of each point, of so many at a time that memory stays what it is however many there are."""
    fewest, parts = run.parameters.integer("MIN_OBSERVATIONS"), []
    for start in range(0, values.shape[1], AT_ONCE):
        some = values[:, start : start + AT_ONCE]
        parts.append(point_summary(some, years, min_observations=fewest, confidence=confidence))
        run.advance(0.6 + 0.4 * min(1.0, (start + AT_ONCE) / values.shape[1]))
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _series_rows(names: list, years: list, values: np.ndarray):
    for name, column in zip(names, values.T):
        for year, value in zip(years, column.tolist()):
            yield name, year, value


def _summary_rows(points, found: dict):
    columns = [found[key].tolist() for key in list(SUMMARY)[3:]]
    for name, x, y, *numbers in zip(points.names, points.x.tolist(), points.y.tolist(), *columns):
        place = QgsGeometry() if x != x else QgsGeometry.fromPointXY(QgsPointXY(x, y))
        yield place, (name, x, y, *numbers)


def _page(series, names: list, values: np.ndarray, found: dict, confidence: float):
    from ...report import charts
    from ...report.page import Page

    page = Page(tr("Series at points: {}").format(series.quantity), "The chart of ⟨nep:pointseries⟩")
    known = np.flatnonzero(found["n"])
    shown = known[:MOST_PANELS].tolist()
    page.paragraph(
        "The values of the pixel that each point lies in, and the Theil-Sen line through the medians of years and "
        "values, with slope per year, its confidence limits, p of the Mann-Kendall test and Hurst exponent (H). The "
        "band lies between the lines of the two limits."
    )
    if len(shown) < len(names):
        page.paragraph(
            tr("{} of {} points are drawn; {} have no value. The tables hold all of them.").format(
                len(shown), len(names), len(names) - len(known)
            )
        )
    if not shown:
        return page
    keys = ("slope", "lower", "upper", "p", "hurst", "middle", "level")
    panels = [
        charts.PointSeries(names[place], series.years, values[:, place], *(found[key][place].item() for key in keys))
        for place in shown
    ]
    page.chart(charts.point_panels(panels, series.quantity, series.unit, confidence))
    return page

"""nep:changefrequency"""

from __future__ import annotations

from functools import partial

import numpy as np
from osgeo import gdal
from qgis.core import QgsProcessing

from ...colours import BROWN_TO_GREEN, GREENS, REDS
from ...core.trend.frequency import change_frequency, count_table, frequency_block
from ...core.trend.sign_test import sign_test
from ...core.zonal.frequency import regional_frequency_block
from ...core.zonal.reduction import Total
from ...core.zonal.statistics import empty_sums
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.outputs import RasterResult
from ...framework.region_layers import write_regions
from ...framework.regional_sums import BYTES_PER_CELL, LEAST_COVERAGE, Zones, sparse_regions, warn_of_empty
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.zones import ALL, ZoneReader
from ...styling.choropleth import style_balance
from ...styling.styles import Ramp
from ...styling.titles import Subject

COUNTS = ("increases", "decreases", "unchanged", "comparisons")
COLUMNS = {"region": "text", **dict.fromkeys(COUNTS, "integer"), "coverage": "number", "p_sign": "number"}
AREAS = {
    "count": "integer", "increase_pixels": "count", "increase_km2": "number", "increase_percent": "number",
    "decrease_pixels": "count", "decrease_km2": "number", "decrease_percent": "number",
}
HEADINGS = {
    "count": "Number of changes", "increase_pixels": "Pixels with so many increases",
    "increase_km2": "Area with so many increases (km²)", "increase_percent": "Share with so many increases (%)",
    "decrease_pixels": "Pixels with so many decreases", "decrease_km2": "Area with so many decreases (km²)",
    "decrease_percent": "Share with so many decreases (%)",
}


class ChangeFrequency(ToolboxAlgorithm):
    """How often a series rises and falls."""

    NAME = "changefrequency"
    LABEL = "Frequency of increases and decreases"
    GROUP = TREND
    TAGS = (
        "frequency counting", "interannual change", "increase", "decrease", "频次统计", "年际变化", "variability",
        "anomaly", *SERIES_TAGS,
    )
    SUMMARY = "Counts how often every pixel, and every region, rises and falls from one time step to the next."
    HELP = """
<p>Compared are consecutive time steps that both have a value; a missing step breaks two comparisons. The percentage
is of these comparisons. With a tolerance, differences of so much or less are no change, in pixels as in the means of
regions; how stored values are rounded does not matter: 0.3 after 0.2 is no change where the tolerance is 0.1. For
regions the same is counted on the series of the regional means (area-weighted; a pixel belongs to a region if its
centre lies in it). coverage is the area of the pixels with a value in percent of the area of the region's polygon, in
the mean of the years; regions below 10 % are named in the log, and grey in the chart.</p>
<p>p_sign is the exact two-sided binomial test of increases against decreases, ties left out (sign test): 6 increases of
13 changes are what chance gives (p = 1). It takes changes as independent, yet after a high year a fall is
likely, whatever the trend.</p>
<p>The table of areas gives how much of the area has 0, 1, 2, ... increases, and how much so many decreases. It counts
the pixels with a value in every step, since counts of fewer comparisons would not compare; the log tells how much is
left out.</p>
<p>The layer of regions holds the numbers of the table, one feature for each region, its polygon as it was given, in the
CRS of the regions. It is coloured by increases less decreases, ties grey, regions below 10 % coverage hatched.</p>
<p>Counts are Int16 with nodata -32768 where no two consecutive steps have a value; the percentage is Float32 with
nodata -9999.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_number(
            "TOLERANCE", "Differences that are no change",
            "A difference of so much or less, in the unit of the values, counts as unchanged.", 0.0, minimum=0.0,
            optional=True, advanced=True,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("INCREASES", "Number of increases", "Increases per pixel.", optional=False)
        self.add_raster_output("DECREASES", "Number of decreases", "Decreases per pixel.", optional=False)
        self.add_raster_output(
            "INCREASE_PERCENT", "Share of increases (%)", "Increases in percent of the comparisons."
        )
        self.add_table_output(
            "TABLE", "Increases and decreases by region", "Counts on the series of regional means.", offered=True
        )
        self.add_chart_output("CHART", "Chart of increases and decreases", "Counts by region.")
        self.add_table_output(
            "COUNTS", "Area by number of increases and decreases",
            "One row for each number, over the pixels with a value in every step.",
        )
        self.add_table_output(
            "POLYGONS", "Regions with their increases and decreases", "The regions with the numbers of the table, "
            "coloured by increases less decreases. Without regions it is empty.",
            kind=QgsProcessing.SourceType.TypeVectorPolygon,
        )

    def compute(self, run):
        series = run.series("INPUT")
        series.require_length(2)
        run.outputs.subject = Subject.of(series)
        tolerance = run.parameters.number("TOLERANCE") or 0.0
        tabled = run.outputs.is_requested("TABLE", "CHART", "POLYGONS")
        regions = run.regions(series.grid) if tabled else ()
        means = Total(partial(empty_sums, len(series.steps), len(regions) + 1)) if tabled else None
        self._blocks(run, series, tolerance, regions, means)
        rows, sparse = _by_region(run, series, tolerance, means.sums, Zones.of(regions)) if tabled else ([], {})
        run.outputs.table("TABLE", COLUMNS, rows)
        style = partial(style_balance, least_coverage=LEAST_COVERAGE)
        write_regions(run, "POLYGONS", COLUMNS, rows, series.grid, style)
        run.outputs.page("CHART", lambda: self._page(series, rows, sparse))

    @staticmethod
    def _blocks(run, series, tolerance: float, regions: tuple, means: Total | None) -> None:
        """Count on every pixel, and gather the sums of the regional means where there is a total for them."""
        readers, working = {"stack": StackReader.of(series)}, 32.0
        counted = run.outputs.is_requested("COUNTS")
        if counted or means:
            readers["cell_area"] = run.cell_areas(series.grid)
        if means:
            kernel, working = partial(regional_frequency_block, counted=counted), working + BYTES_PER_CELL
            if regions:
                readers["regions"] = ZoneReader(regions)
        else:
            kernel = frequency_block
        areas = incomplete = 0
        for window, block in run.blocks(
            partial(kernel, tolerance=tolerance), readers, series.grid, working, results=_results(tolerance)
        ):
            if means:
                means.add(block["means"], last=window.ends_row_of(series.grid))
            if counted:
                areas, incomplete = areas + block["count_areas"], incomplete + block["incomplete"]
        if counted:
            _log_incomplete(run, areas, incomplete)
            run.outputs.table("COUNTS", AREAS, count_table(areas), HEADINGS)

    @staticmethod
    def _page(series, rows: list, sparse: dict):
        from ...report.charts import change_frequency as frequency_chart
        from ...report.charts import sparse_note
        from ...report.page import Page

        page = Page(f"Frequency of increases and decreases: {series.quantity}", "The chart of ⟨nep:changefrequency⟩")
        page.paragraph(
            f"How often the mean of each region rose and fell from one time step to the next, {series.years[0]} to "
            f"{series.years[-1]}. The means are weighted by area."
        )
        page.chart(frequency_chart(rows, ALL, sparse), sparse_note(sparse))
        return page


def _results(tolerance: float) -> dict:
    """The rasters, by parameter."""
    # With a tolerance most of what does not rise may not fall either, and half is no divide.
    share = Ramp(GREENS) if tolerance else Ramp(BROWN_TO_GREEN, centre=50.0)

    def counts(key, title, band, ramp):
        return RasterResult(key, title, (band,), Ramp(ramp, whole=True), data_type=gdal.GDT_Int16)

    return {
        "INCREASES": counts("increases", "Number of increases", "Increases", GREENS),
        "DECREASES": counts("decreases", "Number of decreases", "Decreases", REDS),
        "INCREASE_PERCENT": RasterResult(
            "increase_percent", "Share of increases", ("Share of increases",), share, "%",
        ),
    }


def _by_region(run, series, tolerance: float, means, zones: Zones) -> tuple:
    """Rows of the table, and the regions that have few values; ``means`` are the sums of the regional means."""
    found = means.statistics()
    warn_of_empty(run, zones.names, found["pixels"], series.years)
    # Means are as far off as the stored values, by half of a last bit, and by their own rounding, no more than that.
    rounding = float(np.finfo(StackReader.of(series).dtype).eps)
    counts, coverage = change_frequency(found["mean"], tolerance, rounding), zones.mean_coverage(found["area"])
    counts = {name: np.maximum(0, count) for name, count in counts.items()}
    p_sign = sign_test(counts["increases"], counts["decreases"])
    rows = [
        (name, *(int(counts[column][zone]) for column in COUNTS), coverage[zone], p_sign[zone])
        for zone, name in enumerate(zones.names)
    ]
    return rows, sparse_regions(run, zones, found["area"])


def _log_incomplete(run, areas: np.ndarray, incomplete: np.ndarray) -> None:
    """Tell how much of the area with comparisons the table of areas leaves out."""
    left_out, counted = incomplete[0, 1], areas[0, :, 1].sum()
    if left_out:
        run.log.info(
            tr("Area by number of increases and decreases: {:.3g} % of the area with comparisons lacks steps and is "
               "left out.").format(100 * left_out / (left_out + counted))
        )

"""nep:changefrequency"""

from __future__ import annotations

from osgeo import gdal

from ...colours import BROWN_TO_GREEN, GREENS, REDS
from ...core.trend.frequency import change_frequency, frequency_block
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.outputs import RasterResult
from ...framework.regional_sums import sparse_regions, zonal_statistics
from ...raster.reader import StackReader
from ...raster.zones import ALL
from ...styling.styles import Ramp
from ...styling.titles import Subject

COUNTS = ("increases", "decreases", "unchanged", "comparisons")
COLUMNS = {"region": "text", **dict.fromkeys(COUNTS, "integer"), "coverage": "number"}


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
is of these comparisons. For regions the same is counted on the series of the regional means (area-weighted; a pixel
belongs to a region if its centre lies in it). coverage is the area of the pixels with a value in percent of the area of
the region's polygon, in the mean of the years; regions below 10 % are named in the log, and grey in the chart.</p>
<p>Counts are Int16 with nodata -32768 where no two consecutive steps have a value; the percentage is Float32 with
nodata -9999.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
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

    def compute(self, run):
        series = run.series("INPUT")
        series.require_length(2)
        run.outputs.subject = Subject.of(series)
        tabled = run.outputs.is_requested("TABLE", "CHART")
        rows, sparse = self._by_region(run, series) if tabled else ([], {})
        self._pixels(run, series, 0.5 if tabled else 0.0)
        run.outputs.table("TABLE", COLUMNS, rows)
        run.outputs.page("CHART", lambda: self._page(series, rows, sparse))

    @staticmethod
    def _by_region(run, series) -> tuple:
        """Rows of the table, and the regions that have few values."""
        found, zones = zonal_statistics(run, series, (0.0, 0.5))
        counts, coverage = change_frequency(found["mean"]), zones.mean_coverage(found["area"])
        rows = [
            (name, *(max(0, int(counts[column][zone])) for column in COUNTS), coverage[zone])
            for zone, name in enumerate(zones.names)
        ]
        return rows, sparse_regions(run, zones, found["area"])

    @staticmethod
    def _pixels(run, series, start: float) -> None:
        def counts(key, title, band, ramp):
            return RasterResult(key, title, (band,), Ramp(ramp, whole=True), data_type=gdal.GDT_Int16)

        results = {
            "INCREASES": counts("increases", "Number of increases", "Increases", GREENS),
            "DECREASES": counts("decreases", "Number of decreases", "Decreases", REDS),
            "INCREASE_PERCENT": RasterResult(
                "increase_percent", "Share of increases", ("Share of increases",),
                Ramp(BROWN_TO_GREEN, centre=50.0), "%",
            ),
        }
        readers = {"stack": StackReader.of(series)}
        run.write(frequency_block, readers, series.grid, 24.0, results=results, part=(start, 1.0))

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

"""nep:annualstatistics"""

from __future__ import annotations

import numpy as np

from ...core.zonal.annual_trend import annual_summary
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import STATISTICS
from ...framework.regional_sums import zonal_statistics

COLUMNS = {
    "region": "text", "year": "integer", "pixels": "count", "area_km2": "number", "mean": "number", "std": "number",
    "min": "number", "max": "number", "total": "number", "total_tg": "number",
}
SUMMARY = {"region": "text", "mean": "number", "slope": "number", "sen_slope": "number", "p": "number"}


class AnnualStatistics(ToolboxAlgorithm):
    """Statistics of every year for the whole raster and for regions."""

    NAME = "annualstatistics"
    LABEL = "Annual statistics"
    GROUP = STATISTICS
    NEEDS = ("scipy",)
    TAGS = ("zonal statistics", "regional mean", "total", "Tg C", "interannual", "年均值", "分区统计", "总量")
    SUMMARY = "Gives mean, spread and total of every year, for the whole raster and for regions, with their trend."
    HELP = """
<p>For each year and region over the valid pixels: number, area, mean and population standard deviation (both weighted
by area), smallest and largest value, and the total = sum of value x pixel area. A pixel belongs to a region if its
centre lies in it; the region "all" is the whole raster.</p>
<p>The area of a pixel is that on the ellipsoid. In a projected CRS it is taken as map units squared where these agree
with the ellipsoid within 0.1 % all over the grid, else cell by cell; the log says which. With
values in gC m<sup>-2</sup> yr<sup>-1</sup> the total is in gC, and total_tg in Tg C (10<sup>12</sup> g).</p>
<p>The summary gives the multi-year mean of the annual means, their least-squares slope, their Theil-Sen slope and its
Mann-Kendall p (per year; empty with fewer than four years).</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_regions()
        self.add_execution()
        self.add_table_output("TABLE", "Annual statistics", "One row for each region and year.", optional=False)
        self.add_table_output("SUMMARY", "Summary of the annual statistics", "One row for each region.", offered=True)
        self.add_chart_output(
            "CHART", "Chart of the annual mean",
            "Annual mean with a band of one standard deviation, trend and multi-year mean, by region.",
        )

    def compute(self, run):
        series = run.series("INPUT")
        found, names = zonal_statistics(run, series)
        years = np.array(series.years)
        rows = [
            (name, year, found["pixels"][step, zone], found["area"][step, zone] / 1e6,
             *(found[key][step, zone] for key in ("mean", "std", "min", "max", "total")),
             found["total"][step, zone] / 1e12)
            for zone, name in enumerate(names) for step, year in enumerate(series.years)
        ]
        summary = annual_summary(found["mean"], years, min_observations=4)
        run.outputs.table("TABLE", COLUMNS, rows)
        summary_rows = [
            (name, *(float(summary[key][zone]) for key in ("mean", "slope", "sen_slope", "p")))
            for zone, name in enumerate(names)
        ]
        run.outputs.table("SUMMARY", SUMMARY, summary_rows)
        if np.isfinite(summary["mean"][0]):
            trend = f", Theil-Sen slope {summary['sen_slope'][0]:.4g} per year, p = {summary['p'][0]:.3g}"
            run.log.info(f"All: mean of {len(years)} years {summary['mean'][0]:.6g} {series.unit}".rstrip() +
                     (trend if np.isfinite(summary["p"][0]) else ""))
        run.outputs.page("CHART", lambda: self._page(series, found, names, summary, summary_rows))

    @staticmethod
    def _page(series, found, names, summary, summary_rows):
        from ...report.charts import AnnualSeries, annual_series
        from ...report.page import Page

        page = Page(f"Annual statistics: {series.quantity}", "The chart of nep:annualstatistics")
        page.paragraph(
            "Mean of the valid pixels of each year, weighted by area, with a band of one standard deviation of the "
            "pixels; least-squares trend with its p (Student's t), and the mean of all years."
        )
        page.chart(annual_series(
            [
                AnnualSeries(name, series.years, found["mean"][:, zone], found["std"][:, zone],
                             summary["slope"][zone], summary["slope_p"][zone])
                for zone, name in enumerate(names)
            ],
            series.quantity, series.unit,
        ))
        page.heading("Mean and trend of each region")
        page.paragraph(
            "Mean of the annual means; least-squares slope and Theil-Sen slope per year; p of the Mann-Kendall test."
        )
        page.table(list(SUMMARY), summary_rows)
        return page

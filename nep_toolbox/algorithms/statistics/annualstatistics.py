"""nep:annualstatistics"""

from __future__ import annotations

import numpy as np

from ...core.zonal.annual_trend import annual_summary
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.regional_sums import sparse_regions, zonal_statistics
from ...framework.totals import teragram_of
from ...styling.titles import Subject

COLUMNS = {
    "region": "text", "year": "integer", "pixels": "count", "area_km2": "number", "mean": "number", "std": "number",
    "min": "number", "max": "number", "total": "number", "total_tg": "number", "coverage": "number",
}
#: p_mk is that of the Mann-Kendall test, p_ols that of the least-squares slope.
SUMMARY = {
    "region": "text", "mean": "number", "slope": "number", "sen_slope": "number", "p_mk": "number", "p_ols": "number",
    "coverage": "number",
}


class AnnualStatistics(ToolboxAlgorithm):
    """Statistics of every year for the whole raster and for regions."""

    NAME = "annualstatistics"
    LABEL = "Annual statistics"
    GROUP = STATISTICS
    NEEDS = ("scipy",)
    TAGS = (
        "zonal statistics", "regional mean", "total", "Tg C", "interannual", "年均值", "分区统计", "总量",
        "annual mean", "variability", "anomaly", "carbon sink", "region", *SERIES_TAGS,
    )
    SUMMARY = "Gives mean, spread and total of every year, for the whole raster and for regions, with their trend."
    HELP = """
<p>For each year and region over the valid pixels: number, area, mean and population standard deviation (both weighted
by area), smallest and largest value, and the total = sum of value x pixel area. A pixel belongs to a region if its
centre lies in it; the region "all" is the whole raster.</p>
<p>The area of a pixel is that on the ellipsoid. In a projected CRS it is taken as map units squared where these agree
with the ellipsoid within 0.1 % all over the grid, else cell by cell; the log says which. The total
is in the unit of the values times m<sup>2</sup>. Of carbon per area (gC m<sup>-2</sup> yr<sup>-1</sup>, kgC/m2,
...) total_tg gives it in Tg C (10<sup>12</sup> g); values without a unit are taken for gC m<sup>-2</sup>, those in any
other have none.</p>
<p>coverage is the area of the pixels with a value in percent of the area of the region's polygon on the ellipsoid; it
can pass 100 a little, since a pixel is not cut at the border. Regions below 10 % are named in the log, and grey in the
chart.</p>
<p>The summary gives the multi-year mean of the annual means, their least-squares slope with p_ols (Student's t), their
Theil-Sen slope with p_mk (Mann-Kendall test), slopes per year, both empty with fewer than four years, and the mean
coverage of the years with a value.</p>"""

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
        run.outputs.subject = Subject.of(series)
        found, zones = zonal_statistics(run, series)
        years, teragram, coverage = np.array(series.years), teragram_of(run, series), zones.coverage(found["area"])
        rows = [
            (name, year, found["pixels"][step, zone], found["area"][step, zone] / 1e6,
             *(found[key][step, zone] for key in ("mean", "std", "min", "max", "total")),
             found["total"][step, zone] / teragram, coverage[step, zone])
            for zone, name in enumerate(zones.names) for step, year in enumerate(series.years)
        ]
        summary = annual_summary(found["mean"], years, min_observations=4)
        run.outputs.table("TABLE", COLUMNS, rows)
        share = zones.mean_coverage(found["area"])
        summary_rows = [
            (name, *(float(summary[key][zone]) for key in ("mean", "slope", "sen_slope", "p", "slope_p")), share[zone])
            for zone, name in enumerate(zones.names)
        ]
        run.outputs.table("SUMMARY", SUMMARY, summary_rows)
        if np.isfinite(summary["mean"][0]):
            trend = f", Theil-Sen slope {summary['sen_slope'][0]:.4g} per year, Mann-Kendall p = {summary['p'][0]:.3g}"
            run.log.info(f"All: mean of {len(years)} years {summary['mean'][0]:.6g} {series.unit}".rstrip() +
                     (trend if np.isfinite(summary["p"][0]) else ""))
        sparse = sparse_regions(run, zones, found["area"])
        run.outputs.page("CHART", lambda: _page(series, found, zones.names, summary, summary_rows, sparse))


def _page(series, found, names, summary, summary_rows, sparse):
    from ...report.charts import AnnualSeries, annual_series, sparse_note
    from ...report.page import Page
    from ...report.theme import quantity_text

    page = Page(f"Annual statistics: {series.quantity}", "The chart of ⟨nep:annualstatistics⟩")
    page.paragraph(
        "Mean of the valid pixels of each year, weighted by area, with a band of one standard deviation of the "
        "pixels; the least-squares line with the p of its slope (Student's t), and the mean of all years."
    )
    page.chart(annual_series(
        [
            AnnualSeries(name, series.years, found["mean"][:, zone], found["std"][:, zone],
                         summary["slope"][zone], summary["slope_p"][zone])
            for zone, name in enumerate(names)
        ],
        series.quantity, series.unit, sparse,
    ), sparse_note(sparse))
    page.heading("Mean and trend of each region")
    page.paragraph(
        "Mean of the annual means; the least-squares slope with the p of Student's t, and the Theil-Sen slope with "
        "that of the Mann-Kendall test. Coverage: the share of the region that has values, in the mean of the years."
    )
    slope = f"{series.unit} per year".lstrip()
    page.table(
        ("Region", quantity_text("Mean", series.unit), quantity_text("Least-squares slope", slope), "p (Student's t)",
         quantity_text("Theil-Sen slope", slope), "p (Mann-Kendall)", "Coverage (%)"),
        [(name, mean, line, p_ols, sen, p_mk, share) for name, mean, line, sen, p_mk, p_ols, share in summary_rows],
        digits=3,
    )
    return page

"""nep:annualstatistics"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from qgis.core import QgsProcessing, QgsProcessingParameterString

from ...core.zonal.annual_levels import annual_levels, descending_ranks, growth_percent, mean_of_known
from ...core.zonal.annual_trend import annual_summary
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.region_layers import write_regions
from ...framework.regional_quantiles import parse_quantiles, zonal_quantiles
from ...framework.regional_sums import LEAST_COVERAGE, sparse_regions, zonal_statistics
from ...framework.texts import tr
from ...framework.totals import teragram_of
from ...styling.choropleth import style_means
from ...styling.titles import Subject

COLUMNS = {
    "region": "text", "year": "integer", "pixels": "count", "area_km2": "number", "mean": "number", "std": "number",
    "min": "number", "max": "number", "total": "number", "total_tg": "number", "coverage": "number",
    "growth_percent": "number", "anomaly": "number", "sink_percent": "number",
}
#: p_mk is that of the Mann-Kendall test, p_ols that of the least-squares slope.
SUMMARY = {
    "region": "text", "mean": "number", "slope": "number", "sen_slope": "number", "p_mk": "number", "p_ols": "number",
    "coverage": "number", "std": "number", "total": "number", "total_tg": "number", "z": "number",
    "sen_lower": "number", "sen_upper": "number", "cv": "number", "min": "number", "min_year": "integer",
    "max": "number", "max_year": "integer", "years_above": "integer", "rank": "integer", "share_percent": "number",
    "sink_percent": "number",
}
#: In the summary, where they are of the annual means.
HEADINGS = {
    "std": "Standard deviation of the annual means ({})", "min": "Smallest annual mean ({})",
    "max": "Largest annual mean ({})", "total": "Mean annual total ({} × m²)", "total_tg": "Mean annual total (Tg C)",
}


#: A template of a print layout with a page for each feature of POLYGONS.
ATLAS = Path(__file__).resolve().parents[2] / "layouts" / "atlas.qpt"


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
by area), smallest and largest value, and the total = sum of value x pixel area. The region "all" is the whole raster.
Missing are nodata, masked and infinite values; each year uses the pixels with a value in it, or with ⟨COMMON_MASK⟩ only
those with a value in every year.</p>
<p>A pixel belongs to a region if its centre lies in it, or with ⟨WEIGHTS⟩ by share: then each pixel weighs as much of
its area as lies in the region, pixels is the sum of these shares, smallest and largest value are of all pixels that the
region touches, and the numbers of regions that share a border add up. Shares are taken in the CRS of the rasters, to
about a millionth of a pixel. The mean of small regions is closer to their true one by shares; where regions have
hundreds of pixels both ways agree.</p>
<p>A quantile q is the smallest value that at least a share q of the area does not exceed, or half way to the next value
where it is that share exactly: of pixels of one area 0.5 gives the usual median. It is that of numpy's inverted_cdf
with weights, exact and not from a sample.</p>
<p>The area of a pixel is that on the ellipsoid. In a projected CRS it is taken as map units squared where these agree
with the ellipsoid within 0.1 % all over the grid, else cell by cell; the log says which. The total
is in the unit of the values times m<sup>2</sup>. Of carbon per area (gC m<sup>-2</sup> yr<sup>-1</sup>, kgC/m2,
...) total_tg gives it in Tg C (10<sup>12</sup> g); values without a unit are taken for gC m<sup>-2</sup>, those in any
other have none.</p>
<p>coverage is the area of the pixels with a value in percent of the area of the region's polygon on the ellipsoid; it
can pass 100 a little where pixels are not cut at the border. Regions below 10 % are named in the log, and grey in the
chart.</p>
<p>growth_percent is the change of the mean against the calendar year before, in percent of its absolute value, so that
a rise is positive; anomaly the distance from the multi-year mean; sink_percent the area of the pixels with a value
above 0 in percent of the area of all valid ones: of NEP, that of the carbon sink.</p>
<p>The summary gives the multi-year mean of the annual means, their least-squares slope with p_ols (Student's t), their
Theil-Sen slope with its 95 % limits (Sen 1968), z and p_mk (Mann-Kendall test), slopes per year, all empty with fewer
than four years, and, as means of the years with a value, total, total_tg, coverage and sink_percent. std is the
sample standard deviation of the annual means (n - 1), cv that in percent of the absolute mean; cv is empty where the
mean does not differ from 0 by two standard errors, since a ratio to it would measure nothing. min and max are the
smallest and the largest annual mean with their years, years_above counts the years above the mean. rank 1 is the
region with the highest mean; regions below 10 % coverage have none, nor has "all". share_percent is the share of
total in that of "all".</p>
<p>The layer of regions holds the numbers of the summary and the mean of each year (y2001, y2002, ...), one feature for
each region, its polygon as it was given, in the CRS of the regions. It is coloured by the mean; regions below 10 %
coverage are hatched.</p>
<p>An atlas of that layer, a page for each region with its place, its numbers and its annual means: open Project, Layout
Manager, choose as template "Specific" and the file layouts/atlas.qpt in the folder of the toolbox (the log says where
it lies), create the layout, and in its panel Atlas choose the layer as coverage layer. Then preview or export the
pages. Everything on the page can be changed.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_regions()
        self.add_choice(
            "WEIGHTS", "Pixels at the border of a region", "By its centre a pixel lies in a region or does not. By its "
            "share it counts in each region as much of it as lies there: for regions of few pixels, and for totals "
            "that add up.", ["By their centre", "By their share in the region"], optional=True,
        )
        self.add_flag(
            "COMMON_MASK", "Only pixels valid in every year", "Then all years are of the same pixels, and no mean "
            "moves because others have values. Otherwise each year uses the pixels valid in it.", optional=True,
        )
        self.add(
            QgsProcessingParameterString("QUANTILES", tr("Quantiles"), optional=True),
            "Quantiles of the values of each year and region, as shares: 0.1,0.5,0.9 gives the columns q10, q50 (the "
            "median) and q90. Each needs some more readings of the rasters.",
        )
        self.add_execution()
        self.add_table_output("TABLE", "Annual statistics", "One row for each region and year.", optional=False)
        self.add_table_output("SUMMARY", "Summary of the annual statistics", "One row for each region.", offered=True)
        self.add_chart_output(
            "CHART", "Chart of the annual mean",
            "Annual mean with a band of one standard deviation, trend and multi-year mean, by region.",
        )
        self.add_table_output(
            "POLYGONS", "Regions with their annual means", "The regions with the numbers of the summary and a column "
            "for each year, coloured by the mean. Without regions it is empty.",
            kind=QgsProcessing.SourceType.TypeVectorPolygon,
        )

    def check(self, parameters):
        super().check(parameters)
        parse_quantiles(parameters.text("QUANTILES"))

    def compute(self, run):
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        given = run.parameters
        quantiles = parse_quantiles(given.text("QUANTILES"))
        how = {"fractions": given.choice("WEIGHTS") == 1, "common_mask": given.flag("COMMON_MASK")}
        found, zones = zonal_statistics(run, series, (0.0, 0.4 if quantiles else 1.0), **how)
        years, teragram = np.array(series.years), teragram_of(run, series)
        summary = _summary(found, zones, years, teragram)
        annual = {
            **found, "area_km2": found["area"] / 1e6, "total_tg": found["total"] / teragram,
            "coverage": zones.coverage(found["area"]), "growth_percent": growth_percent(found["mean"], years),
            "anomaly": found["mean"] - summary["mean"], "sink_percent": found["positive_percent"],
        }
        if quantiles:
            shares = list(quantiles.values())
            annual.update(zip(quantiles, zonal_quantiles(run, series, shares, found, part=(0.4, 1.0), **how)))
        columns = {key: values.T.ravel() for key, values in annual.items()}
        columns["year"] = np.tile(years, len(zones.names))
        kinds = {**COLUMNS, **dict.fromkeys(quantiles, "number")}
        if how["fractions"]:
            kinds["pixels"] = "number"
        headings = {key: tr("Quantile {:g} ({{}})").format(share) for key, share in quantiles.items()}
        rows = _rows(np.repeat(zones.names, len(years)).tolist(), columns, kinds)
        run.outputs.table("TABLE", kinds, rows, headings)
        summary_rows = _rows(zones.names, summary, SUMMARY)
        run.outputs.table("SUMMARY", SUMMARY, summary_rows, HEADINGS)
        self._polygons(run, series, summary_rows, found["mean"])
        if np.isfinite(summary["mean"][0]):
            trend = (f", Theil-Sen slope {summary['sen_slope'][0]:.4g} per year, Mann-Kendall p = "
                     f"{summary['p_mk'][0]:.3g}")
            run.log.info(f"All: mean of {len(years)} years {summary['mean'][0]:.6g} {series.unit}".rstrip() +
                     (trend if np.isfinite(summary["p_mk"][0]) else ""))
        sparse = sparse_regions(run, zones, found["area"])
        run.outputs.page("CHART", lambda: _page(series, found, zones.names, summary, sparse))

    @staticmethod
    def _polygons(run, series, summary_rows: list, means: np.ndarray) -> None:
        annual = {f"y{year}": f"{year} ({{}})" for year in series.years}
        write_regions(
            run, "POLYGONS", {**SUMMARY, **dict.fromkeys(annual, "number")},
            [(*row, *column) for row, column in zip(summary_rows, means.T.tolist())], series.grid,
            partial(style_means, unit=series.unit, least_coverage=LEAST_COVERAGE), {**HEADINGS, **annual},
        )
        if run.outputs.is_requested("POLYGONS") and run.raw_regions:
            run.log.info(
                tr("For a page about each region: in the Layout Manager of QGIS make a layout from the specific "
                   "template {}, and choose ⟨POLYGONS⟩ as coverage layer of its atlas.").format(ATLAS)
            )


def _summary(found: dict, zones, years: np.ndarray, teragram: float) -> dict:
    """The columns of the summary, each (zones,), with the intercept of the line for the chart."""
    trend = annual_summary(found["mean"], years, min_observations=4)
    coverage, known = zones.mean_coverage(found["area"]), found["pixels"] > 0
    total = mean_of_known(found["total"], known)
    ranked = ~(coverage < LEAST_COVERAGE)
    ranked[0] = False  # the whole raster is no region
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total[0] == 0, np.nan, 100.0 * total / total[0])
    return {
        **trend, **annual_levels(found["mean"], trend["mean"], years), "p_mk": trend["p"], "p_ols": trend["slope_p"],
        "coverage": coverage, "total": total, "total_tg": total / teragram,
        "rank": descending_ranks(trend["mean"], ranked), "share_percent": share,
        "sink_percent": mean_of_known(found["positive_percent"], known),
    }


def _rows(names: list, columns: dict, kinds: dict) -> list:
    """Rows of a table from columns, whole numbers as such; the first column are the names."""
    cells = [names]
    for key in list(kinds)[1:]:
        values = np.asarray(columns[key]).tolist()
        whole = kinds[key] != "number"
        cells.append([None if value != value else int(value) if whole else value for value in values])
    return list(zip(*cells))


def _page(series, found, names, summary, sparse):
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
                         summary["slope"][zone], summary["p_ols"][zone])
            for zone, name in enumerate(names)
        ],
        series.quantity, series.unit, sparse,
    ), sparse_note(sparse))
    page.heading("Mean and trend of each region")
    page.paragraph(
        "Mean of the annual means; the least-squares slope with the p of Student's t, and the Theil-Sen slope with "
        "that of the Mann-Kendall test. Rank: by the mean, the highest first, of the regions that are not in grey. "
        "Coverage: the share of the region that has values, in the mean of the years."
    )
    slope = f"{series.unit} per year".lstrip()
    shown = {"mean": quantity_text("Mean", series.unit), "slope": quantity_text("Least-squares slope", slope),
             "p_ols": "p (Student's t)", "sen_slope": quantity_text("Theil-Sen slope", slope),
             "p_mk": "p (Mann-Kendall)", "rank": "Rank", "coverage": "Coverage (%)"}
    kinds = {"region": "text", **{key: SUMMARY[key] for key in shown}}
    page.table(("Region", *shown.values()), _rows(names, summary, kinds), digits=3)
    return page

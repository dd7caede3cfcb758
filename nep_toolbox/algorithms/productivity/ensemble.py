"""nep:ensemble"""

from __future__ import annotations

from functools import partial

import numpy as np
from osgeo import gdal
from qgis.core import QgsProcessing, QgsProcessingParameterMultipleLayers

from ...colours import BLUES, BROWN_TO_GREEN, GREENS, PURPLES, REDS, SEQUENTIAL
from ...core.ensemble.blocks import ensemble_block
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.groups import PRODUCTIVITY, SERIES_TAGS
from ...framework.number_maps import number_map
from ...framework.outputs import RasterResult
from ...framework.regional_sums import BYTES_PER_CELL
from ...framework.texts import tr
from ...raster.reader import StackReader, Together
from ...raster.zones import ZoneReader
from ...styling.styles import Ramp
from ._ensemble_table import HEADINGS, MEMBERS, OF_MEMBERS, SUMMARY, MemberMeans, page, tell_totals
from ._members import Members, members_of

#: A share of the values that all members have, in percent, below which the log warns.
FEW_IN_ALL = 90.0


class Ensemble(ToolboxAlgorithm):
    """Mean, spread and agreement of several series of one quantity."""

    NAME = "ensemble"
    LABEL = "Ensemble of series"
    GROUP = PRODUCTIVITY
    NEEDS = ("scipy",)
    TAGS = (
        "ensemble", "multi-model mean", "model spread", "intercomparison", "agreement", "uncertainty", "products",
        "CMIP", "carbon sink", "集合平均", "多模型", "不确定性", "一致性", *SERIES_TAGS,
    )
    SUMMARY = (
        "Brings several series of one quantity together (products, models, climates): their mean, how far they lie "
        "apart, and how far they agree in sign and in trend."
    )
    HELP = """
<p>A member is an estimate of the same quantity for the same years and pixels: NEP from two products of NPP, of several
respiration models, with several climates. All members lie on one grid (⟨nep:harmonize⟩ brings them onto it) and are in
one unit; the years that all have are taken. Each has one weight, and their order does not matter.</p>
<p>In every pixel and year, over the members that have a value there, if these are two or more:</p>
<ul>
<li><b>Mean</b>, <b>smallest</b> and <b>largest</b> member.</li>
<li><b>Standard deviation</b> with n - 1. <b>It is the spread of the members, and no error of their mean.</b> Members
that share an input or an assumption err together and then lie close to each other, wherever the truth is; three
versions of one model are no three witnesses. A small spread says that the choice among these members matters little,
not that they are right. For the effect of errors that you know use ⟨nep:uncertainty⟩.</li>
<li><b>Agreement in sign</b>: of 100 members, how many have the sign that most of them have. 100 means that all say sink
(above 0) or all say source (below 0), 50 that half of them say either. A value of exactly 0 has neither sign.</li>
<li><b>Number of members</b> that have a value. Where it is 1 there is no other result; where it differs from place to
place, or from year to year, so does what the mean is of, and edges in the mean may come from that alone.</li>
</ul>
<p><b>Agreement in trend</b>: the percentage of the members whose Theil-Sen slope over these years is above 0, of those
that have at least ⟨MIN_OBSERVATIONS⟩ values in the pixel, if these are two or more. 100: all rise; 0: none does. It
counts directions and says nothing of their significance: of members that hold nothing but independent noise, two agree
in half of the pixels, and three in a quarter. Test the mean, or each member, with ⟨nep:trend⟩.</p>
<p><b>Summary, table of members and chart</b> are of annual means, for the whole raster and for regions: of each member
the mean, weighted by area, of the pixels that all members have in that year, so that no member differs for its gaps.
The log says how many pixels these are. mean, sd, min, max and agreement are those of the members' means; total_tg is
mean x area in Tg C (of values without a unit as if they were gC m<sup>-2</sup>), and total_sd_tg the same of sd. sd of
a region is that of its means, not the mean of the map of standard deviations: what differs from pixel to pixel evens
out. The table of members has the mean of each over the years, the standard deviation of its annual means, their
Theil-Sen slope and the p of the Mann-Kendall test (with four years or more), and the mean of each year.</p>
<p>Missing are nodata, masked and infinite values. Rasters are Float32 with nodata -9999, the number of members Int16
with nodata -32768 where no member has a value.</p>
<p>Which rasters are one member: each raster with several bands (a band a year), or rasters whose names differ in the
year alone (modis_2001, modis_2002 and lpj_2001, lpj_2002 are two members), or those of a folder whose names are
nothing but a year. The log lists the members and their years.</p>"""

    def declare(self):
        parameter = QgsProcessingParameterMultipleLayers(
            "INPUT", tr("Members (each a multi-band raster)"), QgsProcessing.SourceType.TypeRaster
        )
        parameter.setMinimumNumberInputs(1)
        self.add(
            parameter,
            "Series of one quantity: each raster is one member, with a band for each year. Rasters whose names differ "
            "in the year alone (modis_2001, modis_2002) are one member too; whole folders of them can be added.",
        )
        self.add_years()
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "What a member needs in a pixel for its trend; the "
            "other results need no number of years.", 8, INTEGER, 3,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("MEAN", "Ensemble mean", "Mean of the members, one band for each year.", optional=False)
        self.add_raster_output(
            "SD", "Standard deviation of the members", "Their spread, one band for each year; no error of the mean.",
            offered=True,
        )
        self.add_raster_output("MIN", "Smallest member", "One band for each year.")
        self.add_raster_output("MAX", "Largest member", "One band for each year.")
        self.add_raster_output("COUNT", "Number of members", "Members with a value, one band for each year.")
        self.add_raster_output(
            "AGREEMENT", "Agreement in sign", "Percentage of the members that have the sign of most, one band for each "
            "year.",
        )
        self.add_raster_output(
            "TREND_AGREEMENT", "Agreement in trend", "Percentage of the members whose Theil-Sen slope is above 0.",
            offered=True,
        )
        self.add_table_output(
            "SUMMARY", "Summary of the ensemble", "One row for each year, with ⟨REGIONS⟩ for each region and year.",
            offered=True,
        )
        self.add_table_output("MEMBERS", "Means and trends of the members", "One row for each member, by region.")
        self.add_chart_output("CHART", "Chart of the ensemble", "Annual means of the members and their spread.")
        self.add_number_output("MEMBER_COUNT", "Number of members")
        self.add_number_output("ONE_SIGN_PERCENT", "Pixels and years in which all members have one sign (%)")
        self.add_number_output("ALL_RISE_PERCENT", "Pixels in which all members have a rising trend (%)")
        self.add_number_output("NONE_RISES_PERCENT", "Pixels in which no member has a rising trend (%)")
        self.add_number_output("MEMBERS_MEAN", "Mean of the members and years")
        self.add_number_output("MEMBERS_SD", "Standard deviation of the members' means of the years")

    def compute(self, run):
        given = members_of(run)
        trended = run.outputs.is_requested("TREND_AGREEMENT")
        if trended:
            given.series[0].require_length(run.parameters.integer("MIN_OBSERVATIONS"), "MIN_OBSERVATIONS")
        run.outputs.subject = given.subject
        run.number("MEMBER_COUNT", len(given.names))
        tabled = run.outputs.is_requested("SUMMARY", "MEMBERS", "CHART")
        regions = run.regions(given.grid)
        means, counts = MemberMeans(regions, given.names, given.years), Counts()
        for window, block in self._blocks(run, given, trended, regions if tabled else None):
            counts.add(block)
            if tabled:
                means.add(block["sums"], last=window.ends_row_of(given.grid))
        counts.report(run, given.names, tabled)
        if tabled:
            means.close(run)
            self._tell(run, given, means, bool(regions))

    @staticmethod
    def _blocks(run, given: Members, trended: bool, regions: tuple | None):
        """The blocks of the run, with sums over regions unless these are None."""
        years, count = len(given.years), len(given.names)
        kernel = partial(
            ensemble_block, years=given.years, trended=trended,
            min_observations=run.parameters.integer("MIN_OBSERVATIONS"),
        )
        readers = {"members": Together(tuple(StackReader.of(each) for each in given.series))}
        bytes_per_cell = 44.0 * years + 8.0 * count
        if regions is not None:
            readers["cell_area"] = run.cell_areas(given.grid)
            bytes_per_cell += 10.0 * years * count + BYTES_PER_CELL
            if regions:
                readers["regions"] = ZoneReader(regions)
        return run.blocks(kernel, readers, given.grid, bytes_per_cell, results=_results(given))

    @staticmethod
    def _tell(run, given: Members, means: MemberMeans, regional: bool) -> None:
        """The tables, the page and the means in the log."""
        unit = given.subject.unit
        means.report(run, unit)
        if run.outputs.is_requested("SUMMARY"):
            tell_totals(run, unit)
        columns, headings = (SUMMARY, HEADINGS), (MEMBERS, OF_MEMBERS)
        annual = {f"y{year}": f"{year} ({{}})" for year in given.years}
        for name, (kinds, words), rows in (
            ("SUMMARY", columns, means.summary(unit)),
            ("MEMBERS", ({**headings[0], **dict.fromkeys(annual, "number")}, {**headings[1], **annual}),
             means.of_members()),
        ):
            kinds = {"region": "text", **kinds} if regional else kinds
            run.outputs.table(name, kinds, rows if regional else [row[1:] for row in rows], words)
        run.outputs.page("CHART", lambda: page(given.subject.quantity, unit, means))


def _results(given: Members) -> dict:
    years, unit = tuple(given.years), given.subject.unit
    bands, level = tuple(map(str, years)), Ramp(GREENS, below_zero=REDS)

    def annual(key, title, style, unit=unit, **more):
        return RasterResult(key, title, bands, style, unit, years, **more)

    return {
        "MEAN": annual("mean", tr("Ensemble mean"), level),
        "SD": annual("sd", tr("Standard deviation of the members"), Ramp(PURPLES)),
        "MIN": annual("min", tr("Smallest member"), level),
        "MAX": annual("max", tr("Largest member"), level),
        "COUNT": annual(
            "count", tr("Number of members"), Ramp(BLUES, limits=(1.0, len(given.names)), whole=True), "",
            data_type=gdal.GDT_Int16,
        ),
        "AGREEMENT": annual("agreement", tr("Agreement in sign"), Ramp(SEQUENTIAL, limits=(50.0, 100.0)), "%"),
        "TREND_AGREEMENT": number_map(
            "trend_agreement", tr("Members with a rising trend"), Ramp(BROWN_TO_GREEN, 50.0, (0.0, 100.0)), "%"
        ),
    }


class Counts:
    """How many values there are, and how far members agree, in all blocks."""

    def __init__(self):
        self._values = self._trends = np.zeros(1, dtype=np.int64)
        self._in_all = self._in_several = self._agreed = 0

    def add(self, block: dict) -> None:
        """Take what `ensemble_block` counted in a block."""
        self._values, self._trends = self._values + block["values"], self._trends + block["trends"]
        self._in_all += block["in_all"]
        self._in_several += block["in_several"]
        self._agreed += block["agreed"]

    def report(self, run, names: list, tabled: bool) -> None:
        """Tell what was counted, and what it is not."""
        run.log.info(
            tr("Members have one weight each. Their standard deviation is how far they lie apart, and no error: "
               "members that share an input or an assumption err together.")
        )
        if not self._in_several:
            return
        share = 100.0 * self._agreed / self._in_several
        run.number("ONE_SIGN_PERCENT", share)
        run.log.info(tr("All members have one sign in {:.1f} % of the pixels and years with a mean").format(share))
        tested, rising, others = self._trends.tolist()
        if tested:
            run.number("ALL_RISE_PERCENT", 100.0 * rising / tested)
            run.number("NONE_RISES_PERCENT", 100.0 * others / tested)
            run.log.info(
                tr("Trend: of the pixels with a trend of two members or more all members rise in {:.1f} %, and none "
                   "does in {:.1f} %").format(100.0 * rising / tested, 100.0 * others / tested)
            )
        self._tell_gaps(run, names, tabled)

    def _tell_gaps(self, run, names: list, tabled: bool) -> None:
        """Say in how many pixels all members have a value; warn where they are few."""
        share, fewest = 100.0 * self._in_all / self._in_several, int(np.argmin(self._values))
        text = tr("Of the pixels and years with a mean, {:.1f} % have a value in all members").format(share)
        if share >= FEW_IN_ALL:
            run.log.info(text)
            return
        own = 100.0 * self._values[fewest] / self._values.max()
        text += tr(". '{}' has the fewest values, {:.1f} % of those of the member that has most").format(
            names[fewest], own
        )
        run.log.warn(
            text + (tr(". ⟨SUMMARY⟩, ⟨MEMBERS⟩ and ⟨CHART⟩ are of the pixels that all have.") if tabled else ".")
        )

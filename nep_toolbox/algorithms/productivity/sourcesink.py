"""nep:sourcesink"""

from __future__ import annotations

from functools import partial

from osgeo import gdal

from ...colours import GREENS, REDS, SINK_CLASSES, SWITCH_CLASSES
from ...core.balance.blocks import source_sink_block
from ...core.balance.source_sink import FEWEST, LABELS, SWITCH_LABELS
from ...core.class_areas import class_table
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import PRODUCTIVITY
from ...framework.number_maps import P_RAMP, number_map
from ...framework.outputs import RasterResult
from ...framework.regional_sums import BYTES_PER_CELL
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.wording import counted
from ...raster.zones import ZoneReader
from ...styling.styles import Classes, Ramp
from ...styling.titles import Subject
from ._budget import COLUMNS, HEADINGS, Ledger, page

SCHEME = ClassScheme(LABELS, SINK_CLASSES, rare=(0,))


class SourceSink(ToolboxAlgorithm):
    """Where carbon is taken up and where it is given off."""

    NAME = "sourcesink"
    LABEL = "Carbon sources and sinks"
    GROUP = PRODUCTIVITY
    NEEDS = ("scipy",)
    TAGS = (
        "carbon sink", "carbon source", "carbon budget", "carbon balance", "NEP", "t test", "Tg C", "time series",
        "碳源", "碳汇", "碳收支", "源汇转换",
    )
    SUMMARY = (
        "Maps where a series of net ecosystem productivity is a carbon sink or a source, how surely and in how many "
        "years, where sources became sinks or sinks sources, and gives the budget of every year and region."
    )
    HELP = """
<p>A carbon sink has NEP above 0, a source below. Everything is computed from the valid years of a pixel.</p>
<ul>
<li><b>Classes</b>, by the mean: 2 / 1 carbon sink, -1 / -2 carbon source, 0 mean exactly 0. In 2 and -2 the mean
differs from 0: p of the t test with n - 1 degrees of freedom, two-sided, is below ⟨ALPHA⟩. t is the mean over its
standard error (standard deviation with n - 1, over the root of n). Where all values are equal p is 0, or 1 if they are
0, and there is no t.</li>
<li><b>Sink years</b>: the number of values above 0.</li>
<li><b>Switch</b>, by the means of the first and of the second half of the values (of an odd number the middle one is
left out): 1 sink in both, 2 source to sink, 3 sink to source, 4 source in both. A mean of 0 counts as a source. This is
a description and not tested: where the mean is near 0 the halves differ by chance. ⟨nep:trend⟩ tells whether there is a
trend, ⟨nep:breakpoint⟩ whether there is a break.</li>
<li><b>Budget</b>, for each year and region: sink_tg is the sum of NEP times pixel area where NEP is above 0 in that
year, source_tg where it is below (a negative number), net_tg their sum, exactly as written. Areas are those on the
ellipsoid; what has NEP of exactly 0 is in neither sink_area_km2 nor source_area_km2. A pixel belongs to a region if its
centre lies in it; the region "all" is the whole raster. NEP must be carbon per area (gC m<sup>-2</sup> yr<sup>-1</sup>,
kgC/m2, ...); values without a unit are taken for gC m<sup>-2</sup>.</li>
</ul>
<p><b>What it cannot say.</b> The test takes years as independent; where good years follow good ones it finds too many
significant pixels. With thousands of pixels some are significant by chance; the log tells how many. p speaks of the
weather of these years alone: an error of the model, such as respiration that is too low everywhere, makes sinks that
are as significant as true ones. With annual climate in its literal form the respiration of ⟨nep:productivity⟩ is about
a tenth of what monthly climate gives, and nearly every pixel is a sink. NEP holds no fire, harvest or other loss of
carbon: a sink of NEP is not yet a sink of the landscape. And the sums of sinks and of sources depend on the size of the
cells, in which both may lie; their balance hardly does.</p>
<p>Missing are nodata, masked and infinite values. Pixels with fewer than ⟨MIN_OBSERVATIONS⟩ valid values are nodata in
every map. The budget uses every pixel with a value in the year, so that years with other pixels do not compare; the log
tells where their number differs. A year without any value has no budget. Classes, counts and switches are Int16, nodata
-32768, the rest Float32, nodata -9999.</p>
<p>Results for models and scripts, as in the log: the share of the pixels that are a sink, that are significant, that
turned from source to sink and from sink to source; and of the whole raster the mean sink, source and balance of the
years (with ⟨BUDGET⟩ or ⟨CHART⟩).</p>
<p>Reference: Student (1908) doi:10.1093/biomet/6.1.1.</p>"""

    def declare(self):
        self.add_series(
            "INPUT", "Annual net ecosystem productivity", "NEP, positive where carbon is taken up: the result of "
            "⟨nep:productivity⟩, or any other series whose sign says sink or source."
        )
        self.add_years()
        self.add_number(
            "ALPHA", "Level of significance", "A mean differs from 0 where p is smaller.", 0.05, minimum=0.0001,
            maximum=0.5,
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Pixels with fewer valid values get no class.", 8,
            INTEGER, FEWEST,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("CLASS", "Carbon sources and sinks", "The classes of the mean.", optional=False)
        self.add_raster_output("SINK_YEARS", "Years as a sink", "Number of years with NEP above 0.")
        self.add_raster_output(
            "SWITCH", "Switch between source and sink", "The first and the second half of the years.", offered=True
        )
        self.add_raster_output("PVALUE", "p-value of the mean", "How likely chance takes a mean so far from 0.")
        self.add_raster_output("T", "t of the mean", "Mean over its standard error.")
        self.add_table_output("TABLE", "Area of sources and sinks", CLASS_TABLE_HELP)
        self.add_table_output(
            "BUDGET", "Carbon budget", "One row for each region and year: area, sink, source and balance in Tg C.",
            offered=True,
        )
        self.add_chart_output(
            "CHART", "Chart of the carbon budget", "Sinks, sources and their balance by year and region."
        )
        self.add_number_output("SINK_PERCENT", "Pixels that are a carbon sink (%)")
        self.add_number_output("SIGNIFICANT_PERCENT", "Pixels that are a significant sink or source (%)")
        self.add_number_output("TO_SINK_PERCENT", "Pixels that turned from source to sink (%)")
        self.add_number_output("TO_SOURCE_PERCENT", "Pixels that turned from sink to source (%)")
        self.add_number_output("MEAN_SINK_TG", "Mean sink of the years (Tg C)")
        self.add_number_output("MEAN_SOURCE_TG", "Mean source of the years (Tg C)")
        self.add_number_output("MEAN_NET_TG", "Mean balance of the years (Tg C)")

    def compute(self, run):
        given = run.parameters
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        fewest, alpha = given.integer("MIN_OBSERVATIONS"), given.number("ALPHA")
        series.require_length(fewest, "MIN_OBSERVATIONS")
        regions = run.regions(series.grid)
        readers = {"stack": StackReader.of(series)}
        budgeted = run.outputs.is_requested("BUDGET", "CHART")
        ledger = Ledger(run, series, regions) if budgeted else None
        if budgeted:
            readers.update({"regions": ZoneReader(regions)} if regions else {})
        tally = Halves()

        def each(window, block):
            tally.add(block)
            if ledger:
                ledger.add(window, block["budget"])

        areas, rows = map_classes(
            run, SCHEME,
            partial(source_sink_block, alpha=alpha, min_observations=fewest, budgeted=budgeted),
            readers, series.grid, self._results(series), 8.0 * (2 * len(series.steps) + 10) + BYTES_PER_CELL * budgeted,
            regions=regions, tabulated=("TABLE", "BUDGET", "CHART"), each=each, told=budgeted,
        )
        tell(run, areas[:, 0].tolist(), tally, alpha)
        if ledger:
            ledger.tell()
            run.outputs.table("BUDGET", COLUMNS, ledger.rows(), HEADINGS)
            run.outputs.page("CHART", lambda: page(series, ledger, (rows, tally.rows()), alpha))

    @staticmethod
    def _results(series) -> dict:
        years = len(series.steps)
        return {
            "CLASS": class_map(SCHEME, "class", tr("Carbon sources and sinks"), tr("Source or sink")),
            "SINK_YEARS": RasterResult(
                "sink_years", tr("Years as a carbon sink"), (tr("Sink years"),),
                Ramp((*REDS[:0:-2], *GREENS[::2]), limits=(0, years), whole=True), data_type=gdal.GDT_Int16,
            ),
            "SWITCH": RasterResult(
                "switch", tr("Switch between source and sink"), (tr("Switch"),),
                Classes.of(SWITCH_LABELS, SWITCH_CLASSES), data_type=gdal.GDT_Int16,
            ),
            "PVALUE": number_map("p_value", tr("p of the mean"), P_RAMP),
            "T": number_map("t", tr("t of the mean"), Ramp(GREENS, below_zero=REDS)),
        }


class Halves:
    """Adds up how many pixels switched, and how many values there are and are above 0."""

    def __init__(self):
        self.areas = self.above = self.values = 0

    def add(self, block: dict) -> None:
        """Take what the kernel gives for a block."""
        self.areas = self.areas + block["switch_areas"]
        self.above, self.values = self.above + block["above"], self.values + block["values"]

    def rows(self) -> list:
        """The area of each switch, as rows of a table of classes."""
        return class_table(self.areas, min(SWITCH_LABELS), SWITCH_LABELS)


def tell(run, pixels: list, tally: Halves, alpha: float) -> None:
    """The shares of sinks, of what is significant and of what switched, as results and in the log.

    ``pixels`` is how many have each class, from -2 to 2.
    """
    total = sum(pixels)
    if not total:
        return
    sinks, significant = pixels[3] + pixels[4], pixels[0] + pixels[4]
    _kept, to_sink, to_source, _lost = tally.areas[:, 0].tolist()
    for name, number in (("SINK_PERCENT", sinks), ("SIGNIFICANT_PERCENT", significant), ("TO_SINK_PERCENT", to_sink),
                         ("TO_SOURCE_PERCENT", to_source)):
        run.number(name, 100 * number / total)
    run.log.info(
        tr("The mean is that of a carbon sink in {} of {}, {:.1f} %; it differs from 0 (p < {:g}) in {}, {:.1f} %. "
           "Were all means 0, chance would make the latter {:.3g} % where years are independent, and more where they "
           "are not.").format(
            sinks, counted(total, "pixel"), 100 * sinks / total, alpha, significant, 100 * significant / total,
            100 * alpha,
        )
    )
    run.log.info(
        tr("From the first to the second half of the years {} turned from source to sink, {:.1f} %, and {} from sink "
           "to source, {:.1f} %.").format(
            counted(to_sink, "pixel"), 100 * to_sink / total, counted(to_source, "pixel"), 100 * to_source / total
        )
    )
    if tally.above == tally.values:
        run.log.warn(
            tr("Every value is above 0: each pixel is a sink in every year. NPP and GPP are never below 0; sources and "
               "sinks are those of NEP, NPP less respiration (⟨nep:productivity⟩).")
        )
    elif not tally.above and pixels[0] + pixels[1]:
        run.log.warn(
            tr("No value is above 0: no pixel is a sink in any year. Net ecosystem exchange (NEE) has the other sign; "
               "multiply it by -1 first, with the raster calculator.")
        )
    if pixels[2]:
        run.log.warn(
            tr("The mean is exactly 0 in {}, {:.1f} %, which measured or modelled NEP hardly ever is. If 0 stands for "
               "missing values here, declare it as nodata.").format(
                counted(pixels[2], "pixel"), 100 * pixels[2] / total
            )
        )

"""nep:compare"""

from __future__ import annotations

from functools import partial

from qgis.core import QgsProcessing, QgsProcessingParameterFeatureSource, QgsProcessingParameterField

from ...colours import PURPLE_TO_ORANGE, REDS
from ...core.correlation.coefficients import common_years
from ...core.landcover.transitions import whole_classes
from ...core.validation.blocks import ComparisonTotal, comparison_block
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_names import class_legend
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.inputs import loaded_rasters
from ...framework.number_maps import number_map
from ...framework.texts import tr
from ...raster.picture import Thinned
from ...raster.reader import StackReader
from ...styling.styles import Ramp
from ...styling.titles import Subject
from ._agreement import Comparison, group_names, of_rasters, of_sites, page, report
from ._sites import cells_of, read_sites, require_fields, site_source, values_at

#: The scores that the tool was asked for, then those that a diagram of Taylor needs, and what they are of.
SCORES = {
    "group": "text", "n": "count", "bias": "number", "rmse": "number", "mae": "number", "r": "number", "r2": "number",
    "nse": "number", "kge_2009": "number", "kge_2012": "number", "kge_2021": "number", "s_bias": "number",
    "s_rmse": "number", "s_iav": "number", "slope": "number", "intercept": "number", "p": "number",
    "sd_ratio": "number", "crmse": "number", "taylor": "number", "years": "integer", "reference": "text",
}
PAIRS = {
    "group": "text", "year": "integer", "n": "count", "observed": "number", "simulated": "number",
    "difference": "number", "class": "text", "reference": "text",
}
HEADINGS = {
    "group": "Group", "n": "Pairs", "bias": "Bias ({})", "rmse": "RMSE ({})", "mae": "Mean absolute error ({})",
    "r2": "r²", "nse": "NSE", "kge_2009": "KGE 2009", "kge_2012": "KGE 2012", "kge_2021": "KGE 2021",
    "s_bias": "S bias (ILAMB)", "s_rmse": "S RMSE (ILAMB)", "s_iav": "S interannual (ILAMB)",
    "slope": "Slope of the major axis", "intercept": "Intercept of the major axis ({})", "p": "p of r",
    "sd_ratio": "Standard deviation, simulated over observed", "crmse": "Centred RMSE ({})", "taylor": "Taylor skill",
    "observed": "Observed ({})", "simulated": "Simulated ({})", "difference": "Simulated less observed ({})",
    "class": "Class", "reference": "Compared with",
}

#: Every n-th pixel in rows and columns is drawn, so that there are at most so many of them each way.
DRAWN = 60


class Compare(ToolboxAlgorithm):
    """A series against values of flux towers and against another product."""

    NAME = "compare"
    LABEL = "Comparison with observations"
    GROUP = STATISTICS
    NEEDS = ("scipy",)
    TAGS = (
        "validation", "evaluation", "flux tower", "FLUXNET", "eddy covariance", "NEE", "RMSE", "bias", "KGE",
        "Taylor diagram", "ILAMB", "精度验证", "通量塔", "泰勒图", "accuracy", "benchmark", "product", *SERIES_TAGS,
    )
    SUMMARY = (
        "Scores an annual series against values of sites, such as flux towers, and against a second product, by class "
        "and by site."
    )
    HELP = """
<p>Pairs are the annual values that both have in the same year, observed o and simulated s: at sites those of the pixel
of the site, or the mean of the valid ones of 3 x 3 pixels around it; of a second product those of every pixel. Both
may be given; the column "reference" says which of them a row is about. Every pair counts alike, whatever the area of
its pixel. Groups are "all", each class of the raster of classes, and each site. A group of fewer than 3 pairs has its
number alone.</p>
<ul>
<li><b>bias</b> = mean of s - o; rmse, mae: root mean square and mean absolute difference; crmse: rmse of what is left
without the bias.</li>
<li><b>r</b>: Pearson; r2 its square; p, two-sided, takes pairs for independent, which years of a site and neighbouring
pixels are not; slope and intercept of the major axis, s = intercept + slope x o, which takes both for
uncertain.</li>
<li><b>nse</b> = 1 - sum of (s - o)<sup>2</sup> / sum of (o - mean o)<sup>2</sup> (Nash and Sutcliffe).</li>
<li><b>kge_2009, kge_2012, kge_2021</b>: 1 less the distance of three parts from 1, 1 and 1 or 0: r; the ratio of the
standard deviations, in 2012 that of the coefficients of variation; the ratio of the means, in 2021 the bias over the
standard deviation of o. Of NEP, whose mean may be near 0, read that of 2021: the others break down there, and are
missing where the mean is 0.</li>
<li><b>s_bias, s_rmse, s_iav</b>: the scores of ILAMB, 0 to 1, on the annual means of the group (over the pairs of each
year), of 3 years at least: exp(-|bias| / c), exp(-crmse / c) and exp(-|sd s - sd o| / sd o), with c the population
standard deviation of o. No overall score is made of them.</li>
<li><b>sd_ratio, taylor</b>: standard deviation of s over that of o, and Taylor's skill 4 (1 + r) / (2 (sd_ratio + 1 /
sd_ratio)<sup>2</sup>).</li>
</ul>
<p>Of a constant series r, and what needs it, is missing. A flux tower sees some hundred metres, and the rest of its
pixel may be other vegetation. NEE is counted from the ground to the air and NEP the other way, so that NEP = -NEE: then
reverse the sign.</p>
<p>Sites: points in any CRS, or a table with fields called longitude and latitude (WGS 84; also lon, lat, LOCATION_LONG,
LOCATION_LAT), or x and y in the CRS of the rasters; a row for each site and year. Years are numbers, or dates. A value
that is empty or -9999 is missing. Without a field of sites the rows of one place are a site. Sites beyond the raster,
and those on pixels without a value, are named in the log.</p>
<p>The second product must lie on the grid of the series (⟨nep:harmonize⟩ brings it there) and be in its unit; years
that only one has are left out and named. The maps of bias and RMSE are over the years in which a pixel has both values,
3 at least, else nodata (Float32 -9999). ⟨PAIRS⟩ holds the pairs of sites and, of a second product, the means of each
group and year.</p>
<p>References: Nash and Sutcliffe (1970) doi:10.1016/0022-1694(70)90255-6; Gupta et al. (2009)
doi:10.1016/j.jhydrol.2009.08.003; Kling et al. (2012) doi:10.1016/j.jhydrol.2012.01.011; Tang et al. (2021)
doi:10.1175/JCLI-D-21-0067.1; Collier et al. (2018) doi:10.1029/2018MS001354; Taylor (2001)
doi:10.1029/2000JD900719.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series to score, such as NEP: the simulated values.")
        self.add_series(
            "REFERENCE", "Second product", "A series of the same quantity, on the same grid and in the same unit, that "
            "is taken for observed.", optional=True,
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "POINTS", tr("Sites with annual values"), [QgsProcessing.SourceType.TypeVector], optional=True
            ),
            "Points, or a table with coordinates, that have a row for each site and year, such as annual sums of flux "
            "towers.",
        )
        for name, label, words in (
            ("SITE_FIELD", tr("Field with the names of the sites"), "Empty: rows at one place are a site."),
            ("YEAR_FIELD", tr("Field with the years"), "Numbers of four digits, or dates."),
            ("VALUE_FIELD", tr("Field with the observed values"), "Numbers, in the unit of the series."),
        ):
            self.add(
                QgsProcessingParameterField(name, label, parentLayerParameterName="POINTS", optional=True), words
            )
        self.add_choice(
            "SIGN", "Sign of the observed values", "Whether observed values count the other way, as NEE does. It holds "
            "for sites and for a second product.", ["As it is", "Reversed: NEP = -NEE"], optional=True,
        )
        self.add_choice(
            "WINDOW", "Pixels of a site", "The pixel that a site lies in, or the mean of those around it that have a "
            "value.", ["Pixel", "Mean of 3 x 3 pixels"], optional=True,
        )
        self.add_raster(
            "CLASSES", "Classes", "A raster of classes, such as land cover, on the grid of the series: scores are "
            "given for each.", optional=True,
        )
        self.add_years()
        self.add_execution()
        self.add_table_output("SCORES", "Scores", "A row for each group.", optional=False)
        self.add_table_output(
            "PAIRS", "Observed and simulated values", "The pairs of the sites; of a second product the means of each "
            "group and year.",
        )
        self.add_raster_output("BIAS", "Bias", "Mean of the series less the second product.")
        self.add_raster_output("RMSE", "RMSE", "Root mean square difference of the series and the second product.")
        self.add_chart_output(
            "CHART", "Charts of the comparison", "Simulated against observed values, and a diagram of Taylor."
        )

    def check(self, parameters):
        super().check(parameters)
        if not (parameters.raw("REFERENCE") or parameters.given("POINTS")):
            raise InvalidParameter(
                tr("There is nothing to compare with. Give ⟨POINTS⟩, ⟨REFERENCE⟩ or both.")
            )
        if parameters.given("POINTS"):
            for key in ("YEAR_FIELD", "VALUE_FIELD"):
                if not parameters.text(key):
                    raise InvalidParameter(tr("⟨POINTS⟩ was given without ⟨{}⟩. Choose the field.").format(key))
        if not parameters.raw("REFERENCE") and any(map(parameters.is_requested, ("BIAS", "RMSE"))):
            raise InvalidParameter(
                tr("⟨BIAS⟩ and ⟨RMSE⟩ are maps of the differences from ⟨REFERENCE⟩. Give it, or leave the maps out.")
            )

    def prepare(self, parameters, inputs):
        self._source = site_source(parameters) if parameters.given("POINTS") else None
        layers = inputs.rasters["CLASSES"]
        styled = loaded_rasters(parameters.raw("CLASSES"), parameters.context) if layers else []
        self._names = class_legend(layers, styled).names

    def compute(self, run):
        if self._source:
            require_fields(run.parameters, self._source)
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        classes = run.raster("CLASSES") if run.has_input("CLASSES") else None
        if classes:
            series.grid.require_same(classes.grid, series.name, classes.name)
        sign, found = -1.0 if run.parameters.choice("SIGN") == 1 else 1.0, []
        if run.has_input("REFERENCE"):
            found.append(self._with_product(run, series, classes, sign))
        if self._source:
            found.append(self._with_sites(run, series, classes, sign))
        for comparison in found:
            report(run, comparison)
        run.outputs.table("SCORES", SCORES, [row for each in found for row in each.scores(tuple(SCORES))], HEADINGS)
        run.outputs.table("PAIRS", PAIRS, [row for each in found for row in each.pairs], HEADINGS)
        run.outputs.page("CHART", lambda: page(series, found))

    def _with_product(self, run, series, classes, sign: float) -> Comparison:
        """The comparison with a second product, block by block."""
        reference = run.series("REFERENCE")
        series.grid.require_same(reference.grid, series.name, reference.name)
        if series.unit and reference.unit and series.unit != reference.unit:
            run.log.warn(
                tr("'{}' is in {}, and '{}' in {}: they must be in one unit.").format(
                    series.name, series.unit, reference.name, reference.unit
                )
            )
        inputs = {f"⟨INPUT⟩ '{series.name}'": series.years, f"⟨REFERENCE⟩ '{reference.name}'": reference.years}
        years, left_out = common_years(inputs)
        for name, spare in left_out.items():
            run.log.warn(
                tr("Left out of {}, as the other series lacks these years: {}").format(name, ", ".join(map(str, spare)))
            )
        readers = {"simulated": StackReader.of(series.of_years(years)), "observed": StackReader.of(
            reference.of_years(years))}
        if classes:
            readers["classes"] = StackReader.of(classes)
        grid, total = series.grid, ComparisonTotal(len(years))
        drawn = {name: Thinned(grid, DRAWN) for name in ("simulated", "observed") if run.outputs.is_requested("CHART")}
        maps = [name.lower() for name in ("BIAS", "RMSE") if run.outputs.is_requested(name)]
        title = f"'{classes.name}'" if classes else ""
        kernel = partial(comparison_block, sign=sign, title=title, wanted=(*maps, *drawn))
        # Four planes, classes as 64-bit integers and their order, and the sums of the patches.
        working = 8.0 * (4 + 8) + 1.0 * len(years)
        for window, block in run.blocks(kernel, readers, grid, working, results=self._results(), part=(0.0, 0.8)):
            total.add(block, last=window.ends_row_of(grid))
            for name, thinned in drawn.items():
                thinned.add(window, block[name])
        if not total.sums.count.any():
            raise InvalidParameter(
                tr("No pixel has a value of '{}' and of '{}' in the same year. Look at their nodata values, which the "
                   "log lists, and whether they cover the same area.").format(series.name, reference.name)
            )
        names = group_names(total.classes, self._names)
        return of_rasters(reference, years, names, total.sums, {name: each.values for name, each in drawn.items()})

    @staticmethod
    def _results() -> dict:
        return {
            "BIAS": number_map("bias", "Bias", Ramp(PURPLE_TO_ORANGE, 0.0)),
            "RMSE": number_map("rmse", "RMSE", Ramp(REDS)),
        }

    def _with_sites(self, run, series, classes, sign: float) -> Comparison:
        """The comparison with the values of sites."""
        start = 0.8 if run.has_input("REFERENCE") else 0.0
        sites = read_sites(run, self._source, series.grid)
        cells = cells_of(run, sites, series.grid)
        reach = 1 if run.parameters.choice("WINDOW") == 1 else 0
        simulated = values_at(run, series, cells, (start, 0.9), reach)
        codes = values_at(run, classes, cells, (0.9, 1.0))[0] if classes else None
        if classes:
            whole_classes(codes, f"'{classes.name}'")  # or an error
        return of_sites(run, series, sites._replace(value=sign * sites.value), simulated, codes, self._names)

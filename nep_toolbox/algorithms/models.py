"""The graphical models that come with the toolbox."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingModelAlgorithm
from qgis.PyQt.QtGui import QIcon

from ..framework.algorithm import MANUAL
from ..framework.groups import ICONS
from ..framework.texts import help_panel, tr

FOLDER = Path(__file__).resolve().parents[1] / "models"


class BundledModel(QgsProcessingModelAlgorithm):
    """A model read from a file. Its name in the file is its id; label, help and the labels of its results stand in a
    subclass.

    Whoever wants to change a model opens its file in the model designer and saves it as a model of their own.
    """

    FILE = ""
    LABEL = ""
    SUMMARY = ""
    HELP = ""
    TAGS: tuple = ()
    RESULTS: dict = {}

    def __init__(self):
        super().__init__()
        self.fromFile(str(FOLDER / self.FILE))
        for definition in self.destinationParameterDefinitions():
            definition.setDescription(tr(self.RESULTS[definition.name()]))

    def createInstance(self):
        copy = type(self)()
        copy.setProvider(self.provider())
        return copy

    def displayName(self):
        return tr(self.LABEL)

    def group(self):
        return tr("Models")

    def groupId(self):
        return "models"

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        return str(ICONS / "study.svg")

    def tags(self):
        return [tr(tag) for tag in self.TAGS]

    def shortDescription(self):
        return tr(self.SUMMARY)

    def shortHelpString(self):
        return help_panel(tr(self.SUMMARY), tr(self.HELP))

    def helpUrl(self):
        return (MANUAL / f"{self.name()}.html").as_uri()


class NppTrend(BundledModel):
    """From granules and monthly climate to the trend of NEP."""

    FILE = "npptrend.model3"
    LABEL = "NEP and its trend from MOD17 and monthly climate"
    TAGS = ("NEP", "NPP", "MOD17", "workflow", "chain", "trend", "模型", "流程")
    RESULTS = {
        "nep:NEP": "Net ecosystem productivity", "trend:SLOPE": "Theil-Sen slope of NEP",
        "trend:CLASS": "Trend classes of NEP", "trend:PVALUE": "P-value of the trend",
    }
    SUMMARY = "Runs the whole chain: import of NPP, climate onto its grid, annual climate, NEP and its trend."
    HELP = """
<ul><li>Import MOD17 joins, projects and clips the files of NPP (Npp_500m), in gC m<sup>-2</sup> yr<sup>-1</sup>;</li>
<li>Harmonize rasters brings monthly temperature and precipitation onto its grid;</li>
<li>Annual climate from months makes annual means (temperature) and sums (precipitation);</li>
<li>Net ecosystem productivity subtracts heterotrophic respiration in the monthly-equivalent form;</li>
<li>Trend gives the Theil-Sen slope of NEP, its p-value and its class.</li></ul>
<p>Names of the climate rasters must say year and month (T_2001_01), and the climate must have the years of NPP. A
whole folder of rasters can be added at once.</p>"""


class NepTrend(BundledModel):
    """From annual NPP and climate to the trend of NEP."""

    FILE = "neptrend.model3"
    LABEL = "NEP and its trend"
    TAGS = ("NEP", "NPP", "respiration", "workflow", "chain", "trend", "模型", "流程", "趋势")
    RESULTS = {
        "nep:NEP": "Net ecosystem productivity", "nep:MEAN": "Mean NEP", "trend:SLOPE": "Theil-Sen slope of NEP",
        "trend:CLASS": "Trend classes of NEP", "trend:PVALUE": "P-value of the trend",
    }
    SUMMARY = "Brings annual climate onto the grid of annual NPP, computes NEP, and gives its mean and its trend."
    HELP = """
<ul><li>Harmonize rasters brings annual temperature and precipitation onto the grid of NPP, its rim filled;</li>
<li>Net ecosystem productivity subtracts heterotrophic respiration in the monthly-equivalent form, which annual climate
needs to come close to monthly values;</li>
<li>Trend gives the Theil-Sen slope of NEP, its p-value and its class.</li></ul>
<p>The years come from the names of the rasters; the climate must have those of NPP. Of MOD17A3HGF give the scale 0.1
and the largest valid value 32700.</p>"""


class TrendPersistence(BundledModel):
    """Trend, persistence and expected future of a series."""

    FILE = "trendpersistence.model3"
    LABEL = "Trend and persistence"
    TAGS = ("trend", "Hurst", "persistence", "future", "Theil-Sen", "Mann-Kendall", "workflow", "模型", "流程", "趋势")
    RESULTS = {
        "trend:SLOPE": "Theil-Sen slope", "trend:CLASS": "Trend classes", "trend:PVALUE": "P-value of the trend",
        "hurst:HURST": "Hurst exponent", "hurst:PVALUE": "P-value of the Hurst exponent",
        "future:FUTURE": "Expected future trend", "future:TABLE": "Area of the expected future trends",
    }
    SUMMARY = "Gives the trend of a series, its persistence, and which trends are likely to continue or to reverse."
    HELP = """
<ul><li>Trend gives the Theil-Sen slope, the p-value of the Mann-Kendall test and nine classes;</li>
<li>Hurst exponent tells how persistent the deviations of each pixel from its line are, by rescaled range, and how
often chance alone does as much (p-value);</li>
<li>Future trend combines the classes of the trend with that evidence: likely to continue or likely to reverse where p
is below 0.1, unclear elsewhere, and the area of each class.</li></ul>
<p>A series of any variable: NEP, NPP, GPP, NDVI. It needs twelve years or more. The Hurst exponent of a short series
has a wide spread by chance, so that most of a map may be unclear; chance alone gives evidence in 10 % of it.</p>"""


class ClimateOrPeople(BundledModel):
    """From annual NPP and climate to the causes of its trend."""

    FILE = "climateorpeople.model3"
    LABEL = "Climate or people"
    TAGS = (
        "attribution", "residual trend", "RESTREND", "drivers", "climate change", "human activity", "workflow", "模型",
        "流程", "归因", "残差分析", "人类活动", "气候变化",
    )
    RESULTS = {
        "attribution:CLASS": "Causes of the trend", "attribution:SLOPE_CLIMATE": "Slope of climate",
        "attribution:SLOPE_RESIDUAL": "Slope of the rest", "attribution:SHARE": "Share of climate",
        "drivers:DOMINANT": "Dominant driver", "drivers:CONTRIBUTIONS": "Contributions to the trend",
        "attribution:SUMMARY": "Attribution of the annual means", "drivers:TABLE": "Drivers",
        "attribution:CHART": "Chart of the attribution", "drivers:CHART": "Chart of the drivers",
    }
    SUMMARY = (
        "Brings annual climate onto the grid of annual NPP, splits the trend of NPP into what climate explains and the "
        "rest, and tells which driver dominates where."
    )
    HELP = """
<ul><li>Harmonize rasters brings the climate, any number of variables, onto the grid of NPP, its rim filled;</li>
<li>Attribution of trends to climate and the rest gives the slope of climate, that of the rest, the share of climate
where the trend is significant, and classes of the causes;</li>
<li>Dominant drivers tells the driver with the largest partial correlation, and what each contributes to the
trend.</li></ul>
<p>Both fits are detrended. <b>The rest is no proof of people</b>: it holds all that is not among the drivers given
(CO<sub>2</sub>, nitrogen, radiation), effects that are delayed, and errors of the data. Two variables need nine years
or more in common with NPP, three ten. Give NPP rather than NEP, which holds the climate that its respiration was
computed from. Of MOD17A3HGF give what Import MOD17 makes of it.</p>"""


class CarbonLedger(BundledModel):
    """From annual NEP and land cover to the budget and what land-cover change did to it."""

    FILE = "carbonledger.model3"
    LABEL = "Carbon ledger"
    TAGS = (
        "carbon budget", "carbon balance", "source", "sink", "stability", "land use change", "NEP", "workflow", "模型",
        "流程", "碳收支", "碳源", "碳汇", "土地利用变化",
    )
    RESULTS = {
        "sinks:SINKS": "Carbon sources and sinks", "sinks:SWITCH": "Switch between source and sink",
        "sinks:SINK_YEARS": "Years as a sink", "stability:STABILITY": "Classes of variability",
        "stability:CV": "Coefficient of variation", "sinks:BUDGET": "Carbon budget",
        "effect:EFFECT_SUMMARY": "Summary of the effect of land-cover change",
        "effect:EFFECT": "Effect of land-cover change", "sinks:SINK_AREAS": "Area of sources and sinks",
        "stability:STABILITY_AREAS": "Area of the classes of variability",
        "sinks:BUDGET_CHART": "Chart of the carbon budget",
        "effect:EFFECT_CHART": "Chart of the effect of land-cover change",
    }
    SUMMARY = (
        "Draws up the account of a series of NEP: sources, sinks and the budget of every year and region, how stable "
        "they are, and what land-cover change did to the total."
    )
    HELP = """
<ul><li>Carbon sources and sinks maps where the mean is a sink or a source, how surely, in how many years and where that
turned, and gives sinks, sources and their balance for each year in Tg C;</li>
<li>Variability gives the coefficient of variation and its classes, where the mean differs from 0;</li>
<li>Harmonize rasters brings the land cover onto the grid of NEP, by the most frequent class, its rim filled;</li>
<li>Effect of land-cover change splits the change of the total between the first and the last date of the land cover
into what the change of class accounts for and what happened on the land.</li></ul>
<p>NEP needs eight years or more, among them the dates of the land cover; the years that are averaged around the two
dates must not overlap. Give carbon per area, as Net ecosystem productivity does; of NPP every pixel would be a sink.
Errors of NEP are in none of these results: Uncertainty of NEP tells what errors that you know do to it, and another
model of respiration may turn a sink into a source.</p>"""


class ImportHarmonise(BundledModel):
    """MOD17 and all other rasters onto one grid."""

    FILE = "importharmonise.model3"
    LABEL = "Import and harmonise"
    TAGS = ("MOD17", "import", "resample", "clip", "one grid", "workflow", "模型", "流程", "重采样", "裁剪")
    RESULTS = {"npp:NPP": "Net primary productivity", "rasters:FOLDER": "Harmonized rasters"}
    SUMMARY = "Imports MOD17 granules or exports and brings climate, land cover and other rasters onto their grid."
    HELP = """
<ul><li>Import MOD17 joins, projects and clips the files, in gC m<sup>-2</sup> yr<sup>-1</sup>: one raster, a band for
each year;</li>
<li>Harmonize rasters brings the other rasters onto that grid: classes by the most frequent one, numbers by the average
or bilinear; cells at the rim take the nearest value.</li></ul>
<p>All results lie on one grid, ready for the tools that follow.</p>"""


MODELS = (NppTrend, NepTrend, TrendPersistence, ClimateOrPeople, CarbonLedger, ImportHarmonise)

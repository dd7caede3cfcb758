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


MODELS = (NppTrend,)

"""The base class of all tools: declaring parameters with their help, and one place where errors become readable."""

from __future__ import annotations

import importlib.util

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtGui import QIcon

from ..errors import Cancelled, ToolboxError
from ..raster.years import parse_years
from .groups import Group
from .inputs import raster_layers, why_unreadable
from .regions import read_regions
from .run import Run
from .texts import sentence, tr

MANUAL = "https://github.com/nep-toolbox/nep-toolbox/blob/main/docs/tools.md"

ADVANCED = QgsProcessingParameterDefinition.Flag.FlagAdvanced
INTEGER = QgsProcessingParameterNumber.Type.Integer
DOUBLE = QgsProcessingParameterNumber.Type.Double


class ToolboxAlgorithm(QgsProcessingAlgorithm):
    """A tool. Subclasses set the class attributes, declare parameters in ``declare`` and work in ``compute``."""

    NAME = ""
    LABEL = ""
    GROUP: Group
    TAGS: tuple = ()
    SUMMARY = ""  # one sentence
    HELP = ""  # HTML: method, units, rule for missing values, references
    NEEDS: tuple = ()  # Python libraries without which the tool cannot run

    def __init__(self):
        super().__init__()
        self.styles: dict = {}
        self._rasters: dict = {}
        self._regions: list = []

    # What QGIS asks for -----------------------------------------------------------------------------------------------

    def createInstance(self):
        return type(self)()

    def name(self):
        return self.NAME

    def displayName(self):
        return tr(self.LABEL)

    def group(self):
        return tr(self.GROUP.label)

    def groupId(self):
        return self.GROUP.id

    def icon(self):
        return QIcon(self.GROUP.icon)

    def svgIconPath(self):
        return self.GROUP.icon

    def tags(self):
        return [tr(tag) for tag in self.TAGS]

    def shortDescription(self):
        return tr(self.SUMMARY)

    def shortHelpString(self):
        # The dialog shows every line end as a new line.
        return " ".join(f"<p>{tr(self.SUMMARY)}</p>{tr(self.HELP)}".split())

    def helpUrl(self):
        return f"{MANUAL}#{self.NAME}"

    def canExecute(self):
        missing = [library for library in self.NEEDS if importlib.util.find_spec(library) is None]
        if not missing:
            return True, ""
        return False, tr("This tool needs {}, which the Python of QGIS does not have. Install it there.").format(
            ", ".join(missing)
        )

    def initAlgorithm(self, _configuration=None):
        self.declare()

    def checkParameterValues(self, parameters, context):
        if self.parameterDefinition("YEARS"):
            try:
                parse_years(self.parameterAsString(parameters, "YEARS", context) or "2000")
            except ToolboxError as error:
                return False, sentence(str(error))
        fits, message = super().checkParameterValues(parameters, context)
        if not fits:  # QGIS names the parameter only; say which of its layers cannot be loaded
            reasons = (why_unreadable(value, context) for value in self._raster_values(parameters).values())
            message = next(filter(None, reasons), message)
        return fits, message

    def prepareAlgorithm(self, parameters, context, feedback):
        """In the main thread: turn layers into plain data; no layer is touched afterwards."""
        try:
            for name, value in self._raster_values(parameters).items():
                self._rasters[name] = raster_layers(value, context, feedback)
            if self.parameterDefinition("REGIONS"):
                self._regions = read_regions(self, parameters, context, feedback)
            if self.parameterDefinition("MASK"):
                self._regions = read_regions(self, parameters, context, feedback, "MASK", "")
        except ToolboxError as error:
            raise QgsProcessingException(sentence(str(error))) from error
        return True

    def _raster_values(self, parameters) -> dict:
        """What was given for each parameter that takes rasters."""
        kinds = (QgsProcessingParameterMultipleLayers, QgsProcessingParameterRasterLayer)
        return {
            each.name(): parameters.get(each.name(), each.defaultValue())
            for each in self.parameterDefinitions() if isinstance(each, kinds) and not _takes_files(each)
        }

    def processAlgorithm(self, parameters, context, feedback):
        run = Run(self, parameters, context, feedback, self._rasters, self._regions)
        try:
            self.compute(run)
        except ToolboxError as error:
            raise QgsProcessingException(sentence(str(error))) from error
        except Cancelled:
            return {}
        return run.results

    # What subclasses fill in ------------------------------------------------------------------------------------------

    def declare(self) -> None:
        """Declare the parameters, in the order of the dialog."""
        raise NotImplementedError

    def compute(self, run: Run) -> None:
        """Do the work and hand the results to ``run``."""
        raise NotImplementedError

    # Declaring parameters ---------------------------------------------------------------------------------------------

    def add(self, parameter: QgsProcessingParameterDefinition, help_text: str, advanced: bool = False) -> None:
        """Declare a parameter with its help."""
        parameter.setHelp(tr(help_text))
        if advanced:
            parameter.setFlags(parameter.flags() | ADVANCED)
        self.addParameter(parameter)

    def add_series(self, name: str, label: str, help_text: str, optional: bool = False) -> None:
        """Declare a series: one multi-band raster or several single-band ones."""
        parameter = QgsProcessingParameterMultipleLayers(
            name, tr(label), QgsProcessing.SourceType.TypeRaster, optional=optional
        )
        parameter.setMinimumNumberInputs(0 if optional else 1)
        self.add(parameter, f"{help_text} One multi-band raster (a band for each time step) or single-band rasters.")

    def add_raster(self, name: str, label: str, help_text: str, optional: bool = False) -> None:
        """Declare a single raster."""
        self.add(QgsProcessingParameterRasterLayer(name, tr(label), optional=optional), help_text)

    def add_years(self) -> None:
        """Declare YEARS."""
        self.add(
            QgsProcessingParameterString("YEARS", tr("Years, if names do not say them"), optional=True),
            "Years of the time steps, in the order the rasters are given: 2001-2020 or 2001,2003,2005. Leave it empty "
            "to take them from band descriptions, layer names or file names. The log lists what was understood.",
        )

    def add_number(self, name: str, label: str, help_text: str, default=None, kind=DOUBLE, minimum=None, maximum=None,
                   optional: bool = False, advanced: bool = False) -> None:
        """Declare a number."""
        limits = {}
        if minimum is not None:
            limits["minValue"] = minimum
        if maximum is not None:
            limits["maxValue"] = maximum
        self.add(
            QgsProcessingParameterNumber(name, tr(label), kind, defaultValue=default, optional=optional, **limits),
            help_text, advanced,
        )

    def add_choice(self, name: str, label: str, help_text: str, options: list, default: int = 0,
                   advanced: bool = False) -> None:
        """Declare a choice, whose values are indexes."""
        parameter = QgsProcessingParameterEnum(name, tr(label), [tr(option) for option in options])
        parameter.setDefaultValue(default)
        self.add(parameter, help_text, advanced)

    def add_flag(self, name: str, label: str, help_text: str, default: bool = False, advanced: bool = False) -> None:
        """Declare a yes or no."""
        self.add(QgsProcessingParameterBoolean(name, tr(label), defaultValue=default), help_text, advanced)

    def add_execution(self) -> None:
        """Declare how the blocks are computed. The results do not depend on it."""
        self.add_number(
            "THREADS", "Threads", "Blocks computed at a time; 0 takes all cores. The result does not depend on it.",
            0, INTEGER, 0, 256, advanced=True,
        )
        self.add_number(
            "MEMORY", "Memory for blocks (MB)", "Memory all blocks under way may take together, in megabytes. The "
            "result does not depend on it.", 512, INTEGER, 16, advanced=True,
        )
        self.add(
            QgsProcessingParameterString("SCHEDULER", tr("Address of a dask scheduler"), optional=True),
            "Address of a running dask scheduler (tcp://host:8786) whose workers compute the blocks. They must see the "
            "rasters under the same paths. Empty computes on this machine.", advanced=True,
        )

    def add_raster_output(self, name: str, label: str, help_text: str, style, optional: bool = True,
                          offered: bool = False) -> None:
        """Declare a raster result and how it is drawn. Optional ones are made only if asked for or ``offered``: then
        the dialog asks for them unless the user says otherwise."""
        self.styles[name] = style
        self.add(
            QgsProcessingParameterRasterDestination(
                name, tr(label), optional=optional, createByDefault=offered or not optional
            ),
            help_text,
        )

    def add_table_output(self, name: str, label: str, help_text: str, optional: bool = True,
                         kind=QgsProcessing.SourceType.TypeVector, offered: bool = False) -> None:
        """Declare a table, or a layer of features."""
        self.add(
            QgsProcessingParameterFeatureSink(
                name, tr(label), kind, optional=optional, createByDefault=offered or not optional
            ),
            help_text,
        )

    def add_chart_output(self, name: str, label: str, help_text: str) -> None:
        """Declare a page with charts, which the dialog asks for unless the user says otherwise."""
        self.add(
            QgsProcessingParameterFileDestination(
                name, tr(label), tr("HTML files (*.html)"), optional=True, createByDefault=True
            ),
            f"{help_text} A page for any browser, complete in itself; needs plotly, which QGIS ships.",
        )


def _takes_files(definition: QgsProcessingParameterDefinition) -> bool:
    """Whether a parameter for several layers takes files that need not be layers."""
    return (
        isinstance(definition, QgsProcessingParameterMultipleLayers)
        and definition.layerType() == QgsProcessing.SourceType.TypeFile
    )

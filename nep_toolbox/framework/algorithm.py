"""The base class of all tools: declaring parameters with their help, and one place where errors become readable."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtGui import QIcon

from ..core.checkpoint import heeding
from ..errors import Cancelled, Stopped, ToolboxError
from ..raster.years import parse_years
from .destinations import InputFiles, vector_sources
from .groups import Group
from .inputs import file_paths, raster_layers, why_unreadable
from .log import Log
from .outputs import Outputs
from .parameters import Parameters
from .reference_systems import lasting_reference_systems
from .regions import read_regions
from .relay import Relay
from .run import Inputs, Run
from .scheduler import scheduler_of
from .signals import stopped_by_signals
from .texts import help_panel, in_short, sentence, tr, with_labels

#: A page for each tool, written by scripts/manual.py; the Help button opens it without a network.
MANUAL = Path(__file__).resolve().parents[1] / "manual"

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
    CANCELLED = "Cancelled: nothing was written."
    STOPPED = "Stopped by {}: nothing was written. Run it again."

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
        return help_panel(tr(self.SUMMARY), self._worded(tr(self.HELP)))

    def helpUrl(self):
        return (MANUAL / f"{self.NAME}.html").as_uri()

    def canExecute(self):
        missing = [library for library in self.NEEDS if importlib.util.find_spec(library) is None]
        if not missing:
            return True, ""
        return False, tr("This tool needs {}, which the Python of QGIS does not have. Install it there.").format(
            ", ".join(missing)
        )

    def initAlgorithm(self, _configuration=None):
        self.declare()
        for definition in self.parameterDefinitions():  # now that the labels of all are known
            definition.setHelp(self._worded(definition.help()))

    def checkParameterValues(self, parameters, context):
        try:
            self.check(Parameters(self, parameters, context))
        except ToolboxError as error:
            return False, self._message(error)
        fits, message = super().checkParameterValues(parameters, context)
        if not fits:  # QGIS names the parameter only; say which layers cannot be loaded
            reasons = [why_unreadable(parameters.get(name), context) for name in self._raster_parameters()]
            message = " ".join(filter(None, reasons))
            if not message:  # all are loaded by now, those too that QGIS does not load itself
                fits, message = super().checkParameterValues(parameters, context)
        return fits, message if fits else sentence(message)

    def prepareAlgorithm(self, parameters, context, feedback):
        """In the main thread: turn layers into plain data; no layer is touched afterwards."""
        given = Parameters(self, parameters, context)
        try:
            self._read_layers(given, feedback)
            self.prepare(given, self._inputs)
            return True
        except (ToolboxError, QgsProcessingException) as error:
            message = self._failed(error, feedback)
        # QGIS keeps the frames that an error has passed for ever; what they hold, such as layers, would stay open.
        del parameters, context, feedback, given
        raise QgsProcessingException(message)

    def _read_layers(self, parameters: Parameters, feedback) -> None:
        rasters = {
            name: self.read(raster_layers, parameters.raw(name), parameters.context, feedback)
            for name in self._raster_parameters()
        }
        regions = {
            name: self.read(read_regions, parameters, name, field, feedback)
            for name, field in (("REGIONS", "REGION_FIELD"), ("MASK", "")) if self.parameterDefinition(name)
        }
        mask = regions.get("MASK", [])
        self._inputs = Inputs(rasters, regions.get("REGIONS", mask), mask, scheduler_of(parameters))
        self._input_files = InputFiles([
            *((layer.name, layer.path) for layers in rasters.values() for layer in layers),
            *((os.path.basename(path), path) for name in self._file_parameters()
              for path in file_paths(parameters.raw(name), parameters.context)),
            *vector_sources(parameters, self.parameterDefinitions()),
        ])

    def _raster_parameters(self) -> list:
        """The names of the parameters that take rasters."""
        kinds = (QgsProcessingParameterMultipleLayers, QgsProcessingParameterRasterLayer)
        return [
            each.name() for each in self.parameterDefinitions() if isinstance(each, kinds) and not _takes_files(each)
        ]

    def _file_parameters(self) -> list:
        """The names of the parameters that take files which need not be layers."""
        return [each.name() for each in self.parameterDefinitions() if _takes_files(each)]

    def processAlgorithm(self, parameters, context, feedback):
        try:
            return self._run(parameters, context, feedback)
        except (ToolboxError, QgsProcessingException) as error:
            message = self._failed(error, feedback)
        del parameters, context, feedback  # as in prepareAlgorithm
        raise QgsProcessingException(message)

    def _run(self, parameters: dict, context, feedback) -> dict:
        given, log = Parameters(self, parameters, context), Log(feedback, self._worded)
        with lasting_reference_systems(), stopped_by_signals(feedback) as signals:
            outputs = Outputs(given, self.staged_results(), log, self._input_files)
            try:
                with heeding(log.is_cancelled), outputs:
                    self.compute(Run(given, log, outputs, self._inputs))
            except Cancelled as error:
                if signals:
                    raise Stopped(self.STOPPED.format(signals[0].name)) from error
                log.info(self.CANCELLED)
                return {}
        return outputs.results

    def _failed(self, error: ToolboxError | QgsProcessingException, feedback) -> str:
        """The message of what ends the run; a tool that this one is a part of is told the kind, which QGIS loses."""
        if isinstance(feedback, Relay):
            feedback.failed(type(error))
        return self._message(error)

    def _message(self, error: ToolboxError | QgsProcessingException) -> str:
        """The one place where errors become messages for the user; those of QGIS are on layers that it cannot make."""
        if isinstance(error, QgsProcessingException):
            return sentence(in_short(str(error)))
        return sentence(self._worded(str(error)))

    def _worded(self, text: str) -> str:
        """A text with the labels of the parameters, results and other tools that it names."""
        return with_labels(text, self._label)

    def _label(self, key: str) -> str:
        """The label of a parameter, of a tool (nep:trend) or of a parameter of that tool (nep:trend:CLASS); else ""."""
        provider, _, rest = key.partition(":")
        if not rest:
            definition = self.parameterDefinition(key)
            return definition.description() if definition else ""
        name, _, rest = rest.partition(":")
        tool = next((each for each in _tools(ToolboxAlgorithm) if (provider, each.NAME) == ("nep", name)), None)
        if tool is None:
            return ""
        other = tool()
        if not rest:
            return other.displayName()
        other.declare()
        return other._label(rest)

    # What subclasses fill in ------------------------------------------------------------------------------------------
    # Each may raise a ToolboxError, which becomes one readable message.

    def declare(self) -> None:
        """Declare the parameters, in the order of the dialog."""
        raise NotImplementedError

    def check(self, parameters: Parameters) -> None:
        """Look at values before the run, in a model too, where layers may not exist yet."""
        parameters.require_numbers()
        for name in ("YEARS", "LANDCOVER_YEARS"):
            if self.parameterDefinition(name):
                parse_years(parameters.text(name) or "2000", name)

    def read(self, function: Callable, *arguments) -> list:
        """In the main thread: read an input by ``function``; a tool may keep its errors and tell them later."""
        return function(*arguments)

    def staged_results(self) -> list:
        """The definitions of the results that take their places together at the end of the run: all of them, but in a
        tool that hands over each when it is ready."""
        return self.destinationParameterDefinitions()

    def prepare(self, parameters: Parameters, inputs: Inputs) -> None:
        """In the main thread: keep what else of the layers is needed."""

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
        """Declare a series: rasters of one band or several."""
        parameter = QgsProcessingParameterMultipleLayers(
            name, tr(label), QgsProcessing.SourceType.TypeRaster, optional=optional
        )
        parameter.setMinimumNumberInputs(0 if optional else 1)
        self.add(
            parameter,
            f"{help_text} Rasters of one band or several (a band for each time step), whose names or time axis say "
            f"when; a whole folder of them can be added.",
        )

    def add_raster(self, name: str, label: str, help_text: str, optional: bool = False) -> None:
        """Declare a single raster."""
        self.add(QgsProcessingParameterRasterLayer(name, tr(label), optional=optional), help_text)

    def add_years(self) -> None:
        """Declare YEARS."""
        self.add(
            QgsProcessingParameterString("YEARS", tr("Years, if names do not say them"), optional=True),
            "Years of the time steps, in the order the rasters are given: 2001-2020 or 2001,2003,2005. They hold for "
            "the first series, and for others whose names say no years. Leave it empty to take the years from band "
            "descriptions, layer names, file names or the time axis of a file. The log lists what was understood, and "
            "warns where names say otherwise.",
        )

    def add_regions(self) -> None:
        """Declare REGIONS and REGION_FIELD."""
        self.add(
            QgsProcessingParameterFeatureSource(
                "REGIONS", tr("Regions"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True
            ),
            "Polygons for which numbers are computed beside those of the whole raster, in any CRS. A pixel belongs to "
            "a region if its centre lies in it; regions may overlap.",
        )
        self.add(
            QgsProcessingParameterField(
                "REGION_FIELD", tr("Field with the names of the regions"), parentLayerParameterName="REGIONS",
                optional=True,
            ),
            "Features with the same value form one region. Empty: every feature is a region, named by its number.",
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
                   advanced: bool = False, optional: bool = False) -> None:
        """Declare a choice, whose values are indexes. One that came later is optional, as with `add_flag`."""
        parameter = QgsProcessingParameterEnum(name, tr(label), [tr(option) for option in options], optional=optional)
        parameter.setDefaultValue(default)
        self.add(parameter, help_text, advanced)

    def add_flag(self, name: str, label: str, help_text: str, default: bool = False, advanced: bool = False,
                 optional: bool = False) -> None:
        """Declare a yes or no. One that came later is optional: models made before do not name it."""
        parameter = QgsProcessingParameterBoolean(name, tr(label), defaultValue=default, optional=optional)
        self.add(parameter, help_text, advanced)

    def add_execution(self) -> None:
        """Declare how the blocks are computed. The results do not depend on it."""
        self.add_number(
            "THREADS", "Threads", "Blocks computed at a time; 0 takes all cores. The result does not depend on it.",
            0, INTEGER, 0, 256, advanced=True,
        )
        self.add_number(
            "MEMORY", "Memory for blocks (MB)", "Memory all blocks under way may take together, in megabytes; with a "
            "dask scheduler those on each of its workers, and those here. The result does not depend on it.",
            512, INTEGER, 16, advanced=True,
        )
        self.add(
            QgsProcessingParameterString("SCHEDULER", tr("Address of a dask scheduler"), optional=True),
            "Address of a running dask scheduler (tcp://host:8786) whose workers compute the blocks. They must see the "
            "rasters under the same paths. Empty takes that of the environment variable NEP_DASK_SCHEDULER, else that "
            "of the options (Settings, Options, Processing, Providers, NEP Toolbox), else computes on this machine, as "
            "local always does. The result does not depend on it.", advanced=True,
        )

    def add_raster_output(self, name: str, label: str, help_text: str, optional: bool = True,
                          offered: bool = False) -> None:
        """Declare a raster result. Optional ones are made only if asked for or ``offered``: then the dialog asks for
        them unless the user says otherwise."""
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

    def add_chart_output(self, name: str, label: str, help_text: str, offered: bool = True) -> None:
        """Declare a page with charts, which the dialog asks for where it is ``offered``."""
        self.add(
            QgsProcessingParameterFileDestination(
                name, tr(label), tr("HTML files (*.html)"), optional=True, createByDefault=offered
            ),
            f"{help_text} A page for any browser, complete in itself; needs plotly, which QGIS ships.",
        )

    def add_number_output(self, name: str, label: str) -> None:
        """Declare a number among the results, for models and scripts: see `Run.number`."""
        self.addOutput(QgsProcessingOutputNumber(name, tr(label)))


def _tools(base: type) -> Iterator[type]:
    for each in base.__subclasses__():
        yield each
        yield from _tools(each)


def _takes_files(definition: QgsProcessingParameterDefinition) -> bool:
    """Whether a parameter for several layers takes files that need not be layers."""
    return (
        isinstance(definition, QgsProcessingParameterMultipleLayers)
        and definition.layerType() == QgsProcessing.SourceType.TypeFile
    )

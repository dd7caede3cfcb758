"""What a tool has in its hands when its work begins, for tests of what several tools share."""

from __future__ import annotations

from qgis.core import QgsProcessingContext

from nep_toolbox.framework.destinations import InputFiles
from nep_toolbox.framework.log import Log
from nep_toolbox.framework.outputs import Outputs
from nep_toolbox.framework.parameters import Parameters
from nep_toolbox.framework.run import Run

from .tools import Feedback, algorithm


def prepared(identifier: str, parameters: dict, feedback=None, context=None) -> tuple:
    """A tool whose inputs are read, and its run; no result is asked for."""
    tool = algorithm(identifier)
    context, feedback = context or QgsProcessingContext(), feedback or Feedback()
    tool.prepareAlgorithm(parameters, context, feedback)
    given, log = Parameters(tool, parameters, context), Log(feedback)
    return tool, Run(given, log, Outputs(given, [], log, InputFiles([])), tool._inputs)

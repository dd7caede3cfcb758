"""Running a tool as a part of another."""

from __future__ import annotations

import re

from qgis.core import QgsApplication, QgsProcessingContext

from ..errors import Cancelled, ChildFailed
from .log import Log
from .relay import Relay

_NO_TOOL = "The tool {} is not there. Switch the plugin on (Plugins, Manage and Install Plugins)."


#: A step of a series as `Log.series` tells of it.
_STEP = re.compile(r"\s+\d{4}(-\d\d)? - .* - band \d+ \(")


class _Child(Relay):
    """Keeps the error that ends the tool, for whoever called it to tell, and what it says of a cancel, which is not
    the whole truth of the run. The steps of its series are noted, and not said: the run has told of its own.

    ``known`` is a part of warnings that the caller knows of and takes care of; none where it is empty.
    """

    def __init__(self, parent: Relay, known: str = ""):
        super().__init__(parent)
        self._known = known
        self.error = ""
        self.kind: type | None = None

    def failed(self, kind):
        self.kind = kind

    def pushInfo(self, text):
        if _STEP.match(text):
            self.keep("info", text)
        elif not self.isCanceled():
            super().pushInfo(text)

    def pushWarning(self, text):
        if not (self._known and self._known in text):
            super().pushWarning(text)

    def reportError(self, text, fatalError=False):  # noqa: N803, ARG002
        self.error = text


def run_child(tool: str, parameters: dict, log: Log, context: QgsProcessingContext, known: str = "") -> dict:
    """Run a tool in this thread.

    Parameters
    ----------
    tool : str
        Its id, such as "nep:trend".
    parameters : dict
        What it takes, as for `processing.run`; layers as paths, since those of a project belong to another thread.
    log : Log
        Gets what it says, its progress, and tells it of a cancel.
    context : QgsProcessingContext
        Of the run, whose choices of transformations hold for the tool too.
    known : str
        Warnings of the tool that hold this text are not told, as the caller takes care of what they say.

    Returns
    -------
    dict
        Its results.

    Raises
    ------
    ChildFailed
        With the message of the tool, and the kind of its error.
    Cancelled
        If the run was cancelled meanwhile.
    """
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(tool)
    if algorithm is None:
        raise ChildFailed(_NO_TOOL.format(tool))
    own = QgsProcessingContext()
    own.setTransformContext(context.transformContext())
    feedback = _Child(log.feedback, known)
    own.setFeedback(feedback)
    fits, message = algorithm.checkParameterValues(parameters, own)
    results, succeeded = algorithm.run(parameters, own, feedback) if fits else ({}, False)
    del algorithm, own  # closes the layers
    if log.is_cancelled():
        raise Cancelled
    if not succeeded:
        raise ChildFailed(message if not fits else feedback.error, feedback.kind)
    return results


def takes(tool: str, name: str) -> bool:
    """Whether a tool has a parameter."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(tool)
    return algorithm is not None and algorithm.parameterDefinition(name) is not None

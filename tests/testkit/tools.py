"""Running tools inside this process."""

from __future__ import annotations

import csv
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterVectorDestination,
)


class Feedback(QgsProcessingFeedback):
    """Keeps what a tool says, and stops it after a number of moves of the progress bar."""

    def __init__(self, cancel_after=None):
        super().__init__(False)
        self.infos: list = []
        self.warnings: list = []
        self.errors: list = []
        self.moves = 0
        self._cancel_after = cancel_after
        self.progressChanged.connect(self._moved)
        if cancel_after == 0:
            self.cancel()

    def _moved(self, _percent):
        self.moves += 1
        if self._cancel_after is not None and self.moves >= self._cancel_after:
            self.cancel()

    def pushInfo(self, info):  # noqa: N802
        self.infos.append(info)

    def pushWarning(self, warning):  # noqa: N802
        self.warnings.append(warning)

    def reportError(self, error, fatalError=False):  # noqa: N802, N803, ARG002
        self.errors.append(error)

    @property
    def log(self) -> str:
        """All that was said, as one text."""
        return "\n".join(self.infos + self.warnings + self.errors)


def algorithm(identifier: str):
    """A fresh instance of a tool."""
    created = QgsApplication.processingRegistry().createAlgorithmById(identifier)
    assert created is not None, f"{identifier} is not registered"
    return created


def run(identifier: str, parameters: dict, feedback=None, context=None) -> dict:
    """Run a tool as QGIS does, the check of its parameters first; raises QgsProcessingException."""
    tool = algorithm(identifier)
    context = context or QgsProcessingContext()
    feedback = feedback or Feedback()
    try:
        fits, message = tool.checkParameterValues(parameters, context)
        if not fits:
            raise QgsProcessingException(message)
        results, succeeded = tool.run(parameters, context, feedback, {}, False)
        assert succeeded, feedback.log
        return results
    finally:  # QGIS keeps the frames that an error passes, and with them all that they hold
        del tool, context


def destinations(identifier: str, folder) -> dict:
    """A file or folder below ``folder`` for every result a tool can make, so that all of them are asked for."""
    tool = algorithm(identifier)  # which owns its definitions
    return {
        definition.name(): str(Path(folder) / (definition.name().lower() + _extension(definition)))
        for definition in tool.destinationParameterDefinitions()
    }


def _extension(definition) -> str:
    if isinstance(definition, QgsProcessingParameterRasterDestination):
        return ".tif"
    if isinstance(definition, QgsProcessingParameterFolderDestination):
        return ""
    if isinstance(definition, QgsProcessingParameterFileDestination):
        return "." + definition.defaultFileExtension()
    assert isinstance(definition, (QgsProcessingParameterFeatureSink, QgsProcessingParameterVectorDestination))
    return ".csv" if definition.dataType() == QgsProcessing.SourceType.TypeVector else ".gpkg"


def table(path) -> list:
    """The rows of a CSV table as dictionaries of texts."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

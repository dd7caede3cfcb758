"""The Processing provider "NEP Toolbox"."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms import ALGORITHMS
from .algorithms.models import MODELS
from .framework.scheduler import add_option, remove_option
from .version import version

FOLDER = Path(__file__).parent


class NepProvider(QgsProcessingProvider):
    """Lists the algorithms and the bundled models."""

    def __init__(self):
        super().__init__()
        QgsApplication.processingRegistry().providerAdded.connect(self._complete)

    def _complete(self, identifier: str) -> None:
        """Add the models once the registry knows the tools they are made of: before, they have no results."""
        if identifier == self.id():
            QgsApplication.processingRegistry().providerAdded.disconnect(self._complete)
            self.refreshAlgorithms()

    def id(self):
        return "nep"

    def name(self):
        return "NEP Toolbox"

    def longName(self):
        return f"NEP Toolbox ({version()})"

    def versionInfo(self):
        return version()

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        return str(FOLDER / "icons" / "nep.svg")

    def load(self):
        add_option(self.name())
        return super().load()

    def unload(self):
        remove_option()
        super().unload()

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        if QgsApplication.processingRegistry().providerById(self.id()) is not None:
            for model in MODELS:
                self.addAlgorithm(model())

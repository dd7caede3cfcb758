"""The Processing provider "NEP Toolbox"."""

from __future__ import annotations

import configparser
from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms import ALGORITHMS

FOLDER = Path(__file__).parent


def version() -> str:
    """The plugin's version, from its metadata."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(FOLDER / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


class NepProvider(QgsProcessingProvider):
    """Lists the algorithms."""

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

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

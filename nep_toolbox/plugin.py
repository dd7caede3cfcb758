"""The plugin: it registers the provider and nothing else."""

from __future__ import annotations

from qgis.core import QgsApplication

from .provider import NepProvider


class NepToolboxPlugin:
    """Registers the provider when QGIS or qgis_process starts, and takes it away on unload."""

    def __init__(self, _iface):
        self.provider = None

    def initProcessing(self):
        """Called by QGIS and by qgis_process."""
        self.provider = NepProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        """Called by the QGIS window."""
        self.initProcessing()

    def unload(self):
        """Called when the plugin is switched off."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

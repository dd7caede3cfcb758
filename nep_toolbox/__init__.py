"""NEP Toolbox: net ecosystem productivity from raw data to finished figures, as a QGIS Processing provider."""


def classFactory(iface):
    """Make the plugin; ``iface`` is None outside of the QGIS window (qgis_process)."""
    from .plugin import NepToolboxPlugin

    return NepToolboxPlugin(iface)

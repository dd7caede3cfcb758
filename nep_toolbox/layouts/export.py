"""Writing layouts as pictures."""

from __future__ import annotations

import os

from qgis.core import QgsLayoutExporter, QgsPrintLayout

from ..errors import InvalidParameter, OutputError
from ..raster.gdal_io import collected_errors

FORMATS = ("png", "svg", "pdf")

_UNKNOWN = "'{}' is no format of a figure: choose from {}."
_UNWRITABLE = "The figure {} cannot be written: {}. Free space on the disk or choose another folder."
_REASONS = {
    QgsLayoutExporter.ExportResult.FileError: "the file cannot be opened for writing",
    QgsLayoutExporter.ExportResult.MemoryError: "there is not enough memory for it at this resolution",
    QgsLayoutExporter.ExportResult.PrintError: "QGIS could not print it",
    QgsLayoutExporter.ExportResult.SvgLayerError: "QGIS could not write its layers",
}


def export(layout: QgsPrintLayout, base: str, kind: str, dpi: float) -> str:
    """Write a layout in a format.

    Parameters
    ----------
    layout : QgsPrintLayout
    base : str
        The path without its suffix, which is that of the format.
    kind : str
        Of `FORMATS`.
    dpi : float
        Of PNG, and of the rasters in SVG and PDF.

    Returns
    -------
    str
        The file.

    Raises
    ------
    InvalidParameter
        If the format is unknown.
    OutputError
        If the file cannot be written.
    """
    if kind not in FORMATS:
        raise InvalidParameter(_UNKNOWN.format(kind, ", ".join(FORMATS)))
    path = f"{base}.{kind}"
    os.makedirs(os.path.dirname(base), exist_ok=True)
    layout.renderContext().setDpi(dpi)
    exporter = QgsLayoutExporter(layout)
    with collected_errors():  # QGIS has GDAL write the place of the map into files that cannot hold it
        result = _write(exporter, path, kind, dpi)
    if result != QgsLayoutExporter.ExportResult.Success:
        raise OutputError(_told(exporter, path, result))
    return path


def _write(exporter: QgsLayoutExporter, path: str, kind: str, dpi: float):
    if kind == "png":
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = dpi
        return exporter.exportToImage(path, settings)
    if kind == "svg":
        settings = QgsLayoutExporter.SvgExportSettings()
        settings.dpi = dpi
        return exporter.exportToSvg(path, settings)
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = dpi
    return exporter.exportToPdf(path, settings)


def _told(exporter: QgsLayoutExporter, path: str, result) -> str:
    # Before QGIS 3.24 the exporter has no message.
    told = exporter.errorMessage().rstrip(".") if hasattr(exporter, "errorMessage") else ""
    reason = told or _REASONS.get(result, "QGIS gives no reason")
    return _UNWRITABLE.format(path, reason)

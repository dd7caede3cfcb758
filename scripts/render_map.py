"""Draw a raster in its own style to a PNG: map, legend, scale bar and title.

    render_map.py RASTER PNG --title TEXT [--legend TEXT] [--outline VECTOR]

The style is the one saved beside the raster (``.qml``), as QGIS takes it when the file is opened.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFillSymbol,
    QgsLayout,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsMapLayerLegendUtils,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont

# Millimetres.
PAGE = (258.0, 160.0)
MAP = (8.0, 20.0, 160.0, 132.0)
LEGEND = (174.0, 20.0)
DPI = 150


def place(item, x: float, y: float, width: float | None = None, height: float | None = None) -> None:
    """Put an item at a place of the page."""
    units = Qgis.LayoutUnit if hasattr(Qgis, "LayoutUnit") else QgsUnitTypes.LayoutUnit
    millimetres = units.Millimeters if hasattr(units, "Millimeters") else units.LayoutMillimeters
    item.attemptMove(QgsLayoutPoint(x, y, millimetres))
    if width is not None:
        item.attemptResize(QgsLayoutSize(width, height, millimetres))


def set_font(label: QgsLayoutItemLabel, size: int) -> None:
    """Set the size of a label's text."""
    if hasattr(label, "setTextFormat"):  # QGIS 3.24
        text_format = label.textFormat()
        text_format.setSize(size)
        label.setTextFormat(text_format)
    else:
        label.setFont(QFont(label.font().family(), size))


def load(raster: Path, legend: str, outline: Path | None) -> list:
    """Open the raster and the outline, topmost first; the project holds them."""
    layer = QgsRasterLayer(str(raster), legend)
    if not layer.isValid():
        sys.exit(f"error: {raster} is no raster that QGIS can open")
    layers = [layer]
    if outline is not None:
        border = QgsVectorLayer(str(outline), "regions", "ogr")
        if not border.isValid():
            sys.exit(f"error: {outline} is no vector file that QGIS can open")
        symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "60,60,60", "outline_width": "0.3"})
        border.setRenderer(QgsSingleSymbolRenderer(symbol))
        layers.insert(0, border)
    project = QgsProject.instance()
    project.setCrs(layer.crs())
    for each in layers:
        # Of the two only the raster stands in the legend, which follows the layer tree.
        project.addMapLayer(each, each is layer)
    return layers


def hide_band_name(legend: QgsLayoutItemLegend, raster: QgsRasterLayer) -> None:
    """Leave out the name of the band above the colours: the heading of the legend says what they are."""
    legend.setAutoUpdateModel(False)
    node = legend.model().rootGroup().findLayer(raster)
    entries = legend.model().layerOriginalLegendNodes(node)
    labels = [str(entry.data(Qt.ItemDataRole.DisplayRole)) for entry in entries]
    shown = [index for index, label in enumerate(labels) if not label.startswith("Band 1")]
    if shown and len(shown) < len(labels):
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)
        legend.model().refreshLayerLegend(node)


def round_down(value: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above ``value``."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value)


def framed(extent: QgsRectangle) -> QgsRectangle:
    """Widen an extent to the shape of the map, with a margin."""
    scale = 1.04 * max(extent.width() / MAP[2], extent.height() / MAP[3])
    return QgsRectangle.fromCenterAndSize(extent.center(), scale * MAP[2], scale * MAP[3])


def compose(layers: list, title: str) -> QgsLayout:
    """Lay out the page."""
    layout = QgsLayout(QgsProject.instance())
    layout.initializeDefaults()
    page = layout.pageCollection().page(0)
    page.setPageSize(QgsLayoutSize(*PAGE))

    map_item = QgsLayoutItemMap(layout)
    place(map_item, *MAP)
    map_item.setLayers(layers)
    map_item.setFrameEnabled(True)
    layout.addLayoutItem(map_item)
    map_item.setExtent(framed(layers[-1].extent()))

    heading = QgsLayoutItemLabel(layout)
    heading.setText(title)
    set_font(heading, 16)
    place(heading, MAP[0], 7.0, PAGE[0] - 2 * MAP[0], 10.0)
    layout.addLayoutItem(heading)

    legend = QgsLayoutItemLegend(layout)
    legend.setLinkedMap(map_item)
    place(legend, *LEGEND)
    layout.addLayoutItem(legend)
    hide_band_name(legend, layers[-1])
    legend.adjustBoxSize()

    scale_bar = QgsLayoutItemScaleBar(layout)
    scale_bar.setStyle("Single Box")
    scale_bar.setLinkedMap(map_item)
    kilometres = (
        Qgis.DistanceUnit.Kilometers if hasattr(Qgis, "DistanceUnit") else QgsUnitTypes.DistanceUnit.DistanceKilometers
    )
    scale_bar.setUnits(kilometres)
    scale_bar.setUnitLabel("km")
    scale_bar.setNumberOfSegmentsLeft(0)
    scale_bar.setNumberOfSegments(2)
    # Both segments together take about a quarter of the map.
    to_kilometres = QgsUnitTypes.fromUnitToUnitFactor(map_item.crs().mapUnits(), kilometres)
    scale_bar.setUnitsPerSegment(round_down(map_item.extent().width() / 8 * to_kilometres))
    place(scale_bar, LEGEND[0], MAP[1] + MAP[3] - 14.0)
    layout.addLayoutItem(scale_bar)
    return layout


def main() -> None:
    """Draw one map."""
    parser = argparse.ArgumentParser(description="Draw a raster in its own style to a PNG.")
    parser.add_argument("raster", type=Path)
    parser.add_argument("png", type=Path)
    parser.add_argument("--title", required=True)
    parser.add_argument("--legend", default="")
    parser.add_argument("--outline", type=Path)
    arguments = parser.parse_args()

    application = QgsApplication([], True)
    application.initQgis()
    layers = load(arguments.raster, arguments.legend, arguments.outline)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI
    # The exporter does not own the layout: it must outlive the export here.
    layout = compose(layers, arguments.title)
    # The exporter tries to write the place of the map into the PNG, which GDAL cannot do and says.
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    result = QgsLayoutExporter(layout).exportToImage(str(arguments.png), settings)
    if result != QgsLayoutExporter.ExportResult.Success:
        sys.exit(f"error: {arguments.png} could not be written ({result})")
    # QGIS may crash while it is taken apart; the picture is written.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""A page of a print layout: maps, pictures, texts, a scale bar and a north arrow, in mm from its upper left corner."""

from __future__ import annotations

import base64
import math

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsFillSymbol,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPointXY,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFontMetricsF

from .arrangement import HEAD, MARGIN, Box
from .fonts import INK, LETTER, TEXT, text_format

#: The ellipsoid of WGS 84, as QGIS calls it.
_WGS_84 = "EPSG:7030"

_MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
_LINE = 0.2
#: From a point to mm.
POINT = 25.4 / 72
#: The height of a line of text, in mm.
LINE_HEIGHT = TEXT * POINT * 1.25
#: Size of the north arrow in mm, and its drawing.
ARROW = 9.0
_ARROW = """<svg xmlns="http://www.w3.org/2000/svg" width="60" height="90" viewBox="0 0 60 90">
<path d="M22 20V2L38 20V2" fill="none" stroke="#1a1a1a" stroke-width="4"/>
<path d="M30 28L54 86L30 70Z" fill="#ffffff" stroke="#1a1a1a" stroke-width="2" stroke-linejoin="round"/>
<path d="M30 28L6 86L30 70Z" fill="#1a1a1a" stroke="#1a1a1a" stroke-width="2" stroke-linejoin="round"/>
</svg>"""
#: The length of one of the two parts of a scale bar in mm, at most, and as share of the width of its map.
_PART, _SHARE = 10.0, 0.2


class Page:
    """A layout under construction.

    Parameters
    ----------
    project : QgsProject
    name : str
        Of the layout.
    width : float
        In mm.
    font : str
        Of all its texts.
    """

    def __init__(self, project: QgsProject, name: str, width: float, font: str):
        self.layout = QgsPrintLayout(project)
        self.layout.initializeDefaults()
        self.layout.setName(name)
        self.project = project
        self.width = width - 2 * MARGIN  # what can be drawn on
        self.font = font
        self._letters = 0

    def finish(self, height: float) -> QgsPrintLayout:
        """Give the page the height of what is drawn on it and hand the layout to the project."""
        size = QgsLayoutSize(self.width + 2 * MARGIN, height + 2 * MARGIN, _MM)
        self.layout.pageCollection().page(0).setPageSize(size)
        self.project.layoutManager().addLayout(self.layout)
        return self.layout

    def place(self, item: QgsLayoutItem, box: Box, name: str = "") -> None:
        """Put an item on the page."""
        item.attemptMove(QgsLayoutPoint(box.x + MARGIN, box.y + MARGIN, _MM))
        item.attemptResize(QgsLayoutSize(box.width, box.height, _MM))
        if name:
            item.setId(name)
        self.layout.addLayoutItem(item)

    # ---------------------------------------------------------------------------------------------- texts

    def text(self, text: str, box: Box, *, size: float = TEXT, bold: bool = False, align=Qt.AlignmentFlag.AlignLeft,
             middle: bool = False) -> None:
        """Write a text from the top of a box, or in the middle of its height."""
        label = QgsLayoutItemLabel(self.layout)
        label.setText(text)
        form = text_format(self.font, size, bold)
        if hasattr(label, "setTextFormat"):
            label.setTextFormat(form)
        else:  # before QGIS 3.24
            label.setFont(form.font())
            label.setFontColor(QColor(INK))
        label.setMarginX(0.0)
        label.setMarginY(0.0)
        label.setHAlign(align)
        label.setVAlign(Qt.AlignmentFlag.AlignVCenter if middle else Qt.AlignmentFlag.AlignTop)
        self.place(label, box)

    def text_width(self, text: str, size: float = TEXT, bold: bool = False) -> float:
        """The width of a text in mm."""
        font = text_format(self.font, size, bold).font()
        font.setPixelSize(100)
        return QFontMetricsF(font).horizontalAdvance(text) / 100 * size * POINT

    def wrapped(self, text: str, width: float, size: float = TEXT, bold: bool = False) -> list:
        """A text in lines that fit a width in mm; words that do not are broken, as Chinese is between any two signs."""
        lines = [""]
        for part in _parts(text):
            if lines[-1] and self.text_width((lines[-1] + part).rstrip(), size, bold) > width:
                lines.append("")
                part = part.lstrip()
            for sign in part if self.text_width(part.rstrip(), size, bold) > width else (part,):
                if lines[-1] and self.text_width((lines[-1] + sign).rstrip(), size, bold) > width:
                    lines.append("")
                lines[-1] += sign
        return [line.rstrip() for line in lines]

    def heading(self, box: Box, title: str, lettered: bool = True) -> Box:
        """Write the next letter and a title in the strip on top of the box of a panel; gives the rest of the box."""
        start = box.x
        if lettered:
            letter = f"({chr(ord('A') + self._letters)})"
            self._letters += 1
            wide = self.text_width(letter, LETTER, bold=True) + 0.5
            self.text(letter, Box(start, box.y, wide + 1.0, HEAD - 0.6), size=LETTER, bold=True, middle=True)
            start += wide + 0.7
        size = TEXT
        while size > 5.0 and self.text_width(title, size) > box.right - start:
            size -= 0.25
        self.text(title, Box(start, box.y, box.right - start + 1.0, HEAD - 0.6), size=size, middle=True)
        return box.below(HEAD)

    # ----------------------------------------------------------------------------------- maps and pictures

    def map(self, box: Box, layers: list, extent: QgsRectangle, name: str) -> QgsLayoutItemMap:
        """A map of layers from top to bottom; ``extent`` grows to the shape of the box."""
        item = QgsLayoutItemMap(self.layout)
        item.setCrs(self.project.crs())
        item.attemptResize(QgsLayoutSize(box.width, box.height, _MM))
        item.setExtent(extent)  # which changes the size; without an extent no item can be zoomed
        self.place(item, box, name)
        item.setLayers(layers)
        item.setKeepLayerSet(True)
        item.zoomToExtent(extent)
        item.setFrameEnabled(True)
        item.setFrameStrokeWidth(QgsLayoutMeasurement(_LINE, _MM))
        item.setFrameStrokeColor(QColor(INK))
        return item

    def graticule(self, item: QgsLayoutItemMap, meridians: float, parallels: float) -> None:
        """Ticks and degrees at the left and the lower side of a map, at distances in degrees."""
        grid = item.grid()
        kind = QgsLayoutItemMapGrid
        grid.setEnabled(True)
        grid.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        grid.setIntervalX(meridians)
        grid.setIntervalY(parallels)
        grid.setStyle(kind.GridStyle.FrameAnnotationsOnly)
        grid.setFrameStyle(kind.FrameStyle.ExteriorTicks)
        grid.setFrameWidth(1.0)
        grid.setFramePenSize(_LINE)
        grid.setAnnotationEnabled(True)
        whole = float(meridians).is_integer() and float(parallels).is_integer()
        grid.setAnnotationFormat(kind.AnnotationFormat.DegreeMinute if not whole else
                                 kind.AnnotationFormat.DecimalWithSuffix)
        grid.setAnnotationPrecision(0)
        if hasattr(grid, "setAnnotationTextFormat"):
            grid.setAnnotationTextFormat(text_format(self.font, 6.0))
        grid.setAnnotationFrameDistance(0.6)
        for side in (kind.BorderSide.Right, kind.BorderSide.Top):
            grid.setAnnotationDisplay(kind.DisplayMode.HideAll, side)
            grid.setFrameSideFlag(_frame_side(side), False)
        for side, shown in ((kind.BorderSide.Bottom, kind.DisplayMode.LongitudeOnly),
                            (kind.BorderSide.Left, kind.DisplayMode.LatitudeOnly)):
            grid.setAnnotationDisplay(shown, side)
            grid.setFrameDivisions(shown, side)
        grid.setAnnotationDirection(kind.AnnotationDirection.Vertical, kind.BorderSide.Left)
        item.updateBoundingRect()

    def picture(self, box: Box, path: str, name: str = "") -> None:
        """A picture as large as fits a box, in its upper left corner."""
        item = QgsLayoutItemPicture(self.layout)
        item.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
        item.setPictureAnchor(QgsLayoutItem.ReferencePoint.UpperLeft)
        item.setPicturePath(path)
        self.place(item, box, name)

    # -------------------------------------------------------------------------- scale bar and north arrow

    def north_arrow(self, box: Box, item: QgsLayoutItemMap) -> None:
        """The arrow to true north at the middle of a map."""
        arrow = QgsLayoutItemPicture(self.layout)
        # The picture is kept in the project itself: no file can be missing, wherever it is opened.
        drawing = f"base64:{base64.b64encode(_ARROW.encode()).decode()}"
        arrow.setPicturePath(drawing, QgsLayoutItemPicture.Format.FormatSVG)
        arrow.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
        arrow.setPictureAnchor(QgsLayoutItem.ReferencePoint.Middle)
        arrow.setLinkedMap(item)
        arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
        self.place(arrow, box, "north arrow")

    def scale_bar(self, box: Box, item: QgsLayoutItemMap) -> None:
        """A bar of a round number of km, in two parts if their numbers have room."""
        bar = QgsLayoutItemScaleBar(self.layout)
        bar.setStyle("Line Ticks Up")
        bar.setLinkedMap(item)
        bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
        bar.setUnitLabel("km")
        bar.setMapUnitsPerScaleBarUnit(1.0)
        parts, units = self.scale_parts(box.width, item)
        bar.setNumberOfSegmentsLeft(0)
        bar.setNumberOfSegments(parts)
        bar.setUnitsPerSegment(units)
        bar.setTextFormat(text_format(self.font))
        bar.setHeight(1.4)
        bar.setLabelBarSpace(0.6)
        bar.setBoxContentSpace(0.0)
        bar.update()
        self.place(bar, box, "scale bar")


    def scale_parts(self, width: float, item: QgsLayoutItemMap) -> tuple:
        """How many parts the scale bar of a map has on so many mm, and the round number of km of each."""
        mm = item.rect().width() / width_km(self.project, item.extent())
        longest = min(2 * _PART, 2 * _SHARE * item.rect().width(), width - self.text_width("500 km"))
        units = round_below(longest / 2 / mm)
        # QGIS writes thousands with a comma.
        room = (self.text_width(f"{units:,g}") + self.text_width(f"{2 * units:,g}")) / 2 + 1.0
        return (2, units) if units * mm >= room else (1, round_below(longest / mm))


def round_below(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (5.0, 2.0, 1.0) if factor * power <= value * (1.0 + 1e-9))


def set_crs(project: QgsProject, crs: QgsCoordinateReferenceSystem) -> None:
    """Give a project a CRS and the ellipsoid that it measures on.

    On a sphere, which MODIS products lie on, QGIS measures NaN; WGS 84 stands in for it, half a percent off at most.
    """
    project.setCrs(crs, True)
    kind, *axes = project.ellipsoid().split(":")
    if kind == "PARAMETER" and axes[0] == axes[1]:
        project.setEllipsoid(_WGS_84)


def width_km(project: QgsProject, extent: QgsRectangle) -> float:
    """The length of the line through the middle of an extent from west to east, on the ellipsoid."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(project.crs(), project.transformContext())
    measure.setEllipsoid(project.ellipsoid())
    middle = extent.center().y()
    metres = measure.measureLine(QgsPointXY(extent.xMinimum(), middle), QgsPointXY(extent.xMaximum(), middle))
    kilometres = QgsUnitTypes.DistanceUnit.DistanceKilometers
    return measure.convertLengthMeasurement(metres, kilometres)


def in_degrees(project: QgsProject, extent: QgsRectangle) -> QgsRectangle:
    """An extent of a project in degrees of longitude and latitude."""
    geographic = QgsCoordinateReferenceSystem("EPSG:4326")
    return QgsCoordinateTransform(project.crs(), geographic, project).transformBoundingBox(extent)


def frame_symbol(colour: str) -> QgsFillSymbol:
    """The outline of what another map shows larger."""
    return QgsFillSymbol.createSimple({"style": "no", "outline_color": colour, "outline_width": "0.3"})


def _frame_side(side):
    """The flag of a frame's side, given that of the annotations."""
    names = {QgsLayoutItemMapGrid.BorderSide.Right: "FrameRight", QgsLayoutItemMapGrid.BorderSide.Top: "FrameTop"}
    return getattr(QgsLayoutItemMapGrid.FrameSideFlag, names[side])


def _parts(text: str) -> list:
    """What a line may be broken between: words with the space behind them, single Chinese signs."""
    parts: list = []
    joined = False
    for sign in text:
        wide = ord(sign) >= 0x2E80
        if joined and not wide:
            parts[-1] += sign
        else:
            parts.append(sign)
        joined = not wide and sign != " "
    return parts

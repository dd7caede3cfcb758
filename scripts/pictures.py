"""What scripts/pictures.sh has QGIS run in its window: take the pictures of docs/images, and leave."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import qgis.utils
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QEventLoop, QRectF, QTimer
from qgis.PyQt.QtGui import QColor, QImage, QPainter
from qgis.PyQt.QtWidgets import QGroupBox, QScrollArea, QTreeView, QWidget
from qgis.utils import iface

PICTURES, FOLDER = Path(os.environ["PICTURES"]), Path(os.environ["PICTURES_FOLDER"])
PROVINCE, STUDY = FOLDER / "province", FOLDER / "study"

#: The figures of the README: file, and where each lies in a picture of two columns, as shares of its size.
SHEET = {
    "fig03_maps": (0.0, 0.0, 0.5, 0.45), "fig08_landcover": (0.52, 0.0, 0.48, 0.4),
    "fig05_trend": (0.0, 0.47, 0.5, 0.53), "fig10_geodetector": (0.52, 0.42, 0.48, 0.58),
}


def main() -> None:
    """Take all pictures."""
    qgis.utils.loadPlugin("nep_toolbox")
    qgis.utils.startPlugin("nep_toolbox")
    take_toolbox()
    sample = {"EXTENT_KM": 200.0, "YEARS": "2001-2020", "OUTPUT_FOLDER": str(PROVINCE)}
    dialog = shown("nep:sampledata", sample, 900, 560)
    take(dialog, "sample-data")
    run(dialog)
    take_study()
    take_project()
    take_sheet()


def take_toolbox() -> None:
    """The main window with the tools."""
    window = iface.mainWindow()
    window.resize(1400, 1180)
    for name in ("Browser", "Layers"):
        window.findChild(QWidget, name).hide()
    dock = window.findChild(QWidget, "ProcessingToolbox")
    dock.show()
    window.resizeDocks([dock], [560], 1)
    tree = dock.findChild(QTreeView)
    tree.collapseAll()
    model = tree.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if index.data() == "NEP Toolbox":
            tree.expandRecursively(index)
            wait(500)
            tree.scrollTo(index, QTreeView.PositionAtTop)
    take(window, "toolbox")
    for name in ("Browser", "Layers"):
        window.findChild(QWidget, name).show()
    dock.hide()


def take_study() -> None:
    """The dialog of a study, filled in; its advanced parameters; its log. Then the same study in Chinese."""
    parameters = study_of(STUDY)
    dialog = shown("nep:study", parameters, 1000, 1320)
    take(dialog, "study-dialog")
    dialog.close()
    dialog = shown("nep:study", parameters, 1000, 900)
    group = dialog.findChild(QGroupBox, "grpAdvanced")
    area = next(each for each in dialog.findChildren(QScrollArea) if each.isAncestorOf(group))
    group.setProperty("collapsed", False)
    wait(500)
    area.verticalScrollBar().setValue(group.mapTo(area.widget(), group.rect().topLeft()).y())
    take(dialog, "study-advanced")
    dialog.resize(1000, 700)
    run(dialog)
    take(dialog, "study-log")
    dialog.close()
    chinese = {**parameters, "LANGUAGE": 2, "REGION_NAME": "示例省", "OUTPUT_FOLDER": str(FOLDER / "study-zh")}
    dialog = shown("nep:study", chinese, 1000, 700)
    run(dialog)
    dialog.close()


def study_of(folder: Path) -> dict:
    """The parameters of the tutorial."""
    def files(name: str) -> list:
        return [str(path) for path in sorted(PROVINCE.glob(f"{name}_[12]???.tif"))]

    return {
        "NPP": files("npp"), "TEMPERATURE": files("temperature"), "PRECIPITATION": files("precipitation"),
        "REGION_NAME": "Sample Province (synthetic)", "REGIONS": str(PROVINCE / "regions.gpkg"), "REGION_FIELD": "name",
        "LANDCOVER": files("landcover"),
        "CONTINUOUS": [str(PROVINCE / f"{name}.tif") for name in ("elevation", "population", "pm25")],
        "FACTOR_NAMES": "elevation=Elevation;population=Population;pm25=PM2.5", "NPP_SCALE": 0.1,
        "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700, "FORCING": 3, "OUTPUT_FOLDER": str(folder),
    }


def take_project() -> None:
    """The project with the theme of figure 5, and the layout of figure 3."""
    project = QgsProject.instance()
    project.read(str(STUDY / "project.qgz"))
    project.mapThemeCollection().applyTheme(
        "fig05_trend", project.layerTreeRoot(), iface.layerTreeView().layerTreeModel()
    )
    iface.mainWindow().resize(1400, 880)
    iface.mainWindow().findChild(QWidget, "Browser").hide()
    iface.zoomFull()
    iface.mapCanvas().waitWhileRendering()
    take(iface.mainWindow(), "project")
    designer = iface.openLayoutDesigner(project.layoutManager().layoutByName("fig03_maps"))
    designer.window().resize(1300, 820)
    designer.view().zoomFull()
    wait(5000)
    take(designer.window(), "layout")


def take_sheet() -> None:
    """Four figures of the study on one sheet."""
    sheet = QImage(1580, 1092, QImage.Format_RGB32)
    sheet.fill(QColor("white"))
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.SmoothPixmapTransform)
    for name, (left, top, width, height) in SHEET.items():
        figure = QImage(str(STUDY / "figures" / f"{name}.png"))
        scale = min(width * sheet.width() / figure.width(), height * sheet.height() / figure.height())
        corner = left * sheet.width(), top * sheet.height()
        painter.drawImage(QRectF(*corner, scale * figure.width(), scale * figure.height()), figure)
    painter.end()
    sheet.save(str(PICTURES / "study.png"))


def shown(tool: str, parameters: dict, width: int, height: int):
    """The dialog of a tool, filled in and on the screen."""
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialog = AlgorithmDialog(QgsApplication.processingRegistry().algorithmById(tool).create(), False,
                             iface.mainWindow())
    dialog.setParameters(parameters)
    dialog.resize(width, height)
    dialog.show()
    return dialog


def run(dialog) -> None:
    """Press Run and wait for the end."""
    loop = QEventLoop()
    dialog.algorithmFinished.connect(lambda *_: loop.quit())
    QTimer.singleShot(300_000, loop.quit)
    dialog.runButton().click()
    loop.exec()


def take(widget: QWidget, name: str) -> None:
    """Save what a widget shows."""
    wait(1500)
    widget.grab().save(str(PICTURES / f"{name}.png"))


def wait(milliseconds: int) -> None:
    """Let QGIS work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _go() -> None:
    try:
        main()
        code = 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


QTimer.singleShot(4000, _go)

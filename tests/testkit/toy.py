"""A small tool with every kind of result, for tests of the frame that all tools stand on."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsWkbTypes,
)

from nep_toolbox.framework.algorithm import ToolboxAlgorithm
from nep_toolbox.framework.groups import TREND
from nep_toolbox.framework.outputs import RasterResult
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.styling.styles import Ramp

from .rasters import write_raster
from .tools import Feedback

COLUMNS = {"code": "integer", "name": "text"}
ROWS = [(1, "one"), (2, None)]

#: The moments of a run at which `Toy.at` is called, in order.
STAGES = ("start", "block", "rasters", "table", "second", "points", "line", "page", "folder")


def doubled(stack) -> dict:
    """A kernel: twice the first step."""
    return {"map": 2 * stack[0]}


class Sheet:
    """Stands for a page of charts."""

    def write(self, path: str) -> None:
        """Write it."""
        Path(path).write_text("<html></html>", encoding="utf-8")


class Toy(ToolboxAlgorithm):
    """Twice its input, and something of every other kind."""

    NAME = "toy"
    LABEL = "Toy"
    GROUP = TREND

    def declare(self):
        self.add_series("INPUT", "Rasters", "Rasters.", optional=True)
        self.add(QgsProcessingParameterMultipleLayers(
            "FILES", "Files", QgsProcessing.SourceType.TypeFile, optional=True
        ), "Files.")
        self.add(QgsProcessingParameterFeatureSource("FEATURES", "Features", optional=True), "Features.")
        self.add(QgsProcessingParameterField(
            "FIELDS", "Fields", parentLayerParameterName="FEATURES", allowMultiple=True, optional=True
        ), "Fields.")
        self.add_regions()
        self.add_years()
        self.add_number("NUMBER", "Number", "A number.", optional=True)
        self.add_number("LIMIT", "Limit", "A number with a default.", 3.0)
        self.add_choice("CHOICE", "Choice", "One of three.", ["a", "b", "c"], 1)
        self.add_execution()
        self.add_raster_output("MAP", "Map", "A raster.")
        self.add_raster_output("OTHER", "Other map", "A raster.")
        self.add_table_output("TABLE", "Table", "A table.")
        self.add_table_output("SECOND", "Second table", "A table.")
        self.add_table_output("POINTS", "Points", "Points.", kind=QgsProcessing.SourceType.TypeVectorPoint)
        self.add_table_output("LINE", "Line", "A line.", kind=QgsProcessing.SourceType.TypeVectorLine)
        self.add(QgsProcessingParameterFileDestination(
            "PAGE", "Page", "HTML files (*.html)", optional=True, createByDefault=False
        ), "A page.")
        self.add(QgsProcessingParameterFolderDestination(
            "FOLDER", "Folder", optional=True, createByDefault=False
        ), "A folder.")

    @staticmethod
    def at(stage: str, run) -> None:
        """Called at each of `STAGES`, for a test to break the run there."""

    #: What makes the page, and what the tables hold.
    sheet = Sheet
    columns, rows = COLUMNS, ROWS

    def compute(self, run):
        outputs = run.outputs
        self.at("start", run)
        series = run.series("INPUT") if run.has_input("INPUT") else None
        if series is not None:
            results = {
                name: RasterResult("map", f"The {name}", ("doubled",), Ramp(("#000000", "#ffffff")))
                for name in ("MAP", "OTHER")
            }
            readers = {"stack": StackReader.of(series)}
            for _window, _block in run.blocks(doubled, readers, series.grid, 8.0, results=results):
                self.at("block", run)
        self.at("rasters", run)
        for stage, name in (("table", "TABLE"), ("second", "SECOND")):
            outputs.table(name, self.columns, self.rows)
            self.at(stage, run)
        grid = series.grid if series is not None else None
        point = QgsGeometry.fromPointXY(QgsPointXY(500010, 3999990))
        outputs.features("POINTS", COLUMNS, [(point, (1, "here"))], QgsWkbTypes.Type.Point, grid, self._style)
        self.at("points", run)
        line = QgsGeometry.fromPolylineXY([QgsPointXY(500010, 3999990), QgsPointXY(500040, 3999990)])
        outputs.features("LINE", COLUMNS, [(line, (1, "there"))], QgsWkbTypes.Type.LineString, grid)
        self.at("line", run)
        outputs.page("PAGE", self.sheet)
        self.at("page", run)
        if outputs.is_requested("FOLDER"):
            write_raster(Path(outputs.folder("FOLDER", ("inside.tif",))) / "inside.tif", [[1.0]])
        self.at("folder", run)

    @staticmethod
    def _style(layer) -> None:
        layer.setOpacity(0.5)


def toy(**changes) -> ToolboxAlgorithm:
    """The tool, with some of its attributes changed; functions take no ``self``."""
    members = {name: staticmethod(value) if callable(value) else value for name, value in changes.items()}
    return type("ChangedToy", (Toy,), members)()


def breaking(stage: str, action) -> ToolboxAlgorithm:
    """The tool, which calls ``action(run)`` at a stage."""
    return toy(at=lambda now, run: action(run) if now == stage else None)


def call(tool: ToolboxAlgorithm, parameters: dict, feedback=None, context=None) -> dict:
    """Run a tool without QGIS in between, so that an exception comes as it was raised."""
    tool, context, feedback = tool.create(), context or QgsProcessingContext(), feedback or Feedback()
    tool.prepareAlgorithm(parameters, context, feedback)
    return tool.processAlgorithm(parameters, context, feedback)


def everything(folder) -> dict:
    """A place for every result."""
    names = {
        "MAP": "map.tif", "OTHER": "other.img", "TABLE": "table.csv", "SECOND": "second.gpkg", "POINTS": "points.gpkg",
        "LINE": "line.shp", "PAGE": "page.html", "FOLDER": "folder",
    }
    return {name: str(Path(folder) / file) for name, file in names.items()}

"""One run of a tool: typed access to its parameters, its log, its engine and its results."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsWkbTypes,
)

from ..errors import Cancelled, InvalidParameter, MissingLibrary
from ..qgis_compat import field
from ..raster.blocks import tile_shape
from ..raster.engine import Engine
from ..raster.grid import Grid, Window
from ..raster.series import Series, bands_of, resolve, single
from ..raster.writer import RasterWriter, stale_companions
from ..styling.layers import NameAndStyle, write_style, write_vector_style
from .regions import regions_on_grid

#: Columns of a table of classes.
CLASS_TABLE = {"class": "integer", "label": "text", "pixels": "count", "area_km2": "number", "percent": "number"}


@dataclass(frozen=True)
class RasterResult:
    """What a raster result holds.

    Parameters
    ----------
    title : str
        The name of the layer in the project.
    bands : tuple of str
        The description of each band.
    unit : str
    classes : bool
        Whether it holds class codes (Int16) instead of numbers (Float32).
    years : tuple of int
        The year of each band, for a series.
    data_type : int
        A type of GDAL for numbers that need another one.
    """

    title: str
    bands: tuple
    unit: str = ""
    classes: bool = False
    years: tuple = ()
    data_type: int = gdal.GDT_Unknown

    @property
    def stored_as(self) -> int:
        """The type of GDAL the raster is written in."""
        return self.data_type or (gdal.GDT_Int16 if self.classes else gdal.GDT_Float32)


class Run:
    """What a tool works with while it runs."""

    def __init__(self, algorithm, parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback,
                 rasters: dict, regions: list):
        self._algorithm = algorithm
        self._parameters = parameters
        self._context = context
        self._feedback = feedback
        self._rasters = rasters
        self._regions = regions
        self.results: dict = {}

    # Parameters -------------------------------------------------------------------------------------------------------

    def text(self, name: str) -> str:
        """A text; empty where none was given."""
        return self._algorithm.parameterAsString(self._parameters, name, self._context) or ""

    def number(self, name: str):
        """A number, or None where an optional one was not given."""
        if self._parameters.get(name, self._algorithm.parameterDefinition(name).defaultValue()) in (None, ""):
            return None
        return self._algorithm.parameterAsDouble(self._parameters, name, self._context)

    def integer(self, name: str) -> int:
        """A whole number."""
        return self._algorithm.parameterAsInt(self._parameters, name, self._context)

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return self._algorithm.parameterAsBool(self._parameters, name, self._context)

    def choice(self, name: str) -> int:
        """The index of a choice."""
        return self._algorithm.parameterAsEnum(self._parameters, name, self._context)

    def choices(self, name: str) -> list:
        """The indexes of a choice of several."""
        return self._algorithm.parameterAsEnums(self._parameters, name, self._context)

    def fields(self, name: str) -> list:
        """The names of fields."""
        read = getattr(self._algorithm, "parameterAsStrings", None) or self._algorithm.parameterAsFields
        return read(self._parameters, name, self._context)

    def bands(self, name: str) -> list:
        """Every band of the rasters of a parameter as a series of one step."""
        return [band for layer in self._rasters[name] for band in bands_of(layer)]

    def is_cancelled(self) -> bool:
        """Whether the user stopped the run."""
        return self._feedback.isCanceled()

    def series(self, name: str, monthly: bool = False, years: str | None = None) -> Series:
        """A series with its years found, its grid checked, and both in the log.

        ``years`` takes the place of what the parameter YEARS says.
        """
        return self._resolved(name, self._rasters[name], monthly, self.text("YEARS") if years is None else years)

    def series_of_each(self, name: str) -> list:
        """Each raster of a parameter as a series of its own."""
        return [self._resolved(name, [layer], False, self.text("YEARS")) for layer in self._rasters[name]]

    def _resolved(self, name: str, layers: list, monthly: bool, years: str) -> Series:
        label = self._algorithm.parameterDefinition(name).description()
        series = resolve(layers, years, monthly)
        self.info(f"{label}: {len(series.steps)} time steps")
        for step in series.steps:
            self.info(f"  {step.time} - {step.layer.name} - band {step.band} ({step.type_name}, {step.missing})")
        return series

    def raster(self, name: str) -> Series:
        """A single raster."""
        return single(self._rasters[name][0])

    def regions(self, grid: Grid) -> tuple:
        """The regions on the grid of a raster; empty where none were given."""
        return regions_on_grid(self._regions, grid, self._context.transformContext())

    def layers(self, name: str) -> list:
        """The rasters of a parameter as plain layers, in the order given."""
        return self._rasters.get(name) or []

    def given(self, name: str) -> bool:
        """Whether an optional input raster was given."""
        return bool(self._rasters.get(name))

    def wants(self, name: str) -> bool:
        """Whether a result was asked for."""
        value = self._parameters.get(name)
        return value not in (None, "")

    # Log --------------------------------------------------------------------------------------------------------------

    def info(self, text: str) -> None:
        """Tell the user something."""
        self._feedback.pushInfo(text)

    def warn(self, text: str) -> None:
        """Tell the user of something that may be wrong."""
        self._feedback.pushWarning(text)

    def log_shares(self, sums, first: int, labels: dict) -> None:
        """Tell the share of the pixels in each class; ``sums`` are those of ``core.shares.class_sums``."""
        total = sums[:, 0].sum()
        for code, label in labels.items():
            pixels = int(sums[code - first, 0])
            self.info(f"  {code:>3}  {label}: {pixels} pixels, {100.0 * pixels / total if total else 0.0:.2f} %")

    # Work -------------------------------------------------------------------------------------------------------------

    def engine(self, start: float = 0.0, end: float = 1.0) -> Engine:
        """The engine for a part of the run that moves the progress bar from ``start`` to ``end``."""
        return Engine(
            threads=self.integer("THREADS"),
            memory=self.integer("MEMORY") * 2**20,
            scheduler=self.text("SCHEDULER").strip(),
            progress=lambda share: self._feedback.setProgress(100 * (start + (end - start) * share)),
            is_cancelled=self._feedback.isCanceled,
        )

    def step(self, share: float) -> None:
        """Move the progress bar (0 to 1); raises Cancelled if the user stopped the run."""
        self._feedback.setProgress(100 * share)
        if self._feedback.isCanceled():
            raise Cancelled

    @contextmanager
    def folder(self, name: str) -> Iterator[str]:
        """A hidden folder to fill, whose files take their place in the folder asked for when all are complete."""
        target = os.path.abspath(self._algorithm.parameterAsString(self._parameters, name, self._context))
        parent = os.path.dirname(target)
        try:
            os.makedirs(parent, exist_ok=True)
            stage = tempfile.mkdtemp(prefix=".nep-", dir=parent)
        except OSError as error:
            raise InvalidParameter(
                f"Nothing can be written to {parent}: {error.strerror}. Choose another folder."
            ) from error
        try:
            yield stage
            for folder, _folders, files in os.walk(stage):
                place = os.path.join(target, os.path.relpath(folder, stage))
                os.makedirs(place, exist_ok=True)
                for file in files:
                    os.replace(os.path.join(folder, file), os.path.join(place, file))
                    for leftover in stale_companions(os.path.join(place, file)) if file.endswith(".tif") else ():
                        if os.path.basename(leftover) not in files:
                            os.remove(leftover)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        self.results[name] = target

    def plan(self, engine: Engine, grid: Grid, readers: list, bytes_per_cell: float) -> tuple:
        """Width and height of the blocks; grid and plan go to the log.

        ``bytes_per_cell`` is what results and working memory take beside the inputs.
        """
        shape = engine.shape(grid, readers, bytes_per_cell)
        self.info(f"Grid: {grid}")
        width, height = min(shape[0], grid.width), min(shape[1], grid.height)
        self.info(f"Blocks of {width} x {height} cells, {engine.workers} at a time")
        return shape

    def path(self, name: str) -> str:
        """Where a file result shall go; empty if it was not asked for."""
        if not self.wants(name):
            return ""
        path = self._algorithm.parameterAsOutputLayer(self._parameters, name, self._context)
        inputs = {os.path.realpath(layer.path) for layers in self._rasters.values() for layer in layers}
        if os.path.realpath(path) in inputs:
            raise InvalidParameter(
                f"{path} is both an input and the result {name}. Choose another file for the result."
            )
        return path

    @contextmanager
    def rasters(self, wanted: dict, grid: Grid, block: tuple) -> Iterator[RasterOutputs]:
        """Write raster results block by block; all appear on success, none otherwise.

        Parameters
        ----------
        wanted : dict of str to RasterResult
            Results by the name of their parameter; those not asked for are left out.
        grid : Grid
        block : (width, height) of the blocks
        """
        targets = {name: path for name in wanted if (path := self.path(name))}
        doubled = {path for path in targets.values() if list(targets.values()).count(path) > 1}
        if doubled:
            raise InvalidParameter(f"{doubled.pop()} was given for two results. Choose a file for each.")
        outputs = RasterOutputs()
        try:
            for name, target in targets.items():
                result = wanted[name]
                outputs.writers[name] = RasterWriter(
                    target, grid, result.bands, result.stored_as, result.unit, tile_shape(block, grid),
                    driver=self._driver(name),
                )
            yield outputs
            for name, writer in outputs.writers.items():
                writer.close()
                write_style(
                    writer.path, self._algorithm.styles[name], writer.quantiles([0.02, 0.98]), wanted[name].years
                )
            for name, writer in outputs.writers.items():
                writer.commit()
                self._deliver(name, targets[name], wanted[name].title)
        finally:
            for writer in outputs.writers.values():
                writer.abort()
        if outputs.writers and not any(writer.valid for writer in outputs.writers.values()):
            self.warn("No pixel has a result: every value of the inputs is missing, or no pixel has enough valid ones.")

    def _driver(self, name: str) -> str:
        """COG where the user chose that, which QGIS 4 offers for files that end with .tif."""
        read = getattr(self._algorithm, "parameterAsOutputRasterFormat", None)
        chosen = read(self._parameters, name, self._context) if read else ""
        return "COG" if (chosen or "").upper() == "COG" else ""

    def _deliver(self, name: str, path: str, title: str, style=None) -> None:
        self.results[name] = path
        if self._context.willLoadLayerOnCompletion(path):
            details = self._context.layerToLoadOnCompletionDetails(path)
            details.name = title
            if hasattr(details, "forceName"):  # from QGIS 3.32 on
                details.forceName = True
            details.setPostProcessor(NameAndStyle(title, style))

    def load(self, path: str, title: str) -> None:
        """Open a raster in the project when the run is over; without a project, as on the command line, nothing."""
        project = self._context.project()
        if project is None:
            return
        details = QgsProcessingContext.LayerDetails(title, project, title)
        details.setPostProcessor(NameAndStyle(title))
        self._context.addLayerToLoadOnCompletion(path, details)

    def table(self, name: str, columns: dict, rows: list) -> None:
        """Write a table if it was asked for.

        Parameters
        ----------
        name : str
            The parameter.
        columns : dict of str to str
            Kind by column, as `qgis_compat.field` names them.
        rows : list of sequence
            Values in the order of the columns; None and NaN are NULL.
        """
        self.features(name, columns, [(None, row) for row in rows])

    def features(self, name: str, columns: dict, features: list, geometry=QgsWkbTypes.Type.NoGeometry,
                 grid: Grid | None = None, style=None) -> None:
        """Write a layer of features if it was asked for.

        Parameters
        ----------
        name, columns
            As for `table`.
        features : list of (QgsGeometry or None, sequence)
            Geometries in the CRS of ``grid``, and values.
        geometry : QgsWkbTypes.Type
        grid : Grid
            Whose CRS the layer has.
        style : callable
            Takes the layer and styles it.
        """
        if not self.wants(name):
            return
        fields = QgsFields()
        for column, kind in columns.items():
            fields.append(field(column, kind))
        crs = QgsCoordinateReferenceSystem.fromWkt(grid.wkt) if grid else QgsCoordinateReferenceSystem()
        self._make_folder(name)
        sink, identifier = self._algorithm.parameterAsSink(
            self._parameters, name, self._context, fields, geometry, crs
        )
        if sink is None:
            raise InvalidParameter(f"The result {name} cannot be written. Choose another file.")
        for shape, row in features:
            feature = QgsFeature(fields)
            feature.setAttributes([_cell(value) for value in row])
            if shape is not None:
                feature.setGeometry(shape)
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise InvalidParameter(f"The result {name} cannot be written: {sink.lastError()}")
        sink.flushBuffer()
        del sink  # closes the file
        if style is not None and os.path.exists(identifier.split("|")[0]):
            write_vector_style(identifier, style)
        title = self._algorithm.parameterDefinition(name).description()
        self._deliver(name, identifier, title, style)

    def _make_folder(self, name: str) -> None:
        """Make the folder a file result was asked for in; other destinations (memory, a database) have none."""
        value = self._parameters[name]
        if isinstance(value, QgsProcessingOutputLayerDefinition):
            value = value.sink.staticValue()
        folder = os.path.dirname(str(value))
        if os.path.isabs(folder):
            os.makedirs(folder, exist_ok=True)

    def page(self, name: str, make) -> None:
        """Write a page of charts if it was asked for; ``make`` gives the Page.

        Where plotly is missing the run goes on without the page, and says so.
        """
        if not self.wants(name):
            return
        self._make_folder(name)
        path = self._algorithm.parameterAsFileOutput(self._parameters, name, self._context)
        try:
            make().write(path)
        except MissingLibrary as error:
            self.warn(str(error))
            return
        except OSError as error:
            raise InvalidParameter(f"{path} cannot be written: {error.strerror}. Choose another file.") from error
        self.results[name] = path


def _cell(value):
    """A value as a field takes it: plain Python, None for NaN."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and value != value else value


class RasterOutputs:
    """The rasters of one run being written."""

    def __init__(self):
        self.writers: dict = {}

    def write(self, window: Window, block: dict) -> None:
        """Write a block of every result that was asked for."""
        for name, writer in self.writers.items():
            writer.write(window, block[name])

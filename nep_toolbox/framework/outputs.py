"""The results of a run: every destination is checked first, and all results take their places together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from ..errors import Cancelled, MissingLibrary, OutputError
from ..qgis_compat import field
from ..raster.blocks import tile_shape
from ..raster.grid import Grid, Window
from ..raster.staging import Staging
from ..raster.writer import RasterWriter, driver_of
from ..styling.layers import NameAndStyle, write_style, write_vector_style
from .destinations import database_table, is_file, require_free, with_ending
from .log import Log
from .parameters import Parameters


@dataclass(frozen=True)
class RasterResult:
    """What a raster result holds.

    Parameters
    ----------
    key : str
        What the kernel calls it in its results.
    title : str
        The name of the layer in the project.
    bands : tuple of str
        The description of each band.
    style : Ramp, Classes or callable
        How it is drawn; a callable is asked when all values are known.
    unit : str
    years : tuple of int
        The year of each band, for a series.
    data_type : int
        A type of GDAL that `raster.writer.NODATA` names.
    """

    key: str
    title: str
    bands: tuple
    style: object
    unit: str = ""
    years: tuple = ()
    data_type: int = gdal.GDT_Float32


class RasterSet:
    """Raster results being written."""

    def __init__(self):
        self.writers: dict = {}
        self.keys: dict = {}

    def write(self, window: Window, block: dict) -> None:
        """Write a block of every result that was asked for."""
        for name, writer in self.writers.items():
            writer.write(window, block[self.keys[name]])


class Outputs:
    """Where the results of a run go.

    Leaving the ``with`` block puts all of them in their places, or, on an error or a cancel, none.

    Parameters
    ----------
    parameters : Parameters
    definitions : list of QgsProcessingParameterDefinition
        The destinations that the tool declares.
    log : Log
    inputs : InputFiles
        The files that the run reads.
    """

    def __init__(self, parameters: Parameters, definitions: list, log: Log, inputs):
        self._parameters = parameters
        self._context = parameters.context
        self._log = log
        self._inputs = inputs
        self._staging = Staging()
        self._sinks: list = []  # features for a database or the memory, to be written at the end
        self._deliveries: list = []
        self.results: dict = {}
        self._loaded = self._context.layersToLoadOnCompletion()  # by earlier steps
        self._definitions = {each.name(): each for each in definitions if parameters.is_requested(each.name())}
        self._targets = {name: self._target(each) for name, each in self._definitions.items()}
        self._staged: dict = {}

    def _target(self, definition) -> str:
        """The file or folder of a result; empty where it goes to a database or the memory."""
        name = definition.name()
        if isinstance(definition, QgsProcessingParameterFolderDestination):
            return os.path.abspath(self._parameters.text(name))
        if isinstance(definition, QgsProcessingParameterFileDestination):
            return self._parameters.output_file(name)
        if isinstance(definition, QgsProcessingParameterRasterDestination):
            return self._parameters.output_layer(name)
        if not is_file(self._parameters.destination(name)):
            return ""
        noted = self._parameters.output_layer(name)
        target = with_ending(noted)
        self._rename(noted, target)
        return target

    def _tables(self) -> dict:
        """The database and the table of the results that are added to one."""
        found = {
            name: database_table(self._parameters.destination(name))
            for name, target in self._targets.items() if not target
        }
        return {name: place for name, place in found.items() if place[0]}

    def __enter__(self) -> Outputs:
        files, tables = {name: target for name, target in self._targets.items() if target}, self._tables()
        try:
            require_free(files, self._inputs, tables)
            self._staged = {name: self._stage(self._definitions[name], target) for name, target in files.items()}
            for file, _table in tables.values():
                self._staging.database(file)
        except BaseException:
            self._abort()
            raise
        for folder in self._staging.swept:
            self._log.info(f"Removed what a run that had been killed left behind: {folder}")
        return self

    def in_place(self, text: str) -> str:
        """A text with the paths of results as the user knows them, instead of where they are built."""
        return self._staging.in_place(text)

    def _stage(self, definition, target: str) -> str:
        """Where to build a result; an error if it could not take its place."""
        if isinstance(definition, QgsProcessingParameterFolderDestination):
            return self._staging.folder(target)
        if os.path.isdir(target):
            raise OutputError(f"{target} is a folder. Choose a file for the result {definition.name()}.")
        raster = isinstance(definition, QgsProcessingParameterRasterDestination)
        if raster:
            driver_of(target)
        staged = self._staging.file(target, raster)
        base, ending = os.path.splitext(staged)
        # A table asked for as .dbf is the half of a shapefile.
        return f"{base}.shp" if ending.lower() == ".dbf" and _is_sink(definition) else staged

    def __exit__(self, kind, _error, _traceback) -> None:
        if kind is not None:
            self._abort()
            return
        try:
            if self._log.is_cancelled():
                raise Cancelled
            self._staging.commit(tuple(self._sinks))
        except BaseException:
            self._abort()
            raise
        for deliver in self._deliveries:
            deliver()

    def _abort(self) -> None:
        """Leave files, and what is to be loaded at the end, as they were."""
        self._staging.abort()
        self._context.setLayersToLoadOnCompletion(self._loaded)

    def is_requested(self, *names: str) -> bool:
        """Whether one of these results was asked for."""
        return any(name in self._targets for name in names)

    # Rasters ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def rasters(self, wanted: dict, grid: Grid, block: tuple) -> Iterator[RasterSet]:
        """Write raster results block by block; they are complete at the end of the block.

        Parameters
        ----------
        wanted : dict of str to RasterResult
            Results by the name of their parameter; those not asked for are left out.
        grid : Grid
        block : (width, height) of the blocks
        """
        outputs = RasterSet()
        try:
            for name, result in wanted.items():
                if name in self._targets:
                    outputs.keys[name] = result.key
                    outputs.writers[name] = self._writer(name, result, grid, block)
            yield outputs
            for name, writer in outputs.writers.items():
                result = wanted[name]
                writer.close()
                style = result.style() if callable(result.style) else result.style
                write_style(writer.path, style, writer.quantiles([0.02, 0.98]), result.years)
                self._deliver(name, self._targets[name], result.title)
        finally:
            for writer in outputs.writers.values():
                writer.discard()
        if outputs.writers and not any(writer.valid for writer in outputs.writers.values()):
            self._log.warn(
                "No pixel has a result: every value of the inputs is missing, or no pixel has enough valid ones."
            )

    def _writer(self, name: str, result: RasterResult, grid: Grid, block: tuple) -> RasterWriter:
        target = self._targets[name]
        # QGIS 4 offers COG for files that end with .tif.
        driver = "COG" if self._parameters.output_format(name).upper() == "COG" else ""
        return RasterWriter(
            self._staged[name], grid, result.bands, result.data_type, result.unit,
            tile_shape(block, grid), driver=driver, name=target,
        )

    def folder(self, name: str, files: tuple = ()) -> str:
        """A folder to fill, whose files take their places in the folder asked for.

        ``files`` are those that will be in it, as far as they are known.

        Raises
        ------
        OutputError
            If one of them is an input or another result.
        """
        target = self._targets[name]
        others = {other: path for other, path in self._targets.items() if path and other != name}
        require_free({**others, **{file: os.path.join(target, file) for file in files}}, self._inputs)
        self.results[name] = target
        return self._staged[name]

    # Tables and features ----------------------------------------------------------------------------------------------

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
                 grid: Grid | None = None, style: Callable | None = None) -> None:
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
        if name not in self._targets:
            return
        fields = QgsFields()
        for column, kind in columns.items():
            fields.append(field(column, kind))
        crs = QgsCoordinateReferenceSystem.fromWkt(grid.wkt) if grid else QgsCoordinateReferenceSystem()
        title, target = self._definitions[name].description(), self._targets[name]
        if not target:
            def write():
                sink, identifier = self._parameters.sink(name, fields, geometry, crs)
                self._fill(name, sink, fields, features)
                self._deliver(name, identifier, title, style)

            self._sinks.append(write)
            return
        sink, staged = QgsProcessingUtils.createFeatureSink(
            self._staged[name], self._context, fields, geometry, crs, self._parameters.creation_options(name)
        )
        self._fill(name, sink, fields, features)
        del sink  # closes the file
        if style is not None and os.path.exists(staged):
            write_vector_style(staged, style)
        half = f"{os.path.splitext(staged)[0]}.dbf"
        if not os.path.exists(staged.split("|")[0]) and os.path.exists(half):
            staged = half  # a shapefile without geometries
        written = os.path.join(os.path.dirname(target), os.path.basename(staged))
        self._rename(target, written)
        self._deliver(name, written, title, style)

    def _fill(self, name: str, sink, fields, features: list) -> None:
        if sink is None:
            raise OutputError(f"The result {name} cannot be written. Choose another file.")
        for shape, row in features:
            feature = QgsFeature(fields)
            feature.setAttributes([_cell(value) for value in row])
            if shape is not None:
                feature.setGeometry(shape)
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise _unwritable(name, sink)
        if not sink.flushBuffer():
            raise _unwritable(name, sink)

    # Pages ------------------------------------------------------------------------------------------------------------

    def page(self, name: str, make: Callable) -> None:
        """Write a page of charts if it was asked for; ``make`` gives the Page.

        Where plotly is missing the run goes on without the page, and says so.
        """
        if name not in self._targets:
            return
        target = self._targets[name]
        try:
            make().write(self._staged[name])
        except MissingLibrary as error:
            self._log.warn(str(error))
            return
        except OSError as error:
            raise OutputError(f"{target} cannot be written: {error.strerror}. Choose another file.") from error
        self._deliveries.append(lambda: self.results.update({name: target}))

    # Loading ----------------------------------------------------------------------------------------------------------

    def load(self, path: str, title: str) -> None:
        """Open a raster in the project when the run is over; without a project, as on the command line, nothing."""
        project = self._context.project()
        if project is None:
            return
        details = QgsProcessingContext.LayerDetails(title, project, title)
        details.setPostProcessor(NameAndStyle(title))
        self._context.addLayerToLoadOnCompletion(path, details)

    def _deliver(self, name: str, path: str, title: str, style: Callable | None = None) -> None:
        """Once all results are in their places: hand this one over, and name and style its layer."""

        def deliver():
            self.results[name] = path
            if self._context.willLoadLayerOnCompletion(path):
                details = self._context.layerToLoadOnCompletionDetails(path)
                details.name = title
                if hasattr(details, "forceName"):  # from QGIS 3.32 on
                    details.forceName = True
                details.setPostProcessor(NameAndStyle(title, style))

        self._deliveries.append(deliver)

    def _rename(self, before: str, after: str) -> None:
        """What is loaded at the end is called otherwise than it was noted."""
        if before == after or not self._context.willLoadLayerOnCompletion(before):
            return
        layers = self._context.layersToLoadOnCompletion()
        layers[after] = layers.pop(before)
        self._context.setLayersToLoadOnCompletion(layers)


def _is_sink(definition) -> bool:
    return isinstance(definition, QgsProcessingParameterFeatureSink)


def _unwritable(name: str, sink) -> OutputError:
    return OutputError(f"The result {name} cannot be written: {sink.lastError()}")


def _cell(value):
    """A value as a field takes it: plain Python, None for NaN."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and value != value else value

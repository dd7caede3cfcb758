"""The results of a run: every destination is checked first, and all results take their places together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Callable

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
    QgsWkbTypes,
)

from ..errors import Cancelled, MissingLibrary, OutputError
from ..qgis_compat import field
from ..raster.blocks import tile_shape
from ..raster.disk import full_disk_error
from ..raster.formats import driver_of
from ..raster.grid import Grid
from ..raster.qml import FEATURES, RASTER, owner_of_style, style_beside
from ..raster.staging import Staging
from ..raster.writer import RasterSet, RasterWriter
from ..styling.layers import in_database, write_style, write_vector_style
from ..styling.styles import Ramp, presenter
from ..styling.tables import show
from ..styling.titles import Subject
from .containers import require_replaceable
from .destinations import database_table, is_file, real_path, require_ending, require_free, with_ending, with_its_ending
from .features import Stream, fill, noted_columns, require_complete, write_file
from .loading import Loading
from .log import Log
from .parameters import Parameters
from .regions import RegionShapes

_STYLE_KEPT = (
    "The style of {} is not saved: {} is where QGIS looks for it, and holds the style of {}. Give the result another "
    "name to keep both."
)


@dataclass(frozen=True)
class RasterResult:
    """What a raster result holds.

    Parameters
    ----------
    key : str
        What the kernel calls it in its results.
    title : str
        What it is, for the name of its layer: see `Outputs.subject`.
    bands : tuple of str
        The description of each band.
    style : Ramp, Classes, BandStyles or callable
        How it is drawn; a callable is asked when all values are known.
    unit : str
    years : tuple of int
        The year of each band, for a series.
    data_type : int
        A type of GDAL.
    nodata : float or None
        Instead of the one of the type in `raster.writer.NODATA`.
    """

    key: str
    title: str
    bands: tuple
    style: object
    unit: str = ""
    years: tuple = ()
    data_type: int = gdal.GDT_Float32
    nodata: float | None = None


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

    Attributes
    ----------
    subject : Subject or None
        What the results are about, which their names tell. Without it the title of a result is its whole name.
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
        self.subject: Subject | None = None
        self._loading = Loading(self._context, lambda: self._title(parameters.tool))
        self._definitions = {each.name(): each for each in definitions if parameters.is_requested(each.name())}
        self._targets = {name: self._target(each) for name, each in self._definitions.items()}
        self._staged: dict = {}
        self._styled: dict = {}  # the result to which each style belongs

    def _target(self, definition) -> str:
        """The file or folder of a result; empty where it goes to a database or the memory."""
        name = definition.name()
        if isinstance(definition, QgsProcessingParameterFolderDestination):
            return os.path.abspath(self._parameters.text(name))
        if isinstance(definition, QgsProcessingParameterFileDestination):
            return with_its_ending(self._parameters.output_file(name), definition.fileFilter())
        if isinstance(definition, QgsProcessingParameterRasterDestination):
            return self._parameters.output_layer(name)
        if not is_file(self._parameters.destination(name)):
            return ""
        noted = self._parameters.output_layer(name)
        target = with_ending(noted)
        self._loading.rename(noted, target)
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
        except BaseException as error:
            self._give_up(error)
            raise
        for folder in self._staging.swept:
            self._log.info(f"Removed what a run that had been killed left behind: {folder}")
        return self

    def _stage(self, definition, target: str) -> str:
        """Where to build a result; an error if it could not take its place."""
        if isinstance(definition, QgsProcessingParameterFolderDestination):
            return self._staging.folder(target)
        if os.path.isdir(target):
            raise OutputError(f"{target} is a folder. Choose a file for the result ⟨{definition.name()}⟩.")
        if isinstance(definition, QgsProcessingParameterFileDestination):
            require_ending(target, definition.name(), definition.fileFilter())
        raster = isinstance(definition, QgsProcessingParameterRasterDestination)
        if raster:
            driver_of(target)
        require_replaceable(target, definition.name(), raster)
        staged = self._staging.file(target, raster)
        base, ending = os.path.splitext(staged)
        # A table asked for as .dbf is the half of a shapefile.
        return f"{base}.shp" if ending.lower() == ".dbf" and _is_sink(definition) else staged

    def __exit__(self, kind, error, _traceback) -> None:
        if kind is not None:
            full = full_disk_error(error, ", ".join(filter(None, self._targets.values())))
            self._give_up(full or error)
            if full:
                raise full from error
            return
        try:
            if self._log.is_cancelled():
                raise Cancelled
            self._staging.commit(tuple(self._sinks))
        except BaseException as failure:
            self._give_up(failure)
            raise
        for deliver in self._deliveries:
            deliver()
        self._let_go()

    def _give_up(self, error: BaseException) -> None:
        """Leave files, and what is to be loaded at the end, as they were; the user is told of no hidden folder."""
        if error.args and isinstance(error.args[0], str):
            error.args = (self._staging.in_place(error.args[0]), *error.args[1:])
        self._staging.abort()
        self._loading.undo()
        self._let_go()

    def _let_go(self) -> None:
        """Hold nothing that holds this: the layers of a run are closed at its end, not at some later time."""
        self._sinks, self._deliveries = [], []
        self._loading.let_go()

    def is_requested(self, *names: str) -> bool:
        """Whether one of these results was asked for."""
        return any(name in self._targets for name in names)

    def is_written_at_once(self, name: str) -> bool:
        """Whether `features` writes a result before it returns; one for a database or the memory at the end."""
        return bool(self._targets.get(name))

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
                quantiles = writer.quantiles([0.02, 0.98])
                ends = style.span(quantiles, writer.minimum, writer.maximum) if isinstance(style, Ramp) else quantiles
                if self._may_style(name, RASTER):
                    write_style(writer.path, style, ends, result.years, result.unit)
                title = self._title(result.title, result.unit)
                if len(result.years) > 1 and isinstance(style, Ramp) and style.limits is None:
                    self._log.one_legend(title, ends != quantiles)
                self._deliver(name, self._targets[name], title, presenter(style, ends, result.unit))
        finally:
            for writer in outputs.writers.values():
                writer.discard()
        if outputs.writers and not any(writer.valid for writer in outputs.writers.values()):
            self._log.warn(
                "No pixel has a result: in every one the values of the inputs are missing, too few, or all the same."
            )

    def _writer(self, name: str, result: RasterResult, grid: Grid, block: tuple) -> RasterWriter:
        target = self._targets[name]
        # QGIS 4 offers COG for files that end with .tif.
        driver = "COG" if self._parameters.output_format(name).upper() == "COG" else ""
        return RasterWriter(
            self._staged[name], grid, result.bands, result.data_type, result.unit,
            tile_shape(block, grid), nodata=result.nodata, driver=driver, name=target,
            description=f"{result.title} ({self._parameters.tool})",
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

    def table(self, name: str, columns: dict, rows: list, headings: dict | None = None) -> None:
        """Write a table if it was asked for.

        Parameters
        ----------
        name : str
            The parameter.
        columns : dict of str to str
            Kind by column, as `qgis_compat.field` names them.
        rows : list of sequence
            Values in the order of the columns; None and NaN are NULL.
        headings : dict of str to str
            By column, where they differ from `styling.tables.HEADINGS`.
        """
        self.features(name, columns, [(None, row) for row in rows], headings=headings)

    def features(self, name: str, columns: dict, features: list | Stream, geometry=QgsWkbTypes.Type.NoGeometry,
                 grid: Grid | RegionShapes | None = None, style: Callable | None = None,
                 headings: dict | None = None) -> None:
        """Write a layer of features if it was asked for.

        Parameters
        ----------
        name, columns, headings
            As for `table`.
        features : list of (QgsGeometry or None, sequence), or Stream
            Geometries in the CRS of ``grid``, and values.
        geometry : QgsWkbTypes.Type
        grid : Grid or RegionShapes
            Whose CRS the layer has.
        style : callable
            Takes the layer and styles it.
        """
        if name not in self._targets:
            return
        shown = partial(show, unit=self.subject.unit if self.subject else "", headings=headings, style=style)
        fields = QgsFields()
        for column, kind in columns.items():
            fields.append(field(column, kind))
        crs = QgsCoordinateReferenceSystem.fromWkt(grid.wkt) if grid else QgsCoordinateReferenceSystem()
        title, target = self._title(self._definitions[name].description()), self._targets[name]
        if not target:
            def write():
                sink, identifier = self._parameters.sink(name, fields, geometry, crs)
                fill(name, sink, fields, features)
                del sink  # closes the database
                if database_table(self._parameters.destination(name))[0]:
                    require_complete(identifier, len(features), identifier.split("|")[0])
                    if style is not None:
                        write_vector_style(identifier, shown)
                self._deliver(name, identifier, title, shown)

            self._sinks.append(write)
            return
        options = self._parameters.creation_options(name)
        staged = write_file(name, self._staged[name], self._context, (fields, geometry, crs, options), features)
        require_complete(staged, len(features), target)
        self._describe(name, staged, columns, shown if style is not None else None)
        written = os.path.join(os.path.dirname(target), os.path.basename(staged))
        self._loading.rename(target, written)
        self._deliver(name, written, title, shown)

    def _describe(self, name: str, staged: str, columns: dict, style: Callable | None) -> None:
        """Write what belongs beside a file of features: its style, or the kinds of its columns."""
        if style is not None and (in_database(staged) or self._may_style(name, FEATURES)):
            write_vector_style(staged, style)
        if warning := noted_columns(staged, columns):
            self._log.warn(warning)

    def _may_style(self, name: str, kind: str) -> bool:
        """Whether the style of a result may be saved beside it; otherwise the log says why not."""
        target = self._targets[name]
        style = style_beside(target)
        first = self._styled.setdefault(real_path(style), name)
        owner = owner_of_style(target, kind) if first == name else self._targets[first]
        if owner:
            self._log.warn(_STYLE_KEPT.format(os.path.basename(target), style, owner))
        return not owner

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
        self._loading.add(path, title)

    def _title(self, what: str, unit: str = "") -> str:
        return self.subject.title(what, unit) if self.subject else what

    def _deliver(self, name: str, path: str, title: str, style: Callable | None = None) -> None:
        """Once all results are in their places: hand this one over, and name, style and place its layer."""

        def deliver():
            self.results[name] = path
            place = list(self._definitions).index(name)
            self._loading.present(path, self._definitions[name].description(), title, place, style)

        self._deliveries.append(deliver)


def _is_sink(definition) -> bool:
    return isinstance(definition, QgsProcessingParameterFeatureSink)

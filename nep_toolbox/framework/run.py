"""One run of a tool: its parameters, its inputs, its log, its engine and its results."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Callable

from ..errors import Cancelled
from ..raster.cells import CellAreas
from ..raster.engine import Engine
from ..raster.fill_codes import glance
from ..raster.grid import Grid
from ..raster.series import Series, bands_of, resolve, single
from .children import run_child
from .log import Log
from .outputs import Outputs
from .parameters import Parameters
from .regions import RegionShapes, region_shapes, regions_on_grid
from .texts import tr


@dataclass(frozen=True)
class Inputs:
    """What was made of the layers of a run, and read from the options, in the main thread.

    Parameters
    ----------
    rasters : dict of str to list of Layer
        By parameter.
    regions : list of RawRegion
        Those of REGIONS, else the polygons of MASK.
    mask : list of RawRegion
        The polygons of MASK.
    scheduler : str
        Address of the dask scheduler; empty for this machine.
    """

    rasters: dict
    regions: list
    mask: list = field(default_factory=list)
    scheduler: str = ""


class Run:
    """What a tool works with while it runs.

    Attributes
    ----------
    parameters : Parameters
    log : Log
    outputs : Outputs
    results : dict
        What the tool returns, by the name of its output.
    """

    #: Width and height of the blocks of every run, for tests; None plans them by memory.
    block: tuple | None = None

    def __init__(self, parameters: Parameters, log: Log, outputs: Outputs, inputs: Inputs):
        self.parameters = parameters
        self.log = log
        self.outputs = outputs
        self.results = outputs.results
        self._inputs = inputs
        self._told_of_areas = False
        self._first = ""  # the series that YEARS belongs to

    # Inputs -----------------------------------------------------------------------------------------------------------

    def layers(self, name: str) -> list:
        """The rasters of a parameter as plain layers, in the order given."""
        return self._inputs.rasters.get(name) or []

    def has_input(self, name: str) -> bool:
        """Whether an optional input raster was given."""
        return bool(self.layers(name))

    def raster(self, name: str) -> Series:
        """A single raster."""
        return single(self.layers(name)[0])

    def bands(self, name: str) -> list:
        """Every band of the rasters of a parameter as a series of one step."""
        return [band for layer in self.layers(name) for band in bands_of(layer)]

    def series(self, name: str, monthly: bool = False, years: str | None = None, names_first: bool = False,
               key: str = "YEARS", look_for_codes: bool = True) -> Series:
        """A series with its years found, its grid checked, and both in the log.

        The parameter YEARS holds for the first series asked for; for the others where their names do not say the time
        of every step. ``years``, from the parameter ``key``, take its place, and hold unless ``names_first``. Without
        ``look_for_codes`` the tool itself finds out whether codes for missing values stand among the values.
        """
        if years is None:
            self._first = self._first or name
            years, names_first = self.parameters.text("YEARS"), names_first or self._first != name
        return self._resolved(name, self.layers(name), look_for_codes, years, monthly, names_first, key)

    def series_of_each(self, name: str, groups: list | None = None) -> list:
        """Each raster of a parameter as a series of its own, with the years that names say, else YEARS; with ``groups``
        each of these lists of its rasters."""
        years = self.parameters.text("YEARS")
        groups = [[layer] for layer in self.layers(name)] if groups is None else groups
        return [self._resolved(name, layers, True, years, False, True) for layers in groups]

    def _resolved(self, name: str, layers: list, look_for_codes: bool, *how) -> Series:
        return self.told(name, resolve(layers, *how), look_for_codes)

    def told(self, name: str, series: Series, look_for_codes: bool = True) -> Series:
        """The series of a parameter, whose times and doubts go to the log."""
        self.log.series(self.parameters.label(name), series.steps)
        for warning in series.warnings:
            self.log.warn(warning)
        codes = glance(series) if look_for_codes else []
        if codes:
            self.log.warn(
                tr("'{}' holds the numbers {}. In MOD17A3HGF they say why a pixel has no value (water, urban, barren), "
                   "and here they are taken for values. Declare them as missing in the layer's properties "
                   "(Transparency, Additional no data value), or import the product with the tool "
                   "⟨nep:importmod17⟩.").format(series.steps[0].label, ", ".join(map(str, codes)))
            )
        return series

    @property
    def raw_regions(self) -> list:
        """The regions as they were given, in their own CRS."""
        return self._inputs.regions

    @property
    def raw_mask(self) -> list:
        """The polygons of MASK as they were given, in their own CRS."""
        return self._inputs.mask

    def regions(self, grid: Grid, turns: bool = True) -> tuple:
        """The regions on the grid of a raster; empty where none were given: see `regions_on_grid`."""
        return regions_on_grid(self._inputs.regions, grid, self.parameters.context.transformContext(), turns)

    def region_shapes(self, grid: Grid) -> RegionShapes:
        """The polygons of `regions`, as they were given."""
        return region_shapes(self._inputs.regions, grid)

    def cell_areas(self, grid: Grid) -> CellAreas:
        """A reader of the areas of the cells; the log tells once what areas are."""
        areas = CellAreas(grid)
        if not self._told_of_areas:
            self.log.info(f"Area of a cell: {areas}")
            self._told_of_areas = True
        return areas

    def part(self, start: float, end: float, told: list | None = None, quiet: bool = False) -> Run:
        """This run for one of its parts, which moves the progress bar from ``start`` to ``end``; what it says is added
        to ``told`` as pairs of kind ("info", "warning", "error") and text, and of a quiet one goes nowhere else."""
        log = self.log.part(start, end, told, None if quiet else "")
        return Run(self.parameters, log, self.outputs, self._inputs)

    def with_layers(self, name: str, layers: list) -> Run:
        """This run with other rasters for a parameter."""
        rasters = {**self._inputs.rasters, name: layers}
        return Run(self.parameters, self.log, self.outputs, replace(self._inputs, rasters=rasters))

    def child(self, tool: str, parameters: dict, start: float = 0.0, end: float = 1.0,
              told: list | None = None, quiet: bool = False, known: str = "") -> dict:
        """Run another tool, such as "nep:trend", as a part of this one, and return its results: see `run_child`. What
        it says is added to ``told``; what a quiet one says goes nowhere else."""
        log = self.log.part(start, end, told, None if quiet else "  ")
        return run_child(tool, parameters, log, self.parameters.context, known)

    def number(self, name: str, value: float) -> None:
        """Give a number as a result; NaN is none."""
        if not math.isnan(value):
            self.results[name] = float(value)

    # Work -------------------------------------------------------------------------------------------------------------

    def engine(self, start: float = 0.0, end: float = 1.0) -> Engine:
        """The engine for a part of the run that moves the progress bar from ``start`` to ``end``."""
        return Engine(
            threads=self.parameters.integer("THREADS"),
            memory=self.parameters.integer("MEMORY") * 2**20,
            scheduler=self._inputs.scheduler,
            block=self.block,
            progress=lambda share: self.log.progress(start + (end - start) * share),
            is_cancelled=self.log.is_cancelled,
        )

    def advance(self, share: float) -> None:
        """Move the progress bar (0 to 1); raises Cancelled if the user stopped the run."""
        self.log.progress(share)
        if self.log.is_cancelled():
            raise Cancelled

    def plan(self, engine: Engine, grid: Grid, readers: dict, bytes_per_cell: float,
             most_cells: int | None = None) -> tuple:
        """Width and height of the blocks; grid and plan go to the log.

        ``bytes_per_cell`` is what results and working memory take beside the inputs; ``most_cells`` bounds the blocks
        of a slow kernel, since a cancel waits for those that are being computed.
        """
        shape = engine.shape(grid, readers, bytes_per_cell, most_cells)
        self.log.info(f"Grid: {grid}")
        width, height = min(shape[0], grid.width), min(shape[1], grid.height)
        self.log.info(f"Blocks of {width} x {height} cells, {engine.workers} at a time")
        return shape

    def blocks(self, kernel: Callable, readers: dict, grid: Grid, bytes_per_cell: float, *, results: dict | None = None,
               part: tuple = (0.0, 1.0), shape: tuple | None = None) -> Iterator[tuple]:
        """Compute every block, write what raster results it has, and hand it over.

        Parameters
        ----------
        kernel, readers, grid
            As for `Engine.results`.
        bytes_per_cell : float
            What results and working memory take beside the inputs.
        results : dict of str to RasterResult
            Raster results by the name of their parameter.
        part : (start, end)
            The part of the run, for the progress bar.
        shape : (width, height)
            The size of the blocks, where it is planned already.

        Yields
        ------
        (Window, dict)
            What the kernel gives for each block, in the order of `Engine.results`.
        """
        engine = self.engine(*part)
        shape = shape or self.plan(engine, grid, readers, bytes_per_cell)
        with self.outputs.rasters(results or {}, grid, shape) as rasters:
            for window, block in engine.results(kernel, readers, grid, shape):
                rasters.write(window, block)
                yield window, block

    def write(self, kernel: Callable, readers: dict, grid: Grid, bytes_per_cell: float, **options) -> None:
        """Compute every block and write its raster results; the arguments are those of `blocks`."""
        for _block in self.blocks(kernel, readers, grid, bytes_per_cell, **options):
            pass

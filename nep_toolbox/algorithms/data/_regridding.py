"""What the tools that bring rasters onto a grid share: the mask, the target and the walk over its blocks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFeatureSource,
)

from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.texts import tr
from ...raster.blocks import MEMORY
from ...raster.bounds import Bounds
from ...raster.crs import crs_wkt, turn_of
from ...raster.grid import Grid
from ...raster.ingest.content import Storage
from ...raster.ingest.leaving_out import kept_block
from ...raster.ingest.resampling import Resampling, block_height, block_side, coarsening
from ...raster.ingest.rim import RimReader
from ...raster.ingest.summing import SummedReader
from ...raster.ingest.target_grid import MAX_CELLS
from ...raster.ingest.turns import source_for
from ...raster.ingest.warping import WarpedReader, bands_at_once
from ...raster.zones import ZoneReader

METHODS = ["Automatic", "Nearest neighbour", "Bilinear", "Cubic", "Average", "Mode (most frequent class)"]

METHODS_HELP = """<ul>
<li><b>Automatic</b>: when cells become larger (by a quarter or more) the mode for classes and the average for numbers;
when they become smaller or stay about as large the class at the centre of the cell, and bilinear interpolation for
numbers; a plain copy where the cells coincide. The log says what was chosen and why.</li>
<li><b>Average</b> and <b>mode</b> are those of the valid cells: a missing cell neither counts nor votes. With nearest
neighbour and mode values stay what they are, in the type of the input, also those of 64 bits; with the others the
result is Float32.</li>
</ul>"""


class RegriddingAlgorithm(ToolboxAlgorithm):
    """A tool that brings rasters onto a grid."""

    def declare_mask(self) -> None:
        """Declare MASK."""
        self.add(
            QgsProcessingParameterFeatureSource(
                "MASK", tr("Clip to polygons"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True
            ),
            "Polygons in any CRS. A cell whose centre lies in none of them is missing in the result.",
        )

    def declare_crs(self, help_text: str) -> None:
        """Declare TARGET_CRS."""
        self.add(QgsProcessingParameterCrs("TARGET_CRS", tr("CRS of the result"), optional=True), help_text)

    def declare_limits(self) -> None:
        """Declare MAX_PIXELS and THREADS."""
        self.add_number(
            "MAX_PIXELS", "Maximum number of pixels",
            "A grid with more pixels is refused, since most are asked for by mistake (degrees taken for metres).",
            float(MAX_CELLS), minimum=1.0, advanced=True,
        )
        self.add_number(
            "THREADS", "Threads", "Blocks computed at a time; 0 takes all cores. The result does not depend on it.",
            0, INTEGER, 0, 256, advanced=True,
        )



def wkt_of(crs: QgsCoordinateReferenceSystem) -> str:
    """A reference system as GDAL writes it; empty where it is invalid."""
    if not crs.isValid():
        return ""
    known = crs.authid() and not crs.authid().upper().startswith(("USER:", "CUSTOM:"))
    return crs_wkt(crs.authid() if known else crs.toWkt())


def mask_bounds(run, wkt: str, area: Bounds) -> Bounds | None:
    """The part of an area that the polygons take.

    Parameters
    ----------
    run : Run
    wkt : str
    area : Bounds
        That of the rasters in that reference system.

    Returns
    -------
    Bounds or None
        The rectangle round the polygons within the area; None where none were given.

    Raises
    ------
    InvalidParameter
        If they lie outside.
    """
    found = []
    for shift in _turns_with_polygons(area, turn_of(wkt)):
        left, bottom, right, top = here = Bounds(area.left + shift, area.bottom, area.right + shift, area.top)
        # On cells of one unit columns and rows are distances from the corner.
        regions = run.regions(
            Grid(wkt, (left, 1.0, 0.0, top, 0.0, -1.0), math.ceil(right - left), math.ceil(top - bottom)), turns=False
        )
        if not regions:
            return None
        bounds = [region.envelope for region in regions if any(region.envelope)]
        found.append(bounds and Bounds.intersection([here, Bounds.union([
            (left + first, top - last_row, left + last, top - first_row) for first, last, first_row, last_row in bounds
        ])]))
    if not any(found):
        raise InvalidParameter("The polygons lie outside of the area of the rasters. Check the CRS of both.")
    return Bounds.union(list(filter(None, found)))


def _turns_with_polygons(area: Bounds, turn: float) -> list:
    """By how much an area is shifted to lie where polygons may: longitudes count from half a turn west to a whole turn
    east."""
    shifts = (0.0, -turn, turn) if turn else (0.0,)
    return [each for each in shifts if not each or area.right + each > -turn / 2 and area.left + each < turn]


class Regridder:
    """Brings mosaics onto a grid.

    Parameters
    ----------
    run : Run
    grid : Grid
        The target.
    steps : int
        How many bands there are in all, for the progress bar.
    fill_rim : bool
        Whether cells at the rim take the nearest value, as `RimReader` says; sums are not filled.
    excluded : ClassMask, optional
        Cells that are missing in all results.

    Attributes
    ----------
    filled : array of int
        How many cells at the rim were filled of each band that was brought onto the grid last.
    """

    def __init__(self, run, grid: Grid, steps: int, fill_rim: bool = False, excluded=None):
        self.run = run
        self.grid = grid
        self.steps = steps
        self.done = 0
        self.filled = np.zeros(0, dtype=np.int64)
        self.fill_rim = fill_rim
        regions = run.regions(grid)
        self.clip = {"regions": ZoneReader(regions)} if regions else {}
        if excluded is not None:
            self.clip["excluded"] = excluded

    @property
    def share(self) -> float:
        """The share of the bands that are done."""
        return self.done / self.steps

    def at_once(self, source: Grid, method: Resampling, storage: Storage) -> int:
        """How many bands of a grid can be warped together."""
        ratio = coarsening(source, self.grid)
        # The other half is for the pieces of the source.
        room = MEMORY / 2 / self.run.engine().in_flight
        width, height = _shape(method, ratio)
        block = min(width, self.grid.width), min(height, self.grid.height)
        return bands_at_once(method, ratio, np.dtype(storage.dtype).itemsize, room, block)

    def blocks(self, mosaics: list, name: str, method: Resampling, storage: Storage) -> Iterator[tuple]:
        """Windows of the target with their values, (bands, height, width); none where source and target do not meet.

        Parameters
        ----------
        mosaics : list of Mosaic
            On one grid.
        name : str
            What the user calls them.
        method : Resampling
        storage : Storage
            What their readers give.
        """
        start = self.share
        bands = sum(mosaic.bands for mosaic in mosaics)
        self.done += bands
        self.filled = np.zeros(bands, dtype=np.int64)
        self.run.advance(start)
        source = source_for(mosaics, self.grid, storage, method)
        if source is None:
            return
        if method is Resampling.SUM:
            reader = stack = SummedReader.of(source, name, self.grid)
        else:
            reader = WarpedReader.of(source, name, self.grid, method)
            stack = RimReader(reader) if self.fill_rim else reader
        shape = self.run.block or _shape(method, reader.ratio)
        engine = replace(self.run.engine(start, self.share), block=shape)
        kernel = partial(kept_block, missing=storage.nodata)
        for window, (block, filled) in engine.results(kernel, {"stack": stack, **self.clip}, self.grid, engine.block):
            self.filled += filled
            yield window, block


def _shape(method: Resampling, ratio: float) -> tuple:
    """Width and height of the blocks: squares for sums, where what one shares with the next is computed twice."""
    side = block_side(ratio)
    return side, side if method is Resampling.SUM else block_height(ratio)


def spans(years: list) -> str:
    """Ascending years as a sentence lists them: 2001-2003, 2005."""
    runs: list = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)

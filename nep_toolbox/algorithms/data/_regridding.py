"""What the tools that bring rasters onto a grid share: the mask, the target and the walk over its blocks."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFeatureSource,
    QgsProcessingUtils,
)

from ...core.zonal.mask import mask_block
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.texts import tr
from ...raster.bounds import Bounds
from ...raster.crs import crs_wkt
from ...raster.grid import Grid
from ...raster.ingest.content import Storage
from ...raster.ingest.resampling import Resampling, WarpedReader, block_side, source_window
from ...raster.ingest.rim import RimReader, rim_block
from ...raster.ingest.target_grid import MAX_CELLS
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
    left, bottom, right, top = area
    # On cells of one unit columns and rows are distances from the corner.
    regions = run.regions(
        Grid(wkt, (left, 1.0, 0.0, top, 0.0, -1.0), math.ceil(right - left), math.ceil(top - bottom))
    )
    if not regions:
        return None
    bounds = [region.envelope for region in regions if any(region.envelope)]
    found = bounds and Bounds.intersection([area, Bounds.union([
        (left + first, top - last_row, left + last, top - first_row) for first, last, first_row, last_row in bounds
    ])])
    if not found:
        raise InvalidParameter("The polygons lie outside of the area of the rasters. Check the CRS of both.")
    return found


@contextmanager
def temporary_folder() -> Iterator[str]:
    """A folder for temporary rasters, where the user wants such files; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="nep-", dir=QgsProcessingUtils.tempFolder()) as folder:
        yield folder


class Regridder:
    """Brings mosaics onto a grid, band by band.

    Parameters
    ----------
    run : Run
    grid : Grid
        The target.
    steps : int
        How many bands there are in all, for the progress bar.
    fill_rim : bool
        Whether cells at the rim take the nearest value, as `RimReader` says; ``filled`` counts them.
    """

    def __init__(self, run, grid: Grid, steps: int, fill_rim: bool = False):
        self.run = run
        self.grid = grid
        self.steps = steps
        self.done = 0
        self.filled = 0
        self.fill_rim = fill_rim
        regions = run.regions(grid)
        self.clip = {"regions": ZoneReader(regions)} if regions else {}

    @property
    def share(self) -> float:
        """The share of the bands that are done."""
        return self.done / self.steps

    def blocks(self, mosaic, name: str, method: Resampling, storage: Storage, folder: str) -> Iterator[tuple]:
        """Windows of the target with their values, (1, height, width); none where mosaic and target do not meet.

        Parameters
        ----------
        mosaic : Mosaic
        name : str
            What the user calls it.
        method : Resampling
        storage : Storage
            What its readers give.
        folder : str
            For the temporary file.
        """
        start = self.share
        self.done += 1
        self.run.advance(start)
        window = source_window(mosaic.grid, self.grid)
        if window is None:
            return
        path = os.path.join(folder, f"{self.done}.tif")
        source = mosaic.write(path, window, storage.data_type, storage.nodata, lambda: self.run.advance(start))
        middle = start + 0.3 / self.steps
        self.run.advance(middle)
        reader = WarpedReader.of(path, name, source, self.grid, method, storage, self.run.log.is_cancelled)
        side = block_side(reader.ratio)
        engine = replace(self.run.engine(middle, self.share), block=(side, side))
        yield from self._masked(reader, engine, storage)
        os.remove(path)

    def _masked(self, reader: WarpedReader, engine, storage: Storage) -> Iterator[tuple]:
        """Blocks of a reader without what lies outside of the polygons."""
        readers = {"stack": RimReader(reader) if self.fill_rim else reader, **self.clip}
        kernel = partial(rim_block if self.fill_rim else mask_block, missing=storage.nodata)
        for window, block in engine.results(kernel, readers, self.grid, engine.block):
            if self.fill_rim:
                block, filled = block
                self.filled += filled
            yield window, block


def spans(years: list) -> str:
    """Ascending years as a sentence lists them: 2001-2003, 2005."""
    runs: list = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)

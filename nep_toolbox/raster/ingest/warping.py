"""Bands on another grid, read window by window with GDAL's warper.

All bands are warped at once, so that a cell of the target is projected once for all of them. GDAL takes coordinates
from the corners of the two rasters it is given, and rounds them. So that a value does not depend on how the target is
cut into windows, these corners are fixed: that of the source, and that of the frame a cell lies in, one of the squares
that cover the target from its own corner on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from osgeo import gdal, gdal_array

from ...core.checkpoint import checkpoint
from ...errors import Cancelled, UnreadableRaster
from ..crs import transformed
from ..gdal_io import collected_errors
from ..grid import Grid, Window
from .content import Storage
from .pieces import Source
from .places import cut, moved, shared, slices
from .resampling import Resampling, block_side, coarsening, margin_of, source_window

#: Memory GDAL may take for what it warps at a time, in megabytes; larger source areas are cut up.
MEMORY = 128

#: Cells of the source GDAL may look at before it is asked whether to go on: half a second.
MOST_LOOKS = 50_000_000

#: What draws on an area of the source so many times as large as its own lies at a pole or the edge of the map.
TORN = 8

#: Side of the tiles of a source that lies in pieces.
TILE = 256

_ALGORITHMS = {
    Resampling.NEAREST: gdal.GRA_NearestNeighbour,
    Resampling.BILINEAR: gdal.GRA_Bilinear,
    Resampling.CUBIC: gdal.GRA_Cubic,
    Resampling.AVERAGE: gdal.GRA_Average,
    Resampling.MODE: gdal.GRA_Mode,
    Resampling.MEDIAN: gdal.GRA_Med,
    Resampling.MINIMUM: gdal.GRA_Min,
    Resampling.MAXIMUM: gdal.GRA_Max,
}

#: How far methods reach from the centre of a target cell, in cells of the coarser grid; all others half a cell.
_REACH = {Resampling.NEAREST: 0.0, Resampling.BILINEAR: 1.0, Resampling.CUBIC: 2.0}


def looks(method: Resampling, ratio: float) -> float:
    """Cells of the source that a method looks at for one of the target, for a coarsening."""
    return (2 * _REACH.get(method, 0.5) * max(1.0, ratio) + 1) ** 2


def bands_at_once(method: Resampling, ratio: float, itemsize: int, room: float, block: tuple) -> int:
    """How many bands can be warped together.

    Parameters
    ----------
    method : Resampling
    ratio : float
        `coarsening` of the grids.
    itemsize : int
        Bytes of a value.
    room : float
        Bytes that a block may take.
    block : tuple of int
        Width and height of the blocks.

    Returns
    -------
    int
        As many as the room holds, of the result and of what one part draws on, and as GDAL warps within half a second.
    """
    (width, height), (cols, rows) = block, _at_a_time()
    margin = 2 * margin_of(ratio)
    cells = width * height + (width * ratio + margin) * (min(rows, height) * ratio + margin)
    by_time = MOST_LOOKS / (looks(method, ratio) * min(width, cols) * min(rows, height))
    return max(1, int(min(room / (itemsize * cells), by_time)))


@dataclass(frozen=True)
class WarpedReader:
    """Reads windows of a target grid from bands on another.

    Parameters
    ----------
    source : Source
    name : str
        What the user calls it.
    target : Grid
    method : Resampling
        Any but AUTOMATIC and SUM.
    ratio : float
        `coarsening` of the two grids.

    Notes
    -----
    Missing cells take no part: an average, a median, a least or greatest value is that of the valid cells, a mode that
    of the valid classes, and the weights of a bilinear or cubic interpolation are shared among the valid cells.
    Nothing is interpolated where the centre of a cell lies in a missing one.
    """

    source: Source
    name: str
    target: Grid
    method: Resampling
    ratio: float

    @classmethod
    def of(cls, source: Source, name: str, target: Grid, method: Resampling) -> WarpedReader:
        """A reader of a source."""
        return cls(source, name, target, method, coarsening(source.grid, target))

    @property
    def storage(self) -> Storage:
        """How values are kept."""
        return self.source.storage

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes: what GDAL warps, and what is handed over."""
        return 2 * self.source.cell_bytes

    def read(self, window: Window) -> np.ndarray:
        """A window of the target: (bands, height, width) in the type of the storage.

        Raises
        ------
        UnreadableRaster, InvalidParameter
            If GDAL cannot warp it, or a file is damaged or holds what the storage cannot.
        """
        values = np.full((self.source.bands, window.height, window.width), self.storage.nodata, self.storage.dtype)
        side = block_side(self.ratio)
        width, height = _at_a_time()
        for frame in cut(self.target.whole, side, side, window):
            for part in cut(frame, max(width, side), height, window):
                checkpoint()
                there = shared(part, window)
                self._fill(values[slices(there, window)], there, part, frame)
        return values

    # Parts of a frame -------------------------------------------------------------------------------------------------

    def _fill(self, values: np.ndarray, window: Window, part: Window, frame: Window) -> None:
        """Write to ``values`` what a window within a part of a frame is."""
        grid, source = self.target.part(part), self.source.grid
        place = source_window(source, grid)
        if place is None:
            return
        margin = margin_of(max(self.ratio, coarsening(source, grid)))
        own = (part.width * self.ratio + 2 * margin) * (part.height * self.ratio + 2 * margin)
        torn = place.width * place.height > TORN * own
        width, height = _at_a_time()
        slow = looks(self.method, self.ratio) * min(width, part.width) * min(height, part.height) > MOST_LOOKS
        if not torn and not slow and _north_up(self.target):
            self._fill_at_once(values, window, place, frame)
            return
        if torn:
            col, row = np.arange(part.width + 1)[np.newaxis, :], np.arange(part.height + 1)[:, np.newaxis]
            points = transformed(*grid.point_at(col, row), grid.wkt, source.wkt)
            pieces = self.source.around(*source.cell_of(*points), margin)
        else:
            pieces = self.source.covering(place)
        for number, band in enumerate(values):
            with self._sparse(pieces, number) as given:
                band[...] = self.warped(given, part, self.method)[slices(window, part)][0]

    def _fill_at_once(self, values: np.ndarray, window: Window, place: Window, frame: Window) -> None:
        """The same of all bands at once, from cells of the source that lie in one place."""
        cells = self.source.read(place)
        given = self._within_the_source(cells, place)
        self._read(self._virtual(given, frame, self.method), values, window, frame)
        if self.method in (Resampling.BILINEAR, Resampling.CUBIC) and np.isnan(cells).any():
            # GDAL does so by itself where there is one band only.
            centres = np.empty_like(values)
            self._read(self._virtual(given, frame, Resampling.NEAREST), centres, window, frame)
            values[np.isnan(centres)] = np.nan

    # GDAL -------------------------------------------------------------------------------------------------------------

    def _within_the_source(self, cells: np.ndarray, place: Window) -> gdal.Dataset:
        """A dataset of the whole source that has some cells, in which all else is missing."""
        grid = self.source.grid
        memory = gdal_array.OpenArray(cells)
        for number in range(1, len(cells) + 1):
            memory.GetRasterBand(number).SetNoDataValue(self.storage.nodata)
        dataset = self._checked(gdal.Translate, "", memory, options=gdal.TranslateOptions(
            format="VRT", srcWin=[-place.col, -place.row, grid.width, grid.height],
        ))
        dataset.SetProjection(grid.wkt)
        dataset.SetGeoTransform(grid.transform)
        return dataset

    @contextmanager
    def _sparse(self, pieces: set, number: int) -> Iterator[gdal.Dataset]:
        """A dataset of one band of the whole source that has some pieces, in which all else is missing."""
        grid, path = self.source.grid, f"/vsimem/nep-{uuid.uuid4().hex}.tif"
        dataset = gdal.GetDriverByName("GTiff").Create(
            path, grid.width, grid.height, 1, self.storage.data_type,
            ["TILED=YES", f"BLOCKXSIZE={TILE}", f"BLOCKYSIZE={TILE}", "SPARSE_OK=TRUE", "BIGTIFF=IF_SAFER"],
        )
        try:
            dataset.SetProjection(grid.wkt)
            dataset.SetGeoTransform(grid.transform)
            band = dataset.GetRasterBand(1)
            band.SetNoDataValue(self.storage.nodata)
            for place, values in self.source.pieces(pieces):
                band.WriteArray(np.ascontiguousarray(values[number]), place.col, place.row)
            yield dataset
        finally:
            band = dataset = None
            gdal.Unlink(path)

    def _options(self, method: Resampling, nodata, **more) -> gdal.GDALWarpAppOptions:
        # GDAL would else guess the ratio of the cells, wrongly where the source covers only part of the window.
        scale = min(1.0, 1.0 / self.ratio)
        return gdal.WarpOptions(
            resampleAlg=_ALGORITHMS[method], srcNodata=repr(nodata), dstNodata=repr(nodata),
            # Every cell is projected by itself: an approximation along the rows would make a value depend on the extent
            # of the result. It costs a microsecond a cell.
            errorThreshold=0.0, warpMemoryLimit=MEMORY,
            warpOptions=["SAMPLE_GRID=YES", f"XSCALE={scale!r}", f"YSCALE={scale!r}", "UNIFIED_SRC_NODATA=NO"],
            **more,
        )

    def _virtual(self, source: gdal.Dataset, frame: Window, method: Resampling) -> gdal.Dataset:
        """A dataset of a frame that is warped as it is read."""
        place = self.target.part(frame)
        x, a, _b, y, _d, e = place.transform
        return self._checked(gdal.Warp, "", source, options=self._options(
            method, self.storage.nodata, format="VRT", dstSRS=place.wkt, xRes=a, yRes=-e,
            outputBounds=(x, y + e * place.height, x + a * place.width, y),
        ))

    def _read(self, warped: gdal.Dataset, values: np.ndarray, window: Window, frame: Window) -> None:
        for block in cut(frame, *_at_a_time(), window):
            checkpoint()
            there = shared(block, window)
            place = moved(there, frame)
            values[slices(there, window)] = self._checked(
                warped.ReadAsArray, place.col, place.row, place.width, place.height
            )

    def warped(self, source: gdal.Dataset, window: Window, method: Resampling, data_type: int | None = None,
               nodata: float | None = None) -> np.ndarray:
        """What a dataset on cells of the source is in a window of the target: (bands, height, width).

        GDAL cuts its work to the memory it may take, and asks for each row whether to go on.

        Parameters
        ----------
        source : gdal.Dataset
        window : Window
        method : Resampling
        data_type, nodata
            Of the dataset, where they are not those of the storage.

        Raises
        ------
        UnreadableRaster
            If GDAL cannot warp it.
        """
        data_type = self.storage.data_type if data_type is None else data_type
        nodata = self.storage.nodata if nodata is None else nodata
        place, bands = self.target.part(window), source.RasterCount
        result = gdal.GetDriverByName("MEM").Create("", window.width, window.height, bands, data_type)
        result.SetGeoTransform(place.transform)
        result.SetProjection(place.wkt)
        for number in range(1, bands + 1):
            result.GetRasterBand(number).SetNoDataValue(nodata)
            result.GetRasterBand(number).Fill(nodata)
        self._checked(gdal.Warp, result, source, options=self._options(method, nodata, callback=_goes_on))
        return result.ReadAsArray().reshape(bands, window.height, window.width)

    def _checked(self, work, *arguments, **options):
        """What GDAL gives; raises UnreadableRaster where that is nothing, and Cancelled after a cancel."""
        with collected_errors() as messages:
            try:
                done = work(*arguments, **options)
            except RuntimeError as error:
                done = None
                messages.append(str(error))
        checkpoint()
        if done is None or isinstance(done, int) and not done:
            raise UnreadableRaster(
                f"'{self.name}' cannot be resampled: {messages[-1] if messages else 'no reason given'}. Check its CRS."
            )
        return done


def _goes_on(*_progress) -> int:
    """GDAL's question whether to go on."""
    try:
        checkpoint()
    except Cancelled:
        return 0
    return 1


def _north_up(grid: Grid) -> bool:
    """Whether rows run from west to east and columns from north to south: GDAL warps nothing else as it is read."""
    _x, a, b, _y, d, e = grid.transform
    return not b and not d and a > 0 > e


@lru_cache(maxsize=1)
def _at_a_time() -> tuple:
    """Width and height of the blocks in which GDAL warps what is warped as it is read."""
    dataset = gdal.GetDriverByName("MEM").Create("", 1, 1)
    dataset.SetGeoTransform((0.0, 4096.0, 0.0, 0.0, 0.0, -4096.0))
    warped = gdal.Warp("", dataset, options=gdal.WarpOptions(format="VRT", xRes=1.0, yRes=1.0))
    return tuple(warped.GetRasterBand(1).GetBlockSize())

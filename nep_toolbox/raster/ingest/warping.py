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
from osgeo import gdal

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

#: Side of the tiles in which cells of the source are handed to GDAL.
TILE = 256

_ALGORITHMS = {
    Resampling.NEAREST: gdal.GRA_NearestNeighbour,
    Resampling.BILINEAR: gdal.GRA_Bilinear,
    Resampling.CUBIC: gdal.GRA_Cubic,
    Resampling.AVERAGE: gdal.GRA_Average,
    Resampling.MODE: gdal.GRA_Mode,
}

#: How far methods reach from the centre of a target cell, in cells of the coarser grid.
_REACH = {Resampling.NEAREST: 0.0, Resampling.BILINEAR: 1.0, Resampling.CUBIC: 2.0, Resampling.AVERAGE: 0.5,
          Resampling.MODE: 0.5}


def looks(method: Resampling, ratio: float) -> float:
    """Cells of the source that a method looks at for one of the target, for a coarsening."""
    return (2 * _REACH[method] * max(1.0, ratio) + 1) ** 2


def bands_at_once(method: Resampling, ratio: float, itemsize: int, room: float, height: int) -> int:
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
    height : int
        Of the blocks.

    Returns
    -------
    int
        As many as the room holds, of the result and of what one part draws on, and as GDAL warps within half a second.
    """
    side, (width, rows) = block_side(ratio), _at_a_time()
    margin = 2 * margin_of(ratio)
    cells = side * height + (side * ratio + margin) * (min(rows, height) * ratio + margin)
    by_time = MOST_LOOKS / (looks(method, ratio) * min(width, side) * min(rows, side))
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
        Any but AUTOMATIC.
    ratio : float
        `coarsening` of the two grids.

    Notes
    -----
    Missing cells take no part: an average is that of the valid cells, a mode that of the valid classes, and the
    weights of a bilinear or cubic interpolation are shared among the valid cells. Nothing is interpolated where the
    centre of a cell lies in a missing one.
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
        places, torn = self._places(part)
        if not places:
            return
        width, height = _at_a_time()
        slow = looks(self.method, self.ratio) * min(width, part.width) * min(height, part.height) > MOST_LOOKS
        with self._handed(places) as given:
            warped = None if torn or slow else self._virtual(given, frame, self.method)
            if warped is None:
                place = slices(window, part)
                for number, band in enumerate(values):
                    band[...] = self.warped(self._alone(given, number), part, self.method)[place][0]
                return
            self._read(warped, values, window, frame)
            if self.method in (Resampling.BILINEAR, Resampling.CUBIC) and self.source.bands > 1:
                centres = np.empty_like(values)
                self._read(self._virtual(given, frame, Resampling.NEAREST), centres, window, frame)
                values[np.isnan(centres)] = np.nan

    def _places(self, part: Window) -> tuple:
        """The pieces of the source that a part of the target draws on, and whether they lie apart."""
        grid, source = self.target.part(part), self.source.grid
        window = source_window(source, grid)
        if window is None:
            return set(), False
        margin = margin_of(max(self.ratio, coarsening(source, grid)))
        own = (part.width * self.ratio + 2 * margin) * (part.height * self.ratio + 2 * margin)
        if window.width * window.height <= TORN * own:
            return self.source.covering(window), False
        col, row = np.arange(part.width + 1)[np.newaxis, :], np.arange(part.height + 1)[:, np.newaxis]
        u, v = transformed(*grid.point_at(col, row), grid.wkt, source.wkt)
        return self.source.around(*source.cell_of(u, v), margin), True

    # GDAL -------------------------------------------------------------------------------------------------------------

    @contextmanager
    def _handed(self, places: set) -> Iterator[gdal.Dataset]:
        """Some pieces in a dataset of the whole source, in memory, in which all else is missing."""
        grid, path = self.source.grid, f"/vsimem/nep-{uuid.uuid4().hex}.tif"
        dataset = gdal.GetDriverByName("GTiff").Create(
            path, grid.width, grid.height, self.source.bands, self.storage.data_type,
            ["TILED=YES", f"BLOCKXSIZE={TILE}", f"BLOCKYSIZE={TILE}", "INTERLEAVE=BAND", "SPARSE_OK=TRUE",
             "BIGTIFF=IF_SAFER"],
        )
        try:
            dataset.SetProjection(grid.wkt)
            dataset.SetGeoTransform(grid.transform)
            dataset.GetRasterBand(1).SetNoDataValue(self.storage.nodata)
            for place, values in self.source.pieces(places):
                for number, band in enumerate(values, start=1):
                    dataset.GetRasterBand(number).WriteArray(np.ascontiguousarray(band), place.col, place.row)
            yield dataset
        finally:
            dataset = None
            gdal.Unlink(path)

    @staticmethod
    def _alone(dataset: gdal.Dataset, number: int) -> gdal.Dataset:
        """A dataset of one band of another one."""
        return dataset if dataset.RasterCount == 1 else gdal.Translate("", dataset, format="VRT", bandList=[number + 1])

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

    def _virtual(self, source: gdal.Dataset, frame: Window, method: Resampling) -> gdal.Dataset | None:
        """A dataset of a frame that is warped as it is read; None where GDAL has none of such cells."""
        place = self.target.part(frame)
        x, a, b, y, d, e = place.transform
        if b or d or not a > 0 > e:
            return None
        warped = self._checked(gdal.Warp, "", source, options=self._options(
            method, self.storage.nodata, format="VRT", dstSRS=place.wkt, xRes=a, yRes=-e,
            outputBounds=(x, y + e * place.height, x + a * place.width, y),
        ))
        same = (warped.RasterXSize, warped.RasterYSize) == (place.width, place.height)
        return warped if same and tuple(warped.GetGeoTransform()) == place.transform else None

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


@lru_cache(maxsize=1)
def _at_a_time() -> tuple:
    """Width and height of the blocks in which GDAL warps what is warped as it is read."""
    dataset = gdal.GetDriverByName("MEM").Create("", 1, 1)
    dataset.SetGeoTransform((0.0, 4096.0, 0.0, 0.0, 0.0, -4096.0))
    warped = gdal.Warp("", dataset, options=gdal.WarpOptions(format="VRT", xRes=1.0, yRes=1.0))
    return tuple(warped.GetRasterBand(1).GetBlockSize())

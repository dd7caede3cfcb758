"""Readers of rasters on another grid, for tests."""

from __future__ import annotations

from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.ingest.content import NUMBERS, Storage
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece, Stored
from nep_toolbox.raster.ingest.pieces import Source
from nep_toolbox.raster.ingest.resampling import Resampling
from nep_toolbox.raster.ingest.warping import WarpedReader
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, bands_of


def source_of(layer: Layer, store: Storage = NUMBERS) -> Source:
    """All bands of a layer."""
    bands = bands_of(layer)
    steps, grid = tuple(band.steps[0] for band in bands), bands[0].grid
    if store.fractions:
        mosaics = [Mosaic.of([Piece(StackReader(steps), grid, layer.name, len(steps))])]
    else:
        mosaics = [Mosaic.of([Piece(Stored(step, store.nodata, store.dtype), grid, layer.name)]) for step in steps]
    return Source(mosaics, grid.whole, store)


def warped_reader(layer: Layer, target: Grid, method: Resampling, store: Storage = NUMBERS) -> WarpedReader:
    """A reader of all bands of a layer on another grid."""
    return WarpedReader.of(source_of(layer, store), layer.name, target, method)

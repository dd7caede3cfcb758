"""What tools with regions share: gathering their sums block by block."""

from __future__ import annotations

from functools import partial, reduce

import numpy as np

from ..core.kernels import zonal_block
from ..core.zonal import ZonalSums
from ..raster.grid import CellAreas
from ..raster.reader import StackReader
from ..raster.series import Series
from ..raster.zones import ZoneReader
from .regions import ALL


def gather(run, engine, series: Series, kernel, extra_readers: list, bytes_per_cell: float):
    """Run a reduction over a series, its cell areas, further readers and the regions of the run.

    ``kernel`` takes them in this order and returns something with ``merge``.
    """
    regions = run.regions(series.grid)
    readers = [StackReader.of(series), CellAreas(series.grid), *extra_readers]
    if regions:
        readers.append(ZoneReader(regions))
    shape = run.plan(engine, series.grid, readers, bytes_per_cell)
    parts = engine.results(partial(kernel, regions=len(regions)), readers, series.grid, shape)
    total = reduce(lambda one, other: one.merge(other), (part for _window, part in parts))
    return total, [ALL, *(region.name for region in regions)]


def zonal_statistics(run, engine, series: Series) -> tuple:
    """Statistics of the whole raster and of the regions.

    Returns
    -------
    (dict of arrays (steps, zones), list of str)
        From `ZonalSums.statistics`, and the names of the zones. Regions without a single value are named in the log.
    """
    total: ZonalSums
    total, names = gather(run, engine, series, zonal_block, [], 8.0 * (3 * len(series.steps) + 6))
    found = total.statistics()
    warn_of_empty(run, names, found["pixels"])
    return found, names


def warn_of_empty(run, names: list, pixels: np.ndarray) -> None:
    """Name the zones that have no value in any step, or in some."""
    for name, counts in zip(names, pixels.T):
        if not counts.any():
            why = "it lies outside of the raster, holds no cell centre (it is smaller than a cell) or only missing values"
            run.warn(f"The region '{name}' has no value: {why}." if name != ALL else "The raster has no valid value.")
        elif not counts.all() and name == ALL:
            run.warn("The raster has no valid value in some years.")

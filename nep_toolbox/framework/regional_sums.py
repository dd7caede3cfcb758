"""What tools with regions share: gathering their sums block by block."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..core.zonal.blocks import zonal_block
from ..core.zonal.reduction import Total
from ..core.zonal.statistics import empty_sums
from ..raster.cells import CellAreas
from ..raster.reader import StackReader
from ..raster.series import Series
from ..raster.zones import ZoneReader
from .regions import ALL

#: Working memory of a cell beside the inputs: its area and coordinates, and its place among those of regions.
BYTES_PER_CELL = 72.0


def gather(run, series: Series, kernel, extra_readers: dict, empty, part: tuple = (0.0, 1.0)):
    """Run a reduction over a series, its cell areas, further readers and the regions of the run.

    Parameters
    ----------
    kernel : callable
        Takes them in this order and gives sums, patch by patch, as `core.zonal.reduction.sum_patches` does.
    empty : callable
        Takes the number of steps and of zones and gives the sums of nothing.

    Returns
    -------
    (sums, list of str)
        The sums of all blocks, and the names of the zones: the whole raster, then the regions.
    """
    regions = run.regions(series.grid)
    readers = {"stack": StackReader.of(series), "cell_area": CellAreas(series.grid), **extra_readers}
    if regions:
        readers["regions"] = ZoneReader(regions)
    total = Total(partial(empty, len(series.steps), len(regions) + 1))
    for window, strips in run.blocks(kernel, readers, series.grid, BYTES_PER_CELL, part=part):
        total.add(strips, last=window.col + window.width == series.grid.width)
    return total.sums, [ALL, *(region.name for region in regions)]


def zonal_statistics(run, series: Series, part: tuple = (0.0, 1.0)) -> tuple:
    """Statistics of the whole raster and of the regions.

    Returns
    -------
    (dict of arrays (steps, zones), list of str)
        From `ZonalSums.statistics`, and the names of the zones. Regions without a single value are named in the log.
    """
    sums, names = gather(run, series, zonal_block, {}, empty_sums, part)
    found = sums.statistics()
    warn_of_empty(run, names, found["pixels"], series.years)
    return found, names


def warn_of_empty(run, names: list, pixels: np.ndarray, years=(), common_mask: bool = False) -> None:
    """Name the zones that have no value in any step, and the years in which the raster has none.

    ``pixels`` (steps, zones) are those that take part; with ``common_mask`` only pixels with a value in every step do.
    """
    if not pixels[:, 0].any():
        run.log.warn(
            "No pixel has a value in every year. Leave out the years without values, or switch "
            "⟨COMMON_MASK⟩ off." if common_mask else "The raster has no valid value."
        )
        return
    lost = ", ".join(str(year) for year, count in zip(years, pixels[:, 0]) if count == 0)
    if lost:
        run.log.warn(f"The raster has no valid value in {lost}.")
    empty = [f"'{name}'" for name, counts in zip(names[1:], pixels.T[1:]) if not counts.any()]
    if empty:
        values = "no pixel with a value in every year" if common_mask else "only missing values"
        run.log.warn(
            f"No value in the region {', '.join(empty)}: it lies outside of the raster, holds no cell centre (it is "
            f"smaller than a cell) or {values}."
        )

"""Quantiles of regions: readings of a series until they are found."""

from __future__ import annotations

import math
import re
from functools import partial

import numpy as np

from ..core.zonal.quantiles import Bins, QuantileSearch, binned_block
from ..errors import InvalidParameter
from ..raster.grid import Window
from ..raster.reader import StackReader
from ..raster.series import Series
from .regional_sums import region_reader
from .texts import tr

#: Working memory of a cell beside the inputs: the cells of regions with their weights, and the values of one step.
BYTES_PER_CELL = 96.0


def parse_quantiles(text: str) -> dict:
    """Quantiles as a user writes them, such as "0.1, 0.5, 0.9".

    Returns
    -------
    dict of str to float
        Quantiles, 0 to 1, by the name of their column: ``q10``, ``q50``, ``q90``, and ``q02_5`` of 0.025.

    Raises
    ------
    InvalidParameter
        For what is no number from 0 to 1.
    """
    found = {}
    for part in filter(None, (each.strip() for each in re.split("[,;，；、]", text))):
        try:
            share = float(part)
        except ValueError:
            share = math.nan
        if not 0.0 <= share <= 1.0:
            raise InvalidParameter(
                tr("'{}' in ⟨QUANTILES⟩ is no number from 0 to 1. Write quantiles as shares with a point, separated by "
                   "commas: 0.1,0.5,0.9 (0.5 is the median).").format(part)
            )
        whole, _, digits = f"{100.0 * abs(share):.10f}".partition(".")
        digits = digits.rstrip("0")
        found[f"q{whole:0>2}" + (f"_{digits}" if digits else "")] = share
    return found


def zonal_quantiles(run, series: Series, shares: list, known: dict, *, part: tuple = (0.0, 1.0),
                    fractions: bool = False, common_mask: bool = False) -> np.ndarray:
    """Quantiles of the whole raster and of the regions, weighted by area.

    Parameters
    ----------
    shares : list of float
        The quantiles, 0 to 1.
    known : dict of arrays (n, zones)
        The statistics from `zonal_statistics` with the same options.
    part, fractions, common_mask
        As for `zonal_statistics`.

    Returns
    -------
    float64 array (quantiles, n, zones)
        NaN where there is no value.
    """
    grid, regions, areas = series.grid, run.regions(series.grid), run.cell_areas(series.grid)
    readers = {"stack": StackReader.of(series), "cell_area": areas}
    if regions:
        readers["regions"] = region_reader(regions, fractions)
    search = QuantileSearch(shares, known["min"], known["max"])
    engine = run.engine(*part)
    shape = engine.shape(grid, readers, BYTES_PER_CELL)
    unit = float(areas.read(Window(0, 0, 1, 1))[0, 0])
    start, end = part
    while not search.done:
        kernel = partial(binned_block, brackets=search.brackets, unit=unit, common_mask=common_mask)
        bins, middle = Bins.empty(search.brackets), start + (end - start) / 3
        for _window, block in run.blocks(kernel, readers, grid, BYTES_PER_CELL, part=(start, middle), shape=shape):
            bins.add(block)
        search.narrow(bins)
        start = middle
    return search.found

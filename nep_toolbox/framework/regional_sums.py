"""What tools with regions share: gathering their sums block by block."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from ..core.zonal.blocks import zonal_block
from ..core.zonal.reduction import Total
from ..core.zonal.statistics import empty_sums
from ..raster.reader import StackReader
from ..raster.series import Series
from ..raster.zones import ALL, FractionReader, ZoneReader
from .texts import tr

#: Working memory of a cell beside the inputs: its part of the sums of runs, where regions are small and runs short.
BYTES_PER_CELL = 72.0

#: The same where regions cover cells in part: each cell at a border has its sums in every region that it lies in.
BYTES_PER_CELL_IN_PARTS = 150.0


#: Regions with values on less than this share of their area, in percent, are pointed out.
LEAST_COVERAGE = 10.0


class Zones(NamedTuple):
    """What sums are taken over: the whole raster, then the regions.

    Attributes
    ----------
    names : list of str
    areas : float64 array (zones,)
        Of the polygons, m2; NaN for the whole raster and where it is not known.
    """

    names: list
    areas: np.ndarray

    @classmethod
    def of(cls, regions: tuple) -> Zones:
        """The whole raster and some regions."""
        return cls([ALL, *(region.name for region in regions)],
                   np.array([np.nan, *(region.area or np.nan for region in regions)]))

    def coverage(self, covered: np.ndarray) -> np.ndarray:
        """How much of the area of each region has a value, in percent; NaN for the whole raster.

        ``covered`` (steps, zones) is the area of the pixels with a value, m2. A pixel belongs as a whole to the region
        that its centre lies in, so a region may be covered by a little more than its area.
        """
        return 100.0 * covered / self.areas

    def mean_coverage(self, covered: np.ndarray) -> np.ndarray:
        """The mean `coverage` (zones,) over the steps in which a region has a value; 0 where it has none."""
        steps = (covered > 0).sum(axis=0)
        return self.coverage(covered.sum(axis=0) / np.maximum(steps, 1))


def region_reader(regions: tuple, fractions: bool) -> FractionReader | ZoneReader:
    """Reads which cells lie in which region: how much of each, or those whose centre does."""
    return FractionReader(regions) if fractions else ZoneReader(regions)


def gather(run, series: Series, kernel, extra_readers: dict, empty, part: tuple = (0.0, 1.0), fractions: bool = False):
    """Run a reduction over a series, its cell areas, further readers and the regions of the run.

    Parameters
    ----------
    kernel : callable
        Takes them in this order and gives `core.zonal.reduction.PatchSums`.
    empty : callable
        Takes the number of steps and of zones and gives the sums of nothing.
    part : (start, end)
        Of the run, for the progress bar.
    fractions : bool
        Whether pixels belong to regions by the share that lies in them.

    Returns
    -------
    (sums, Zones)
        The sums of all blocks, and the zones.
    """
    regions = run.regions(series.grid)
    readers = {"stack": StackReader.of(series), "cell_area": run.cell_areas(series.grid), **extra_readers}
    if regions:
        readers["regions"] = region_reader(regions, fractions)
    total = Total(partial(empty, len(series.steps), len(regions) + 1))
    bytes_per_cell = BYTES_PER_CELL_IN_PARTS if fractions else BYTES_PER_CELL
    for window, strips in run.blocks(kernel, readers, series.grid, bytes_per_cell, part=part):
        total.add(strips, last=window.ends_row_of(series.grid))
    return total.sums, Zones.of(regions)


def zonal_statistics(run, series: Series, part: tuple = (0.0, 1.0), *, fractions: bool = False,
                     common_mask: bool = False) -> tuple:
    """Statistics of the whole raster and of the regions.

    Parameters
    ----------
    part, fractions
        As for `gather`.
    common_mask : bool
        Only pixels with a value in every step take part.

    Returns
    -------
    (dict of arrays (steps, zones), Zones)
        From `ZonalSums.statistics`, and the zones. Regions without a single value are named in the log.
    """
    sums, zones = gather(
        run, series, partial(zonal_block, common_mask=common_mask), {},
        partial(empty_sums, pixels=np.float64 if fractions else np.int64), part, fractions,
    )
    found = sums.statistics()
    warn_of_empty(run, zones.names, found["pixels"], series.years, common_mask, fractions)
    if common_mask:
        run.log.info(tr("Pixels with a value in every year: {:,.0f}").format(found["pixels"][0, 0]))
    return found, zones


def warn_of_empty(run, names: list, pixels: np.ndarray, years=(), common_mask: bool = False,
                  fractions: bool = False) -> None:
    """Name the zones that have no value in any step, and the years in which the raster has none.

    ``pixels`` (steps, zones) are those that take part; with ``common_mask`` only pixels with a value in every step do,
    and with ``fractions`` also those whose centre lies beyond a region.
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
    values = "no pixel with a value in every year" if common_mask else "only missing values"
    warn_of_empty_regions(run, names[1:], pixels[:, 1:].sum(axis=0), values, fractions)


def warn_of_empty_regions(run, names: list, pixels: np.ndarray, values: str, fractions: bool = False) -> None:
    """Name the regions in which no pixel takes part; ``values`` tells what pixels of theirs lack."""
    empty = ", ".join(f"'{name}'" for name, count in zip(names, pixels) if count == 0)
    if not empty:
        return
    text = tr("No value in the region {}: it lies outside of the raster or {}.") if fractions else tr(
        "No value in the region {}: it lies outside of the raster, holds no cell centre (it is smaller than a cell) "
        "or {}."
    )
    run.log.warn(text.format(empty, values))


def sparse_regions(run, zones: Zones, covered: np.ndarray) -> dict:
    """The regions that are covered by less than `LEAST_COVERAGE`, and by how much; the log names them.

    ``covered`` as for `Zones.coverage`. Regions without a value are not among them: see `warn_of_empty`.
    """
    share = zones.mean_coverage(covered)
    sparse = {
        name: float(percent) for name, percent in zip(zones.names, share) if 0.0 < percent < LEAST_COVERAGE
    }
    if sparse:
        named = ", ".join(f"'{name}' ({percent:.2g} %)" for name, percent in sparse.items())
        run.log.warn(
            f"Little of these regions has values (less than {LEAST_COVERAGE:g} % of their area), so that their numbers "
            f"may not stand for them: {named}."
        )
    return sparse

"""Maps of classes: how they are computed, drawn, logged and tabulated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable

import numpy as np
from osgeo import gdal

from ..core.class_areas import class_table
from ..core.exact_sums import as_float
from ..raster.grid import Grid
from ..raster.zones import ALL, ZoneReader
from ..styling.styles import Classes
from .outputs import RasterResult
from .regional_sums import Zones, sparse_regions, warn_of_empty_regions
from .run import Run
from .texts import tr

#: Columns of a table of classes.
CLASS_TABLE = {"class": "integer", "label": "text", "pixels": "count", "area_km2": "number", "percent": "number"}

#: What its help says.
CLASS_TABLE_HELP = "Pixels, area in km2 and share of each class; with ⟨REGIONS⟩ in each region too."

#: Working memory of a cell with regions: its class and its place among those of a region.
_REGIONAL_BYTES = 32.0


@dataclass(frozen=True)
class ClassScheme:
    """The classes of a map.

    Parameters
    ----------
    labels, colours : dict of int to str
        By code, in the order of the legend.
    rare : tuple of int
        Codes that the legend names only where they occur.
    """

    labels: dict
    colours: dict
    rare: tuple = ()

    @property
    def first(self) -> int:
        """The smallest code: the first row of the areas that a kernel gives."""
        return min(self.labels)

    def shown(self, areas) -> dict:
        """The labels of the legend, given the areas of the classes."""
        return {
            code: label for code, label in self.labels.items() if code not in self.rare or areas[code - self.first, 0]
        }

    def style(self, areas) -> Classes:
        """How the map is drawn, given the areas of the classes."""
        return Classes.of(self.shown(areas), self.colours)


def class_map(scheme: ClassScheme, key: str, title: str, band: str) -> RasterResult:
    """A raster of class codes; `map_classes` gives it the style of the scheme."""
    return RasterResult(key, title, (band,), scheme, data_type=gdal.GDT_Int16)


def map_classes(run: Run, scheme: ClassScheme, kernel: Callable, readers: dict, grid: Grid, results: dict,
                bytes_per_cell: float, *, regions: tuple = (), tabulated: tuple = ("TABLE",),
                columns: dict = CLASS_TABLE, tallied: type | None = None, told: bool = False,
                each: Callable | None = None, before_table: Callable | None = None, **blocks) -> tuple:
    """Compute maps block by block, tell the share of each class, and write the table of classes.

    With regions the table has a first column ``region``: the rows of the whole raster, then those of each region.

    Parameters
    ----------
    run : Run
    scheme : ClassScheme
    kernel, readers, grid, bytes_per_cell, results, blocks
        As for `Run.blocks`. The kernel takes ``cell_area`` and ``regions`` too and gives what
        `core.class_areas.areas_of_map` does.
    regions : tuple of Region
        From `Run.regions`.
    tabulated : tuple of str
        The results that need areas beside pixels.
    columns, tallied
        The columns of the table, but for that of the regions, and a kind of `Tally` whose rows have these.
    told : bool
        Whether the tool itself warns of regions without values.
    each : callable
        Takes the window of each block and what the kernel gives for it.
    before_table : callable
        Called when all blocks are computed; it may raise.

    Returns
    -------
    areas : array
        As `core.class_areas.class_areas` gives them.
    rows : list
        Of the table, those of the whole raster, without the column of the regions.
    """
    if run.outputs.is_requested(*tabulated):
        readers = {"cell_area": run.cell_areas(grid), **readers}
    tally = (tallied or Tally)(scheme, regions if run.outputs.is_requested("TABLE") else ())
    if tally.regions:
        readers, bytes_per_cell = {"regions": ZoneReader(regions), **readers}, bytes_per_cell + _REGIONAL_BYTES
    drawn = {
        name: replace(result, style=lambda: scheme.style(tally.areas)) if result.style is scheme else result
        for name, result in results.items()
    }
    for window, block in run.blocks(kernel, readers, grid, bytes_per_cell, results=drawn, **blocks):
        tally.add(block)
        if each is not None:
            each(window, block)
    if before_table is not None:
        before_table()
    run.log.class_areas(tally.areas, scheme.first, scheme.labels, int(tally.no_result[0, 0]))
    if not told:
        warn_of_regions(run, [tally])
    rows = tally.rows()
    if tally.regions:
        run.outputs.table("TABLE", {"region": "text", **columns}, tally.regional_rows(rows))
    else:
        run.outputs.table("TABLE", columns, rows)
    return tally.areas, rows


class Tally:
    """Adds up the areas of the classes, in the whole raster and in regions.

    Attributes
    ----------
    areas, no_result : arrays
        Of the whole raster, as `core.class_areas.areas_of_map` gives them.
    regions : tuple of Region
    """

    def __init__(self, scheme: ClassScheme, regions: tuple):
        self.areas = self.no_result = 0
        self.regions = regions
        self._scheme = scheme
        kinds = max(scheme.labels) - scheme.first + 2  # the last is that without a result
        self._regional = np.zeros((len(regions), kinds, 2), dtype=object)

    def add(self, block: dict) -> None:
        """Take what the kernel gives for a block."""
        self.areas, self.no_result = self.areas + block["class_areas"], self.no_result + block["no_result"]
        if self.regions:
            for region, areas in block["regional_areas"].items():
                self._regional[region] += areas

    def rows(self) -> list:
        """The rows of the table for the whole raster."""
        return class_table(self.areas, self._scheme.first, self._scheme.labels, self.no_result)

    def regional_rows(self, whole: list) -> list:
        """The rows of the table with regions, given those of the whole raster."""
        rows = [(ALL, *row) for row in whole]
        for region, areas in zip(self.regions, self._regional):
            found = class_table(areas[:-1], self._scheme.first, self._scheme.labels, areas[-1:])
            rows += [(region.name, *row) for row in found]
        return rows

    @property
    def regional(self) -> np.ndarray:
        """Pixels and area of the regions, all classes together: object array (regions, 2)."""
        return self._regional.sum(axis=1)


def warn_of_regions(run: Run, tallies: list) -> None:
    """Warn of regions in which no pixel, or few, have enough values; ``tallies`` are those of each step."""
    sums, regions = np.array([tally.regional for tally in tallies]), tallies[0].regions
    names = [region.name for region in regions]
    warn_of_empty_regions(run, names, sums[:, :, 0].sum(axis=0), tr("no pixel with enough values"))
    covered = [[0.0, *(as_float(area) for area in step)] for step in sums[:, :, 1]]
    sparse_regions(run, Zones.of(regions), np.array(covered))

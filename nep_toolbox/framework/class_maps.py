"""Maps of classes: how they are computed, drawn, logged and tabulated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable

from osgeo import gdal

from ..core.class_areas import class_table
from ..raster.grid import Grid
from ..styling.styles import Classes
from .outputs import RasterResult
from .run import Run

#: Columns of a table of classes.
CLASS_TABLE = {"class": "integer", "label": "text", "pixels": "count", "area_km2": "number", "percent": "number"}


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
                bytes_per_cell: float, *, tabulated: tuple = ("TABLE",), columns: dict = CLASS_TABLE,
                each: Callable | None = None, before_table: Callable | None = None, **blocks) -> tuple:
    """Compute maps block by block, tell the share of each class, and write the table of classes.

    Parameters
    ----------
    run : Run
    scheme : ClassScheme
    kernel, readers, grid, bytes_per_cell, results, blocks
        As for `Run.blocks`. The kernel takes ``cell_area`` too and gives ``class_areas``, and
        ``no_result``: pixels and area where there are enough values but no class, as `core.class_areas.area_of`.
    tabulated : tuple of str
        The results that need areas beside pixels.
    columns : dict
        Of the table.
    each : callable
        Takes the window of each block and what the kernel gives for it.
    before_table : callable
        Called when all blocks are computed; it may raise.

    Returns
    -------
    areas : array
        As `core.class_areas.class_areas` gives them.
    rows : list
        Of the table.
    """
    if run.outputs.is_requested(*tabulated):
        readers = {"cell_area": run.cell_areas(grid), **readers}
    areas = no_result = 0
    drawn = {
        name: replace(result, style=lambda: scheme.style(areas)) if result.style is scheme else result
        for name, result in results.items()
    }
    for window, block in run.blocks(kernel, readers, grid, bytes_per_cell, results=drawn, **blocks):
        areas, no_result = areas + block["class_areas"], no_result + block["no_result"]
        if each is not None:
            each(window, block)
    if before_table is not None:
        before_table()
    run.log.class_areas(areas, scheme.first, scheme.labels, int(no_result[0, 0]))
    rows = class_table(areas, scheme.first, scheme.labels, no_result)
    run.outputs.table("TABLE", columns, rows)
    return areas, rows

"""Tables of regions as layers of their polygons."""

from __future__ import annotations

from typing import Callable

from qgis.core import QgsWkbTypes

from ..raster.grid import Grid
from .texts import tr


def write_regions(run, name: str, columns: dict, rows: list, grid: Grid, style: Callable,
                  headings: dict | None = None) -> None:
    """Write the regions of a run with their numbers, if that layer was asked for.

    Parameters
    ----------
    run : Run
    name, columns, headings
        As for `Outputs.table`.
    rows : list of sequence
        Of the whole raster, which has no polygon here, and of the regions in their order.
    grid : Grid
        Of the rasters; the polygons keep the CRS that they were given in.
    style : callable
        Takes the layer and styles it.
    """
    if not run.outputs.is_requested(name):
        return
    shapes = run.region_shapes(grid)
    if not shapes.geometries:
        run.log.warn(
            tr("⟨{}⟩ is an empty layer, for there are no regions: choose ⟨REGIONS⟩, or leave it out.").format(name)
        )
    run.outputs.features(
        name, columns, list(zip(shapes.geometries, rows[1:])), QgsWkbTypes.Type.MultiPolygon, shapes, style, headings
    )

"""Where a study lies."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsRectangle

from ...raster.bounds import Bounds
from ...raster.crs import crs_wkt
from ...raster.grid import Window


def place_of(work, box: tuple | None) -> dict:
    """Corners and middle of a study in degrees, its grid and its regions.

    Parameters
    ----------
    work : Work
    box : tuple
        First row and the one after the last, first column and the one after the last, with values; None without any.
    """
    grid = work.plan.grid
    degrees = grid.crs.IsGeographic()
    width = grid.cell_size[0] * (1.0 if degrees else grid.crs.GetLinearUnits())
    found = {
        "crs": grid.crs_name, "cell": width, "cell_unit": "degrees" if degrees else "m",
        "regions": len({region.name for region in work.run.raw_regions}),
    }
    raw = work.run.raw_mask or work.run.raw_regions
    top, bottom, left, right = box or (0, grid.height, 0, grid.width)
    part = grid.part(Window(int(left), int(top), int(right - left), int(bottom - top)))
    here, world = (_of_polygons(work, raw, wkt) if raw else Bounds.of_projected(part, wkt)
                   for wkt in (grid.wkt, crs_wkt("EPSG:4326")))
    if here is None or world is None:
        return found
    west, south, east, north = world
    return {
        **found, "extent": list(here), "west": west, "south": south, "east": east, "north": north,
        "lon": (west + east) / 2, "lat": (south + north) / 2,
    }


def _of_polygons(work, raw: list, wkt: str) -> Bounds | None:
    """The rectangle round polygons in a reference system; None where they have no place in it."""
    box = QgsRectangle()
    box.setMinimal()
    for each in raw:
        box.combineExtentWith(each.geometry.boundingBox())
    own = raw[0].crs if raw[0].crs.isValid() else QgsCoordinateReferenceSystem.fromWkt(work.plan.grid.wkt)
    target = QgsCoordinateReferenceSystem.fromWkt(wkt)
    try:
        context = work.run.parameters.context.transformContext()
        box = QgsCoordinateTransform(own, target, context).transformBoundingBox(box)
    except QgsCsException:
        return None
    return Bounds(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())

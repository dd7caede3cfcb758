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
    found = {
        "crs": grid.crs_name, "cell": "{:.6g} x {:.6g}".format(*grid.cell_size), "regions": len(
            {region.name for region in work.run.raw_regions}
        ),
    }
    raw = work.run.raw_mask or work.run.raw_regions
    if raw:
        bounds = _of_polygons(work, raw)
    else:
        top, bottom, left, right = box or (0, grid.height, 0, grid.width)
        part = grid.part(Window(int(left), int(top), int(right - left), int(bottom - top)))
        bounds = Bounds.of_projected(part, crs_wkt("EPSG:4326"))
    if bounds is None:
        return found
    west, south, east, north = bounds
    return {
        **found, "west": west, "south": south, "east": east, "north": north, "lon": (west + east) / 2,
        "lat": (south + north) / 2,
    }


def _of_polygons(work, raw: list):
    box = QgsRectangle()
    box.setMinimal()
    for each in raw:
        box.combineExtentWith(each.geometry.boundingBox())
    own = raw[0].crs if raw[0].crs.isValid() else QgsCoordinateReferenceSystem.fromWkt(work.plan.grid.wkt)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    try:
        context = work.run.parameters.context.transformContext()
        box = QgsCoordinateTransform(own, degrees, context).transformBoundingBox(box)
    except QgsCsException:
        return None
    return Bounds(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())

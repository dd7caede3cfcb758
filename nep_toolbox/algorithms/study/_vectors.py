"""The layers of features of a study, in one GeoPackage."""

from __future__ import annotations

import os

from osgeo import gdal, ogr, osr

from ...errors import OutputError
from ...raster.gdal_io import collected_errors, opened
from ._tables import UNREADABLE, read_rows
from ._work import BETWEEN, Stage, Work

FILE = "vectors/study.gpkg"

#: Tables whose numbers the regions have, and the columns that are not theirs.
_JOINED, _KEYS = ("fig03_regions", "fig04_frequency"), ("region",)

#: Holes of a smaller share of the area are no holes.
_SLIVER = 1e-9

#: Layers that tools have written.
_COPIED = ("centers", "path", "ellipse", "mean_centers")


def write_vectors(work: Work, stage: Stage) -> None:
    """Write the regions with their numbers, the outline of the study area, and the centres of gravity."""
    found = {name: work.path(f"{BETWEEN}/{name}.gpkg") for name in ("regions", "area", *_COPIED)}
    found = {name: path for name, path in found.items() if os.path.exists(path)}
    if not found:
        return
    path = stage.path(FILE)
    with collected_errors() as messages:
        try:
            target = gdal.GetDriverByName("GPKG").Create(path, 0, 0, 0, gdal.GDT_Unknown)
            if "regions" in found:
                names, shapes, crs = _polygons(found["regions"])
                _write(target, "regions", crs, shapes, *_numbers(work, names))
            if "area" in found:
                _names, shapes, crs = _polygons(found["area"])
                _write(target, "outline", crs, [_joined(shapes)], {"area_km2": ogr.OFTReal},
                       [(work.numbers("prepare")["area_km2"],)])
            for name in _COPIED:
                if name in found:
                    source, _reason = opened(found[name], gdal.OF_VECTOR)
                    target.CopyLayer(source.GetLayer(0), name)
            target = None  # closes the file
        except RuntimeError as error:
            messages.append(str(error))
    if messages:
        raise OutputError("{} cannot be written: {}.".format(FILE, messages[0].rstrip(".")))


def _polygons(path: str) -> tuple:
    """The names of the regions, the polygons of each joined, and their CRS."""
    source, reason = opened(path, gdal.OF_VECTOR)
    if source is None:
        raise OutputError(UNREADABLE.format(path, reason))
    layer, shapes = source.GetLayer(0), {}
    for feature in layer:
        shapes.setdefault(feature.GetField("region"), []).append(feature.GetGeometryRef().Clone())
    crs = layer.GetSpatialRef()
    return list(shapes), [_joined(parts) for parts in shapes.values()], crs.Clone() if crs else osr.SpatialReference()


def _joined(parts: list) -> ogr.Geometry:
    if len(parts) == 1:
        return ogr.ForceToMultiPolygon(parts[0])
    collection = ogr.Geometry(ogr.wkbMultiPolygon)
    for part in parts:
        for polygon in ([part] if part.GetGeometryName() == "POLYGON" else part):
            collection.AddGeometry(polygon)
    return _without_slivers(ogr.ForceToMultiPolygon(collection.UnionCascaded()))


def _without_slivers(shape: ogr.Geometry) -> ogr.Geometry:
    """A shape without the holes of next to no area that are left where borders of neighbours meet inexactly."""
    clean = ogr.Geometry(ogr.wkbMultiPolygon)
    for polygon in shape:
        kept = ogr.Geometry(ogr.wkbPolygon)
        for place, ring in enumerate(polygon):
            hole = ogr.Geometry(ogr.wkbPolygon)
            hole.AddGeometry(ring)
            if place == 0 or hole.GetArea() > _SLIVER * polygon.GetArea():
                kept.AddGeometry(ring)
        clean.AddGeometry(kept)
    return clean


def _numbers(work: Work, names: list) -> tuple:
    """Fields and rows of the regions: their numbers of all tables."""
    fields, by_name = {"region": ogr.OFTString}, {name: {"region": name} for name in names}
    for table in _JOINED:
        path = work.path(f"tables/{table}.csv")
        for row in read_rows(path) if os.path.exists(path) else ():
            if row["region"] not in by_name or row.get("comparisons") == 0:
                continue  # a region without values has no frequency, which is not that of none
            for column, value in row.items():
                if column not in _KEYS:
                    whole = isinstance(value, int)
                    fields[column] = ogr.OFTInteger64 if whole else fields.get(column, ogr.OFTReal)
                    by_name[row["region"]][column] = value
    return fields, [tuple(row.get(column) for column in fields) for row in by_name.values()]


def _write(target, name: str, crs, shapes: list, fields: dict, rows: list) -> None:
    layer = target.CreateLayer(name, crs, ogr.wkbMultiPolygon)
    for column, kind in fields.items():
        layer.CreateField(ogr.FieldDefn(column, kind))
    for shape, row in zip(shapes, rows):
        feature = ogr.Feature(layer.GetLayerDefn())
        for column, value in zip(fields, row):
            if value is not None:
                feature.SetField(column, value)
        feature.SetGeometry(shape)
        layer.CreateFeature(feature)

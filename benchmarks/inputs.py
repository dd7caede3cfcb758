"""Rasters and regions to measure with, written once into a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()

YEARS = tuple(range(2001, 2021))
NAMES_OF_MONTHS = tuple(f"{year}-{month:02d}" for year in YEARS for month in range(1, 13))
CELL = 500.0
LEFT, TOP = 500000.0, 4000000.0
CRS = "EPSG:32650"
NODATA = -9999.0
#: How results are stored: what a peer that writes is told to do too.
STORED = ("TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", "PREDICTOR=3", "NUM_THREADS=ALL_CPUS", "BIGTIFF=IF_SAFER",
          "INTERLEAVE=BAND")


def series(path: Path, side: int, level: float = 400.0, years: tuple = YEARS, gaps: float = 0.0, seed: int = 1,
           whole: bool = False, stored: tuple = STORED, spread: float = 40.0, rise: float = 2.0) -> Path:
    """A float32 series of noise with a trend, stored as the toolbox stores its results: a band a year, or other time.

    ``spread`` is the standard deviation of the noise, and each band is ``rise`` above the one before it. A share
    ``gaps`` of the values is missing; with ``whole`` the values are whole numbers; ``stored`` are the creation options
    of the GeoTIFF.
    """
    crs = osr.SpatialReference()
    crs.SetFromUserInput(CRS)
    data = gdal.GetDriverByName("GTiff").Create(
        str(path), side, side, len(years), gdal.GDT_Float32, list(stored)
    )
    data.SetProjection(crs.ExportToWkt())
    data.SetGeoTransform((LEFT, CELL, 0.0, TOP, 0.0, -CELL))
    random = np.random.default_rng(seed)
    for number, year in enumerate(years, start=1):
        values = random.standard_normal((side, side), dtype=np.float32)
        values = values * np.float32(spread) + np.float32(level + rise * number)
        if whole:
            np.rint(values, out=values)
        if gaps:
            values[random.random((side, side), dtype=np.float32) < gaps] = NODATA
        band = data.GetRasterBand(number)
        band.SetDescription(str(year))
        band.SetNoDataValue(NODATA)
        band.WriteArray(values)
    return path


def monthly(folder: Path, side: int, cell: float, count: int) -> list:
    """So many single-band float32 rasters, one a month from 1981 on: smooth fields, as climate is."""
    folder.mkdir(exist_ok=True)
    crs = osr.SpatialReference()
    crs.SetFromUserInput(CRS)
    row, col = np.mgrid[0:side, 0:side] / side
    made = []
    for number in range(count):
        path = folder / f"t_{1981 + number // 12}_{number % 12 + 1:02d}.tif"
        data = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 1, gdal.GDT_Float32, list(STORED))
        data.SetProjection(crs.ExportToWkt())
        data.SetGeoTransform((LEFT, cell, 0.0, TOP, 0.0, -cell))
        data.GetRasterBand(1).SetNoDataValue(NODATA)
        data.GetRasterBand(1).WriteArray((15 + 9 * np.sin(number + 3 * row) + 4 * col).astype(np.float32))
        made.append(path)
    return made


def land_cover(path: Path, side: int, patch: int = 37, classes: int = 9, changed: float = 0.0) -> Path:
    """Land cover in square patches of ``patch`` cells, 1 to ``classes``, as bytes; a share of the patches has another
    class than without it."""
    source = gdal.Open(str(path.with_name("series.tif")))
    data = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 1, gdal.GDT_Byte)
    data.SetProjection(source.GetProjection())
    data.SetGeoTransform(source.GetGeoTransform())
    random = np.random.default_rng(7)
    coarse = random.integers(1, classes + 1, (-(-side // patch),) * 2, dtype=np.uint8)
    other = random.random(coarse.shape) < changed
    coarse[other] = coarse[other] % classes + 1
    data.GetRasterBand(1).WriteArray(np.kron(coarse, np.ones((patch, patch), dtype=np.uint8))[:side, :side])
    return path


def regions(path: Path, side: int, across: int = 5) -> Path:
    """``across`` x ``across`` regions that share crooked borders and cover the raster but for a rim."""
    random = np.random.default_rng(11)
    size = side * CELL
    places = np.linspace(0.02, 0.98, across + 1)
    corners = np.stack(np.meshgrid(places, places), axis=-1) + random.uniform(-0.03, 0.03, (across + 1, across + 1, 2))

    def border(start, end, key: int):
        """Points of a crooked line, the same from either side."""
        low, high = sorted((tuple(start), tuple(end)))
        noise = np.random.default_rng(key).normal(0, 0.001, (30, 2))
        noise[0] = 0.0
        line = np.linspace(low, high, 30, endpoint=False) + noise
        line = np.vstack([line, [high]])
        return line if tuple(start) == low else line[::-1]

    features = []
    for row in range(across):
        for col in range(across):
            ring = [corners[row, col], corners[row, col + 1], corners[row + 1, col + 1], corners[row + 1, col]]
            keys = (2 * (row * 10 + col), 2 * (row * 10 + col + 1) + 1, 2 * ((row + 1) * 10 + col),
                    2 * (row * 10 + col) + 1)
            points = np.vstack([border(ring[side_], ring[(side_ + 1) % 4], keys[side_])[:-1] for side_ in range(4)])
            outline = np.column_stack([LEFT + points[:, 0] * size, TOP - points[:, 1] * size]).tolist()
            features.append({
                "type": "Feature", "properties": {"name": f"Region {row * across + col + 1}"},
                "geometry": {"type": "Polygon", "coordinates": [[*outline, outline[0]]]},
            })
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{CRS.replace(':', '::')}"}}
    collection = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path

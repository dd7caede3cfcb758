"""Rasters with random headers through the reader, and random polygons through the zones, against plain code."""

from __future__ import annotations

import math
import os
import uuid

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from osgeo import gdal, ogr
from testkit.fuzzing import budget, count
from testkit.rasters import UTM_TRANSFORM, wkt_of

from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, resolve
from nep_toolbox.raster.zones import ZoneReader, to_cells

TYPES = {
    gdal.GDT_Byte: np.uint8, gdal.GDT_Int16: np.int16, gdal.GDT_UInt16: np.uint16, gdal.GDT_Int32: np.int32,
    gdal.GDT_UInt32: np.uint32, gdal.GDT_Float32: np.float32, gdal.GDT_Float64: np.float64,
}
ROWS, COLS, BANDS = 3, 4, 2
CELLS = ROWS * COLS


def values_of(kind):
    """Numbers that a band of this type can hold, the awkward ones often."""
    if np.issubdtype(kind, np.integer):
        limits = np.iinfo(kind)
        return st.one_of(st.sampled_from([limits.min, limits.max, 0, 1]), st.integers(limits.min, limits.max))
    finite = st.floats(width=np.finfo(kind).bits, allow_nan=False, allow_infinity=False)
    awkward = [math.nan, math.inf, -math.inf, -0.0, -9999.0, float(np.finfo(kind).max), float(np.finfo(kind).min)]
    return st.one_of(st.sampled_from(awkward), finite)


headers = st.fixed_dictionaries({
    "type": st.sampled_from(sorted(TYPES)),
    "nodata": st.sampled_from([None, None, 0, 255, -9999, -9999.9, 65535, math.nan, -3.4e38, 1e40]),
    "scale": st.sampled_from([1.0, 0.1, 1e-4, -2.0]),
    "offset": st.sampled_from([0.0, -273.15]),
    "alpha": st.booleans(),
    "valid_min": st.sampled_from([None, None, 0.0, 1.5]),
    "valid_max": st.sampled_from([None, None, 100.0]),
    "user": st.sampled_from([1.0, 1.0, 0.1]),
})


def write(path, header, stack, alpha):
    """A GeoTIFF of the values, and the dataset read back by GDAL."""
    count_of_bands = BANDS + (alpha is not None)
    options = ["PHOTOMETRIC=MINISBLACK", "ALPHA=YES"] if alpha is not None else []
    dataset = gdal.GetDriverByName("GTiff").Create(path, COLS, ROWS, count_of_bands, header["type"], options)
    dataset.SetGeoTransform(UTM_TRANSFORM)
    dataset.SetProjection(wkt_of(32650))
    for number, plane in enumerate(stack, start=1):
        band = dataset.GetRasterBand(number)
        if header["nodata"] is not None:
            band.SetNoDataValue(header["nodata"])
        band.SetScale(header["scale"])
        band.SetOffset(header["offset"])
        band.SetDescription(str(2000 + number))
        band.WriteArray(plane)
    if alpha is not None:
        last = dataset.GetRasterBand(count_of_bands)
        last.SetColorInterpretation(gdal.GCI_AlphaBand)
        last.WriteArray(alpha)
    dataset.FlushCache()


def expected(header, raw, nodata, alpha) -> float:
    """One cell as the rules for missing values have it."""
    number = float(raw)
    gone = not math.isfinite(number) or alpha == 0 or (isinstance(raw, np.floating) and ends_a_type(number))
    if nodata is not None and not math.isnan(nodata):
        extreme = abs(nodata) > 1e38 and isinstance(raw, np.floating)
        gone |= number == nodata or float(raw) == float(type(raw)(nodata)) if fits(raw, nodata) else False
        gone |= extreme and math.copysign(1, nodata) * number > 1e38
    gone |= header["valid_min"] is not None and number < header["valid_min"]
    gone |= header["valid_max"] is not None and number > header["valid_max"]
    shown = math.nan if gone else (number * header["scale"] + header["offset"]) * header["user"]
    return math.nan if math.isinf(shown) else shown  # beyond all numbers: missing too


def ends_a_type(number: float) -> bool:
    """Whether a number is the lowest or highest of a floating type, to a thousandth."""
    return 3.399421e38 < abs(number) < 3.406226e38 or abs(number) > 1.795896e308


def fits(raw, nodata) -> bool:
    """Whether a nodata value can be one of the band's own numbers."""
    if isinstance(raw, np.integer):
        limits = np.iinfo(raw)
        return nodata == int(nodata) and limits.min <= nodata <= limits.max
    return abs(nodata) <= float(np.finfo(raw).max)


@budget()
@given(headers, st.data())
def test_a_raster_is_read_as_its_header_says(header, data):
    count("raster headers")
    kind = TYPES[header["type"]]
    flat = data.draw(st.lists(values_of(kind), min_size=BANDS * CELLS, max_size=BANDS * CELLS))
    stack = np.array(flat, dtype=kind).reshape(BANDS, ROWS, COLS)
    alpha = None
    if header["alpha"]:
        alpha = np.array(data.draw(st.lists(st.sampled_from([0, 1, 255]), min_size=CELLS, max_size=CELLS)), kind)
        alpha = alpha.reshape(ROWS, COLS)
    col, row = data.draw(st.tuples(st.integers(0, COLS - 1), st.integers(0, ROWS - 1)))
    path = f"/vsimem/{uuid.uuid4().hex}.tif"
    try:
        write(path, header, stack, alpha)
        reader = StackReader.of(
            resolve([Layer("made", path)]), scale=header["user"], valid_min=header["valid_min"],
            valid_max=header["valid_max"],
        )
        window = Window(col, row, COLS - col, ROWS - row)
        found = reader.read(window)
        dataset = gdal.Open(path)
        nodata = [dataset.GetRasterBand(band + 1).GetNoDataValue() for band in range(BANDS)]
        dataset = None
    finally:
        gdal.Unlink(path)
    precision = np.finfo(found.dtype).eps
    for band in range(BANDS):
        for r in range(window.height):
            for c in range(window.width):
                raw = stack[band, row + r, col + c]
                hidden = 255 if alpha is None else alpha[row + r, col + c]
                right = expected(header, raw, nodata[band], hidden)
                here = float(found[band, r, c])
                assert math.isnan(right) == math.isnan(here), (raw, nodata[band], hidden, here)
                size = abs(float(raw) * header["scale"] * header["user"]) + abs(header["offset"] * header["user"])
                assert math.isnan(right) or abs(here - right) <= 4 * precision * size or here == right


corner = st.tuples(st.floats(-2, 8).map(lambda x: round(x, 2)), st.floats(-2, 8).map(lambda x: round(x, 2)))
rings = st.lists(corner, min_size=3, max_size=7)
AREAS = (ogr.wkbPolygon, ogr.wkbMultiPolygon)


def polygon(ring) -> ogr.Geometry:
    """A polygon through some corners, mended where its ring crosses itself; in metres on the grid."""
    line = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in [*ring, ring[0]]:
        line.AddPoint_2D(500000.0 + 30.0 * x, 4000000.0 - 30.0 * y)
    made = ogr.Geometry(ogr.wkbPolygon)
    made.AddGeometry(line)
    return made.MakeValid()


@budget()
@given(st.lists(rings, min_size=1, max_size=3), st.integers(1, 6), st.integers(1, 6))
def test_a_cell_belongs_to_a_region_if_its_centre_lies_in_it(shapes, wide, tall):
    count("polygons")
    grid = Grid(wkt_of(32650), UTM_TRANSFORM, 6, 6)
    polygons = [polygon(ring) for ring in shapes]
    assume(all(ogr.GT_Flatten(shape.GetGeometryType()) in AREAS for shape in polygons))
    reader = ZoneReader(tuple(to_cells(str(i), shape, grid) for i, shape in enumerate(polygons)))
    found = set()
    for row in range(0, 6, tall):
        for col in range(0, 6, wide):
            width, height = min(wide, 6 - col), min(tall, 6 - row)
            for cell, region in zip(*reader.read(Window(col, row, width, height)).pairs()):
                place = (int(region), row + int(cell) // width, col + int(cell) % width)
                assert place not in found
                found.add(place)
    for region, shape in enumerate(polygons):
        for row in range(6):
            for col in range(6):
                centre = ogr.Geometry(ogr.wkbPoint)
                centre.AddPoint_2D(500000.0 + 30.0 * (col + 0.5), 4000000.0 - 30.0 * (row + 0.5))
                if shape.Boundary().Distance(centre) > 1e-3:  # else on the line, by GDAL's rule
                    assert ((region, row, col) in found) == shape.Contains(centre), (region, row, col)


def test_nothing_stays_in_memory():
    assert not [name for name in gdal.ReadDir("/vsimem/") or () if os.path.splitext(name)[1] == ".tif"]

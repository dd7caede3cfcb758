"""What a raster holds, numbers or the codes of classes, and how its values are kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from osgeo import gdal

from ...errors import InvalidParameter
from ..datasets import open_datasets
from ..gdal_io import open_raster
from ..grid import Grid, Window
from ..reader import StackReader
from ..series import Layer

#: A raster of whole numbers with at most so many different ones holds classes...
MOST_CLASSES = 32

#: ... if each occurs this often on average in the sample looked at: a handful of cells proves nothing.
LEAST_CELLS_PER_CLASS = 10

#: Side of the windows sampled, and how many along each side of the raster.
SAMPLE_SIDE, SAMPLES = 128, 4

#: Bands looked at of a raster of many.
SAMPLED_BANDS = 4


#: Types of whole numbers that are kept, and numpy's names of them.
WHOLE = {
    "Byte": "uint8", "UInt16": "uint16", "Int16": "int16", "Int32": "int32", "UInt32": "uint32", "Int64": "int64",
    "UInt64": "uint64",
}

#: Types whose values Float32 holds exactly, and those that only Float64 does.
SHORT, LONG = ("Byte", "Int8", "UInt16", "Int16", "Float16", "Float32"), ("Int32", "UInt32", "Float64")


class Content(NamedTuple):
    """Whether a raster holds classes, and the rule that says so."""

    categories: bool
    rule: str


class Storage(NamedTuple):
    """How values are kept: GDAL's type, numpy's, and the value of what is missing."""

    data_type: int
    dtype: str
    nodata: float

    @property
    def fractions(self) -> bool:
        """Whether the values are floating-point numbers, whose missing ones are NaN."""
        return self.dtype.startswith("float")


NUMBERS = Storage(gdal.GDT_Float32, "float32", float("nan"))
"""Storage of numbers between processing steps."""

DOUBLES = Storage(gdal.GDT_Float64, "float64", float("nan"))
"""Storage of numbers that are to stay exactly what they are in Float64."""


def content_of(layer: Layer, steps: tuple, grid: Grid) -> Content:
    """Find out whether a raster holds classes.

    Parameters
    ----------
    layer : Layer
    steps : tuple of Step
        Its bands.
    grid : Grid
    """
    dataset = open_raster(layer.path, layer.name)  # a band needs its dataset
    band = dataset.GetRasterBand(steps[0].band)
    if band.GetColorTable() is not None:
        return Content(True, "classes, as it has a colour table")
    if any(band.GetCategoryNames() or ()):
        return Content(True, "classes, as it has category names")
    table = band.GetDefaultRAT()
    if table is not None and table.GetColOfUsage(gdal.GFU_Name) >= 0:
        return Content(True, "classes, as its attribute table names them")
    kind, scaled = steps[0].type_name, (band.GetScale() or 1.0, band.GetOffset() or 0.0) != (1.0, 0.0)
    if scaled:
        return Content(False, f"numbers, as its {kind} values have a scale")
    with open_datasets():
        return _by_values(steps, grid)


def _by_values(steps: tuple, grid: Grid) -> Content:
    found: set = set()
    cells = 0
    for index in sorted({round(share * (len(steps) - 1)) for share in np.linspace(0, 1, SAMPLED_BANDS)}):
        reader = StackReader((steps[index],))
        for window in _sample_windows(grid):
            values = reader.read(window)
            values = values[np.isfinite(values)]
            different = np.unique(values)
            if (different != np.rint(different)).any():
                return Content(False, f"numbers, as its values ({steps[index].type_name}) are not whole")
            found.update(different.tolist())
            cells += values.size
            if len(found) > MOST_CLASSES:
                return Content(False, f"numbers, as it has more than {MOST_CLASSES} different whole values")
    if cells < LEAST_CELLS_PER_CLASS * len(found) or not found:
        return Content(False, f"numbers, as {cells} valid cells are too few to tell classes by")
    return Content(True, f"classes, as it has {len(found)} different whole values in {cells} cells looked at")


def _sample_windows(grid: Grid) -> list:
    """Windows spread over a grid, whole cells, never twice the same."""
    width, height = min(SAMPLE_SIDE, grid.width), min(SAMPLE_SIDE, grid.height)
    cols = sorted({round(share * (grid.width - width)) for share in np.linspace(0, 1, SAMPLES)})
    rows = sorted({round(share * (grid.height - height)) for share in np.linspace(0, 1, SAMPLES)})
    return [Window(col, row, width, height) for row in rows for col in cols]


def storage_of(layer: Layer, steps: tuple) -> Storage:
    """How to keep the values of bands exactly, with one of them for all that is missing.

    Parameters
    ----------
    layer : Layer
        What an error names.
    steps : tuple of Step
        The bands of one raster, or of several.

    The type stays where a nodata value for all bands does. Without one a larger type is taken, since any code may be in
    use; bytes become UInt16, which may have a colour table too. Signed bytes become Int16, which every program reads.
    Types of 32 and 64 bits stay, with the least number as the missing one, of unsigned ones the greatest.

    Raises
    ------
    InvalidParameter
        If no type holds the values of all bands.
    """
    kinds = {step.type_name for step in steps}
    declared = {step.nodata for step in steps}
    nodata = declared.pop() if len(declared) == 1 else None
    if len(kinds) > 1:
        return _of_several(layer, kinds)
    (kind,) = kinds
    if kind == "Int8" or kind == "Byte" and _any_signed(steps):
        return Storage(gdal.GDT_Int16, "int16", _whole(nodata, "int16", -32768))
    if kind not in WHOLE:
        return _of_several(layer, kinds)
    dtype = WHOLE[kind]
    nodata = _whole(nodata, dtype, None)
    data_type = getattr(gdal, f"GDT_{kind}")
    if nodata is not None:
        return Storage(data_type, dtype, nodata)
    if kind == "Byte":
        return Storage(gdal.GDT_UInt16, "uint16", 65535)
    if kind in ("UInt16", "Int16"):
        return Storage(gdal.GDT_Int32, "int32", -2147483648)
    limits = np.iinfo(dtype)
    return Storage(data_type, dtype, limits.max if limits.min == 0 else limits.min)


def _any_signed(steps: tuple) -> bool:
    """Whether bands of bytes hold signed ones, as GDAL before 3.7 writes them; all bands of a file are alike."""
    for layer, band in {step.layer: step.band for step in steps}.items():
        dataset = open_raster(layer.path, layer.name)
        if dataset.GetRasterBand(band).GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == "SIGNEDBYTE":
            return True
    return False


def _of_several(layer: Layer, kinds: set) -> Storage:
    """The type of numbers that holds those of some types."""
    if kinds <= set(SHORT):
        return NUMBERS
    if kinds <= {*SHORT, *LONG}:
        return DOUBLES
    raise InvalidParameter(
        "'{}' has bands of the types {}, which no single type holds. Save its bands as rasters of their own (Raster, "
        "Conversion, Translate) and choose those.".format(layer.name, ", ".join(sorted(kinds)))
    )


def _whole(nodata, dtype, default):
    """A nodata value a type can hold, or the default."""
    limits = np.iinfo(dtype)
    if nodata is None or not limits.min <= nodata <= limits.max or nodata != int(nodata):
        return default
    return int(nodata)

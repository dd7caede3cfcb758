"""Names and colours of classes as a raster file holds them."""

from __future__ import annotations

from typing import NamedTuple

from osgeo import gdal

from .gdal_io import open_raster
from .series import Layer

_CODE_TITLES = ("value", "code", "class", "gridcode")


class ClassLegend(NamedTuple):
    """Names and colours (``#rrggbb``) by class code."""

    names: dict
    colours: dict

    def completed_by(self, other: ClassLegend) -> ClassLegend:
        """This legend, with what it lacks taken from another."""
        return ClassLegend({**other.names, **self.names}, {**other.colours, **self.colours})


def category_legend(layer: Layer) -> ClassLegend:
    """The category names and the colour table of a raster's first band that has them."""
    dataset = open_raster(layer.path, layer.name)
    legend = ClassLegend({}, {})
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        names = {code: name.strip() for code, name in enumerate(band.GetCategoryNames() or []) if name.strip()}
        legend = legend.completed_by(ClassLegend(names, _colours(band.GetColorTable())))
    return legend


def attribute_legend(layer: Layer) -> ClassLegend:
    """What the raster attribute tables of a raster say of its classes."""
    dataset = open_raster(layer.path, layer.name)
    legend = ClassLegend({}, {})
    for number in range(1, dataset.RasterCount + 1):
        table = dataset.GetRasterBand(number).GetDefaultRAT()
        if table is not None and table.GetRowCount():
            legend = legend.completed_by(_of_table(table))
    return legend


def _colours(table) -> dict:
    """The colours of a table; black stands for an entry nobody set."""
    if table is None:
        return {}
    entries = {code: table.GetColorEntry(code) for code in range(table.GetCount())}
    return {code: _hex(*entry[:3]) for code, entry in entries.items() if any(entry[:3]) and entry[3]}


def _hex(red: int, green: int, blue: int) -> str:
    return f"#{red:02x}{green:02x}{blue:02x}"


def _of_table(table) -> ClassLegend:
    usage = {table.GetUsageOfCol(column): column for column in reversed(range(table.GetColumnCount()))}
    titles = {table.GetNameOfCol(column).lower(): column for column in reversed(range(table.GetColumnCount()))}
    texts = [column for column in range(table.GetColumnCount()) if table.GetTypeOfCol(column) == gdal.GFT_String]
    coded = next((titles[title] for title in _CODE_TITLES if title in titles and titles[title] not in texts), None)
    code_column = usage.get(gdal.GFU_MinMax, usage.get(gdal.GFU_Min, coded))
    name_column = usage.get(gdal.GFU_Name, texts[0] if texts else None)
    channels = [usage.get(kind) for kind in (gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue)]
    names, colours = {}, {}
    for row in range(table.GetRowCount()):
        code = row if code_column is None else table.GetValueAsInt(row, code_column)
        name = "" if name_column is None else table.GetValueAsString(row, name_column).strip()
        if name:
            names[code] = name
        if None not in channels:
            parts = [min(255, max(0, table.GetValueAsInt(row, channel))) for channel in channels]
            if any(parts):
                colours[code] = _hex(*parts)
    return ClassLegend(names, colours)

"""A small folder as a study leaves it, made of numbers: what the layouts read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import ogr, osr

from nep_toolbox.colours import (
    ATTRIBUTION_CLASSES,
    CORRELATION_CLASSES,
    EVIDENCE_TRENDS,
    RED_TO_BLUE,
    SINK_CLASSES,
    TREND_CLASSES,
    dominant,
)
from nep_toolbox.core.attribution.shares import CLASS_LABELS as ATTRIBUTION_LABELS
from nep_toolbox.core.balance.source_sink import LABELS as SINK_LABELS
from nep_toolbox.core.correlation.coefficients import CLASS_LABELS as CORRELATION_LABELS
from nep_toolbox.core.persistence.future_trend import EVIDENCE_LABELS
from nep_toolbox.core.trend.theil_sen import CLASS_LABELS
from nep_toolbox.layouts.catalogue import VALUES
from nep_toolbox.styling.layers import write_style
from nep_toolbox.styling.styles import Classes, Ramp

from .rasters import COARSE_TRANSFORM, UTM, write_raster

YEARS = [2001, 2002, 2003]
ROWS, COLS = 20, 30

#: Corners of the study area (two regions side by side), in cells: a rim of one cell is outside of it.
WEST, MIDDLE, EAST, NORTH, SOUTH = 1, 15, 29, 1, 19


class English:
    """The words of a study as they are written in the source, with numbers and units as plain text."""

    language = "en"

    def label(self, text: str) -> str:
        """A label."""
        return text

    def number(self, value: float, _kind: str = "number") -> str:
        """A number."""
        return f"{value:g}"

    def quantity(self, name: str, unit: str = "") -> str:
        """A name with its unit."""
        return f"{name} ({unit})" if unit else name

    def period(self, first: int, last: int) -> str:
        """A span of years."""
        return f"{first}–{last}"


def settings(**other) -> dict:
    """Settings of the study; those given replace the others."""
    return {
        "variable": "NEP", "unit": "gC m-2 yr-1", "region_name": "Two halves", "years": YEARS, "map_years": YEARS,
        "lc_years": [2001, 2003], "language": "en", "dpi": 60, "width_mm": 174.0, "formats": ["png"], **other,
    }


def study_folder(folder) -> Path:
    """Write the folder and return its path.

    NEP runs from -100 in the west to 300 in the east; one cell inside of the study area has no value.
    """
    folder = Path(folder)
    for name in ("rasters", "data", "vectors", "tables", "figures/panels"):
        (folder / name).mkdir(parents=True)
    across = np.broadcast_to(np.linspace(-100.0, 300.0, COLS), (ROWS, COLS))
    _rasters(folder, across)
    _vectors(folder / "vectors" / "study.gpkg")
    (folder / "tables" / "fig02_annual.csv").write_text("year,mean\n2001,5.5\n", encoding="utf-8")
    for name in ("fig04_counts", "fig05_shares", "fig06_shares", "fig07_precipitation", "fig07_temperature",
                 "fig11_shares", "fig11_parts", "fig12_shares", "fig12_contributions", "fig12_importance"):
        _picture(folder / "figures" / "panels" / f"{name}.svg")
    _picture(folder / "figures" / "fig02_annual.svg")
    return folder


def _rasters(folder: Path, across: np.ndarray) -> None:
    def ramp(name: str, values, style: Ramp, unit: str = "", names=()) -> None:
        low, high = np.quantile(values, (0.02, 0.98)).tolist()
        path = _written(folder / f"{name}.tif", values, names)
        write_style(path, style, style.span([low, high], values.min(), values.max()), [], unit)

    def classes(name: str, codes: tuple, labels: dict, colours: dict) -> None:
        values = np.resize(codes, (ROWS, COLS))
        write_style(_written(folder / f"{name}.tif", values), Classes.of(labels, colours), [0.0, 1.0], [])

    ramp("rasters/nep", np.stack([across + 10.0 * step for step in range(len(YEARS))]), VALUES, "gC m-2 yr-1")
    ramp("rasters/nep_mean", across, VALUES, "gC m-2 yr-1")
    classes("rasters/source_sink_class", (2, 1, -1), dict(SINK_LABELS), SINK_CLASSES)
    ramp("rasters/nep_sd", 10.0 + across / 100.0, Ramp(VALUES.colours), "gC m-2 yr-1")
    for name, count in (("decreases", 2), ("increases", 5)):
        ramp(f"rasters/{name}", np.resize(np.arange(count), (ROWS, COLS)) * 1.0, Ramp(VALUES.colours, whole=True))
    ramp("rasters/hurst", 0.5 + across / 1000.0, Ramp(RED_TO_BLUE, centre=0.5))
    classes("rasters/trend_class", (-4, 1, 4), dict(CLASS_LABELS), TREND_CLASSES)
    classes("rasters/future", (5, 24, 25), EVIDENCE_LABELS, EVIDENCE_TRENDS)
    for series in ("", "npp_"):
        for driver in ("precipitation", "temperature"):
            ramp(f"rasters/{series}r_{driver}", across / 400.0, Ramp(RED_TO_BLUE, 0.0, (-1.0, 1.0)))
    classes("rasters/r_temperature_class", (-2, 2), CORRELATION_LABELS, CORRELATION_CLASSES)
    for name, share in (("slope_of_drivers", 0.01), ("slope_of_rest", 0.02)):
        ramp(f"rasters/{name}", across * share, Ramp(RED_TO_BLUE, 0.0))
    ramp("rasters/share_of_drivers", across / 8.0 + 30.0, Ramp(VALUES.colours, limits=(0.0, 100.0)))
    ramp("rasters/contributions", np.stack([across * 0.01, across * 0.02]), Ramp(RED_TO_BLUE, 0.0),
         names=("Precipitation", "rest"))
    strongest = {1: "Precipitation, positive", -1: "Precipitation, negative", 2: "Temperature, positive",
                 -2: "Temperature, negative", 0: "No significant driver"}
    for series, codes in (("", (1, 2, 0)), ("npp_", (1, -1, 0))):
        classes(f"rasters/{series}attribution_class", (1, -2, 3), dict(ATTRIBUTION_LABELS), ATTRIBUTION_CLASSES)
        classes(f"rasters/{series}dominant_driver", codes, strongest, dominant(2))
    _written(folder / "data" / "factors.tif", np.stack([across, across + 500.0]), ("pm25", "Elevation"))
    cover = _written(folder / "data" / "landcover.tif", np.resize((1, 2), (2, ROWS, COLS)))
    write_style(cover, Classes(((1, "Forest", "#007700"), (2, "Water", "#0000ff"))), [1.0, 2.0], [])


def _written(path: Path, values: np.ndarray, names=()) -> str:
    values = np.array(values, dtype="float32")
    outside = np.ones((ROWS, COLS), bool)
    outside[NORTH:SOUTH, WEST:EAST] = False
    outside[10, 10] = True
    values[..., outside] = -9999.0
    return write_raster(path, values, COARSE_TRANSFORM, UTM, nodata=-9999.0, descriptions=names)


def _picture(path: Path) -> None:
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40">'
        '<rect x="5" y="5" width="50" height="30" fill="#336699"/></svg>', encoding="utf-8",
    )


def place(col: float, row: float) -> tuple:
    """Map coordinates of a corner of cells."""
    left, cell, _, top, _, _ = COARSE_TRANSFORM
    return left + cell * col, top - cell * row


def _box(west: float, east: float) -> ogr.Geometry:
    corners = [place(*corner) for corner in ((west, NORTH), (east, NORTH), (east, SOUTH), (west, SOUTH), (west, NORTH))]
    return ogr.CreateGeometryFromWkt("POLYGON((" + ", ".join(f"{x} {y}" for x, y in corners) + "))")


def _point(col: float, row: float) -> ogr.Geometry:
    x, y = place(col, row)
    return ogr.CreateGeometryFromWkt(f"POINT({x} {y})")


def _vectors(path: Path) -> None:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(UTM)
    database = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))

    def table(name: str, kind: int, columns: dict, rows: list) -> None:
        layer = database.CreateLayer(name, crs, kind)
        for column, field in columns.items():
            layer.CreateField(ogr.FieldDefn(column, field))
        for geometry, *values in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetGeometry(geometry)
            for column, value in zip(columns, values):
                feature.SetField(column, value)
            layer.CreateFeature(feature)

    text, whole, real = ogr.OFTString, ogr.OFTInteger, ogr.OFTReal
    table("regions", ogr.wkbPolygon, {"region": text, "decreases": whole, "increases": whole}, [
        (_box(WEST, MIDDLE), "West", 3, 10), (_box(MIDDLE, EAST), "East", 6, 7),
    ])
    table("outline", ogr.wkbPolygon, {"region": text}, [(_box(WEST, EAST), "all")])
    centres = {2001: (14.0, 10.0), 2002: (15.0, 10.5), 2003: (14.5, 9.0)}
    table("centers", ogr.wkbPoint, {"region": text, "year": whole}, [
        (_point(*centre), "all", year) for year, centre in centres.items()
    ] + [(_point(8.0, 8.0), "West", 2001)])
    lines = []
    for first, last in ((2001, 2002), (2002, 2003)):
        (x, y), (u, v) = place(*centres[first]), place(*centres[last])
        lines.append((ogr.CreateGeometryFromWkt(f"LINESTRING({x} {y}, {u} {v})"), "all", first, last))
    table("path", ogr.wkbLineString, {"region": text, "from_year": whole, "to_year": whole}, lines)
    table("mean_centers", ogr.wkbPoint, {"region": text, "geometric_x": real, "geometric_y": real}, [
        (_point(14.5, 9.8), "all", *place(15.0, 10.0)),
    ])
    database = None

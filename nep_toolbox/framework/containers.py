"""What a result would destroy beside the result that it replaces: other tables and rasters of one file."""

from __future__ import annotations

import os
import re

from osgeo import gdal

from ..errors import OutputError
from ..raster.gdal_io import opened

#: Endings of files that may hold several tables, and which QGIS and GDAL replace as a whole.
_CONTAINERS = (".gpkg", ".sqlite", ".xlsx", ".ods")

#: Tables that belong to the others: styles, and what SQLite and its geometries need.
_SYSTEM = re.compile("layer_styles|geometry_columns|spatial_ref_sys|sqlite_")

_HOLDS = (
    "{} is to be replaced by the result ⟨{}⟩, but holds {}, which would be lost. Choose another file{}."
)
_AND_MORE = " and {} more"
_SHOWN = 5
_OR_ADD = ", or add a table to this one (Save to GeoPackage)"


def require_replaceable(target: str, name: str, raster: bool) -> None:
    """Refuse a file that holds more than an earlier result of the same name and kind.

    Parameters
    ----------
    target : str
        The file of the result, which need not exist.
    name : str
        The parameter of the result, for the error.
    raster : bool
        Whether the result is a raster.

    Raises
    ------
    OutputError
        If other tables or rasters would be lost.
    """
    if not target.lower().endswith(_CONTAINERS) or not os.path.isfile(target):
        return
    own = os.path.splitext(os.path.basename(target))[0].lower()
    tables, rasters = _contents(target)
    mine, others = (rasters, tables) if raster else (tables, rasters)
    lost = [f"'{each}'" for each in others + [each for each in mine if each.lower() != own or len(mine) > 1]]
    if lost:
        add = _OR_ADD if target.lower().endswith(".gpkg") and not raster else ""
        shown = ", ".join(lost[:_SHOWN]) + (_AND_MORE.format(len(lost) - _SHOWN) if len(lost) > _SHOWN else "")
        raise OutputError(_HOLDS.format(target, name, shown, add))


def _contents(target: str) -> tuple:
    """The names of the tables and of the rasters in a file; none where it cannot be opened."""
    return _tables(target), _rasters(target)


def _tables(target: str) -> list:
    # Those without geometry, too.
    options = ["LIST_ALL_TABLES=YES"] if target.lower().endswith((".gpkg", ".sqlite")) else []
    dataset, _reason = opened(target, gdal.OF_VECTOR, options)
    if dataset is None:
        return []
    names = [dataset.GetLayer(number).GetName() for number in range(dataset.GetLayerCount())]
    return [name for name in names if not _SYSTEM.match(name)]


def _rasters(target: str) -> list:
    dataset, _reason = opened(target)
    if dataset is None:
        return []
    several = [source.rpartition(":")[2] for source, _description in dataset.GetSubDatasets()]
    return several or [dataset.GetMetadataItem("IDENTIFIER") or os.path.splitext(os.path.basename(target))[0]]

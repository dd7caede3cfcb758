"""Reading and writing features, and making sure that none is lost on the way."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress

from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import Qt

from ..core.checkpoint import watched
from ..errors import InvalidParameter, OutputError
from ..raster.disk import require_room
from ..raster.gdal_io import DAMAGED, collected_errors, opened
from ..raster.staging import parts_of
from ..raster.wording import listed
from .texts import tr

#: Bytes of the name of a column in a shapefile.
DBF_NAME = 10

#: What OGR calls the kinds of `qgis_compat.field`.
_CSVT = {
    "integer": "Integer", "count": "Integer64", "number": "Real", "text": "String", "boolean": "Integer(Boolean)",
}

_UNWRITABLE = "The result ⟨{}⟩ cannot be written: {}. Choose another file."
_INCOMPLETE = (
    "{} cannot be written: {} of {} rows can be read from it again. Free space on the disk, or choose another file, "
    "such as a GeoPackage (.gpkg)."
)


class Stream:
    """Features that are made one after the other while they are written: of many, none need be held.

    Parameters
    ----------
    features : iterator of (QgsGeometry or None, sequence)
        Used up once. The length is that of what was taken.
    """

    def __init__(self, features: Iterator):
        self._features = features
        self._taken = 0

    def __iter__(self) -> Iterator:
        for feature in watched(self._features):
            self._taken += 1
            yield feature

    def __len__(self) -> int:
        return self._taken


def read_features(source, request) -> Iterator:
    """The features of a source, as they are, in its order.

    Raises
    ------
    InvalidParameter
        If the file behind it ends early or is damaged: QGIS hands over what there is, without a word.
    """
    with collected_errors() as messages:
        yield from source.getFeatures(request, QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks)
    if messages:
        raise InvalidParameter(DAMAGED.format(source.sourceName(), messages[0].rstrip(".")))


def field_value(value):
    """A field's value as plain Python: None where it is NULL or empty text, a date as text."""
    if isinstance(value, (float, int)):
        return value
    if value is None or (hasattr(value, "isNull") and value.isNull()):
        return None
    if hasattr(value, "toString"):
        return value.toString(Qt.DateFormat.ISODate)
    return None if isinstance(value, str) and not value.strip() else value


def field_number(value) -> float | None:
    """A `field_value` as a number, NaN where it is missing; None where it is something else."""
    if value is None:
        return math.nan
    if isinstance(value, str) and "_" in value:  # Python reads 1_000, nobody else does
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def text_of(value) -> str:
    """A value of a field as text; empty where there is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a code kept as a real number: 410100, not 410100.0
    text = "" if value is None else str(value).strip()
    return "" if text == "NULL" else text


def fill(name: str, sink, fields, features: list | Stream) -> None:
    """Add features to a sink, which closes its file once nothing refers to it.

    Parameters
    ----------
    name : str
        The parameter of the result, for the error.
    sink : QgsFeatureSink or None
    fields : QgsFields
    features : list of (QgsGeometry or None, sequence), or Stream
        Geometries and values; None and NaN are NULL.

    Raises
    ------
    OutputError
        If there is no sink, or it does not take a feature.
    """
    if sink is None:
        raise OutputError(_UNWRITABLE.format(name, "no file of this kind can be made there"))
    for shape, row in features:
        feature = QgsFeature(fields)
        feature.setAttributes([_cell(value) for value in row])
        if shape is not None:
            feature.setGeometry(shape)
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise _unwritable(name, sink)
    if not sink.flushBuffer():
        raise _unwritable(name, sink)


def write_file(name: str, file: str, context: QgsProcessingContext, form: tuple, features: list | Stream) -> str:
    """Write features into a file of their own, and return what opens it: `source_of`.

    Parameters
    ----------
    name, features
        As for `fill`.
    file : str
    context : QgsProcessingContext
    form : (QgsFields, QgsWkbTypes.Type, QgsCoordinateReferenceSystem, dict)
        Fields, kind of geometry, CRS, and what the user chose beside the file.

    Raises
    ------
    OutputError
        As `fill`.
    """
    fields, geometry, crs, options = form
    sink, written = QgsProcessingUtils.createFeatureSink(file, context, fields, geometry, crs, options)
    fill(name, sink, fields, features)
    del sink  # closes the file
    return source_of(written, geometry != QgsWkbTypes.Type.NoGeometry)


def _unwritable(name: str, sink) -> OutputError:
    reason = sink.lastError().replace(" (OGR error: )", "").rstrip(".")
    return OutputError(_UNWRITABLE.format(name, reason or "no reason is given"))


def _cell(value):
    """A value as a field takes it: plain Python, None for NaN."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and value != value else value


def source_of(file: str, spatial: bool) -> str:
    """What opens the features written to a file, as far as QGIS says it otherwise: a shapefile without geometries is
    its .dbf alone, and in an SQLite database only tables with geometries are found without their names."""
    base, ending = os.path.splitext(file)
    if not os.path.exists(file) and os.path.exists(f"{base}.dbf"):
        return f"{base}.dbf"
    return f"{file}|layername={os.path.basename(base)}" if ending.lower() == ".sqlite" and not spatial else file


def describe_columns(file: str, columns: dict) -> None:
    """Write the kinds of the columns of a CSV beside it, where OGR finds them: QGIS quotes whole numbers in a CSV, and
    what is quoted is read as text otherwise."""
    with open(os.path.splitext(file)[0] + ".csvt", "w", encoding="ascii", newline="\n") as beside:
        beside.write(",".join(f'"{_CSVT[kind]}"' for kind in columns.values()) + "\n")


def noted_columns(file: str, columns: dict) -> str:
    """Write beside a file what it does not hold of its columns; what it loses of them is returned as a warning."""
    base, ending = os.path.splitext(file)
    if ending.lower() == ".csv":
        describe_columns(file, columns)
    cut = [name for name in columns if len(name.encode()) > DBF_NAME]
    if not cut or ending.lower() not in (".shp", ".dbf"):
        return ""
    return tr(
        "{} is a shapefile, which keeps {} letters of the name of a column: {} cut short. Save it as GeoPackage "
        "(.gpkg) or CSV (.csv) to keep the names."
    ).format(os.path.basename(file), DBF_NAME, listed(cut) + (" is" if len(cut) == 1 else " are"))


def require_complete(source: str, rows: int, name: str) -> None:
    """Make sure that a file holds all rows: few formats tell of an error at closing.

    Parameters
    ----------
    source : str
        The file; what follows ``|layername=`` names the table inside it.
    rows : int
        How many there must be.
    name : str
        What the user calls the file, for the error.

    Raises
    ------
    OutputError
        If rows are missing, or the disk takes no more.
    """
    file, _, table = source.partition("|layername=")
    for part in parts_of(file):
        if os.path.exists(part):
            require_room(part, name)
    found = _rows_in(file, table)
    if found != rows:
        raise OutputError(_INCOMPLETE.format(name, found, rows))


def _rows_in(file: str, table: str) -> int:
    """The rows that can be read, one by one: what a file says of itself is not asked."""
    # Tables without geometry of a plain SQLite database are listed on demand only.
    dataset, _reason = opened(file, gdal.OF_VECTOR, ["LIST_ALL_TABLES=YES"])
    layer = _layer_in(dataset, table or os.path.splitext(os.path.basename(file))[0])
    if layer is None:
        return 0
    rows = 0
    with collected_errors(), suppress(RuntimeError):
        for _feature in watched(layer):
            rows += 1
    return rows


def _layer_in(dataset, table: str):
    if dataset is None:
        return None
    layer = dataset.GetLayerByName(table)
    return dataset.GetLayer(0) if layer is None and dataset.GetLayerCount() == 1 else layer

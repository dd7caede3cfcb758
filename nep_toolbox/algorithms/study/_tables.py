"""The tables of a study: read from what the tools wrote, joined, and written with as many digits as they are worth."""

from __future__ import annotations

import csv
import math
import os

from osgeo import gdal

from ...errors import OutputError
from ...framework.features import describe_columns
from ...raster.gdal_io import opened

UNREADABLE = "{} cannot be read: {}."

#: Digits of a number in a table.
DIGITS = 6

INTEGER, NUMBER, TEXT, PLACE = "integer", "number", "text", "place"
#: A number with all of its digits, as sums close by it.
EXACT = "exact"

#: Digits of a coordinate: 0.1 m of a northing, 1e-6 of a degree.
PLACE_DIGITS = 9

_KINDS = {"Integer": INTEGER, "Integer64": INTEGER, "Integer(Boolean)": INTEGER, "Real": NUMBER}


def read_rows(path: str) -> list:
    """The rows of a CSV table with a .csvt beside it: numbers as numbers, empty cells as None."""
    with open(f"{os.path.splitext(path)[0]}.csvt", encoding="ascii") as beside:
        kinds = [_KINDS.get(each.strip().strip('"').split("(")[0], TEXT) for each in beside.read().split(",")]
    with open(path, encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return [{name: _value(text, kind) for name, text, kind in zip(head, row, kinds)} for row in rows]


def _value(text: str, kind: str):
    if kind == TEXT:
        return text
    if not text.strip():
        return None
    return int(text) if kind == INTEGER else float(text)


def write_rows(path: str, columns: dict, rows: list) -> None:
    """Write a table.

    Parameters
    ----------
    path : str
    columns : dict of str to str
        Kind by column.
    rows : list of dict or sequence
        What a dictionary lacks is empty.
    """
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            values = [row.get(name) for name in columns] if isinstance(row, dict) else row
            writer.writerow([_text(value, kind) for value, kind in zip(values, columns.values())])
    describe_columns(path, {name: NUMBER if kind in (PLACE, EXACT) else kind for name, kind in columns.items()})


def _text(value, kind: str) -> str:
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return ""
    if kind == INTEGER:
        return str(int(value))
    if kind == EXACT:
        return repr(float(value))
    digits = {NUMBER: DIGITS, PLACE: PLACE_DIGITS}.get(kind)
    return f"{float(value):.{digits}g}" if digits else str(value)


def kinds_of(names: str, **kinds: str) -> dict:
    """Columns of numbers, but for those whose kind is given: ``kinds_of("year mean", year=INTEGER)``."""
    return {name: kinds.get(name, NUMBER) for name in names.split()}


def read_features(source: str) -> list:
    """The attributes of the features of the first layer of a file."""
    dataset, reason = opened(source, gdal.OF_VECTOR)
    if dataset is None:
        raise OutputError(UNREADABLE.format(source, reason))
    layer = dataset.GetLayer(0)
    return [feature.items() for feature in layer]

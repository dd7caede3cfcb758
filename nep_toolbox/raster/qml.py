"""Whose style a .qml is: QGIS looks for the style of a file under its name with this ending, whatever the file is, so
that a raster and features of one name look for the same one."""

from __future__ import annotations

import os
import re

RASTER, FEATURES = "a raster", "features"

_MARKS = {
    RASTER: rb"<(pipe|rasterrenderer)\b",
    FEATURES: rb"<(renderer-v2|layerGeometryType|attributetableconfig)\b",
}

#: Endings of files that hold features and no raster, and of those that belong to another file.
_OF_FEATURES = (
    ".csv", ".dbf", ".fgb", ".geojson", ".gml", ".json", ".kml", ".ods", ".shp", ".sqlite", ".tab", ".xlsx",
)
_COMPANIONS = (
    ".cpg", ".csvt", ".dat", ".hdr", ".html", ".id", ".map", ".ovr", ".prj", ".qml", ".qpj", ".sld", ".shx", ".tfw",
    ".txt", ".wld", ".xml", ".xsd",
)


def style_beside(path: str) -> str:
    """Where QGIS looks for the style of a file."""
    return os.path.splitext(path)[0] + ".qml"


def kind_of(style: str) -> str:
    """RASTER or FEATURES, by what a .qml holds; empty where there is none or it is no style."""
    if not os.path.isfile(style):
        return ""
    with open(style, "rb") as file:
        content = file.read()
    return next((kind for kind, mark in _MARKS.items() if re.search(mark, content)), "")


def owner_of_style(path: str, kind: str) -> str:
    """What the style beside a result is of, where it is of something else; empty where it may be replaced.

    Parameters
    ----------
    path : str
        The result, which need not exist yet.
    kind : RASTER or FEATURES
        What the result is.
    """
    style = style_beside(path)
    found = kind_of(style)
    if found not in ("", kind):
        return found
    if not found or os.path.lexists(path):
        return ""
    # The result is new here, so the style is that of another file of this name, if there is one.
    folder, name = os.path.split(path)
    base = os.path.splitext(name)[0]
    beside = (each for each in sorted(os.listdir(folder)) if os.path.splitext(each)[0] == base)
    return next((each for each in beside if _may_be(each, kind)), "")


def _may_be(name: str, kind: str) -> bool:
    """Whether a file may be a raster, or features with a style beside them."""
    ending = os.path.splitext(name)[1].lower()
    return ending in _OF_FEATURES if kind == FEATURES else ending not in _OF_FEATURES + _COMPANIONS

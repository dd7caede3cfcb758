"""Reading classes from a style, and the style of a map of changes."""

from __future__ import annotations

import os

from qgis.core import (
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsSingleBandPseudoColorRenderer,
)

from ..colours import blend, channels, legible
from ..core.landcover.transitions import CHANGE_FACTOR
from ..raster.class_legend import ClassLegend
from ..raster.gdal_io import file_of
from .styles import Classes

#: Changes and unchanged classes that the legend of a map of changes names; the rarest are left without a colour.
LEGEND_CHANGES, LEGEND_UNCHANGED = 40, 20

#: How the colour of a class is varied for the changes to it, the largest first: towards a colour, by a share.
_SHADES_OF_DARK = (("#ffffff", 0.0), ("#ffffff", 0.35), ("#000000", 0.5), ("#ffffff", 0.5), ("#000000", 0.25))
_SHADES_OF_LIGHT = (("#000000", 0.0), ("#000000", 0.35), ("#ffffff", 0.35), ("#000000", 0.6), ("#000000", 0.18))
#: How much of white is in the colour of an unchanged class; more would look like cells that are missing, less like a
#: change to the class.
_PALE = 0.65


def style_file_legend(path: str) -> ClassLegend:
    """The classes of the style file (.qml) that lies beside a raster; empty where there is none."""
    style = os.path.splitext(file_of(path))[0] + ".qml"
    if not os.path.exists(style):
        return ClassLegend({}, {})
    layer = QgsRasterLayer(path, "legend", "gdal")
    _message, loaded = layer.loadNamedStyle(style)
    return renderer_legend(layer.renderer()) if loaded else ClassLegend({}, {})


def renderer_legend(renderer: QgsRasterRenderer | None) -> ClassLegend:
    """The classes a renderer names and colours; empty for a renderer of a continuous quantity."""
    names, colours = {}, {}
    for value, label, colour in _classes(renderer):
        if value != round(value):
            continue
        code = int(round(value))
        if label.strip() and label.strip() not in (str(code), str(value)):
            names[code] = label.strip()
        if colour.name() != "#000000":  # what a colour table has where nobody set a colour
            colours[code] = colour.name()
    return ClassLegend(names, colours)


def _classes(renderer) -> list:
    if isinstance(renderer, QgsPalettedRasterRenderer):
        return [(each.value, each.label, each.color) for each in renderer.classes()]
    if isinstance(renderer, QgsSingleBandPseudoColorRenderer) and renderer.shader():
        function = renderer.shader().rasterShaderFunction()
        if isinstance(function, QgsColorRampShader) and function.colorRampType() == QgsColorRampShader.Type.Exact:
            return [(each.value, each.label, each.color) for each in function.colorRampItemList()]
    return []


def change_classes(areas: dict, labels: dict, colours: dict) -> tuple[Classes, list]:
    """The style of a map of changes: changes in shades of the class they lead to, unchanged classes pale.

    Parameters
    ----------
    areas : dict of (int, int) to float
        Area of each transition that occurs.
    labels, colours : dicts by class
        Names, and ``#rrggbb``.

    Returns
    -------
    Classes
        The largest changes first, then the unchanged classes by area.
    list of (int, int)
        The transitions that the legend leaves out.
    """
    ordered = sorted(areas, key=lambda pair: (-areas[pair], pair))
    changes = [pair for pair in ordered if pair[0] != pair[1]]
    unchanged = [pair for pair in ordered if pair[0] == pair[1]]
    entries, shades = [], {}
    for before, after in changes[:LEGEND_CHANGES]:
        label = f"{labels[before]} to {labels[after]}"
        entries.append((CHANGE_FACTOR * before + after, label, _shade(colours[after], shades.get(after, 0))))
        shades[after] = shades.get(after, 0) + 1
    for code, _ in unchanged[:LEGEND_UNCHANGED]:
        pale = blend(legible(colours[code]), "#ffffff", _PALE)
        entries.append((CHANGE_FACTOR * code + code, f"{labels[code]}, unchanged", pale))
    return Classes(tuple(entries)), changes[LEGEND_CHANGES:] + unchanged[LEGEND_UNCHANGED:]


def _shade(colour: str, number: int) -> str:
    """The ``number``-th variation of a colour; all are visible on white."""
    colour = legible(colour)
    shades = _SHADES_OF_DARK if sum(channels(colour)) < 300 else _SHADES_OF_LIGHT
    return blend(colour, *shades[number % len(shades)])

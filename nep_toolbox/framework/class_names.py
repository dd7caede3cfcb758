"""What the classes of a categorical raster are called, and their colours."""

from __future__ import annotations

from collections import Counter

from ..raster.class_legend import ClassLegend, attribute_legend, category_legend
from ..styling.class_styles import renderer_legend, style_file_legend


def class_legend(layers: list, styled: list) -> ClassLegend:
    """Names and colours of the classes of rasters; for the main thread only.

    Parameters
    ----------
    layers : list of Layer
    styled : list of QgsRasterLayer
        The same rasters with the styles they have in the project.

    Returns
    -------
    ClassLegend
        From the category names and colour tables of the rasters, else their attribute tables, the style files beside
        them, their styles in the project; of several rasters that name a class the first in order of their names.
    """
    layers = sorted(layers, key=lambda layer: (layer.name, layer.path))
    styled = sorted(styled, key=lambda layer: (layer.name(), layer.source()))
    legend = ClassLegend({}, {})
    for source in (
        *(category_legend(layer) for layer in layers),
        *(attribute_legend(layer) for layer in layers),
        *(style_file_legend(layer.path) for layer in layers),
        *(renderer_legend(layer.renderer()) for layer in styled),
    ):
        legend = legend.completed_by(source)
    return legend


def distinct_names(names: dict) -> dict:
    """Names by the text of the code; one that two codes share is followed by its code."""
    shared = Counter(names.values())
    return {
        str(code): name if shared[name] == 1 else f"{name} ({code})" for code, name in sorted(names.items())
    }

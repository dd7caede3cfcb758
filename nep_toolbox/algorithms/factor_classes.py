"""What the classes of a categorical raster are called."""

from __future__ import annotations

from qgis.core import QgsRasterLayer

from ..raster.class_legend import attribute_legend, category_legend
from ..raster.series import Layer
from ..styling.class_styles import renderer_legend, style_file_legend


def class_names(layer: Layer, styled: QgsRasterLayer) -> dict:
    """Names of the classes of a raster; for the main thread only.

    Parameters
    ----------
    layer : Layer
    styled : QgsRasterLayer
        The same raster with the style it has in the project.

    Returns
    -------
    dict of str to str
        Name by code, where there is one: from the category names of the raster, else its attribute table, the style
        file beside it, its style in the project. A name that two codes share is followed by the code.
    """
    names: dict = {}
    for legend in (
        category_legend(layer), attribute_legend(layer), style_file_legend(layer.path),
        renderer_legend(styled.renderer()),
    ):
        names = {**legend.names, **names}
    shared = list(names.values())
    return {
        str(code): name if shared.count(name) == 1 else f"{name} ({code})" for code, name in sorted(names.items())
    }

"""What the tools of land cover share: the names and colours of the classes."""

from __future__ import annotations

from qgis.core import QgsProcessingException, QgsProcessingParameterString, QgsRasterLayer

from ..colours import categorical
from ..core.landcover.tables import label_of, parse_class_names
from ..errors import ToolboxError
from ..raster.class_legend import ClassLegend, attribute_legend, category_legend
from ..raster.series import Layer
from ..styling.class_styles import renderer_legend, style_file_legend
from .inputs import loaded_rasters

NAMES_HELP = """
<p>Names of classes are taken from, in this order: the class names given here, the raster's own category names, its
attribute table, a style file (.qml) beside it, the style of its layer in the project. A class without a name keeps its
number. Colours come from the raster's colour table, else from the same places.</p>"""


class ClassNames:
    """Adds CLASS_NAMES to a tool and gathers the legend of its land-cover rasters.

    ``CLASSIFIED`` names the parameter that holds them.
    """

    CLASSIFIED = "INPUT"

    def __init__(self):
        super().__init__()
        self._legend = ClassLegend({}, {})

    def declare_class_names(self) -> None:
        """Declare CLASS_NAMES."""
        from .texts import tr

        self.add(
            QgsProcessingParameterString("CLASS_NAMES", tr("Class names (1=Cropland;2=Forest)"), optional=True),
            "Names of the classes, as number=name with semicolons between. Empty takes them from the raster or its "
            "style.",
        )

    def checkParameterValues(self, parameters, context):
        """Refuse class names that cannot be read before the run starts."""
        try:
            parse_class_names(self.parameterAsString(parameters, "CLASS_NAMES", context) or "")
        except ToolboxError as error:
            return False, str(error)
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(self, parameters, context, feedback):
        """Gather the legends in the main thread, where layers may be touched."""
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        value = parameters.get(self.CLASSIFIED, self.parameterDefinition(self.CLASSIFIED).defaultValue())
        layers = sorted(self._rasters[self.CLASSIFIED], key=lambda layer: (layer.name, layer.path))
        try:
            styled = sorted(loaded_rasters(value, context), key=lambda layer: (layer.name(), layer.source()))
        except ToolboxError as error:
            raise QgsProcessingException(str(error)) from error
        sources = [
            *(category_legend(layer) for layer in layers),
            *(attribute_legend(layer) for layer in layers),
            *(style_file_legend(layer.path) for layer in layers),
            *(renderer_legend(layer.renderer()) for layer in styled),
        ]
        for source in sources:
            self._legend = self._legend.completed_by(source)
        return True

    def legend(self, run, codes) -> ClassLegend:
        """Names and colours of classes: a label and a colour for every code in ``codes``."""
        names = {**self._legend.names, **parse_class_names(run.text("CLASS_NAMES"))}
        codes = sorted(codes)
        known = {code: self._legend.colours[code] for code in codes if code in self._legend.colours}
        lacking = [code for code in codes if code not in known]
        spare = [colour for colour in categorical(len(codes) + len(known)) if colour not in known.values()]
        labels = {code: label_of(code, names) for code in codes}
        unnamed = [str(code) for code in codes if code not in names]
        run.info("Classes: " + ", ".join(f"{code} {labels[code]}" for code in codes if code in names))
        if unnamed:
            run.info(f"Classes without a name, shown by their number: {', '.join(unnamed)}. CLASS_NAMES can name them.")
        return ClassLegend(labels, {**known, **dict(zip(lacking, spare))})


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

"""What QGIS opens in the project when a run is over."""

from __future__ import annotations

from typing import Callable

from qgis.core import QgsProcessingContext, QgsProject

from ..styling.layer_tree import RunLayers
from ..styling.layers import StyleAndPlace


class Loading:
    """The layers of one run that are to be opened.

    Parameters
    ----------
    context : QgsProcessingContext
        Which QGIS asks at the end for the layers to open.
    group : callable
        Gives the name of their group, should they be many.
    """

    def __init__(self, context: QgsProcessingContext, group: Callable[[], str]):
        self._context = context
        self._group = group
        self._earlier = context.layersToLoadOnCompletion()  # of the steps of a model before this one
        self._layers: RunLayers | None = None

    def let_go(self) -> None:
        """Ask for no group any more: nothing is opened from now on."""
        self._group = str

    def undo(self) -> None:
        """Open only what earlier steps have noted."""
        self._context.setLayersToLoadOnCompletion(self._earlier)

    def rename(self, before: str, after: str) -> None:
        """What is noted already is found elsewhere."""
        if before == after or not self._context.willLoadLayerOnCompletion(before):
            return
        layers = self._context.layersToLoadOnCompletion()
        layers[after] = layers.pop(before)
        self._context.setLayersToLoadOnCompletion(layers)

    def add(self, path: str, title: str) -> None:
        """Open one more raster, under this name; without a project, as on the command line, none."""
        project = self._context.project()
        if project is None:
            return
        details = QgsProcessingContext.LayerDetails(title, project, title)
        details.forceName = True  # whatever its file is called
        details.setPostProcessor(StyleAndPlace(self._of_run(project), path=path))
        self._context.addLayerToLoadOnCompletion(path, details)

    def present(self, path: str, label: str, title: str, number: int, style: Callable | None = None) -> None:
        """Name, style and place a result, if it was noted to be opened.

        QGIS calls a file by its own name where the user wants that, and an output of a model as the model does.

        Parameters
        ----------
        path : str
        label : str
            What QGIS calls the result by itself.
        title : str
            What to call it instead.
        number : int
            Its place among the results of the run.
        style : callable
            Takes the layer and styles it.
        """
        if not self._context.willLoadLayerOnCompletion(path):
            return
        details = self._context.layerToLoadOnCompletionDetails(path)
        if details.name == label:
            details.name = title
        details.setPostProcessor(StyleAndPlace(self._of_run(details.project), style, number, path))

    def _of_run(self, project: QgsProject) -> RunLayers:
        if self._layers is None:
            self._layers = RunLayers(project, self._group())
        return self._layers

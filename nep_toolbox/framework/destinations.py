"""Whether the results of a run may be written where they were asked for."""

from __future__ import annotations

import os

from qgis.core import (
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterVectorLayer,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ..errors import OutputError
from ..raster.gdal_io import files_behind


class InputFiles:
    """The files a run reads, by what the user calls them.

    Parameters
    ----------
    sources : iterable of (str, str)
        The name of each input, and what GDAL opens: a file, a subdataset, a virtual path.
    """

    def __init__(self, sources):
        self._sources = list(sources)

    def real_paths(self) -> dict:
        """The name of the input by the real path of every file that it is made of.

        A virtual raster is made of others, and a subdataset is a part of a file.
        """
        found: dict = {}
        for name, source in self._sources:
            for file in [source, *files_behind(source)]:
                found.setdefault(os.path.realpath(file), name)
        return found


def vector_sources(parameters, definitions: list) -> list:
    """Name and file of the layers of features that were given; for the main thread only."""
    found = []
    for definition in definitions:
        if not isinstance(definition, (QgsProcessingParameterFeatureSource, QgsProcessingParameterVectorLayer)):
            continue
        layer = parameters.vector_layer(definition.name())
        if isinstance(layer, QgsVectorLayer):
            parts = QgsProviderRegistry.instance().decodeUri(layer.dataProvider().name(), layer.source())
            if parts.get("path"):
                found.append((layer.name(), parts["path"]))
    return found


def require_free(targets: dict, inputs: InputFiles) -> None:
    """Refuse results that would destroy an input or each other.

    Parameters
    ----------
    targets : dict of str to str
        The file or folder of each result, by the name of its parameter.
    inputs : InputFiles

    Raises
    ------
    OutputError
        If two results go to one file, or a result to the file of an input, whatever the spelling of the paths.
    """
    taken: dict = {}
    for name, target in targets.items():
        real = os.path.realpath(target)
        if real in taken:
            raise OutputError(
                f"{target} was given for two results, {taken[real]} and {name}. Choose a file for each."
            )
        taken[real] = name
    # Only what exists can be an input.
    existing = {real: name for real, name in taken.items() if os.path.isfile(real)}
    if not existing:
        return
    read = inputs.real_paths()
    for real, name in existing.items():
        if real in read:
            raise OutputError(
                f"{targets[name]} is both an input and the result {name}: '{read[real]}' is read from it. Choose "
                f"another file for the result."
            )

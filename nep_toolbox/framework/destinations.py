"""Whether the results of a run may be written where they were asked for."""

from __future__ import annotations

import os
import re

from qgis.core import (
    QgsDataSourceUri,
    QgsProcessing,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterVectorLayer,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..errors import OutputError
from ..raster.gdal_io import files_behind
from ..raster.staging import parts_of

_TWICE = "{} was given for two results, ⟨{}⟩ and ⟨{}⟩. Choose a file for each."
_READ = "{} is both an input and the result ⟨{}⟩: '{}' is read from it. Choose another file for the result."

#: The endings in what a dialog offers, such as ``HTML files (*.html)``.
_ENDINGS = re.compile(r"\*(\.\w+)")
_ENDING = "The result ⟨{}⟩ cannot be written to {}: choose a file name that ends with {}."


class InputFiles:
    """The files a run reads, by what the user calls them.

    Parameters
    ----------
    sources : iterable of (str, str) or (str, str, str)
        The name of each input, and what GDAL opens: a file, a subdataset, a virtual path; and of a layer of features
        the table that it is in its file, empty where the file does not tell them apart.
    """

    def __init__(self, sources):
        self._sources = list(sources)

    def real_paths(self) -> dict:
        """The name of the input by the real path of every file that it is made of.

        A virtual raster is made of others, which may be virtual too; a subdataset and a member of an archive are parts
        of a file.
        """
        found: dict = {}
        for name, source, *_table in self._sources:
            waiting = [source]
            while waiting:
                file = waiting.pop()
                if file == source or (file.lower().endswith(".vrt") and real_path(file) not in found):
                    waiting += [behind for behind in files_behind(file) if behind != file]
                found.setdefault(real_path(_on_disk(file)), name)
        return found

    def tables(self, real: str) -> set:
        """The tables read of a file, in lower case; an empty text stands for any."""
        return {
            (table[0] if table else "").lower() for _name, source, *table in self._sources
            if real_path(_on_disk(source)) == real
        } or {""}


def real_path(path: str) -> str:
    """One spelling for all the paths of a file."""
    return os.path.normcase(os.path.realpath(path))


def _on_disk(path: str) -> str:
    """The archive that a path such as /vsizip/... goes into; any other path as it is."""
    inside = re.sub(r"^(/vsi[a-z0-9]+/([\d_]+,)?{?)+", "", path)
    file = inside.replace("}", "")
    while file != os.path.dirname(file) and not os.path.isfile(file):
        file = os.path.dirname(file)
    return file if inside != path and os.path.isfile(file) else path


def is_file(destination: str) -> bool:
    """Whether features go to a file; "memory:", "ogr:dbname=..." and the like name a provider, in three letters or
    more, as QGIS tells them from the drives of Windows."""
    return destination != QgsProcessing.TEMPORARY_OUTPUT and not re.match(r"[^:/\\]{3,}:", destination)


def database_table(destination: str) -> tuple:
    """The file of a database and the table in it to which features go; empty texts where they go elsewhere."""
    provider, _, rest = destination.partition(":")
    if is_file(destination) or provider not in ("ogr", "spatialite"):
        return "", ""
    uri = QgsDataSourceUri(rest)
    return (os.path.abspath(uri.database()), uri.table()) if uri.database() else ("", "")


def with_ending(file: str) -> str:
    """A file of features as QGIS calls it: it makes a GeoPackage where it does not know the ending."""
    ending = os.path.splitext(file)[1].lower()
    return file if ending == ".dbf" or QgsVectorFileWriter.driverForExtension(ending) else file + ".gpkg"


def with_its_ending(file: str, file_filter: str) -> str:
    """A file that is no layer, with the first ending that the dialog offers where it has none.

    Programs that call QGIS, such as R's qgisprocess, make temporary names without one.
    """
    endings = _ENDINGS.findall(file_filter)
    return file if os.path.splitext(file)[1] or not endings else file + endings[0]


def vector_sources(parameters, definitions: list) -> list:
    """Name, file and table of the layers of features that were given; for the main thread only."""
    found = []
    for definition in definitions:
        if not isinstance(definition, (QgsProcessingParameterFeatureSource, QgsProcessingParameterVectorLayer)):
            continue
        layer = parameters.vector_layer(definition.name())
        if isinstance(layer, QgsVectorLayer):
            parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
            if parts.get("path"):
                found.append((layer.name(), parts["path"], parts.get("layerName") or ""))
    return found


def require_free(targets: dict, inputs: InputFiles, tables: dict | None = None) -> None:
    """Refuse results that would destroy an input or each other.

    Parameters
    ----------
    targets : dict of str to str
        The file or folder of each result, by the name of its parameter.
    inputs : InputFiles
    tables : dict of str to (str, str)
        The database and the table of each result that is added to one.

    Raises
    ------
    OutputError
        If two results go to one file, or a result to the file of an input, whatever the spelling of the paths.
    """
    places = [(name, real_path(part)) for name, target in targets.items() for part in parts_of(target)]
    taken: dict = {}
    for name, real in places:
        _take(taken, real, name, targets[name])
    for name, (file, table) in (tables or {}).items():
        if real_path(file) in taken:
            _take(taken, real_path(file), name, file)
        _take(taken, (real_path(file), table.lower()), name, f"The table {table} of {file}")
    # Only what exists can be an input.
    places = [(name, real) for name, real in places if os.path.isfile(real)]
    if not places and not tables:
        return
    read = inputs.real_paths()
    for name, real in places:
        if real in read:
            raise _is_input(targets[name], name, read[real])
    for name, (file, table) in (tables or {}).items():
        if real_path(file) in read and inputs.tables(real_path(file)) & {table.lower(), ""}:
            raise _is_input(f"The table {table} of {file}", name, read[real_path(file)])


def require_ending(target: str, name: str, file_filter: str) -> None:
    """Refuse a name that a result cannot have: a page of charts is no picture, whatever it is called.

    Parameters
    ----------
    target : str
        The file of the result.
    name : str
        The parameter of the result, for the error.
    file_filter : str
        What the dialog offers, such as ``HTML files (*.html)``.

    Raises
    ------
    OutputError
        If the file ends otherwise.
    """
    endings = _ENDINGS.findall(file_filter)
    allowed = [*endings, ".htm"] if ".html" in endings else endings
    if allowed and not target.lower().endswith(tuple(allowed)):
        raise OutputError(_ENDING.format(name, target, endings[0]))


def _take(taken: dict, place, name: str, words: str) -> None:
    if taken.setdefault(place, name) != name:
        raise OutputError(_TWICE.format(words, taken[place], name))


def _is_input(words: str, name: str, layer: str) -> OutputError:
    return OutputError(_READ.format(words, name, layer))

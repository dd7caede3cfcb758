"""Paths in a project file that QGIS writes whole although the project keeps relative ones."""

from __future__ import annotations

import os
import zipfile
from html import escape

#: What a map of a layout notes of each of its layers, which it finds by their ids.
_SOURCE = 'source="{}/'


def make_relative(project: str, folder: str) -> None:
    """Write the sources of layers that layouts note relative to the folder of the project.

    Parameters
    ----------
    project : str
        A .qgz file.
    folder : str
        As the sources of the layers begin.
    """
    def source(name: str) -> bytes:
        # As Qt writes attributes, which leaves an apostrophe as it is.
        return _SOURCE.format(escape(name, quote=False).replace('"', "&quot;")).encode()

    whole, relative = source(folder), source(".")
    written = f"{project}~"
    with zipfile.ZipFile(project) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, content.replace(whole, relative), zipfile.ZIP_DEFLATED)
    os.replace(written, project)

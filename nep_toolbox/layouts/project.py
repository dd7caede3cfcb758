"""The project of a study and its figures of maps."""

from __future__ import annotations

import os
from functools import partial
from typing import Callable

from qgis.core import QgsCoordinateTransform, QgsProject, QgsRectangle, QgsReferencedRectangle

from ..errors import Cancelled, OutputError
from . import tree
from .export import export
from .figures import FIGURES, Figure
from .figures.sheet import Sheet, with_rim
from .folder import Study
from .page import Page, set_crs
from .relative import make_relative

PROJECT = "project.qgz"

_UNWRITABLE = "The project {} cannot be written: {}. Free space on the disk or choose another folder."
_NOTHING = "The folder of the study holds neither rasters nor regions that QGIS can read: there is nothing to map."


def build(folder, settings: dict, words, progress: Callable | None = None, is_cancelled: Callable | None = None,
          call: Callable | None = None) -> dict:
    """Write the project of a study, with a theme and a layout for each figure, and export its figures of maps.

    What the folder lacks is left out.

    Parameters
    ----------
    folder : path
        Of the study, with rasters/, vectors/, data/, tables/ and figures/.
    settings : dict
        As study.json keeps them.
    words
        As for `Study`.
    progress : callable, optional
        Takes 0 to 100.
    is_cancelled : callable, optional
        Asked between the files of figures.
    call : callable, optional
        Calls a function in the main thread, where all of this has to happen, and gives back what it returns:
        `framework.main_thread.in_main_thread`. A window can then draw itself between figures. By default this is the
        main thread.

    Returns
    -------
    dict
        ``figures``: the files of each figure by its name; ``warnings``: list of str.

    Raises
    ------
    Cancelled
    OutputError
        If the project or a figure cannot be written; the others are.
    """
    progress, call = progress or (lambda _percent: None), call or (lambda function: function())
    work = _Work(Study(os.path.abspath(folder).replace(os.sep, "/"), settings, words))
    figures, errors = {}, []

    def step(function: Callable, *arguments):
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        return call(partial(function, *arguments))

    try:
        call(work.open)
        for place, (name, figure) in enumerate(FIGURES.items()):
            progress(5.0 + 90.0 * place / len(FIGURES))
            try:
                files = [step(work.export, name, kind) for kind in step(work.draw, name, figure)]
            except OutputError as error:
                errors.append(str(error))
            else:
                figures.update({name: files} if files else {})
        step(work.save)
        progress(100.0)
    finally:
        call(work.close)
    if errors:
        raise OutputError(" ".join(errors))
    return {"figures": figures, "warnings": work.warnings}


class _Work:
    """The project while it is built, one step in the main thread at a time."""

    def __init__(self, study: Study):
        self._study = study
        self._project: QgsProject | None = None
        self._layers: tree.Layers | None = None
        self._extent: QgsRectangle | None = None
        self.warnings: list = []

    def open(self) -> None:
        """Make the project, with the layers of the folder."""
        self._project = QgsProject()
        self._project.setFileName(self._study.path(PROJECT))
        self._project.setTitle(self._study.settings.get("region_name") or self._study.variable)
        self._layers = tree.load(self._project, self._study)
        self.warnings += self._layers.unreadable
        self._extent = _set_area(self._project, self._layers)

    def draw(self, name: str, figure: Figure) -> list:
        """Make the theme and the layout of a figure, if there is anything to show; gives the formats to write."""
        study, layers = self._study, self._layers
        if not figure.wanted(study, layers):
            return []
        layers.theme(name, figure.theme(layers))
        sheet = Sheet(Page(self._project, name, study.width, layers.font), study, layers, self._extent)
        sheet.page.finish(figure.draw(sheet))
        return study.settings.get("formats") or ["png"] if figure.exported else []

    def export(self, name: str, kind: str) -> str:
        """Write a figure in a format; gives the file."""
        layout = self._project.layoutManager().layoutByName(name)
        return export(layout, self._study.path(f"figures/{name}"), kind, float(self._study.settings.get("dpi") or 300))

    def save(self) -> None:
        """Write the project."""
        path = self._study.path(PROJECT)
        if not self._project.write(path):
            reason = self._project.error().rstrip(".") or "QGIS gives no reason"
            raise OutputError(_UNWRITABLE.format(path, reason))
        make_relative(path, self._study.folder)

    def close(self) -> None:
        """Take the project apart here and now: QGIS 3.22 crashes where layouts are left when it ends."""
        self._layers = None
        if self._project is not None:
            self._project.layoutManager().clear()
            self._project.clear()
            self._project = None


def _set_area(project: QgsProject, layers: tree.Layers) -> QgsRectangle:
    """Give the project the CRS of the rasters and the study area as its extent; returns that with its rim."""
    rasters = layers.those("relief", "mean", "trend_class", "increases")
    area = layers.those("outline", "regions") or rasters
    if not area:
        raise OutputError(_NOTHING)
    crs = (rasters or area)[0].crs()
    set_crs(project, crs)
    extent = with_rim(QgsCoordinateTransform(area[0].crs(), crs, project).transformBoundingBox(area[0].extent()))
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(extent, crs))
    return extent

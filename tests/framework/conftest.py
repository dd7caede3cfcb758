"""Inputs and folders for the tests of the frame."""

from __future__ import annotations

import os

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingOutputLayerDefinition, QgsProject
from testkit.files import contents
from testkit.rasters import write_raster


@pytest.fixture
def raster(tmp_path) -> str:
    """A raster of 3 x 4 cells in a folder of its own."""
    return write_raster(tmp_path / "in" / "npp_2001.tif", np.arange(12.0).reshape(3, 4))


@pytest.fixture
def out(tmp_path):
    """A folder with results of an earlier run."""
    folder = tmp_path / "out"
    (folder / "folder").mkdir(parents=True)
    for name in ("map.tif", "map.qml", "other.img", "table.csv", "second.gpkg", "line.dbf", "page.html",
                 "folder/inside.tif", "folder/mine.txt"):
        (folder / name).write_text(f"old {name}", encoding="utf-8")
    return folder


def picture(folder) -> tuple:
    """All files with their bytes, and all folders, below a folder."""
    return contents(folder), sorted(os.path.join(place, name) for place, names, _ in os.walk(folder) for name in names)


@pytest.fixture
def unchanged(tmp_path):
    """At the end of the test the folder is what it was when this was called."""
    before: list = []
    yield lambda: before.append(picture(tmp_path))
    assert before, "the test did not say when to look"
    assert picture(tmp_path) == before[-1]


@pytest.fixture
def loading():
    """A context with a project, and the value of a result that is to be loaded into it."""
    context, project = QgsProcessingContext(), QgsProject()
    context.setProject(project)
    context.kept = project

    def destination(sink: str) -> QgsProcessingOutputLayerDefinition:
        return QgsProcessingOutputLayerDefinition(sink, project)

    return context, destination

"""A folder of a study, its project and its sheets."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from qgis.core import QgsProject
from testkit.study_folder import English, settings, study_folder

from nep_toolbox.layouts import tree
from nep_toolbox.layouts.figures.sheet import Sheet, with_rim
from nep_toolbox.layouts.folder import Study
from nep_toolbox.layouts.page import Page
from nep_toolbox.layouts.project import build


@pytest.fixture(scope="session")
def folder(qgis_app, tmp_path_factory) -> Path:  # noqa: ARG001
    """The folder of a study before its project is made; tests must not change it."""
    return study_folder(tmp_path_factory.mktemp("studies") / "研究 & one")


@pytest.fixture(scope="session")
def built(qgis_app, tmp_path_factory) -> tuple:  # noqa: ARG001
    """A folder with its project and figures, and what `build` returned."""
    path = study_folder(tmp_path_factory.mktemp("built") / "study")
    return path, build(path, settings(formats=["png", "svg", "pdf"]), English())


@pytest.fixture
def study(folder) -> Study:
    """The folder as the layouts see it."""
    return Study(folder.as_posix(), settings(), English())


@pytest.fixture
def project(qgis_app):  # noqa: ARG001
    """An empty project that is taken apart before the next test."""
    project = QgsProject()
    yield project
    project.layoutManager().clear()
    project.clear()
    gc.collect()


@pytest.fixture
def layers(project, study) -> tree.Layers:
    """The layers of the folder in the project."""
    found = tree.load(project, study)
    project.setCrs(found["mean"].crs(), True)
    return found


@pytest.fixture
def sheet(project, study, layers):
    """Makes a sheet of a width."""

    def make(width: float = 174.0) -> Sheet:
        study.settings["width_mm"] = width
        return Sheet(Page(project, "sheet", width, layers.font), study, layers, with_rim(layers["outline"].extent()))

    return make

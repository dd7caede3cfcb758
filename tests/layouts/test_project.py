"""The project of a study opens anywhere, and its figures are written in every format."""

from __future__ import annotations

import shutil
import zipfile

import pytest
from qgis.core import QgsLayoutItemLegend, QgsLayoutItemMap, QgsProject
from qgis.PyQt.QtGui import QImage
from testkit.event_loop import elsewhere
from testkit.study_folder import English, settings, study_folder

from nep_toolbox.errors import Cancelled, OutputError
from nep_toolbox.framework.main_thread import in_main_thread
from nep_toolbox.layouts.figures import FIGURES
from nep_toolbox.layouts.project import build

MAPS = [
    "fig01_study_area", "fig03_maps", "fig04_frequency", "fig05_trend", "fig06_future", "fig07_correlation",
    "fig11_attribution", "fig12_drivers",
]


@pytest.fixture
def moved(built, project, tmp_path):
    """The project of a folder that was moved since it was made."""
    folder = tmp_path / "elsewhere"
    shutil.copytree(built[0], folder)
    assert project.read(str(folder / "project.qgz"))
    yield project, folder


def test_figures_are_written_in_every_format(built):
    folder, result = built
    assert list(result["figures"]) == MAPS
    assert result["warnings"] == []
    for name, files in result["figures"].items():
        assert files == [(folder / "figures" / f"{name}.{kind}").as_posix() for kind in ("png", "svg", "pdf")]
        assert all((folder / "figures" / f"{name}.{kind}").stat().st_size > 1000 for kind in ("png", "svg", "pdf"))


def test_a_figure_is_as_wide_as_was_asked(built):
    # 174 mm at 60 points an inch: 411.02 points
    for name in MAPS:
        assert QImage(str(built[0] / "figures" / f"{name}.png")).width() == pytest.approx(174.0 / 25.4 * 60.0, abs=1.0)


def test_layers_are_found_after_the_folder_was_moved(moved):
    project, folder = moved
    layers = project.mapLayers().values()
    assert len(layers) > 20
    assert [layer.name() for layer in layers if not layer.isValid()] == []
    assert {str(folder) in layer.source() for layer in layers} == {True}


def test_the_project_lies_where_its_rasters_do_and_measures_on_their_ellipsoid(moved):
    project, _ = moved
    assert project.crs().authid() == "EPSG:32650" and project.ellipsoid() == "EPSG:7030"
    area = project.viewSettings().defaultViewExtent()
    # The study area is 28 cells of 500 m wide; 5 % of it is on each side.
    assert area.crs().authid() == "EPSG:32650" and area.width() == pytest.approx(28 * 500.0 * 1.1)
    assert project.title() == "Two halves"


def test_every_layout_has_a_theme_and_finds_what_it_shows(moved):
    project, folder = moved
    layouts = {layout.name(): layout for layout in project.layoutManager().layouts()}
    assert sorted(layouts) == sorted(project.mapThemeCollection().mapThemes()) == sorted([*MAPS, "fig02_annual"])
    for layout in layouts.values():
        for item in layout.items():
            if isinstance(item, QgsLayoutItemMap):
                assert item.layers() and all(layer.isValid() for layer in item.layers())
            if hasattr(item, "picturePath") and not item.picturePath().startswith("base64:"):
                assert item.picturePath().startswith(str(folder))
            if isinstance(item, QgsLayoutItemLegend):
                assert item.model().rootGroup().findLayers()


def test_no_whole_path_is_in_the_project(built):
    folder, _ = built
    with zipfile.ZipFile(folder / "project.qgz") as file:
        texts = [file.read(name) for name in file.namelist()]
    assert b"./rasters/nep.tif" in b"".join(texts)
    for text in texts:
        assert str(folder).encode() not in text and str(folder.parent).encode() not in text


def test_the_folder_holds_nothing_else(built):
    folder, _ = built
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    plain = study_folder(folder.parent / "plain")
    before = {path.relative_to(plain).as_posix() for path in plain.rglob("*") if path.is_file()}
    made = {"project.qgz", *(f"figures/{name}.{kind}" for name in MAPS for kind in ("png", "svg", "pdf"))}
    assert names - before == made


def test_the_open_project_is_left_alone(folder, tmp_path):
    before = QgsProject.instance().mapLayers()
    shutil.copytree(folder, tmp_path / "s")
    build(tmp_path / "s", settings(), English())
    assert QgsProject.instance().mapLayers() == before
    assert QgsProject.instance().fileName() == ""


def test_what_is_missing_is_left_out(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "s")
    for path in (tmp_path / "s").rglob("*"):
        if path.is_file() and path.name not in ("nep_mean.tif", "nep_mean.qml", "trend_class.tif", "trend_class.qml"):
            path.unlink()
    result = build(tmp_path / "s", settings(), English())
    assert list(result["figures"]) == ["fig01_study_area", "fig05_trend"]


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(OutputError, match="nothing to map"):
        build(tmp_path, settings(), English())


def test_a_figure_that_cannot_be_written_is_named_and_the_rest_is_made(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "s")
    (tmp_path / "s" / "figures" / "fig03_maps.png").mkdir()
    with pytest.raises(OutputError, match=r"fig03_maps\.png cannot be written.*choose another folder"):
        build(tmp_path / "s", settings(), English())
    assert (tmp_path / "s" / "project.qgz").exists()
    assert (tmp_path / "s" / "figures" / "fig07_correlation.png").exists()


def test_cancel_between_figures(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "s")
    moves = []
    with pytest.raises(Cancelled):
        build(tmp_path / "s", settings(), English(), moves.append, lambda: len(moves) > 3)
    assert moves == sorted(moves) and len(moves) == 4
    assert not (tmp_path / "s" / "project.qgz").exists()


def test_progress_ends_with_all(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "s")
    moves = []
    build(tmp_path / "s", settings(), English(), moves.append)
    assert moves == sorted(moves) and moves[-1] == 100.0 and len(moves) == len(FIGURES) + 1


def test_it_works_from_another_thread(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "s")
    done = elsewhere(lambda: build(tmp_path / "s", settings(), English(), call=in_main_thread))
    assert done.error is None
    assert list(done.result["figures"]) == MAPS

"""The layers of a run stand in one order, in whichever QGIS loads them, and the key of the map is open."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from qgis.core import QgsLayerTreeModel, QgsLayerTreeRegistryBridge, QgsProject, QgsRasterLayer, QgsVectorLayer
from testkit.rasters import write_raster

from nep_toolbox.styling.layer_tree import MANY, RunLayers
from nep_toolbox.styling.styles import Classes

pytestmark = pytest.mark.usefixtures("qgis_app")

KEY = Classes(tuple((code, f"class {code}", "#00bb00") for code in range(12)))


@pytest.fixture
def window():
    """A project with the model of the tree that the main window has: it closes legends of ten entries and more."""
    project = QgsProject()
    model = QgsLayerTreeModel(project.layerTreeRoot())
    model.setFlag(QgsLayerTreeModel.Flag.ShowLegend)
    model.setAutoCollapseLegendNodes(10)
    yield project
    del model


@pytest.fixture
def layer(tmp_path):
    path = write_raster(tmp_path / "r.tif", np.zeros((1, 2, 2)))

    def make(kind: str, name: str):
        if kind == "table":
            return QgsVectorLayer("NoGeometry?field=a:integer", name, "memory")
        if kind == "features":
            return QgsVectorLayer("Point?crs=EPSG:4326", name, "memory")
        raster = QgsRasterLayer(path, name)
        if kind == "classes":
            raster.setRenderer(KEY.renderer([]))
        return raster

    return make


def load(project, layers: list, run: RunLayers | None = None) -> RunLayers:
    """Load layers one after the other as QGIS 3.22 does, each on top of the tree."""
    run = run or RunLayers(project, "The run")
    for _layer, _number in layers:
        run.expect()
    for each, number in layers:
        project.addMapLayer(each)
        run.place(each, number)
    return run


def tree(group) -> list:
    """Names from top to bottom, with those of the layers of a group."""
    return [child.name() if not child.children() else (child.name(), tree(child)) for child in group.children()]


RESULTS = (("slope", "numbers", 0), ("classes", "classes", 3), ("z", "numbers", 2), ("area", "table", 8),
           ("centres", "features", 5))


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_the_order_is_the_same_whatever_is_loaded_first(window, layer, order):
    load(window, [(layer(kind, name), number) for name, kind, number in (RESULTS[place] for place in order)])
    assert tree(window.layerTreeRoot()) == ["centres", "classes", "slope", "z", "area"]
    assert len(window.mapLayers()) == 5


@pytest.mark.parametrize("last", [False, True])
def test_the_key_of_many_classes_is_open(window, layer, last):
    layers = [(layer("classes", "key"), 0), (layer("numbers", "slope"), 1)]
    load(window, layers[::-1] if last else layers)
    key, _slope = window.layerTreeRoot().children()
    assert key.name() == "key" and key.isExpanded()


def test_without_it_the_key_would_be_closed(window, layer):
    window.addMapLayer(layer("classes", "key"))
    [key] = window.layerTreeRoot().children()
    assert not key.isExpanded()


def test_other_layers_stay_where_they_are(window, layer):
    for name in ("base", "mine"):
        window.addMapLayer(layer("numbers", name))
    load(window, [(layer("numbers", "slope"), 0), (layer("numbers", "z"), 1)])
    load(window, [(layer("numbers", "hurst"), 0), (layer("numbers", "p"), 1)])
    assert tree(window.layerTreeRoot()) == ["hurst", "p", "slope", "z", "mine", "base"]


def test_many_layers_are_a_group(window, layer):
    window.addMapLayer(layer("numbers", "base"))
    numbers = [(layer("numbers", f"npp {number}"), number) for number in range(MANY)]
    load(window, [(layer("table", "area"), 20), *numbers[::-1], (layer("classes", "cover"), 30)])
    names = ["cover", *(f"npp {number}" for number in range(MANY)), "area"]
    assert tree(window.layerTreeRoot()) == [("The run", names), "base"]
    group = window.layerTreeRoot().children()[0]
    assert [child.isExpanded() for child in group.children()] == [True] + [False] * (MANY + 1)
    assert len(window.mapLayers()) == MANY + 3


def test_as_many_as_fit_are_no_group(window, layer):
    load(window, [(layer("numbers", f"npp {number}"), number) for number in range(MANY)])
    assert tree(window.layerTreeRoot()) == [f"npp {number}" for number in range(MANY)]


def into_the_first_group(project) -> None:
    """New layers go into the first group, as they do in the window while a layer of that group is the current one."""
    group = project.layerTreeRoot().children()[0]
    point = QgsLayerTreeRegistryBridge.InsertionPoint(group, 0)
    project.layerTreeRegistryBridge().setLayerInsertionPoint(point)


@pytest.mark.parametrize("count", [2, MANY + 1])
def test_a_run_does_not_go_into_the_group_of_another(window, layer, count):
    names = [f"nep {number}" for number in range(MANY + 1)]
    load(window, [(layer("numbers", name), number) for number, name in enumerate(names)])
    into_the_first_group(window)
    others = [f"npp {number}" for number in range(count)]
    load(window, [(layer("numbers", name), number) for number, name in enumerate(others)], RunLayers(window, "Other"))
    above = others if count <= MANY else [("Other", others)]
    assert tree(window.layerTreeRoot()) == [*above, ("The run", names)]
    assert len(window.mapLayers()) == MANY + 1 + count


def test_a_run_stays_in_the_group_that_the_user_made(window, layer):
    window.layerTreeRoot().addGroup("Mine").addLayer(window.addMapLayer(layer("numbers", "base"), False))
    into_the_first_group(window)
    load(window, [(layer("numbers", "slope"), 0), (layer("numbers", "z"), 1)])
    assert tree(window.layerTreeRoot()) == [("Mine", ["slope", "z", "base"])]


def test_layers_that_are_in_the_tree_before_the_first_is_placed(window, layer):
    """QGIS after 3.22 adds all of them first."""
    layers = [(layer(kind, name), number) for name, kind, number in RESULTS]
    run = RunLayers(window, "The run")
    for each, _number in layers:
        run.expect()
        window.addMapLayer(each)
    for each, number in layers:
        run.place(each, number)
    assert tree(window.layerTreeRoot()) == ["centres", "classes", "slope", "z", "area"]


def test_a_layer_that_is_not_in_the_tree(window, layer):
    hidden = layer("numbers", "hidden")
    window.addMapLayer(hidden, False)
    RunLayers(window, "The run").place(hidden, 0)
    assert tree(window.layerTreeRoot()) == []

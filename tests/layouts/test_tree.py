"""The tree of layers: groups in the order of the figures, the first one open, names without names of files."""

from __future__ import annotations

import pytest
from qgis.core import QgsLayerTreeModel

from nep_toolbox.layouts import tree
from nep_toolbox.layouts.folder import Study
from nep_toolbox.study.words import words


def names(layers) -> dict:
    """The names of the layers of each group, from top to bottom."""
    root = layers.project.layerTreeRoot()
    return {group.name(): [node.name() for node in group.findLayers()] for group in root.findGroups()}


def test_groups_and_their_layers(layers):
    found = names(layers)
    assert list(found) == [
        "0 Study area", "2–3 NEP", "4 Frequency of changes", "5 Centre of gravity", "5 Trend", "6 Future trend",
        "7 Correlation", "8 Land cover", "11–12 Attribution and drivers", "Uncertainty", "Inputs",
        "Tables",
    ]
    assert found["0 Study area"] == ["Regions", "Study area", "Borders of regions", "Elevation (m)"]
    assert found["2–3 NEP"] == ["NEP, mean 2001–2003 (gC m-2 yr-1)", *(f"NEP {year} (gC m-2 yr-1)" for year in (
        2001, 2002, 2003)), "Sources and sinks with significance, 2001–2003"]
    assert found["Uncertainty"] == ["Standard deviation by the given errors (gC m-2 yr-1)"]
    assert found["4 Frequency of changes"][:2] == ["Decreases by region", "Increases by region"]
    assert found["8 Land cover"] == ["Land cover 2001", "Land cover 2003"]
    assert found["11–12 Attribution and drivers"] == [
        "Attribution class", "Slope of what follows the drivers (gC m-2 yr-1 yr-1)",
        "Slope of the rest (gC m-2 yr-1 yr-1)", "Share of the drivers in the trend (%)", "Strongest driver",
        "Attribution class of NPP", "Strongest driver of NPP", "Contribution of Precipitation (gC m-2 yr-1 yr-1)",
        "Contribution of rest (gC m-2 yr-1 yr-1)",
    ]
    assert found["Inputs"] == ["pm25", "Elevation"]
    assert found["Tables"] == ["fig02_annual"]


def test_only_the_first_group_is_on_and_open(layers):
    groups = layers.project.layerTreeRoot().findGroups()
    assert [group.itemVisibilityChecked() for group in groups] == [True] + [False] * (len(groups) - 1)
    assert [group.isExpanded() for group in groups] == [True] + [False] * (len(groups) - 1)


def test_the_ground_is_below_all(layers):
    last = layers.project.layerTreeRoot().children()[-1]
    assert last.name() == "No value" and last.isVisible()


def test_land_cover_shows_the_first_and_the_last_date(layers):
    assert layers["land cover 2001"].renderer().usesBands() == [1]
    assert layers["land cover 2003"].renderer().usesBands() == [2]


def test_each_contribution_shows_its_band(layers):
    assert [layers[f"contribution {name}"].renderer().usesBands() for name in ("Precipitation", "rest")] == [[1], [2]]


def test_drivers_with_their_sign_are_in_the_language_of_the_study(project, study):
    found = tree.load(project, Study(study.path("."), study.settings, words("zh")))
    labels = [each.label for each in found["dominant"].renderer().classes()]
    assert labels == ["降水量（正）", "气温（正）", "均不显著"]
    assert found["contribution rest"].name() == "其余部分的贡献 (gC m⁻² yr⁻¹ yr⁻¹)"


def test_each_map_year_shows_its_band(layers):
    assert [layers[f"year {year}"].renderer().usesBands() for year in (2001, 2002, 2003)] == [[1], [2], [3]]


def test_regions_share_the_classes_of_their_counts(layers):
    labels = [[each.label() for each in layers[f"{way} by region"].renderer().ranges()]
              for way in ("decreases", "increases")]
    assert labels[0] == labels[1] == ["3–4", "5", "6–7", "8", "9–10"]


def test_centres_are_those_of_the_whole(layers):
    assert layers["centers"].featureCount() == 3  # a fourth is that of a region


def test_a_theme_shows_its_layers_and_no_others(layers):
    layers.theme("one", ["outline", "trend_class", "nothing"])
    root = layers.project.layerTreeRoot()
    model = QgsLayerTreeModel(root)
    layers.project.mapThemeCollection().applyTheme("one", root, model)
    visible = {node.name() for node in root.findLayers() if node.isVisible()}
    assert visible == {"Study area", "Trend class", "No value"}


def test_an_unreadable_file_is_told(project, study, tmp_path):
    (tmp_path / "rasters").mkdir()
    (tmp_path / "rasters" / "hurst.tif").write_text("no raster", encoding="utf-8")
    found = tree.load(project, Study(tmp_path.as_posix(), study.settings, study.words))
    assert found.unreadable == [f"QGIS cannot read {tmp_path}/rasters/hurst.tif: the project is without it."]
    assert names(found) == {}


@pytest.mark.parametrize("key", ["r_precipitation", "npp_r_temperature", "hurst", "future", "increases"])
def test_layers_are_known_by_their_keys(layers, key):
    assert key in layers and layers[key].isValid() and layers.those(key, "none") == [layers[key]]

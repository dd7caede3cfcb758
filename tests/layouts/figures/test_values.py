"""Figures 1 and 3."""

from __future__ import annotations

import pytest
from qgis.core import QgsLayoutItemLegend, QgsLayoutItemMap

from nep_toolbox.layouts.figures.values import interval, study_area, years


def test_the_study_area(drawn):
    found = drawn(study_area)
    assert found.maps == ["study area"] and found.letters == []
    (item,) = found.of(QgsLayoutItemMap)
    assert [layer.name() for layer in item.layers()] == ["Study area", "Regions", "Elevation (m)", "No value"]
    assert item.grid().enabled()
    assert "Elevation (m)" in found.texts


def test_the_map_years_share_one_legend(drawn):
    found = drawn(years)
    assert found.letters == ["(A)", "(B)", "(C)", "(D)"]
    assert found.maps == ["map of 2001", "map of 2002", "map of 2003", "sink_class"]
    extents = {item.extent().asWktPolygon() for item in found.of(QgsLayoutItemMap)}
    assert len(extents) == 1
    # Sinks and sources: the ends and 0 of the series, once.
    assert [text for text in found.texts if text in ("-90", "0", "310")] == ["310", "0", "-90"]
    assert "NEP (gC m-2 yr-1)" in found.texts


def test_sinks_and_sources_have_a_map_and_a_legend(drawn):
    found = drawn(years)
    assert "Sources and sinks, 2001–2003" in found.texts and "Sources and sinks" in found.texts
    (item,) = [each for each in found.of(QgsLayoutItemMap) if each.id() == "sink_class"]
    assert "Sources and sinks with significance, 2001–2003" in [layer.name() for layer in item.layers()]


def test_five_years_and_the_sinks_share_a_page(drawn, study, layers, monkeypatch):
    monkeypatch.setitem(study.settings, "years", [2001, 2002, 2003, 2004, 2005])
    monkeypatch.setitem(study.settings, "map_years", [2001, 2002, 2003, 2004, 2005])
    monkeypatch.setattr(layers, "_layers", {
        **layers._layers, "year 2004": layers["year 2001"], "year 2005": layers["year 2001"]})
    assert drawn(years).letters == ["(A)", "(B)", "(C)", "(D)", "(E)", "(F)"]


def test_without_sinks_there_are_the_years_alone(drawn, layers, monkeypatch):
    rest = {key: layer for key, layer in layers._layers.items() if key != "sink_class"}
    monkeypatch.setattr(layers, "_layers", rest)
    found = drawn(years)
    assert found.letters == ["(A)", "(B)", "(C)"] and "Sources and sinks" not in found.texts


def test_one_year_has_no_letter(drawn, study, layers, monkeypatch):
    study.settings["map_years"] = [2002]
    monkeypatch.setattr(layers, "_layers", {key: layers[key] for key in layers._layers if key != "sink_class"})
    found = drawn(years)
    assert found.letters == [] and found.maps == ["map of 2002"] and "2002" in found.texts


def test_one_missing_cell_is_no_entry_of_the_legend(drawn):
    found = drawn(years)  # which owns the legends
    entries = [each.name() for legend in found.of(QgsLayoutItemLegend)
               for each in legend.model().rootGroup().findLayers()]
    assert "No value" not in entries


@pytest.mark.parametrize(("degrees", "millimetres", "step"), [
    (1.3, 130.0, 0.5), (0.9, 100.0, 0.25), (6.0, 130.0, 2.0), (6.0, 20.0, 5.0), (0.1, 80.0, 1 / 30),
    (200.0, 130.0, 30.0),
])
def test_the_distance_of_meridians(degrees, millimetres, step):
    assert interval(degrees, millimetres) == pytest.approx(step)

"""Figures 5 and 6."""

from __future__ import annotations

from qgis.core import QgsLayoutItemMap
from testkit.study_folder import place

from nep_toolbox.layouts.figures.classes import around, future, trend


def test_the_trend_and_the_centres(drawn, pictures):
    found = drawn(trend)
    assert found.letters == ["(A)", "(B)", "(C)", "(D)"]
    assert found.maps == ["trend", "centres", "path"]
    assert pictures(found) == ["fig05_shares.svg"]
    whole = next(item for item in found.of(QgsLayoutItemMap) if item.id() == "centres")
    assert whole.overview().linkedMap().id() == "path"


def test_without_centres_and_chart_there_is_one_map(drawn, layers, study, monkeypatch):
    del layers._layers["centers"]
    monkeypatch.setattr(type(study), "has", lambda *_: False)
    found = drawn(trend)
    assert found.maps == ["trend"] and found.letters == ["(A)"]


def test_without_classes_the_centres_come_first(drawn, layers):
    del layers._layers["trend_class"]
    found = drawn(trend)
    assert found.maps == ["centres", "path"] and found.letters == ["(A)", "(B)"]


def test_the_path_has_the_shape_of_the_other_maps_and_room(sheet):
    made = sheet()
    near = around(made)
    assert abs(near.height() / near.width() - made.ratio) < 1e-9
    for corner in ((14.0, 10.0), (15.0, 10.5), (14.5, 9.0)):
        x, y = place(*corner)
        assert near.xMinimum() < x < near.xMaximum()
        assert near.yMinimum() + 0.1 * near.height() < y < near.yMaximum()


def test_the_future(drawn, pictures):
    found = drawn(future)
    assert found.letters == ["(A)", "(B)", "(C)"] and found.maps == ["future", "hurst"]
    assert pictures(found) == ["fig06_shares.svg"]
    assert found.texts.count("Hurst exponent") == 2  # above its map and its ramp


def test_the_future_without_chart(drawn, study, monkeypatch):
    monkeypatch.setattr(type(study), "has", lambda *_: False)
    assert drawn(future).letters == ["(A)", "(B)"]

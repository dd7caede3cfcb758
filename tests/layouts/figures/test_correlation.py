"""Figure 7."""

from __future__ import annotations

from qgis.core import QgsLayoutItemMap, QgsLayoutItemPicture

from nep_toolbox.layouts.figures.correlation import correlation


def test_scatters_above_maps_and_npp_beside_them(drawn, pictures, width):
    found = drawn(correlation)
    assert sorted(found.letters) == ["(A)", "(B)", "(C)", "(D)", "(E)", "(F)"]
    assert sorted(found.maps) == ["npp_r_precipitation", "npp_r_temperature", "r_precipitation", "r_temperature"]
    assert pictures(found) == ["fig07_precipitation.svg", "fig07_temperature.svg"]
    assert "r of NEP and precipitation" in found.texts and "r of NPP and temperature" in found.texts
    assert found.texts.count("Correlation coefficient r") == 1
    assert found.height < (150.0 if width > 100.0 else 230.0)


def test_maps_alone(drawn, layers, study, monkeypatch):
    monkeypatch.setattr(type(study), "has", lambda *_: False)
    for key in ("npp_r_precipitation", "npp_r_temperature"):
        del layers._layers[key]
    found = drawn(correlation)
    assert found.maps == ["r_precipitation", "r_temperature"] and found.letters == ["(A)", "(B)"]


def test_one_driver(drawn, layers):
    del layers._layers["r_precipitation"]
    found = drawn(correlation)
    assert "r_precipitation" not in found.maps and "npp_r_precipitation" not in found.maps


def test_one_driver_has_its_map_beside_its_scatter(drawn, layers, study, monkeypatch):
    for key in [key for key in layers._layers if key.endswith("r_temperature")]:
        del layers._layers[key]
    has = type(study).has
    monkeypatch.setattr(type(study), "has", lambda self, name: "fig07_temperature" not in name and has(self, name))
    found = drawn(correlation)
    (scatter,), beside = found.of(QgsLayoutItemPicture)[:1], found.of(QgsLayoutItemMap)[0]
    assert (scatter.id(), beside.id()) == ("fig07_precipitation", "r_precipitation")
    assert beside.pagePos().y() == scatter.pagePos().y() and beside.pagePos().x() > scatter.pagePos().x()
    assert sorted(found.letters) == ["(A)", "(B)", "(C)"]

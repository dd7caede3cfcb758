"""Figure 7."""

from __future__ import annotations

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

"""Figures 11 and 12."""

from __future__ import annotations

import pytest

from nep_toolbox.layouts import legends
from nep_toolbox.layouts.figures.attribution import attribution, drivers

MAPS = ["attribution_class", "slope_of_drivers", "slope_of_rest", "share_of_drivers", "npp_attribution_class"]


def test_classes_slopes_and_shares_with_npp_beside_them(drawn, pictures, width):
    found = drawn(attribution)
    assert sorted(found.letters) == [f"({letter})" for letter in "ABCDEFG"]
    assert sorted(found.maps) == sorted(MAPS)
    assert pictures(found) == ["fig11_shares.svg", "fig11_parts.svg"]
    for text in ("Slope of what follows the drivers", "Slope of the rest", "Share of the drivers in the trend", "NPP"):
        assert text in found.texts
    assert found.texts.count("Slope (gC m-2 yr-1 yr-1)") == 1
    assert found.height < (250.0 if width > 100.0 else 420.0)


def test_both_slopes_share_a_ramp_around_zero(drawn, layers):
    drawn(attribution)
    first, second = (legends.ramp_stops(layers[key]) for key in ("slope_of_drivers", "slope_of_rest"))
    assert first == second
    # The rest goes from -2 to 6 gC m-2 yr-1 a year.
    assert first[-1][0] == pytest.approx(-first[0][0]) and first[-1][0] > 5.0


def test_the_legend_names_the_classes_of_npp_too(drawn, layers):
    drawn(drivers)
    assert [each.value for each in layers["npp_dominant"].renderer().classes()] == [1, -1, 0]
    assert [each.value for each in layers["dominant"].renderer().classes()] == [1, -1, 2, 0]


def test_a_map_of_classes_alone(drawn, layers, study, monkeypatch):
    monkeypatch.setattr(type(study), "has", lambda *_: False)
    for key in [key for key in layers._layers if key in MAPS[1:]]:
        del layers._layers[key]
    found = drawn(attribution)
    assert found.maps == ["attribution_class"] and found.letters == ["(A)"]


def test_the_strongest_drivers_above_what_they_contribute(drawn, pictures):
    found = drawn(drivers)
    assert sorted(found.letters) == [f"({letter})" for letter in "ABCDE"]
    assert sorted(found.maps) == ["dominant", "npp_dominant"]
    assert pictures(found) == ["fig12_shares.svg", "fig12_contributions.svg", "fig12_importance.svg"]
    assert "Strongest driver" in found.texts and "Relative importance" in found.texts


def test_drivers_without_charts_and_without_npp(drawn, layers, study, monkeypatch):
    monkeypatch.setattr(type(study), "has", lambda *_: False)
    del layers._layers["npp_dominant"]
    found = drawn(drivers)
    assert found.maps == ["dominant"] and found.letters == ["(A)"]

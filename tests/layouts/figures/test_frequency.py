"""Figure 4."""

from __future__ import annotations

from nep_toolbox.layouts.figures.frequency import frequency, share_ramp
from nep_toolbox.layouts.legends import ramp_stops


def test_regions_above_pixels_above_a_chart(drawn, pictures, layers):
    found = drawn(frequency)
    assert found.letters == ["(A)", "(B)", "(C)", "(D)", "(E)"]
    assert pictures(found) == ["fig04_counts.svg"]
    assert found.maps == ["decreases by region", "increases by region", "decreases", "increases"]
    assert {"Number by region", "Number by pixel"} <= set(found.texts)
    # Both maps of pixels are drawn from 0 to 4, as the one bar says.
    assert [ramp_stops(layer)[-1][0] for layer in layers.those("decreases", "increases")] == [4.0, 4.0]
    assert "4" in found.texts


def test_without_regions_the_letters_close_up(drawn, layers):
    del layers._layers["decreases by region"]
    found = drawn(frequency)
    assert found.letters == ["(A)", "(B)", "(C)"] and found.maps == ["decreases", "increases"]
    assert "Number by region" not in found.texts


def test_counts_share_one_ramp(layers):
    pair = layers.those("decreases", "increases")
    assert [ramp_stops(layer)[-1][0] for layer in pair] == [1.0, 4.0]
    share_ramp(pair)
    assert [(ramp_stops(layer)[0][0], ramp_stops(layer)[-1][0]) for layer in pair] == [(0.0, 4.0)] * 2

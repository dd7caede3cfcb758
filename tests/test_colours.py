"""Colours are told apart by readers with a colour vision deficiency, and mixed as they should be."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nep_toolbox import colours

# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113: full protan, deutan and tritan deficiency.
DEFICIENCIES = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(colour, deficiency=None):
    """CIE L*a*b* of a colour as a reader with the deficiency sees it."""
    srgb = np.array(colours.channels(colour)) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    if deficiency:
        linear = np.clip(np.array(DEFICIENCIES[deficiency]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ linear / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(first, second, deficiency=None) -> float:
    """How different two colours look; 10 is plain at a glance, 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(first, deficiency) - lab(second, deficiency)))


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_categories_are_told_apart_by_colour_blind_readers(deficiency):
    pairs = itertools.combinations(colours.CATEGORIES, 2)
    assert min(difference(*pair, deficiency) for pair in pairs) > 10


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize("name", [name for name in vars(colours) if name.endswith(("_CLASSES", "_TRENDS"))])
def test_classes_are_told_apart_from_each_other_and_from_missing_cells(name, deficiency):
    seen = [*getattr(colours, name).values(), "#ffffff"]
    assert len(seen) > 3
    near = {pair: difference(*pair, deficiency) for pair in itertools.combinations(seen, 2)}
    assert min(near.values()) > 12, min(near, key=near.get)


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_drivers_and_their_signs_are_told_apart(deficiency):
    seen = [*colours.dominant(8).values(), "#ffffff"]
    assert len(seen) == 18
    near = {pair: difference(*pair, deficiency) for pair in itertools.combinations(seen, 2)}
    assert min(near.values()) > 12, min(near, key=near.get)
    for strong, _light in colours.of_drivers(8):
        assert difference(strong, colours.REST, deficiency) > 12
    assert difference(colours.CLIMATE, colours.REST, deficiency) > 25


def test_both_colours_of_a_driver_are_of_one_hue_and_told_apart_on_a_grey_print():
    for pair in colours.DRIVER_COLOURS:
        assert lab(pair[1])[0] > lab(pair[0])[0] + 18
        strong, light = (np.degrees(np.arctan2(*lab(colour)[:0:-1])) for colour in pair)
        assert abs((strong - light + 180) % 360 - 180) < 15


def test_dominant_drivers_in_the_order_of_their_legend():
    assert list(colours.dominant(3)) == [1, -1, 2, -2, 3, -3, 0]
    assert colours.dominant(3)[-2] == colours.DRIVER_COLOURS[1][1]
    assert len(set(colours.dominant(16).values())) == 33


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize("count", [1, 2, 5, 8, 10])
def test_classes_of_stability_are_told_apart(count, deficiency):
    assert list(colours.stability(count)) == list(range(1, count + 1))
    seen = [*colours.stability(count).values(), "#ffffff"]
    assert min(difference(*pair, deficiency) for pair in itertools.combinations(seen, 2)) > 12


def test_classes_of_stability_run_from_cool_to_warm():
    classes = colours.stability(5)
    assert (classes[1], classes[5]) == (colours.STABILITY[0], colours.STABILITY[-1])
    red = [lab(classes[place])[1] for place in (1, 3, 4)]
    assert red[2] > max(red[:2])


def test_sources_and_sinks_keep_their_hues_and_are_dark_where_significant():
    def hue(colour):
        return np.degrees(np.arctan2(*lab(colour)[:0:-1]))

    for sure, unsure, plain in ((2, 1, 1), (-2, -1, -1)):
        dark, light = colours.SINK_CLASSES[sure], colours.SINK_CLASSES[unsure]
        assert lab(dark)[0] < lab(light)[0] - 25
        assert abs(hue(dark) - hue(colours.SOURCE_SINK_CLASSES[plain])) < 30
        assert abs(hue(light) - hue(colours.SOURCE_SINK_CLASSES[plain])) < 30
    assert [colours.SWITCH_CLASSES[code] for code in (1, 4)] == [colours.SOURCE_SINK_CLASSES[code] for code in (1, -1)]
    to_sink, to_source = (lab(colours.SWITCH_CLASSES[code]) for code in (2, 3))
    assert to_sink[0] > to_source[0] and to_sink[1] < to_source[1]  # light blue the gain, dark purple the loss


#: Ramps of charts: their lines and cells have outlines, and no missing cells beside them.
CHARTS = {"CATEGORIES", "LIGHT_TO_DARK", "SEQUENTIAL", "TIME", "DIVERGING"}
MAPS = {
    name: ramp for name, ramp in vars(colours).items()
    if isinstance(ramp, tuple) and isinstance(ramp[0], str) and name not in CHARTS
}


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize("name", MAPS)
def test_no_colour_of_a_map_looks_like_a_missing_cell(name, deficiency):
    assert min(difference(colour, "#ffffff", deficiency) for colour in MAPS[name]) > 10


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize("name", ["PURPLE_TO_ORANGE", "RED_TO_BLUE", "BROWN_TO_GREEN", "SOURCE_TO_SINK"])
def test_diverging_ramps_of_maps_grow_darker_to_both_sides(name, deficiency):
    lightness = [lab(colour, deficiency)[0] for colour in MAPS[name]]
    middle = len(lightness) // 2
    assert lightness[: middle + 1] == sorted(lightness[: middle + 1])
    assert lightness[middle:] == sorted(lightness[middle:], reverse=True)
    assert difference(MAPS[name][1], MAPS[name][-2], deficiency) > 25


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_ends_of_the_diverging_ramp_are_told_apart(deficiency):
    low, middle, high = (lab(colours.DIVERGING[index], deficiency) for index in (1, 4, -2))
    assert np.linalg.norm(low - high) > 25
    assert middle[0] > max(low[0], high[0]) + 25


@pytest.mark.parametrize("ramp", [colours.SEQUENTIAL, colours.LIGHT_TO_DARK])
def test_lightness_of_sequential_ramps_goes_one_way(ramp):
    steps = np.diff([lab(colour)[0] for colour in ramp])
    assert (steps > 5).all() or (steps < -5).all()


def test_many_categories_stay_distinct():
    assert colours.categorical(8) == list(colours.CATEGORIES)
    assert len(set(colours.categorical(24))) == 24
    assert len(colours.categorical(60)) == 60


def test_lines_of_light_colours_are_darkened():
    assert colours.legible("#0072b2") == "#0072b2"
    assert lab(colours.legible("#fffff0"))[0] < 80


def test_blending():
    assert colours.blend("#000000", "#ffffff", 0.5) == "#808080"
    assert colours.along(("#000000", "#ffffff", "#ff0000"), 0.75) == "#ff8080"
    assert colours.along(("#000000", "#ffffff"), 7) == "#ffffff"
    assert colours.with_alpha("#0072b2", 0.25) == "rgba(0,114,178,0.25)"

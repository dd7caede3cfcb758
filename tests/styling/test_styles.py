"""Ramps and classes: their ends, stops and legends."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsColorRampShader, QgsRasterLayer
from testkit.rasters import write_raster

from nep_toolbox import colours
from nep_toolbox.styling.styles import BandStyles, Classes, Ramp, presenter

pytestmark = pytest.mark.usefixtures("qgis_app")

NAN, INFINITE = float("nan"), float("inf")
GREY = ("#000000", "#808080", "#ffffff")


@pytest.fixture
def layer(tmp_path) -> QgsRasterLayer:
    layer = QgsRasterLayer(write_raster(tmp_path / "a.tif", np.zeros((2, 4, 5))), "a", "gdal")
    assert layer.isValid()
    return layer


@pytest.mark.parametrize(("quantiles", "ends"), [
    ([0.123456, 0.987654], (0.123, 0.988)),
    ([1234.56, 98765.4], (1200.0, 98800.0)),
    ([-0.12345, 0.87655], (-0.12, 0.88)),  # a range of exactly 1
    ([100000.2341, 100000.9876], (100000.234, 100000.988)),
    ([2.04e-7, 9.8765e-6], (2e-7, 9.88e-6)),
])
def test_ends_are_rounded_to_three_digits_of_their_range(quantiles, ends):
    assert Ramp(GREY).ends(quantiles) == pytest.approx(ends, rel=1e-14)


@pytest.mark.parametrize(("centre", "quantiles", "ends"), [
    (0.0, [-1.0, 3.0], (-3.0, 3.0)), (0.0, [-4.0, 3.0], (-4.0, 4.0)), (1.0, [0.5, 3.0], (-1.0, 3.0)),
    (0.0, [2.0, 3.0], (-3.0, 3.0)), (0.0, [0.0, 0.0], (-1.0, 1.0)), (5.0, [5.0, 5.0], (4.0, 6.0)),
    (0.0, [2.0, 2.0], (-2.0, 2.0)), (0.0, [NAN, NAN], (-1.0, 1.0)),
])
def test_both_sides_of_a_centre_are_equally_long(centre, quantiles, ends):
    assert Ramp(GREY, centre).ends(quantiles) == ends


def test_limits_take_the_place_of_the_values():
    assert Ramp(GREY, limits=(-1.0, 0.25)).ends([3.0, 7.0]) == (-1.0, 0.25)
    assert Ramp(GREY, limits=(2.0, 4.0)).ends([NAN, NAN]) == (2.0, 4.0)
    assert Ramp(GREY, 0.5, (0.0, 1.0)).ends([0.4, 9.0]) == (0.0, 1.0)


@pytest.mark.parametrize("quantiles", [[NAN, NAN], [NAN, 3.0], [3.0, NAN], [-INFINITE, 3.0], [3.0, INFINITE]])
def test_a_result_without_values_has_a_ramp_all_the_same(quantiles):
    assert Ramp(GREY).ends(quantiles) == (0.0, 1.0)


@pytest.mark.parametrize(("value", "ends"), [(3.0, (2.97, 3.03)), (-200.0, (-202.0, -198.0)), (0.0, (-1.0, 1.0))])
def test_equal_ends_are_moved_apart(value, ends):
    assert Ramp(GREY).ends([value, value]) == pytest.approx(ends, rel=1e-14)


@pytest.mark.parametrize(("ramp", "quantiles", "values", "labels"), [
    (Ramp(colours.GREENS), [0.0, 600.0], [0, 100, 200, 300, 400, 500, 600], "0 100 200 300 400 500 600"),
    (Ramp(colours.RED_TO_BLUE, 0.0), [-0.3, 0.1], [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3], "-0.3 -0.2 -0.1 0 0.1 0.2 0.3"),
    (Ramp(GREY), [0.0, 24691.0], [0, 12350, 24700], "0 1.235e+04 2.47e+04"),
])
def test_the_stops_of_a_ramp_are_evenly_spaced_and_labelled(ramp, quantiles, values, labels):
    renderer = ramp.renderer(quantiles)
    function = renderer.shader().rasterShaderFunction()
    stops = function.colorRampItemList()
    assert renderer.band() == 1
    assert function.colorRampType() == QgsColorRampShader.Type.Interpolated
    assert [stop.value for stop in stops] == pytest.approx(values, rel=1e-14, abs=1e-15)
    assert [stop.color.name() for stop in stops] == list(ramp.colours)
    assert [stop.label for stop in stops] == labels.split()
    assert (renderer.classificationMin(), renderer.classificationMax()) == (stops[0].value, stops[-1].value)
    assert (function.minimumValue(), function.maximumValue()) == (stops[0].value, stops[-1].value)
    assert (renderer.shader().minimumValue(), renderer.shader().maximumValue()) == (stops[0].value, stops[-1].value)


@pytest.mark.parametrize("ramp", [colours.DIVERGING, colours.RED_TO_BLUE])
def test_the_stops_of_a_diverging_ramp_are_symmetric_to_the_last_digit(ramp):
    renderer = Ramp(ramp, 0.0).renderer([-0.1, 0.7])
    values = [stop.value for stop in renderer.shader().rasterShaderFunction().colorRampItemList()]
    assert values == [-value for value in values[::-1]]


def test_classes_keep_the_order_of_their_legend():
    classes = Classes(((2, "two", "#aa0000"), (-3, "minus three", "#00bb00"), (1, "one", "#0000cc")))
    renderer = classes.renderer([])
    assert renderer.type() == "paletted"
    assert renderer.band() == 1
    assert [(each.value, each.label, each.color.name()) for each in renderer.classes()] == [
        (2, "two", "#aa0000"), (-3, "minus three", "#00bb00"), (1, "one", "#0000cc")
    ]


def test_classes_of_a_legend():
    classes = Classes.of({2: "two", 0: "none", 1: "one"}, {0: "#000001", 1: "#000002", 2: "#000003", 9: "#000004"})
    assert classes == Classes(((2, "two", "#000003"), (0, "none", "#000001"), (1, "one", "#000002")))
    assert Classes.of({}, {1: "#000002"}) == Classes(())
    with pytest.raises(KeyError):
        Classes.of({3: "three"}, {1: "#000002"})


@pytest.mark.parametrize(("quantiles", "stops"), [
    # sinks and sources: each side has its whole ramp, and 0 is a stop
    ([-15.0, 249.0], [(-15, "#00f"), (-7.5, "#0ff"), (0, "#fff"), (83, "#ff0"), (166, "#f80"), (249, "#f00")]),
    # sinks alone, sources alone
    ([10.0, 70.0], [(10, "#fff"), (20, "#ffc"), (30, "#ff0"), (40, "#fc0"), (50, "#f80"), (60, "#f40"), (70, "#f00")]),
    ([-60.0, -20.0], [(-60, "#00f"), (-50, "#08f"), (-40, "#0ff"), (-30, "#8ff"), (-20, "#cff")]),
])
def test_two_hues_meet_at_zero(layer, quantiles, stops):
    ramp = Ramp(
        ("#fff", "#ffc", "#ff0", "#fc0", "#f80", "#f40", "#f00"), below_zero=("#cff", "#8ff", "#0ff", "#08f", "#00f")
    )
    assert ramp.stops(*ramp.ends(quantiles)) == stops
    layer.setRenderer(ramp.renderer(quantiles))
    both = quantiles[0] < 0 < quantiles[1]
    labels = [label for label, _colour in layer.renderer().legendSymbologyItems()]
    assert ("0" in labels) == both
    # the legend names every stop where there are two sides, and comes back with the style
    style = str(layer.source()).replace(".tif", ".qml")
    layer.saveNamedStyle(style)
    again = QgsRasterLayer(layer.source(), "again", "gdal")
    again.loadNamedStyle(style)
    shader = again.renderer().shader().rasterShaderFunction()
    assert shader.legendSettings().useContinuousLegend() != both
    assert [item.label for item in shader.colorRampItemList()] == labels


@pytest.mark.parametrize(("quantiles", "least", "most", "ends"), [
    ([26.0, 299.0], -14.2, 340.0, [-14.2, 299.0]),  # few sources among sinks
    ([-80.0, -5.0], -90.0, 3.0, [-80.0, 3.0]),  # few sinks among sources
    ([0.0, 10.0], -1.0, 20.0, [-1.0, 10.0]),
    ([26.0, 299.0], 0.0, 340.0, [26.0, 299.0]),  # sinks alone
    ([-15.0, 249.0], -600.0, 900.0, [-15.0, 249.0]),  # many of both: the last values stay out
])
def test_few_values_on_one_side_of_zero_have_their_own_hue(quantiles, least, most, ends):
    ramp = Ramp(colours.GREENS, below_zero=colours.REDS)
    assert ramp.span(quantiles, least, most) == ends
    assert Ramp(colours.GREENS).span(quantiles, least, most) == quantiles


def test_nothing_has_no_span():
    low, high = Ramp(colours.GREENS, below_zero=colours.REDS).span([NAN, NAN], INFINITE, -INFINITE)
    assert low != low and high != high


@pytest.mark.parametrize(("quantiles", "ends"), [([7.0, 12.28], (7, 13)), ([6.5, 12.0], (6, 12)), ([3.0, 3.0], (2, 4))])
def test_the_ends_of_counts_are_whole(quantiles, ends):
    assert Ramp(GREY, whole=True).ends(quantiles) == ends


@pytest.mark.parametrize(("unit", "suffix"), [
    ("gC m-2 yr-1", " gC m-2 yr-1"), ("%", " %"), ("", ""), ("0.1 gC m-2 yr-1 per year", " × 0.1 gC m-2 yr-1 per year"),
])
def test_a_unit_that_is_a_factor_too_is_told_from_the_number_before_it(unit, suffix):
    renderer = Ramp(GREY).renderer([1.0, 45.3], unit)
    assert renderer.shader().rasterShaderFunction().legendSettings().suffix() == suffix


# A style for each band ------------------------------------------------------------------------------------------------


def classes_of(renderer) -> list:
    return [(each.value, each.label, each.color.name()) for each in renderer.classes()]


@pytest.fixture
def banded(tmp_path) -> QgsRasterLayer:
    values = np.array([[[1, 2, 2]], [[5, 7, 7]], [[0, 50, 100]]], dtype=float)
    layer = QgsRasterLayer(write_raster(tmp_path / "bands.tif", values), "bands", "gdal")
    assert layer.isValid() and layer.bandCount() == 3
    return layer


BANDS = BandStyles((
    ("rain", Classes(((1, "0 to 5", "#112233"), (2, "5 to 9", "#445566")))),
    ("default", Classes(((5, "clay", "#aa0000"), (7, "sand", "#00bb00")))),
    ("mean", Ramp(GREY)),
))


def test_the_style_beside_a_file_is_that_of_its_first_band():
    renderer = BANDS.renderer([0.0, 1.0])
    assert renderer.usesBands() == [1]
    assert classes_of(renderer) == [(1, "0 to 5", "#112233"), (2, "5 to 9", "#445566")]


def test_each_band_is_a_style_of_the_layer_by_its_name(banded):
    BANDS.present(banded, [0.0, 100.0], "mm")
    styles = banded.styleManager()
    assert sorted(styles.styles()) == ["default", "mean", "rain"] and styles.currentStyle() == "rain"
    assert banded.renderer().usesBands() == [1]
    assert classes_of(banded.renderer()) == [(1, "0 to 5", "#112233"), (2, "5 to 9", "#445566")]
    styles.setCurrentStyle("default")
    assert banded.renderer().usesBands() == [2]
    assert classes_of(banded.renderer()) == [(5, "clay", "#aa0000"), (7, "sand", "#00bb00")]
    styles.setCurrentStyle("mean")
    assert banded.renderer().usesBands() == [3]
    function = banded.renderer().shader().rasterShaderFunction()
    assert (function.minimumValue(), function.maximumValue()) == (0.0, 100.0)
    assert function.legendSettings().suffix() == " mm"
    styles.setCurrentStyle("rain")
    assert banded.renderer().usesBands() == [1]


def test_only_styles_of_bands_are_given_beside_the_file(banded):
    assert presenter(Ramp(GREY), [0.0, 1.0], "mm") is None and presenter(BANDS.bands[0][1], [], "") is None
    presenter(BANDS, [0.0, 7.0], "mm")(banded)
    banded.styleManager().setCurrentStyle("mean")
    assert banded.renderer().classificationMax() == 7.0

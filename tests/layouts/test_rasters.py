"""Rasters keep the style of their tool, with the classes that occur, and any band can be shown."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
from qgis.core import QgsPalettedRasterRenderer, QgsSingleBandPseudoColorRenderer
from testkit.rasters import write_raster

from nep_toolbox.layouts.rasters import bands, raster_layer, shown_band, valid_area, value_range
from nep_toolbox.styling.styles import Ramp

pytestmark = pytest.mark.usefixtures("qgis_app")

GREY = Ramp(("#000000", "#ffffff"))


def test_classes_that_do_not_occur_are_left_out(folder):
    layer = raster_layer(f"{folder}/rasters/trend_class.tif", "Trend", GREY, label=str.upper)
    assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
    assert [(each.value, each.label) for each in layer.renderer().classes()] == [
        (-4.0, "EXTREMELY SIGNIFICANT DECREASE"), (1.0, "NON-SIGNIFICANT INCREASE"),
        (4.0, "EXTREMELY SIGNIFICANT INCREASE"),
    ]


def test_a_band_of_a_series_on_the_ramp_of_all(folder):
    layers = [raster_layer(f"{folder}/rasters/nep.tif", "NEP", GREY, band) for band in (1, 3)]
    assert [shown_band(layer) for layer in layers] == [1, 3]
    for layer, shift in zip(layers, (0.0, 20.0)):  # the cells at both ends are outside of the study area
        assert value_range(layer) == pytest.approx((-100.0 + 400.0 / 29 + shift, 300.0 - 400.0 / 29 + shift))
    ramps = [[(item.value, item.color.name()) for item in layer.renderer().shader().rasterShaderFunction()
              .colorRampItemList()] for layer in layers]
    assert ramps[0] == ramps[1] and 0.0 in dict(ramps[0])
    assert layers[1].renderer().usesBands() == [3]


def test_a_raster_without_style_gets_the_ramp(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.arange(100.0).reshape(10, 10))
    layer = raster_layer(path, "A", GREY)
    assert isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    assert layer.renderer().classificationMin() == pytest.approx(1.98, abs=0.1)  # 2 % of 0 to 99
    assert layer.renderer().classificationMax() == pytest.approx(97.02, abs=0.1)
    assert os.listdir(tmp_path) == ["a.tif"]


def test_values_are_those_that_qgis_shows(tmp_path):
    path = write_raster(tmp_path / "a.tif", [[1, 2], [3, -1]], kind="int16", nodata=-1, scale=0.1, offset=5.0)
    layer = raster_layer(path, "A", GREY)
    assert value_range(layer) == pytest.approx((5.1, 5.3))
    assert valid_area(layer) == 3 * 30.0 * 30.0


def test_no_values(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.full((2, 2), np.nan))
    assert all(math.isnan(value) for value in value_range(raster_layer(path, "A", GREY)))


def test_a_damaged_file(tmp_path):
    (tmp_path / "a.tif").write_text("no raster", encoding="utf-8")
    assert not raster_layer(str(tmp_path / "a.tif"), "A", GREY).isValid()


def test_descriptions_of_bands(folder):
    assert bands(f"{folder}/data/factors.tif") == ["pm25", "Elevation"]

"""What all figures of maps share."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsRectangle
from testkit.rasters import COARSE_TRANSFORM, write_raster

from nep_toolbox.layouts.arrangement import Box
from nep_toolbox.layouts.figures.sheet import with_rim
from nep_toolbox.layouts.rasters import raster_layer
from nep_toolbox.styling.styles import Ramp


def test_a_rim_of_five_percent():
    assert with_rim(QgsRectangle(0.0, 0.0, 100.0, 40.0)).toRectF() == QgsRectangle(-5.0, -2.0, 105.0, 42.0).toRectF()


def test_numbers_have_no_noise(sheet):
    made = sheet()
    assert [made.number(value) for value in (0.30000001, 1800.0, -1.0, 0.1 + 0.2)] == ["0.3", "1800", "-1", "0.3"]


def test_the_legend_of_a_map_is_a_bar_or_its_classes(sheet, layers):
    made = sheet()
    bar, few = (made.values("Title", [layers[key]]).height(made.page, 37.0) for key in ("hurst", "future"))
    assert bar > 25.0 > few


def test_gaps_are_told_where_they_are_large(sheet, layers, tmp_path):
    made = sheet()
    assert made.no_value(layers["mean"]) == []  # one cell of 504
    values = np.full((20, 30), 5.0)
    values[:, :6] = np.nan
    other = raster_layer(write_raster(tmp_path / "a.tif", values, COARSE_TRANSFORM), "A", Ramp(("#000000", "#ffffff")))
    assert len(made.no_value(layers["mean"], other)) == 1


def test_every_map_shows_the_outline_over_the_ground(sheet):
    made = sheet()
    item = made.area_map(Box(0.0, 0.0, 60.0, 40.0), ("hurst",), "map")
    names = [layer.name() for layer in item.layers()]
    assert names == ["Study area", "Borders of regions", "Hurst exponent", "No value"]
    assert made.ratio == pytest.approx(18.0 / 28.0)

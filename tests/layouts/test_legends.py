"""Legends name what the maps show: ends, zero, classes; and take the room that they say."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLayoutItemPolyline, QgsLayoutItemShape
from testkit.rasters import write_raster

from nep_toolbox.colours import PURPLE_TO_ORANGE
from nep_toolbox.layouts import legends
from nep_toolbox.layouts.arrangement import Box
from nep_toolbox.layouts.page import LINE_HEIGHT, Page
from nep_toolbox.layouts.rasters import raster_layer
from nep_toolbox.styling.styles import Ramp


def number(value: float) -> str:
    return f"{value:g}"


@pytest.fixture
def page(project):
    return Page(project, "page", 174.0, "DejaVu Sans")


@pytest.fixture
def raster(qgis_app, tmp_path):  # noqa: ARG001
    """A layer of some values drawn from ``low`` to ``high``."""

    def make(values: list, low: float, high: float):
        path = write_raster(tmp_path / "a.tif", np.array([values], dtype=float))
        layer = raster_layer(path, "A", Ramp(("#000000", "#777777", "#ffffff")))
        layer.setRenderer(Ramp(("#000000", "#777777", "#ffffff"), limits=(low, high)).renderer([]))
        return layer

    return make


@pytest.mark.parametrize(("values", "ends", "texts"), [
    ([0.0, 100.0], (0.0, 100.0), ["0", "50", "100"]),
    ([-3.0, 200.0], (0.0, 100.0), ["≤ 0", "50", "≥ 100"]),
    ([-90.0, 310.0], (-90.0, 310.0), ["-90", "0", "310"]),
    ([-1.0, 1.0], (-1.0, 1.0), ["-1", "0", "1"]),
    ([242.0, 479.0], (242.0, 479.0), ["242", "360", "479"]),
    ([6.0, 13.0], (6.0, 13.0), ["6", "10", "13"]),
    ([5.0, 8.0], (5.0, 8.0), ["5", "6", "8"]),  # counts: 6.5 is none
    ([-1.0, 300.0], (-1.0, 300.0), ["-1", "0", "300"]),
])
def test_labels_of_a_ramp(raster, values, ends, texts):
    layer = raster(values, *ends)
    found = legends.ramp_labels(legends.ramp_stops(layer), [layer], number)
    assert [text for _, text in found] == texts
    assert [value for value, _ in found] == sorted(value for value, _ in found)


def test_the_middle_of_two_hues_is_named_wherever_it_lies(tmp_path):
    layer = raster_layer(write_raster(tmp_path / "h.tif", np.array([[-0.1, 1.1]])), "H", Ramp(PURPLE_TO_ORANGE))
    layer.setRenderer(Ramp(PURPLE_TO_ORANGE, centre=0.5).renderer([-0.1, 1.1]))
    found = legends.ramp_labels(legends.ramp_stops(layer), [layer], number)
    assert [value for value, _ in found] == pytest.approx([-0.1, 0.5, 1.1])


@pytest.mark.parametrize(("low", "high", "between"), [
    (242.0, 479.0, 360.0), (0.152, 0.848, 0.5), (6.0, 13.0, 10.0), (0.1, 0.9, 0.5), (1200.0, 1900.0, 1600.0),
])
def test_a_round_number_between(low, high, between):
    assert legends.round_between(low, high) == pytest.approx(between)


def test_ramps_and_classes_are_told_apart(layers):
    assert legends.has_ramp(layers["hurst"]) and not legends.has_ramp(layers["future"])


def texts(legend: QgsLayoutItemLegend) -> list:
    """What a legend writes."""
    model = legend.model()
    return [node.data(0) for each in model.rootGroup().findLayers() for node in model.layerLegendNodes(each)]


def drawn(page: Page, block) -> list:
    block.draw(page, Box(0.0, 0.0, 37.0, block.height(page, 37.0)))
    return [item for item in page.layout.items() if isinstance(item, QgsLayoutItemLegend)]


def test_classes_are_those_of_the_layer(page, layers):
    (legend,) = drawn(page, legends.classes([layers["trend_class"]]))
    assert [text.replace("\n", " ") for text in texts(legend)] == [
        "Extremely significant decrease", "Non-significant increase", "Extremely significant increase",
    ]
    assert "\n" in texts(legend)[0]  # wider than the column


def test_a_layer_of_one_sign_has_its_name(page, layers):
    (legend,) = drawn(page, legends.classes(layers.those("mean_centers", "outline")))
    assert texts(legend) == ["Mean centre", "Study area"]


def test_more_classes_are_higher(page, layers):
    one, two = (legends.classes(layers.those("outline", *more)).height(page, 60.0) for more in ((), ("regions",)))
    assert 2.0 < one < two < 3 * one


def test_a_title_is_above_its_block(page, layers):
    plain = legends.classes([layers["outline"]])
    block = legends.titled("A title", plain)
    assert block.height(page, 37.0) > plain.height(page, 37.0) + 2.0
    (legend,) = drawn(page, block)
    (label,) = [item for item in page.layout.items() if isinstance(item, QgsLayoutItemLabel)]
    assert label.text() == "A title" and label.pagePos().y() < legend.pagePos().y()


def test_blocks_below_each_other_and_side_by_side(page):
    boxes = []
    blocks = [legends.Block(lambda _page, _width, high=high: high, lambda _page, box: boxes.append(box))
              for high in (10.0, 4.0, 5.0)]
    assert legends.column(page, blocks, Box(1.0, 2.0, 30.0, 0.0)) == 2.0 + 19.0 + 2 * legends.SPACE
    assert [box.y for box in boxes] == [2.0, 12.0 + legends.SPACE, 16.0 + 2 * legends.SPACE]
    boxes.clear()
    end = legends.below(page, blocks, Box(0.0, 0.0, 63.0, 0.0), 2)
    assert [(box.x, box.y, box.width) for box in boxes] == [(0.0, 0.0, 30.0), (33.0, 0.0, 30.0), (33.0, 7.0, 30.0)]
    assert end == 12.0
    assert legends.column(page, [], Box(0.0, 5.0, 1.0, 1.0)) == 5.0


def test_zero_is_marked_where_it_is_and_its_number_keeps_clear_of_the_ends(page, raster):
    layer = raster([-30.0, 270.0], -30.0, 270.0)  # 0 is at a tenth of the bar of 24 mm
    legends.ramp([layer], number).draw(page, Box(0.0, 0.0, 37.0, 30.0))
    (tick,) = [item for item in page.layout.items() if isinstance(item, QgsLayoutItemPolyline)]
    (bar,) = [item for item in page.layout.items() if isinstance(item, QgsLayoutItemShape)]
    bottom = bar.pagePos().y() + bar.rect().height()
    assert bottom - tick.pagePos().y() == pytest.approx(2.4, abs=0.1)
    labels = {item.text(): item.pagePos().y() for item in page.layout.items() if isinstance(item, QgsLayoutItemLabel)}
    assert labels["-30"] - labels["0"] == pytest.approx(LINE_HEIGHT)


def test_a_unit_stays_in_one_line(page, layers):
    legends.titled("NEP, mean 2001–2020 (gC m⁻² yr⁻¹)", legends.classes([layers["outline"]])).draw(
        page, Box(0.0, 0.0, 37.0, 30.0)
    )
    (label,) = [item for item in page.layout.items() if isinstance(item, QgsLayoutItemLabel)]
    assert label.text().split("\n")[1] == "(gC\u00a0m⁻²\u00a0yr⁻¹)"

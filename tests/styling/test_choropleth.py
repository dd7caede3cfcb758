"""Every region has one colour, by its mean or by its balance; those with few values are hatched."""

from __future__ import annotations

import random

import pytest
from qgis.core import QgsExpression, QgsExpressionContext, QgsFeature, QgsVectorLayer

from nep_toolbox.colours import BROWN_TO_GREEN, GREENS, PURPLES
from nep_toolbox.styling.choropleth import MOST_CLASSES, round_breaks, style_balance, style_means

pytestmark = pytest.mark.usefixtures("qgis_app")

FIELDS = {"mean": "double", "coverage": "double", "increases": "integer", "decreases": "integer",
          "comparisons": "integer"}


def regions(*rows, columns=("mean", "coverage")) -> QgsVectorLayer:
    declared = "&".join(f"field={name}:{FIELDS[name]}" for name in columns)
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32650&{declared}", "regions", "memory")
    for row in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def drawn(layer) -> list:
    """The label and the colour of the one class that each feature has."""
    rules = layer.renderer().rootRule().children()
    found = []
    for feature in layer.getFeatures():
        context = QgsExpressionContext()
        context.setFeature(feature)
        context.setFields(layer.fields())
        hits = [rule for rule in rules if _holds(rule.filterExpression(), context)]
        assert len(hits) == 1, [rule.label() for rule in hits]
        found.append((hits[0].label(), hits[0].symbol().color().name()))
    return found


def _holds(text: str, context) -> bool:
    expression = QgsExpression(text)
    assert not expression.hasParserError(), text
    return bool(expression.evaluate(context))


def legend(layer) -> list:
    return [rule.label() for rule in layer.renderer().rootRule().children()]


def test_means_from_low_to_high():
    layer = regions((412.0, 99.0), (455.0, 80.0), (500.0, 101.0), (550.0, None))
    style_means(layer, "", 10.0)
    assert legend(layer) == ["400 to 425", "425 to 450", "450 to 475", "475 to 500", "500 to 525", "525 to 550"]
    labels, colours = zip(*drawn(layer))
    # A mean on a break belongs to the class above, on the last to the one below.
    assert labels == ("400 to 425", "450 to 475", "500 to 525", "525 to 550")
    assert (colours[0], colours[3]) == (GREENS[0], GREENS[-1]) and len(set(colours)) == 4


def test_the_legend_tells_the_unit():
    layer = regions((4.0, 99.0))
    for unit, label in (("gC m-2 yr-1", "4 to 4.1 gC m-2 yr-1"), ("0.1 gC m-2 yr-1", "4 to 4.1 × 0.1 gC m-2 yr-1")):
        style_means(layer, unit, 10.0)
        assert legend(layer) == [label]


def test_sinks_and_sources_have_a_hue_each():
    layer = regions((-30.0, 99.0), (-1.0, 99.0), (0.0, 99.0), (1.0, 99.0), (60.0, 99.0))
    style_means(layer, "", 10.0)
    assert [label for label, _ in drawn(layer)] == ["-40 to -20", "-20 to 0", "0 to 20", "0 to 20", "40 to 60"]
    assert [colour for _, colour in drawn(layer)] == [PURPLES[-1], PURPLES[0], GREENS[0], GREENS[0], GREENS[-1]]


def test_few_values_and_none_are_hatched_and_do_not_stretch_the_ramp():
    layer = regions((100.0, 50.0), (120.0, 50.0), (9000.0, 3.0), (None, 0.0))
    style_means(layer, "", 10.0)
    labels = [label for label, _ in drawn(layer)]
    assert labels == ["100 to 105", "115 to 120", *["Values on less than 10 % of the area"] * 2]
    symbol = layer.renderer().rootRule().children()[-1].symbol().symbolLayer(0)
    assert symbol.properties()["style"] == "f_diagonal"


@pytest.mark.parametrize("rows", [[], [(None, 0.0)], [(5.0, 2.0)]])
def test_nothing_to_colour(rows):
    layer = regions(*rows)
    style_means(layer, "", 10.0)
    assert legend(layer) == ["Values on less than 10 % of the area"] * bool(rows)
    counts = regions(columns=("increases", "decreases", "comparisons", "coverage"))
    style_balance(counts, 10.0)
    assert legend(counts) == []


def test_means_beyond_all_numbers_have_no_class_and_leave_those_of_others():
    layer = regions((1.0, 99.0), (2.0, 99.0), (float("inf"), 99.0))
    style_means(layer, "", 10.0)
    assert legend(layer)[0] == "1 to 1.2"
    layer = regions((1.5e308, 99.0), (-1.5e308, 99.0))
    style_means(layer, "", 10.0)
    assert legend(layer) == []


def test_one_region_has_a_class():
    for mean in (0.0, 7.0, -7.0, 1e-9):
        layer = regions((mean, 99.0))
        style_means(layer, "", 10.0)
        assert len(drawn(layer)) == 1


COUNTS = ("increases", "decreases", "comparisons", "coverage")


def test_balance():
    layer = regions(
        (12, 7, 19, 99.0), (10, 9, 19, None), (9, 9, 18, 99.0), (6, 13, 19, 99.0), (0, 0, 0, 0.0), (15, 4, 19, 4.0),
        columns=COUNTS,
    )
    style_balance(layer, 10.0)
    without = "Values on less than 10 % of the area, or nothing to compare"
    as_many = "As many increases as decreases"
    assert legend(layer) == [
        "7 to 9 more increases", "4 to 6 more increases", "1 to 3 more increases", as_many, "1 to 3 more decreases",
        "4 to 6 more decreases", "7 to 9 more decreases", without,
    ]
    assert [label for label, _ in drawn(layer)] == [
        "4 to 6 more increases", "1 to 3 more increases", as_many, "7 to 9 more decreases", without, without
    ]
    assert [colour for _, colour in drawn(layer)][:4] == [BROWN_TO_GREEN[place] for place in (5, 4, 3, 0)]


@pytest.mark.parametrize(("most", "expected"), [
    (0, []), (1, ["1 more increase"]), (2, ["2 more increases", "1 more increase"]),
    (4, ["3 to 4 more increases", "1 to 2 more increases"]),
])
def test_balance_of_few(most, expected):
    layer = regions((most, 0, most or 1, 99.0), columns=COUNTS)
    style_balance(layer, 10.0)
    down = [label.replace("increase", "decrease") for label in expected[::-1]]
    assert legend(layer) == [*expected, "As many increases as decreases", *down]


def test_breaks_by_hand():
    assert round_breaks(412.0, 536.2) == [400, 420, 440, 460, 480, 500, 520, 540]
    assert round_breaks(412.0, 550.0) == [400, 425, 450, 475, 500, 525, 550]
    assert round_breaks(0.0123, 0.0481) == [0.01, 0.02, 0.03, 0.04, 0.05]
    assert round_breaks(-3.0, 4.0) == [-3, -2, -1, 0, 1, 2, 3, 4]
    assert round_breaks(0.0, 0.0) == [0, 0.1]
    assert round_breaks(10.0, 10.0)[0] <= 10.0 <= round_breaks(10.0, 10.0)[-1]


def test_breaks_hold_all_numbers():
    chance = random.Random(7)
    for _ in range(3000):
        scale = 10.0 ** chance.randint(-12, 12)
        low = chance.uniform(-1, 1) * scale
        high = low + chance.choice((0.0, chance.random(), 1e-9)) * scale
        breaks = round_breaks(low, high)
        assert 2 <= len(breaks) <= MOST_CLASSES + 1
        assert breaks == sorted(set(breaks)) and breaks[0] <= low and high <= breaks[-1]
        if low < 0 < high:
            assert 0.0 in breaks

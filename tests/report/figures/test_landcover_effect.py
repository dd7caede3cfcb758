"""What change of land cover did to the total."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex
from testkit.study_ledger import effect

from nep_toolbox.colours import CATEGORIES, DIVERGING, REST
from nep_toolbox.report.figures import English, landcover_effect
from nep_toolbox.report.figures.landcover_effect import MOST, ranked
from nep_toolbox.study.words import words

TABLES = effect()
TOTALS, PAIRS = TABLES["fig09b_effect_total"], TABLES["fig09b_effect"]
LONG = ("Cropland", "Evergreen broadleaf forest of an uncommonly long name", "Urban and built-up", "林地", "5", "6")


def many() -> list:
    """Transitions between six classes, the effect of each the number of its row."""
    return [
        {"from": old, "to": new, "from_label": LONG[old], "to_label": LONG[new],
         "land_use_tg": (-1) ** new * 0.001 * (6 * old + new)} for old in range(6) for new in range(6)
    ]


def names(axes) -> list:
    return [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]


def test_parts_add_up_to_the_change():
    parts, _ = landcover_effect(TOTALS, PAIRS, English()).axes
    assert names(parts) == ["Whole area", "Alba", "Bern", "Como", "Dole"]
    widths = [bar.get_width() for bar in parts.patches]
    assert widths[:2] == [1.5, 1.75] and widths[5:7] == [4.5, 2.25]
    assert [to_hex(bar.get_facecolor()) for bar in parts.patches] == [CATEGORIES[1]] * 5 + [REST] * 5
    assert list(parts.get_lines()[0].get_xdata()) == [6.0, 4.0, 1.0, 0.75, 0.25]
    for first, second, total in zip(widths[:5], widths[5:], parts.get_lines()[0].get_xdata()):
        assert first + second == pytest.approx(total)
    # Of parts of one sign the second stands behind the first.
    assert parts.patches[5].get_x() == 1.5 and parts.patches[7].get_x() == 0.0
    assert parts.get_xlabel() == "Change of the total (Tg C yr⁻¹)"


def test_a_single_region_that_is_the_whole_area_is_not_drawn_again():
    whole = TOTALS[0]
    parts, _ = landcover_effect([whole, {**whole, "region": "Alba"}], PAIRS, English()).axes
    assert names(parts) == ["Whole area"]
    parts, _ = landcover_effect([whole, {**whole, "region": "Alba", "density_tg": 4.25}], PAIRS, English()).axes
    assert names(parts) == ["Whole area", "Alba"]


def test_transitions_are_ranked_whatever_their_sign():
    _, bars = landcover_effect(TOTALS, PAIRS, English()).axes
    assert names(bars) == ["Cropland → Forest", "Cropland → Built-up"]  # of no effect there is no bar
    assert [bar.get_width() for bar in bars.patches] == [2.75, -1.25]
    assert [to_hex(bar.get_facecolor()) for bar in bars.patches] == [DIVERGING[-1], DIVERGING[0]]
    assert [text.get_text() for text in bars.texts] == ["2.75", "−1.25"]
    assert [axes.get_title(loc="left") for axes in landcover_effect(TOTALS, PAIRS, English()).axes] == ["(A)", "(B)"]


def test_all_that_are_left_over_have_one_bar():
    found = ranked(many(), English())
    assert len(found) == MOST + 1 and found[-1][0] == "15 others"
    known = [abs(value) for _, value in found[:-1]]
    assert known == sorted(known, reverse=True)
    every = [row["land_use_tg"] for row in many() if row["from"] != row["to"]]
    assert math.fsum(value for _, value in found) == pytest.approx(math.fsum(every))


def test_classes_without_a_name_have_their_number():
    rows = [{"from": 1, "to": 2, "from_label": None, "to_label": "", "land_use_tg": 1.0}]
    assert ranked(rows, English()) == [("1 → 2", 1.0)]


def test_chinese(texts):
    written = "".join(texts(landcover_effect(TOTALS, PAIRS, words("zh"))))
    assert "耕地 → 林地" in written and "来自地类变化" in written and "全区" in written


@pytest.mark.parametrize("width", [174.0, 85.0])
def test_all_texts_are_inside_and_clear(width, outside, covering):
    totals = [{**TOTALS[0], "region": region} for region in (
        "all", "A region of an uncommonly long name that nobody shortened", "新疆维吾尔自治区", *map(str, range(30)))]
    figure = landcover_effect(totals, many(), English(), (width, None))
    assert outside(figure) == []
    assert covering(figure) == []
    assert len(names(figure.axes[0])) == 16


def test_nothing_to_show(outside):
    kept = [row for row in PAIRS if row["from"] == row["to"]]
    figure = landcover_effect(TOTALS, kept, English())
    assert len(figure.axes) == 1 and figure.axes[0].get_title(loc="left") == ""
    rows = [{"region": "all", "change_tg": None, "land_use_tg": None, "density_tg": None}]
    for each in (figure, landcover_effect(rows, [], English()), landcover_effect([], [], English())):
        assert outside(each) == []

"""Bars of shares."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex
from testkit.study_tables import EVIDENCE, FUTURE, TREND, all_tables, class_rows

from nep_toolbox.colours import EVIDENCE_TRENDS, PERSISTENCE_CLASSES, TREND_CLASSES
from nep_toolbox.report.figures import English, frequency_shares, future_shares, trend_shares


def whole(classes):
    return [row for row in class_rows(classes) if row["region"] == "all"]


def bars(axes):
    """Colour, width and name of each bar, from the top down."""
    names = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    return [(to_hex(bar.get_facecolor()), bar.get_width(), name) for bar, name in zip(axes.patches, names)]


def test_classes_of_the_trend():
    (axes,) = trend_shares(whole(TREND), English()).axes
    assert bars(axes) == [(TREND_CLASSES[code], share, name) for code, (name, share) in TREND.items()]
    assert axes.yaxis.get_inverted()
    assert axes.get_xlabel() == "Share of the area (%)"


def test_no_result_and_classes_without_area_are_left_out(texts):
    rows = whole({**TREND, -4: ("Extremely significant decrease", 0.0)})
    written = texts(trend_shares(rows, English()))
    assert not [text for text in written if "no result" in text or "Extremely significant\ndecrease" in text]
    assert "39.3\u00a0%" in written and "<0.1\u00a0%" in written


def test_future_trends_come_in_groups_below_the_evidence():
    axes, stack = future_shares(whole(FUTURE), whole(EVIDENCE), English()).axes
    order = [25, 24, 22, 21, 15, 14, 12, 11, 5, 4, 2, 1]  # 23 has no area
    assert bars(axes) == [(EVIDENCE_TRENDS[code], FUTURE[code][1], FUTURE[code][0]) for code in order]
    parts = [(to_hex(part.get_facecolor()), part.get_x(), part.get_width()) for part in stack.patches]
    assert [part[0] for part in parts] == [PERSISTENCE_CLASSES[code] for code in (2, 0, 1)]
    assert [part[1:] for part in parts] == [
        pytest.approx(part) for part in ((0.0, 10.4), (10.4, 85.4), (95.8, 4.2))
    ]
    assert [text.get_text() for text in stack.get_legend().get_texts()] == [
        "Likely to continue: 10.4\u00a0%", "Unclear: 85.4\u00a0%", "Likely to reverse: 4.2\u00a0%"
    ]


def test_future_trends_named_by_code_and_without_evidence():
    rows = [{"code": 21, "label": "a", "percent": 1.0}, {"code": 15, "label": "b", "percent": 2.0}]
    (axes,) = future_shares(rows, [], English()).axes
    assert bars(axes) == [(EVIDENCE_TRENDS[21], 1.0, "a"), (EVIDENCE_TRENDS[15], 2.0, "b")]


def test_counts():
    rows = all_tables()["fig04_counts"]
    (axes,) = frequency_shares(rows, English()).axes
    rises, falls = axes.patches[: len(rows)], axes.patches[len(rows) :]
    for row, rise, fall in zip(rows, rises, falls):
        assert (rise.get_height(), fall.get_height()) == (row["increase_percent"], row["decrease_percent"])
        assert rise.get_x() < row["count"] < fall.get_x() + fall.get_width()
        assert rise.get_x() + rise.get_width() == pytest.approx(row["count"]) == pytest.approx(fall.get_x())
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["Increases", "Decreases"]


@pytest.mark.parametrize("size", [(174.0, None), (85.0, None), (65.5, 59.0), (85.5, 60.0)])
def test_all_texts_are_inside_and_clear(size, outside, covering):
    for figure in (
        trend_shares(whole(TREND), English(), size),
        future_shares(whole(FUTURE), whole(EVIDENCE), English(), size),
        frequency_shares(all_tables()["fig04_counts"], English(), size),
    ):
        assert outside(figure) == []
        assert covering(figure) == []


def test_nothing_to_show(outside):
    for figure in (
        trend_shares([], English()), future_shares([], [], English()), frequency_shares([], English()),
        frequency_shares([{"count": 0, "increase_percent": None, "decrease_percent": 0.0}], English()),
    ):
        assert outside(figure) == []

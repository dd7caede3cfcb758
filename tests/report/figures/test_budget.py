"""What sinks take up and sources release, as bars."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex
from testkit.study_ledger import budget

from nep_toolbox.colours import SOURCE_SINK_CLASSES
from nep_toolbox.report.figures import English, sheet
from nep_toolbox.report.figures.budget import budget_panel

ROWS = [row for row in budget(range(2001, 2006)) if row["region"] == "all"]


def drawn(rows):
    axes = sheet.blank((100.0, 50.0)).subplots()
    budget_panel(axes, rows, English())
    return axes


def test_bars_are_the_table():
    axes = drawn(ROWS)
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == [50.0, 52.0, 54.0, 56.0, 58.0, -16.0, -12.0, -8.0, -4.0, -2.0]
    colours = [to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert colours == [SOURCE_SINK_CLASSES[1]] * 5 + [SOURCE_SINK_CLASSES[-1]] * 5
    centres = [bar.get_x() + bar.get_width() / 2 for bar in axes.patches]
    assert centres == pytest.approx([*range(2001, 2006)] * 2)
    (marks,) = [line for line in axes.get_lines() if line.get_label() == "Balance"]
    assert list(marks.get_ydata()) == [34.0, 40.0, 46.0, 52.0, 56.0] and marks.get_linestyle() == "None"
    assert axes.get_ylabel() == "Total\n(Tg C yr⁻¹)"


def test_zero_is_drawn_and_stands_below_where_there_are_sources():
    low, high = drawn(ROWS).get_ylim()
    assert low < -16.0 and high > 58.0
    assert drawn([{**row, "source_tg": 0.0} for row in ROWS]).get_ylim()[0] == 0.0
    assert any(list(line.get_ydata()) == [0.0, 0.0] for line in drawn(ROWS).get_lines())


@pytest.mark.parametrize("rows", [
    [], [{"year": 2001, "sink_tg": None, "source_tg": None, "net_tg": None}],
    [{"year": 2001, "sink_tg": 0.0, "source_tg": 0.0, "net_tg": 0.0}],
])
def test_poor_data(rows):
    low, high = drawn(rows).get_ylim()
    assert low < high

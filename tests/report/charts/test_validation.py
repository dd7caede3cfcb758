"""Charts of a comparison hold the numbers they were given, on axes of one scale, and keep to plotly's schema."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.report.charts import Agreement, TaylorMark, agreement, taylor_diagram

NAN = float("nan")
GROUP = Agreement("all", [2001, 2002, 2003], [1.0, NAN, 3.0], [2.0, 5.0, 9.0], 2.0, -1.0, "n = 2")


def test_pairs_with_both_values_are_drawn(valid, trace):
    chart = agreement([GROUP], "Observed", "Simulated", "gC m-2 yr-1")
    valid(chart)
    drawn = trace(chart, "n = 2")
    assert (drawn["x"], drawn["y"], drawn["text"]) == ([1.0, 3.0], [2.0, 9.0], ["2001", "2003"])
    assert chart.rows == [("all", "2001", 1.0, 2.0), ("all", "2003", 3.0, 9.0)]
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Observed (gC m⁻² yr⁻¹)"
    assert chart.figure["layout"]["updatemenus"] == []


def test_both_axes_have_one_scale(trace):
    chart = agreement([GROUP], "Observed", "Simulated", "")
    axes = chart.figure["layout"]["xaxis"], chart.figure["layout"]["yaxis"]
    assert axes[0]["range"] == axes[1]["range"] and axes[1]["scaleanchor"] == "x"
    low, high = axes[0]["range"]
    assert low < 1.0 and high > 9.0
    assert trace(chart, "1 : 1")["x"] == trace(chart, "1 : 1")["y"]
    line = trace(chart, "major axis: -1 + 2")
    np.testing.assert_allclose(line["y"], [2.0 * end - 1.0 for end in line["x"]])


def test_without_a_slope_there_is_no_line():
    chart = agreement([GROUP._replace(slope=NAN)], "o", "s", "")
    assert not any(entry["name"].startswith("major") for entry in chart.figure["data"])


def test_groups_are_chosen_from_a_list(valid):
    chart = agreement([GROUP, GROUP._replace(group="<b>"), GROUP._replace(group="c", observed=[NAN] * 3)], "o", "s", "")
    valid(chart)
    buttons = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert [button["label"] for button in buttons] == ["all", "&lt;b&gt;", "c"]
    assert len(chart.rows) == 4


def test_nothing_at_all(valid):
    valid(agreement([Agreement("all", [], [], [], NAN, NAN, "n = 0")], "o", "s", ""))
    valid(taylor_diagram([]))


def mark(name: str, a: float, r: float, main: bool = False) -> TaylorMark:
    return TaylorMark(name, a, r, math.sqrt(1 + a * a - 2 * a * r), main)


def test_a_mark_lies_where_its_numbers_are(valid, trace):
    marks = [mark("all", 1.2, 0.8, True), mark("Forest", 0.5, 0.3)]
    chart = taylor_diagram(marks)
    valid(chart)
    for each in marks:
        drawn = trace(chart, each.name)
        (x,), (y,) = drawn["x"], drawn["y"]
        assert math.hypot(x, y) == pytest.approx(each.sd_ratio)
        assert x / math.hypot(x, y) == pytest.approx(each.r)
        assert math.hypot(x - 1.0, y) == pytest.approx(each.crmse_ratio)
    assert chart.rows[1][:3] == ("Forest", 0.5, 0.3)
    assert chart.figure["layout"]["xaxis"]["range"][0] == 0.0


def test_a_negative_correlation_needs_half_a_circle(trace):
    chart = taylor_diagram([mark("all", 1.0, -0.5)])
    assert chart.figure["layout"]["xaxis"]["range"][0] < -1.0
    assert trace(chart, "all")["x"] == [-0.5]
    assert "−0.9" in [each["text"] for each in chart.figure["layout"]["annotations"]]
    assert all(not text.startswith("-") for text in chart.figure["layout"]["xaxis"]["ticktext"])


def test_circles_stay_in_the_diagram():
    chart = taylor_diagram([mark("a", 3.7, 0.5)])
    radius = 1.1 * 3.7
    for trace in chart.figure["data"]:
        for x, y in zip(trace["x"], trace["y"]):
            assert x is None or (math.hypot(x, y) <= radius * 1.0001 and x > -1e-8 and y > -1e-8)


def test_what_has_no_correlation_is_left_out():
    assert taylor_diagram([mark("a", 1.0, 0.5), TaylorMark("b", NAN, NAN, NAN)]).rows == taylor_diagram(
        [mark("a", 1.0, 0.5)]
    ).rows


def test_many_marks_are_not_in_the_legend():
    marks = [mark("all", 1.0, 0.5, True), *(mark(f"site {place}", 1.0, 0.9) for place in range(30))]
    shown = [trace["name"] for trace in taylor_diagram(marks).figure["data"] if trace.get("showlegend")]
    assert "all" in shown and not any(name.startswith("site") for name in shown)
    few = taylor_diagram(marks[:10]).figure["data"][-10:]
    looks = {(each["marker"]["symbol"], each["marker"]["color"]) for each in few}
    assert len(looks) == 10

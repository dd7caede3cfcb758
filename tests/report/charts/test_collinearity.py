"""Charts of variance inflation and correlations hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts import correlation_matrix, vif_bars


def written(chart) -> dict:
    """Text and place of the numbers by the name of their row."""
    shown = chart.figure["layout"]["yaxis"]
    names = dict(zip(shown["tickvals"], shown["ticktext"]))
    (found,) = [trace for trace in chart.figure["data"] if trace["name"] == "values"]
    return {names[y]: (words.strip(), x) for x, y, words in zip(found["x"], found["y"], found["text"])}


def test_factors_above_the_limit_have_another_colour(valid, trace):
    chart = vif_bars([("<rain>", 1.5), ("dem", 12.25), ("slope", 9.5), ("flat", np.nan)])
    valid(chart)
    small, large = trace(chart, "VIF up to 10"), trace(chart, "VIF above 10")
    assert (small["x"], small["y"]) == ([1.5, 9.5], [0, 1]) and (large["x"], large["y"]) == ([12.25], [2])
    assert small["marker"]["color"] != large["marker"]["color"]
    shown = chart.figure["layout"]
    assert shown["yaxis"]["ticktext"] == ["&lt;rain&gt;", "slope", "dem", "flat"]
    assert (shown["shapes"][0]["x0"], shown["shapes"][0]["x1"]) == (10, 10) and "type" not in shown["xaxis"]
    found = written(chart)
    assert found["&lt;rain&gt;"] == ("1.5", 1.5) and found["dem"] == ("12.2", 12.25)
    # The line would cross these: they stand right of it.
    assert found["slope"] == ("9.5", 10) and found["flat"][1] == 10 and found["flat"][0].startswith("none")
    assert chart.rows == [("<rain>", 1.5), ("dem", 12.25), ("slope", 9.5), ("flat", None)]


def test_small_vif_have_no_line_and_large_ones_a_logarithmic_axis(valid):
    low, high = vif_bars([("a", 1.2), ("b", np.nan)]), vif_bars([("a", 1.2), ("b", 40000.0), ("c", 8.0), ("d", np.nan)])
    for chart in (low, high):
        valid(chart)
    assert low.figure["layout"]["shapes"] == [] and written(low)["b"][1] == 0.0
    axis = high.figure["layout"]["xaxis"]
    assert axis["type"] == "log" and axis["range"][0] == 0 and 10 ** axis["range"][1] > 40000
    assert written(high)["a"] == ("1.2", 1.2) and written(high)["c"] == ("8", 10)


@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_factors_is_drawn(valid, count):
    valid(vif_bars([(f"f{number}", np.nan if count == 1 else 1.0 + number) for number in range(count)]))


def test_correlations_stand_below_the_diagonal(valid):
    r = np.array([[1.0, -0.954, np.nan], [-0.954, 1.0, -0.001], [np.nan, -0.001, 1.0]])
    chart = correlation_matrix(["<rain>", "dem", "flat"], r)
    valid(chart)
    heat, numbers = chart.figure["data"]
    assert heat["z"] == [[None] * 3, [-0.954, None, None], [None, -0.001, None]]
    assert (heat["zmin"], heat["zmax"]) == (-1, 1)
    assert heat["customdata"][1][0] == "dem with &lt;rain&gt;: r = -0.9540"
    assert heat["customdata"][2][0] == "flat with &lt;rain&gt;: no result"
    texts = dict(zip(zip(numbers["y"], numbers["x"]), numbers["text"]))
    assert texts == {(1, 0): "<b>−0.95</b>", (2, 0): "–", (2, 1): "0.00"}
    shown = chart.figure["layout"]
    assert shown["xaxis"]["ticktext"] == ["&lt;rain&gt;", "dem"] and shown["xaxis"]["tickvals"] == [0, 1]
    assert shown["yaxis"]["ticktext"] == ["dem", "flat"] and shown["yaxis"]["tickvals"] == [1, 2]
    assert chart.columns == ("factor_1", "factor_2", "r")
    assert chart.rows == [("<rain>", "dem", -0.954), ("<rain>", "flat", None), ("dem", "flat", -0.001)]


def test_bold_begins_above_nine_tenths(valid):
    chart = correlation_matrix(["a", "b", "c"], np.array([[1, 0.9, -0.901], [0.9, 1, 0.2], [-0.901, 0.2, 1]]))
    valid(chart)
    assert chart.figure["data"][1]["text"] == ["0.90", "<b>−0.90</b>", "0.20"]


@pytest.mark.parametrize(("letters", "traces"), [(3, 2), (36, 1)])
def test_many_factors_have_numbers_where_their_names_leave_room(valid, letters, traces):
    names = [f"{number:02d}".ljust(letters, "x") for number in range(30)]
    chart = correlation_matrix(names, np.full((30, 30), 0.5))
    valid(chart)
    assert len(chart.figure["data"]) == traces
    assert chart.figure["layout"]["xaxis"]["tickangle"] == (0 if letters == 3 else -40)
    assert len(chart.rows) == 30 * 29 // 2

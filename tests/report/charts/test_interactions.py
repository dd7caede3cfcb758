"""Matrices of interactions hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts import YearOfPairs, interaction_matrix, interaction_panels


def texts(trace) -> dict:
    """The texts of cells by line and column."""
    return {(down, across): words for across, down, words in zip(trace["x"], trace["y"], trace["text"])}


def test_interaction_matrix(valid):
    rows = [("a", "b", 0.7, "enhance, nonlinear"), ("a", "c", 0.45, "enhance, bi-variable"), ("b", "c", np.nan, "")]
    chart = interaction_matrix(["a", "b", "c"], [0.2, 0.3, 0.4], rows)
    valid(chart)
    heat, written = chart.figure["data"]
    assert heat["z"] == [[0.2, None, None], [0.7, 0.3, None], [0.45, None, 0.4]]
    assert heat["customdata"][1][0] == "a with b: enhance, nonlinear" and heat["customdata"][2][2] == "c alone"
    found = texts(written)
    assert found[1, 0] == "0.700 ⬆" and found[2, 2] == "<b>0.400</b>"
    assert len(found) == 5
    shown = chart.figure["layout"]
    assert shown["xaxis"]["ticktext"] == ["a", "b", "c"] == shown["yaxis"]["ticktext"]
    assert shown["yaxis"]["range"] == [2.5, -0.5]  # from the top down
    assert shown["coloraxis"]["cmax"] == 0.7
    assert shown["annotations"][0]["text"] == "⬆ enhance, nonlinear   ↑ enhance, bi-variable"
    assert chart.rows[0] == ("a", "b", 0.7, "enhance, nonlinear")


def of_size(names) -> list:
    return [(one, two, 0.5, "enhance, bi-variable") for place, one in enumerate(names) for two in names[:place]]


def test_names_wider_than_their_cells_lean(valid):
    def chart(names):
        return interaction_matrix(names, [0.1] * len(names), of_size(names))

    few, many = chart(["rain", "slope"]), chart([f"distance to road {number}" for number in range(9)])
    for each, angle in ((few, 0), (many, -40)):
        valid(each)
        assert each.figure["layout"]["xaxis"]["tickangle"] == angle
    # The names take room below a matrix whose cells keep their size.
    assert many.figure["layout"]["height"] - few.figure["layout"]["height"] > 7 * 46


def test_cells_too_narrow_for_a_number_have_none(valid):
    names = [f"f{number}" for number in range(30)]
    chart = interaction_matrix(names, [0.1] * 30, of_size(names))
    valid(chart)
    assert [trace["type"] for trace in chart.figure["data"]] == ["heatmap"]
    assert interaction_matrix(names[:9], [0.1] * 9, of_size(names[:9])).figure["data"][1]["mode"] == "text"


# Several years --------------------------------------------------------------------------------------------------------


def year(number: int, names, q=0.1) -> YearOfPairs:
    return YearOfPairs(number, names, [q] * len(names), [True] * len(names), of_size(names))


def boxes(chart) -> list:
    """left, right, bottom and top of each panel, in the order of the years."""
    shown, found = chart.figure["layout"], []
    for place in range(len([name for name in shown if name.startswith("xaxis")])):
        suffix = str(place + 1) if place else ""
        found.append((*shown[f"xaxis{suffix}"]["domain"], *shown[f"yaxis{suffix}"]["domain"]))
    return found


def test_a_panel_for_each_year_in_one_order_and_one_scale(valid):
    chart = interaction_panels([
        YearOfPairs(2013, ["<rain>", "dem"], [0.2, 0.5], [True, False], [("<rain>", "dem", 0.6, "independent")]),
        YearOfPairs(2015, ["dem", "soil"], [0.3, np.nan], [True, False], [("dem", "soil", 0.8, "enhance, nonlinear")]),
    ])
    valid(chart)
    one, written, other, written_too = chart.figure["data"]
    assert one["z"] == [[0.2, None, None], [0.6, 0.5, None], [None, None, None]]
    assert other["z"] == [[None, None, None], [None, 0.3, None], [None, 0.8, None]]
    assert (one["xaxis"], one["yaxis"], other["xaxis"], other["yaxis"]) == ("x", "y", "x2", "y2")
    assert one["coloraxis"] == other["coloraxis"] == "coloraxis"
    assert texts(written) == {(0, 0): "<b>0.200*</b>", (1, 0): "0.600=", (1, 1): "<b>0.500</b>"}
    assert texts(written_too) == {(1, 1): "<b>0.300*</b>", (2, 1): "0.800⬆"}
    assert one["customdata"][1][0] == "&lt;rain&gt; with dem: independent"
    shown = chart.figure["layout"]
    assert shown["coloraxis"]["cmax"] == 0.8
    assert shown["xaxis2"]["ticktext"] == ["&lt;rain&gt;", "dem", "soil"]
    assert shown["yaxis"]["showticklabels"] and not shown["yaxis2"]["showticklabels"]
    assert [note["text"] for note in shown["annotations"]] == [
        "<b>2013</b>", "<b>2015</b>", "⬆ enhance, nonlinear   = independent"
    ]
    assert chart.columns == ("year", "factor_1", "factor_2", "q_12", "interaction")
    assert chart.rows[1] == (2015, "dem", "soil", 0.8, "enhance, nonlinear")


@pytest.mark.parametrize(("factors", "years", "across", "digits"), [
    (4, 9, 3, 3), (9, 2, 2, 2), (9, 4, 2, 2), (9, 9, 2, 2), (9, 20, 2, 2), (15, 4, 1, 2), (30, 4, 2, None),
    (4, 1, 1, 3), (30, 1, 1, 2), (4, 4, 2, 3),
])
def test_panels_beside_each_other_are_wide_enough_for_their_numbers(valid, factors, years, across, digits):
    names = [f"f{number}" for number in range(factors)]
    chart = interaction_panels([year(2001 + number, names) for number in range(years)])
    valid(chart)
    found = boxes(chart)
    assert len({left for left, *_rest in found}) == across
    written = [trace for trace in chart.figure["data"] if trace["type"] == "scatter"]
    assert len(written) == (years if digits else 0)
    if digits:
        assert written[0]["text"][0] == f"<b>{0.1:.{digits}f}*</b>"
        assert written[0]["textfont"]["size"] >= 8
    assert all(right - left == pytest.approx(found[0][1] - found[0][0]) for left, right, *_rest in found)
    for number, (left, right, bottom, top) in enumerate(found):
        assert 0 <= left < right <= 1 + 1e-9 and -1e-9 <= bottom < top <= 1 + 1e-9
        for other in found[number + 1 :]:
            assert right < other[0] or other[1] < left or top < other[2] or other[3] < bottom


def test_long_names_are_short_in_panels_and_whole_when_pointed_at(valid):
    names = ["population density of the year 2013", "rain"]
    chart = interaction_panels([year(2001, names), year(2002, names)])
    valid(chart)
    assert chart.figure["layout"]["xaxis"]["ticktext"][0] == "population…year 2013"
    assert chart.figure["data"][0]["customdata"][0][0] == "population density of the year 2013 alone"


def test_years_without_a_q_are_drawn(valid):
    chart = interaction_panels([YearOfPairs(2001, ["a"], [np.nan], [False], []), year(2002, ["a"])])
    valid(chart)
    assert chart.figure["data"][0]["z"] == [[None]]

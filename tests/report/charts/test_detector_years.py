"""Charts of the geodetector over years hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import pytest

from nep_toolbox.report.charts import DetectedFactor, q_by_year, q_ranks
from nep_toolbox.report.theme import BELOW_ALL


def rows(years) -> dict:
    given = (("<rain>", 0.2, 0.0, True), ("dem", 0.5, 1e-9, True), ("dust", 0.01, 0.4, False))
    return {
        year: [DetectedFactor(factor, q + 0.01 * (year - 2000), p, star) for factor, q, p, star in given]
        for year in years
    }


def bars(chart) -> list:
    return [trace for trace in chart.figure["data"] if trace["type"] == "bar"]


@pytest.mark.parametrize(("years", "axes"), [
    ([2001], ["x"]), ([2001, 2013], ["x", "x2"]), ([2001, 2005, 2009, 2013], ["x", "x2", "x3", "x4"]),
])
def test_a_panel_for_each_year(valid, years, axes):
    chart = q_by_year(rows(years))
    valid(chart)
    assert [trace["xaxis"] for trace in bars(chart)] == axes
    last, written = chart.figure["data"][-2:]
    shift = 0.01 * (years[-1] - 2000)
    # From below: the weakest first, in the order of the mean of all years.
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["dust", "&lt;rain&gt;", "dem"]
    assert last["y"] == [0, 1, 2] == chart.figure["layout"]["yaxis"]["tickvals"]
    assert last["x"] == pytest.approx([0.01 + shift, 0.2 + shift, 0.5 + shift])
    assert [label.endswith("*") for label in written["text"]] == [False, True, True]
    colours = last["marker"]["color"]
    assert colours[1] == colours[2] != colours[0]
    shown = chart.figure["layout"]
    assert [title["text"] for title in shown["annotations"]] == [f"<b>{year}</b>" for year in years]
    ranges = {tuple(value["range"]) for name, value in shown.items() if name.startswith("xaxis")}
    assert len(ranges) == 1  # bars of one length are one q in all panels
    q = pytest.approx(0.2 + 0.01 * (years[0] - 2000))
    assert chart.rows[0] == (years[0], "<rain>", q, BELOW_ALL, True, None, None, None)


def test_panels_do_not_overlap():
    shown = q_by_year(rows(range(2001, 2008))).figure["layout"]
    boxes = [
        (*shown[f"xaxis{place or ''}"]["domain"], *shown[f"yaxis{place or ''}"]["domain"]) for place in (0, 2, 3, 4, 7)
    ]
    for number, (left, right, bottom, top) in enumerate(boxes):
        assert 0 <= left < right <= 1 and -1e-9 <= bottom < top <= 1 + 1e-9
        for other in boxes[number + 1 :]:
            assert right < other[0] or other[1] < left or top < other[2] or other[3] < bottom


@pytest.mark.parametrize("factors", [1, 3, 12])
def test_numbers_of_a_panel_and_the_title_below_have_room(factors):
    own = [DetectedFactor(f"factor {place}", 0.5, 0.01, True) for place in range(factors)]
    shown = q_by_year(dict.fromkeys(range(2001, 2010), own)).figure["layout"]
    inside = shown["height"] - shown["margin"]["t"] - shown["margin"]["b"]
    upper, lower = (shown[f"yaxis{place}"]["domain"] for place in ("4", "7"))
    assert 50 < inside * (upper[0] - lower[1]) < 70
    assert inside * (lower[1] - lower[0]) >= 24 * factors


def test_a_factor_that_lacks_in_a_year_has_no_bar_there(valid):
    years = rows([2001, 2002])
    years[2002] = [years[2002][0], years[2002][2]]
    chart = q_by_year(years)
    valid(chart)
    assert [trace["y"] for trace in bars(chart)] == [[0, 1, 2], [0, 1]]


def test_each_panel_has_the_intervals_of_its_year(valid):
    chart = q_by_year({
        2001: [DetectedFactor("dem", 0.5, 0.01, True, 0.42, 0.71)],
        2002: [DetectedFactor("dem", 0.02, 0.8, False, 0.0, 0.01)],
    }, 90.0)
    valid(chart)
    lines = [trace for trace in chart.figure["data"] if trace.get("name") == "90 % interval"]
    assert [(line["x"], line["xaxis"]) for line in lines] == [([0.42, 0.71], "x"), ([0.0, 0.01], "x2")]
    assert chart.figure["layout"]["xaxis"]["range"][1] > 0.71
    assert chart.rows[1] == (2002, "dem", 0.02, 0.8, False, 0.0, 0.01, None)


def test_each_panel_has_q_of_rows_not_seen(valid):
    chart = q_by_year({
        2001: [DetectedFactor("dem", 0.5, 0.01, True, 0.42, 0.71, 0.47)],
        2002: [DetectedFactor("dem", 0.02, 0.8, False, 0.0, 0.01, -0.03), DetectedFactor("rain", 0.1, 0.3, False)],
    })
    valid(chart)
    diamonds = [trace for trace in chart.figure["data"] if trace.get("mode") == "markers"]
    assert [(each["x"], each["y"], each["xaxis"]) for each in diamonds] == [([0.47], [1], "x"), ([-0.03], [1], "x2")]
    shown = chart.figure["layout"]
    assert shown["xaxis"]["range"] == shown["xaxis2"]["range"] and shown["xaxis"]["range"][0] < -0.03
    assert [row[-1] for row in chart.rows] == [0.47, -0.03, None]


def test_four_years_stand_in_two_rows_of_two():
    shown = q_by_year(rows([2001, 2005, 2009, 2013])).figure["layout"]
    first, second, third, fourth = (
        (*shown[f"xaxis{place}"]["domain"], *shown[f"yaxis{place}"]["domain"]) for place in ("", 2, 3, 4)
    )
    assert first[:2] == third[:2] != second[:2] == fourth[:2]
    assert first[2:] == second[2:] != third[2:] == fourth[2:]


def test_ranks_are_lines_between_years_at_equal_distances(valid, trace):
    chart = q_ranks([(2001, "a", 1), (2001, "b", 2), (2013, "a", 2), (2013, "b", 1), (2015, "a", 1)])
    valid(chart)
    line = trace(chart, "a")
    assert (line["x"], line["y"], line["text"]) == ([0, 1, 2], [1, 2, 1], ["1", "2", "1"])
    assert trace(chart, "b")["y"] == [2, 1, None]
    shown = chart.figure["layout"]
    assert shown["xaxis"]["ticktext"] == ["2001", "2013", "2015"] and shown["xaxis"]["tickvals"] == [0, 1, 2]
    low, high = shown["yaxis"]["range"]
    assert low > high  # the first rank is on top
    assert [(note["text"], note["x"], note["y"]) for note in shown["annotations"]] == [
        ("a", 0, 1), ("a", 2, 1), ("b", 0, 2), ("b", 1, 1)
    ]

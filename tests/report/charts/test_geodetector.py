"""Charts of the geodetector hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts import DetectedFactor, Stratum, TriedCut, cut_lines, q_bars, risk_means
from nep_toolbox.report.page import Page


def plotted(chart, name: str) -> tuple:
    (found,) = [entry for entry in chart.figure["data"] if entry.get("name") == name]
    return found["x"], found["y"]


def names_at(chart) -> dict:
    """The names of the axis by their places."""
    shown = chart.figure["layout"]["yaxis"]
    return dict(zip(shown["ticktext"], shown["tickvals"]))


def test_q_bars_mark_significance(valid):
    chart = q_bars([
        DetectedFactor("rain", 0.4, 1e-9, np.True_), DetectedFactor("<slope>", 0.1, 0.3, False),
        DetectedFactor("flat", np.nan, np.nan, False),
    ])
    valid(chart)
    assert names_at(chart) == {"flat": 0, "&lt;slope&gt;": 1, "rain": 2}
    assert plotted(chart, "significant *") == ([0.4], [2])
    assert plotted(chart, "not significant") == ([None, 0.1], [0, 1])
    (written,) = [entry for entry in chart.figure["data"] if entry["name"] == "values"]
    assert [words.strip() for words in written["text"]] == ["0.100", "0.400 *"]
    assert (written["x"], written["y"]) == ([0.1, 0.4], [1, 2])
    # Nothing was asked for but q.
    assert {entry["name"] for entry in chart.figure["data"]} == {"significant *", "not significant", "values"}
    assert chart.columns == ("factor", "q", "p", "significant", "q_lower", "q_upper", "q_cv")
    assert chart.rows[0] == ("rain", 0.4, 1e-9, True, None, None, None)


def test_intervals_are_lines_from_limit_to_limit_even_where_q_lies_outside(valid):
    chart = q_bars([
        DetectedFactor("rain", 0.4, 1e-9, True, 0.35, 0.46, 0.3),
        DetectedFactor("noise", 0.02, 0.9, False, 0.0, 0.0086),
    ], 90.0)
    valid(chart)
    assert plotted(chart, "90 % interval") == ([0.0, 0.0086, None, 0.35, 0.46], [0, 0, None, 1, 1])
    assert plotted(chart, "q of rows not seen (cross-validation)") == ([0.3], [1])
    # Numbers stand right of all that is drawn.
    assert plotted(chart, "values") == ([0.02, 0.46], [0, 1])
    told = {entry["name"]: entry.get("hovertext") for entry in chart.figure["data"]}
    assert told["significant *"] == ["rain: q = 0.4000 (0.3500 to 0.4600), p = 1e-09, of rows not seen 0.3000"]
    assert told["not significant"] == ["noise: q = 0.0200 (0.0000 to 0.0086), p = 0.9"]
    assert chart.rows[1] == ("noise", 0.02, 0.9, False, 0.0, 0.0086, None)


CUTS = [("rain", "equal", 3, 0.1, True), ("rain", "equal", 4, 0.3, False), ("rain", "sd", 3, 0.2, True),
        ("rain", "sd", 4, np.nan, False), ("temp", "equal", 3, 0.5, True)]


def test_cut_lines_mark_the_chosen_cut(valid, trace):
    chart = cut_lines([TriedCut(*row) for row in CUTS], {"rain": ("sd", 3), "temp": ("equal", 3)})
    valid(chart)
    first = chart.figure["data"][0]
    assert (first["x"], first["y"]) == ([3, 4], [0.1, 0.3])
    assert first["marker"]["color"][1] == "#ffffff"
    assert (trace(chart, "chosen: sd, 3 classes")["x"], trace(chart, "chosen: sd")["y"]) == ([3], [0.2])
    assert [entry["visible"] for entry in chart.figure["data"]] == [True, True, True, False, False]
    assert chart.columns == ("factor", "method", "classes", "q", "candidate") and chart.rows[0] == CUTS[0]
    assert "xaxis2" not in chart.figure["layout"]


def test_cuts_on_rows_not_seen_have_a_panel_of_the_same_scale(valid):
    """The more classes, the larger q; q of rows not seen falls."""
    rows = [
        TriedCut("rain", "equal", 3, 0.40, True, 6.0, 0.5, 0.38),
        TriedCut("rain", "equal", 5, 0.45, True, 5.5, 0.75, 0.41),
        TriedCut("rain", "equal", 8, 0.50, True, 6.3, 0.4, 0.33),
        TriedCut("temp", "sd", 3, 0.1, True, 9.0, 0.5, -0.02),
        TriedCut("rain", "sd", 8, 0.48, False),
    ]
    chart = cut_lines(rows, {"rain": ("equal", 3), "temp": ("sd", 3)})
    valid(chart)
    seen, unseen, other, ring, far_ring, *rest = chart.figure["data"]
    assert (seen["x"], seen["y"], seen.get("xaxis")) == ([3, 5, 8], [0.40, 0.45, 0.50], None)
    assert (unseen["x"], unseen["y"], unseen["xaxis"], unseen["yaxis"]) == ([3, 5, 8], [0.38, 0.41, 0.33], "x2", "y2")
    # Errors up to 5.5 + 0.75, those of 3 and 5 classes, are within one standard error of the least.
    hollow = [colour == "#ffffff" for colour in unseen["marker"]["color"]]
    assert hollow == [False, False, True] and "one standard error" in unseen["customdata"][2]
    assert (other["name"], other["y"]) == ("sd", [0.48])
    assert (ring["x"], ring["y"]) == ([3], [0.40]) and (far_ring["x"], far_ring["y"]) == ([3], [0.38])
    assert far_ring["xaxis"] == "x2" and not far_ring["showlegend"] and not unseen["showlegend"]
    assert [entry["y"] for entry in rest] == [[0.1], [-0.02], [0.1], [-0.02]]
    shown = chart.figure["layout"]
    assert shown["yaxis2"]["matches"] == "y" and shown["xaxis2"]["matches"] == "x"
    assert shown["xaxis"]["domain"][1] < shown["xaxis2"]["domain"][0]
    assert chart.columns == TriedCut._fields and chart.rows[0] == tuple(rows[0])
    assert chart.rows[-1][5:] == (None, None, None)


def test_risk_means(valid):
    strata = [Stratum("rain", "[0, 5]", 10, 100.0, 9.0), Stratum("rain", "(5, 9]", 12, 140.0, np.nan),
              Stratum("<land>", "crop", 3, 90.0, 1.0)]
    chart = risk_means(strata, "NEP", "gC m-2")
    valid(chart)
    bars = chart.figure["data"][0]
    assert (bars["x"], bars["y"], bars["error_y"]["array"]) == (["[0, 5]", "(5, 9]"], [100.0, 140.0], [9.0, 0])
    assert chart.figure["layout"]["updatemenus"][0]["buttons"][1]["args"][1] == {"xaxis.title.text": "&lt;land&gt;"}


def test_a_p_below_all_numbers_is_a_number_of_the_table(valid, read):
    pytest.importorskip("plotly")
    chart = q_bars([DetectedFactor("rain", 0.4, 0.0, True), DetectedFactor("slope", 0.1, 0.25, False)])
    valid(chart)
    assert [row[:4] for row in chart.rows] == [("rain", 0.4, "< 1e-300", True), ("slope", 0.1, 0.25, False)]
    assert chart.figure["data"][0]["hovertext"] == ["rain: q = 0.4000, p < 1e-300"]
    page = Page("title")
    page.chart(chart)
    page = page.html()
    rows = [row[:4] for row in read(page).tables[0][1:]]
    assert rows == [["rain", "0.4", "< 1e-300", "yes"], ["slope", "0.1", "0.25", "no"]]
    assert '<td class="number">&lt; 1e-300</td>' in page


@pytest.mark.parametrize(
    ("quantity", "title"), [("NPP", "Mean of NPP (g)"), ("mean", "mean (g)"), ("Mean NEP", "Mean NEP (g)")]
)
def test_the_mean_of_a_mean_is_said_once(quantity, title):
    chart = risk_means([Stratum("slope", "1", 3, 2.0, 0.5)], quantity, "g")
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == title

"""Charts of the geodetector hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts import Stratum, cut_lines, interaction_matrix, q_bars, risk_means
from nep_toolbox.report.page import Page


def test_q_bars_mark_significance(valid):
    chart = q_bars(["rain", "slope", "flat"], [0.4, 0.1, np.nan], [1e-9, 0.3, np.nan], np.array([True, False, False]))
    valid(chart)
    strong, weak = chart.figure["data"]
    assert (strong["y"], strong["x"], strong["text"]) == (["rain"], [0.4], ["0.400 *"])
    assert weak["x"] == [None, 0.1]
    assert chart.figure["layout"]["yaxis"]["categoryarray"] == ["flat", "slope", "rain"]
    assert chart.rows[0] == ("rain", 0.4, 1e-9, True)


def test_cut_lines_mark_the_chosen_cut(valid, trace):
    rows = [("rain", "equal", 3, 0.1, True), ("rain", "equal", 4, 0.3, False), ("rain", "sd", 3, 0.2, True),
            ("rain", "sd", 4, np.nan, False), ("temp", "equal", 3, 0.5, True)]
    chart = cut_lines(rows, {"rain": ("sd", 3), "temp": ("equal", 3)})
    valid(chart)
    first = chart.figure["data"][0]
    assert (first["x"], first["y"]) == ([3, 4], [0.1, 0.3])
    assert first["marker"]["color"][1] == "#ffffff"
    assert (trace(chart, "chosen: sd, 3 classes")["x"], trace(chart, "chosen: sd")["y"]) == ([3], [0.2])
    assert [entry["visible"] for entry in chart.figure["data"]] == [True, True, True, False, False]


def test_interaction_matrix(valid):
    rows = [("a", "b", 0.7, "enhance, nonlinear"), ("a", "c", 0.45, "enhance, bi-variable"), ("b", "c", np.nan, "")]
    chart = interaction_matrix(["a", "b", "c"], [0.2, 0.3, 0.4], rows)
    valid(chart)
    heat = chart.figure["data"][0]
    assert heat["z"] == [[0.2, None, None], [0.7, 0.3, None], [0.45, None, 0.4]]
    assert heat["customdata"][1][0] == "a with b: enhance, nonlinear"
    cells = [note for note in chart.figure["layout"]["annotations"] if "xref" not in note]
    texts = {(note["x"], note["y"]): note["text"] for note in cells}
    assert texts["a", "b"] == "0.700 ⬆"
    assert len(texts) == 5


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
    chart = q_bars(["rain", "slope"], [0.4, 0.1], [0.0, 0.25], [True, False])
    valid(chart)
    assert chart.rows == [("rain", 0.4, "< 1e-300", True), ("slope", 0.1, 0.25, False)]
    assert chart.figure["data"][0]["customdata"] == ["p < 1e-300"]
    page = Page("title")
    page.chart(chart)
    page = page.html()
    assert read(page).tables[0][1:] == [["rain", "0.4", "< 1e-300", "yes"], ["slope", "0.1", "0.25", "no"]]
    assert '<td class="number">&lt; 1e-300</td>' in page


def test_names_wider_than_their_cells_lean(valid):
    def chart(names):
        rows = [(one, two, 0.5, "enhance, bi-variable") for place, one in enumerate(names) for two in names[:place]]
        return interaction_matrix(names, [0.1] * len(names), rows)

    few, many = chart(["rain", "slope"]), chart([f"distance to road {number}" for number in range(9)])
    for each, angle in ((few, 0), (many, -40)):
        valid(each)
        assert each.figure["layout"]["xaxis"]["tickangle"] == angle
    # The names take room below a matrix whose cells keep their size.
    assert many.figure["layout"]["height"] - few.figure["layout"]["height"] > 7 * 46


@pytest.mark.parametrize(
    ("quantity", "title"), [("NPP", "Mean of NPP (g)"), ("mean", "mean (g)"), ("Mean NEP", "Mean NEP (g)")]
)
def test_the_mean_of_a_mean_is_said_once(quantity, title):
    chart = risk_means([Stratum("slope", "1", 3, 2.0, 0.5)], quantity, "g")
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == title

"""Charts of the geodetector: p-values below all numbers, and names wider than a cell of the matrix."""

from __future__ import annotations

import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import interaction_matrix, q_bars
from nep_toolbox.report.page import Page


@pytest.mark.parametrize(("p", "shown"), [
    (0.0342, "p = 0.0342"), (1.0, "p = 1"), (3.456e-45, "p = 3.46e-45"), (0.0, "p < 1e-300"),
    (float("nan"), "p not defined"), (None, "p not defined"),
])
def test_p_values_however_small(p, shown):
    assert theme.exact_p_text(p) == shown
    assert theme.exact_p_text(p, "p_f") == shown.replace("p", "p_f", 1)


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
    # The names stand below a matrix of the same size of cells.
    assert many.figure["layout"]["height"] - few.figure["layout"]["height"] > 7 * 46

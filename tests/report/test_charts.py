"""Each chart holds the numbers it was given and keeps to plotly's schema."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.report import theme
from nep_toolbox.report.charts import (
    AnnualSeries,
    CentrePath,
    Relation,
    Stratum,
    annual_series,
    change_frequency,
    class_shares,
    cut_lines,
    interaction_matrix,
    landcover_means,
    landcover_totals,
    migration_path,
    q_bars,
    risk_means,
    scatter_with_regression,
)

YEARS = [2001, 2002, 2003, 2004]


def trace(chart, name):
    """The one trace whose name starts so."""
    (found,) = [trace for trace in chart.figure["data"] if trace["name"].startswith(name)]
    return found


@pytest.fixture
def annual():
    region = AnnualSeries("all", YEARS, [300.0, 320.0, np.nan, 340.0], [50.0, 40.0, np.nan, 60.0], 12.0, 0.0123)
    return annual_series([region], "NEP", "gC m-2 yr-1")


def test_annual_series(annual, valid):
    valid(annual)
    assert trace(annual, "annual mean")["y"] == [300.0, 320.0, None, 340.0]
    assert trace(annual, "mean of 3 years: 320")["y"] == [320.0, 320.0]
    band = trace(annual, "± 1")
    assert band["x"] == [2001, 2002, 2002, 2001, None, 2004, 2004]
    assert band["y"] == [350.0, 360.0, 280.0, 250.0, None, 400.0, 280.0]
    assert annual.figure["layout"]["yaxis"]["title"]["text"] == "NEP (gC m⁻² yr⁻¹)"
    assert annual.figure["layout"]["updatemenus"] == []
    assert annual.columns == ("region", "year", "mean", "std", "trend")
    assert annual.rows[2][:4] == ("all", 2003, None, None)


def test_trend_line_passes_through_the_mean_of_what_is_there(annual):
    line = trace(annual, "trend: +12 gC m⁻² yr⁻¹ per year, p = 0.012")
    middle = (2001 + 2002 + 2004) / 3
    np.testing.assert_allclose(line["y"], [320.0 + 12.0 * (year - middle) for year in YEARS], rtol=1e-14)
    assert [row[4] for row in annual.rows] == line["y"]


def test_trend_line_of_a_full_series_is_the_least_squares_line():
    means = [10.0, 13.0, 11.0, 18.0]
    slope, intercept = np.polyfit(YEARS, means, 1)
    chart = annual_series([AnnualSeries("a", YEARS, means, [1.0] * 4, slope, 0.5)], "NEP", "")
    np.testing.assert_allclose(trace(chart, "trend")["y"], np.polyval([slope, intercept], YEARS), rtol=1e-9)


def test_regions_are_chosen_from_a_list(valid):
    regions = [AnnualSeries(name, YEARS, [1.0, 2.0, 3.0, 4.0], [1.0] * 4) for name in ("all", "a", "b")]
    chart = annual_series(regions, "NEP", "")
    valid(chart)
    buttons = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert [button["label"] for button in buttons] == ["all", "a", "b"]
    count = len(chart.figure["data"])
    shown = np.array([button["args"][0]["visible"] for button in buttons])
    assert shown.shape == (3, count)
    assert (shown.sum(axis=0) == 1).all()
    assert [trace["visible"] for trace in chart.figure["data"]] == shown[0].tolist()


def test_a_region_without_any_value(valid):
    chart = annual_series([AnnualSeries("a", YEARS, [np.nan] * 4, [np.nan] * 4, np.nan, np.nan)], "NEP", "")
    valid(chart)
    assert [trace["name"] for trace in chart.figure["data"]] == ["annual mean"]


def test_scatter_with_regression(valid):
    relation = Relation("all", YEARS, np.array([700.0, np.nan, 800.0, 900.0]), [300.0, 1.0, 330.0, 380.0], 0.99, 0.0004,
                        0.4, 16.0)
    chart = scatter_with_regression([relation], "Precipitation", "mm", "NEP", "gC m-2")
    valid(chart)
    points = chart.figure["data"][1]
    assert (points["x"], points["y"]) == ([700.0, 800.0, 900.0], [300.0, 330.0, 380.0])
    assert points["text"] == ["2001", "2003", "2004"]
    line = trace(chart, "y = 16 + 0.4 x, r = 0.990, p < 0.001, n = 3")
    assert (line["x"], line["y"]) == ([700.0, 900.0], [296.0, 376.0])
    assert chart.rows == [("all", 2001, 700.0, 300.0), ("all", 2003, 800.0, 330.0), ("all", 2004, 900.0, 380.0)]
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Precipitation (mm)"


def test_scatter_without_a_line(valid):
    point = Relation("a", [2001], [1.0], [2.0], np.nan, np.nan, np.nan, np.nan)
    chart = scatter_with_regression([point], "x", "", "y", "")
    valid(chart)
    assert len(chart.figure["data"]) == 1


def test_class_shares(valid):
    rows = [(4, "Increase", 30, 7.5, 75.0), (-4, "Decrease", np.int64(10), np.float64(2.5), 25.0)]
    chart = class_shares(rows, {4: "#01665e"})
    valid(chart)
    bars = chart.figure["data"][0]
    assert (bars["x"], bars["y"], bars["customdata"]) == ([75.0, 25.0], ["Increase", "Decrease"], [7.5, 2.5])
    assert bars["marker"]["color"] == ["#01665e", theme.NEUTRAL]
    assert chart.rows == rows


def test_change_frequency(valid):
    chart = change_frequency([("a", 9, 10, 0, 19), ("b", 12, 6, 1, 19)])
    valid(chart)
    assert trace(chart, "increases")["x"] == [9, 12]
    assert trace(chart, "decreases")["x"] == [-10, -6]
    assert trace(chart, "decreases")["y"] == ["a", "b"]


LANDCOVER = [(2001, 1, "Crop", 10.0), (2001, 2, "Wood", 20.0), (2003, 1, "Crop", -11.0), (2005, 1, "Crop", np.nan),
             (2005, 2, "Wood", 22.0)]


@pytest.mark.parametrize("chart_of", [landcover_means, landcover_totals])
def test_landcover_over_years(chart_of, valid):
    chart = chart_of(LANDCOVER, {1: "#aa0000"}, "Total NEP", "Tg C")
    valid(chart)
    assert trace(chart, "Crop")["x"] == [2001, 2003, 2005]
    assert trace(chart, "Crop")["y"] == [10.0, -11.0, None]
    assert trace(chart, "Wood")["y"] == [20.0, None, 22.0]
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == "Total NEP (Tg C)"
    assert chart.rows[2] == (2003, 1, "Crop", -11.0)


def test_negative_totals_hang_below_zero():
    assert landcover_totals(LANDCOVER, {}, "NEP", "").figure["layout"]["barmode"] == "relative"


def test_q_bars_mark_significance(valid):
    chart = q_bars(["rain", "slope", "flat"], [0.4, 0.1, np.nan], [1e-9, 0.3, np.nan], np.array([True, False, False]))
    valid(chart)
    strong, weak = chart.figure["data"]
    assert (strong["y"], strong["x"], strong["text"]) == (["rain"], [0.4], ["0.400 *"])
    assert weak["x"] == [None, 0.1]
    assert chart.figure["layout"]["yaxis"]["categoryarray"] == ["flat", "slope", "rain"]
    assert chart.rows[0] == ("rain", 0.4, 1e-9, True)


def test_cut_lines_mark_the_chosen_cut(valid):
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


def test_migration_path(valid):
    path = CentrePath("all", YEARS, [113.0, 113.5, 113.5, 114.0], [34.0, 34.2, 34.2, 34.1], [np.nan, 51.0, 0.0, 47.5],
                      [np.nan, 64.0, np.nan, 103.0], (113.2, 33.9))
    other = CentrePath("<b>", [2001, 2002], [112.0, np.nan], [30.0, np.nan], [np.nan] * 2, [np.nan] * 2)
    chart = migration_path([path, other], "Longitude (°E)", "Latitude (°N)", geographic=True)
    valid(chart)
    centres = chart.figure["data"][0]
    assert (centres["x"], centres["y"]) == ([113.0, 113.5, 113.5, 114.0], [34.0, 34.2, 34.2, 34.1])
    assert centres["customdata"][:3] == ["", ", 51.00 km towards 64°", ", 0.00 km"]
    assert centres["customdata"][3] == ", 47.50 km towards 103°"
    notes = chart.figure["layout"]["annotations"]
    assert [(note["text"], note["x"]) for note in notes if not note["showarrow"]] == list(
        zip(["2001", "2002", "2003", "2004"], centres["x"])
    )
    arrows = [note for note in notes if note["showarrow"]]
    # A year in which the centre stayed has no arrow.
    assert [(arrow["ax"], arrow["x"]) for arrow in arrows] == [(113.0, 113.5), (113.5, 114.0)]
    assert trace_at(chart, "mean centre") == (np.mean([113.0, 113.5, 113.5, 114.0]), np.mean([34.0, 34.2, 34.2, 34.1]))
    assert trace_at(chart, "geometric centre") == (113.2, 33.9)
    assert chart.rows[-1] == ("<b>", 2001, 112.0, 30.0, None, None)
    mean_latitude = np.mean([34.0, 34.2, 34.2, 34.1, 30.0])
    scale = chart.figure["layout"]["yaxis"]["scaleratio"]
    assert scale == pytest.approx(1 / np.cos(np.radians(mean_latitude)), rel=1e-12)


def test_frame_of_a_migration(valid):
    """The path fills the frame; a geometric centre far away stays outside, and the legend says so."""

    def chart_with(geometric):
        gaps = [np.nan] * 3
        path = CentrePath("all", YEARS[:3], [10.0, 20.0, 15.0], [5.0, 9.0, 7.0], gaps, gaps, geometric)
        chart = migration_path([path], "E", "N", False)
        valid(chart)
        layout = chart.figure["layout"]
        return layout["xaxis"]["range"], layout["yaxis"]["range"], chart.figure["data"][-1]["name"]

    assert chart_with((16.0, 12.0)) == ([9.0, 21.0], [4.0, 13.0], "geometric centre")
    x, y, name = chart_with((90.0, 12.0))
    assert (x, y) == ([9.0, 21.0], [4.0, 10.0]) and "outside of the frame" in name
    one = migration_path([CentrePath("all", [2001], [1.0], [2.0], [np.nan], [np.nan])], "E", "N", False)
    valid(one)
    assert "range" not in one.figure["layout"]["xaxis"]
    valid(migration_path([], "E", "N", False))


def trace_at(chart, name):
    mark = next(entry for entry in chart.figure["data"] if entry.get("name") == name)
    return mark["x"][0], mark["y"][0]


def test_figures_hold_plain_values_only(annual):
    chart = class_shares([(np.int16(4), "a", np.int64(3), np.float32(0.5), np.float64(100.0))], {})
    for figure in (annual.figure, chart.figure):
        json.dumps(figure, allow_nan=False)

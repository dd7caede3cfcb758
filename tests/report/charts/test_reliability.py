"""Charts of forecasts hold the numbers they were given, and keep to plotly's schema."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report.charts import brier_scores, reliability_diagram

ROWS = [
    (25, "Significant increase, likely to continue", 400, 0.7, 0.65), (12, "<b>", 1, 0.5, 1.0),
    (4, "Increase", 1600, 0.6, 0.62),
]
COLOURS = {25: "#111111", 4: "#222222"}


def test_a_circle_for_each_category(valid, trace):
    chart = reliability_diagram(ROWS, 0.615, COLOURS)
    valid(chart)
    assert chart.columns == ("category", "label", "pixels", "forecast", "observed")
    assert chart.rows == ROWS
    large, small, smallest = (trace(chart, name) for name in ("4  ", "25  ", "12  "))
    assert (large["x"], large["y"], large["name"]) == ([0.6], [0.62], "4  Increase: 1,600 pixels")
    assert (small["x"], small["y"]) == ([0.7], [0.65])
    assert smallest["name"] == "12  &lt;b&gt;: 1 pixels" and smallest["text"] == ["&lt;b&gt;"]
    assert small["marker"]["color"] == "#111111" and small["customdata"] == [400]
    # areas as the numbers of pixels
    assert (large["marker"]["size"] / small["marker"]["size"]) ** 2 == pytest.approx(1600 / 400)
    assert smallest["marker"]["size"] > large["marker"]["size"] / math.sqrt(1600)


def test_the_largest_circle_is_drawn_first():
    names = [entry["name"] for entry in reliability_diagram(ROWS, 0.615, COLOURS).figure["data"]]
    assert [name.split()[0] for name in names[2:]] == ["4", "25", "12"]


def test_diagonal_and_base_rate(trace):
    chart = reliability_diagram(ROWS, 0.615, COLOURS)
    diagonal, base = trace(chart, "forecast = observed"), trace(chart, "base rate: 0.615")
    assert diagonal["x"] == diagonal["y"] == base["x"] == [0.0, 1.0]
    assert base["y"] == [0.615, 0.615]
    axes = chart.figure["layout"]["xaxis"], chart.figure["layout"]["yaxis"]
    assert axes[0]["range"] == axes[1]["range"] and axes[1]["scaleanchor"] == "x"
    assert "Forecast" in axes[0]["title"]["text"] and "Observed" in axes[1]["title"]["text"]


def test_bars_of_scores(valid):
    rows = [("Trend", 0.18, 0.1), ("Coin", 0.25, None), ("Rule", 0.485, -1.417), ("None", 0.2, -1e-9)]
    chart = brier_scores(rows)
    valid(chart)
    (bars,) = chart.figure["data"]
    assert bars["x"] == [0.18, 0.25, 0.485, 0.2] and bars["y"] == ["Trend", "Coin", "Rule", "None"]
    assert bars["text"] == ["0.180, skill 0.100", "0.250", "0.485, skill −1.417", "0.200, skill 0.000"]
    assert bars["marker"]["color"][1] != bars["marker"]["color"][0] == bars["marker"]["color"][2]
    assert (chart.columns, chart.rows) == (("forecast", "brier", "skill"), rows)


def test_nothing_at_all(valid):
    valid(reliability_diagram([], 0.5, {}))
    valid(brier_scores([]))

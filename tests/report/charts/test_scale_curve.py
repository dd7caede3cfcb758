"""The curve of q over scales holds the numbers it was given and keeps to plotly's schema."""

from __future__ import annotations

import numpy as np

from nep_toolbox.report.charts import FactorAtScale, scale_curve

ROWS = [
    FactorAtScale(10, 30, "<rain>", 0.7, 0.5, True, 0.72, 0.51, True),
    FactorAtScale(10, 30, "dem", 0.3, np.nan, False, 0.72, 0.51, True),
    FactorAtScale(1, 3000, "<rain>", 0.6, 0.59, True, 0.61, 0.6, False),
    FactorAtScale(1, 3000, "dem", 0.2, 0.19, True, 0.61, 0.6, False),
]


def test_factors_quantiles_and_the_size_chosen(valid, trace):
    chart = scale_curve([("", ROWS)])
    valid(chart)
    rain, dem = trace(chart, "&lt;rain&gt;"), trace(chart, "dem")
    assert (rain["x"], rain["y"]) == ([1, 10], [0.6, 0.7]) and dem["y"] == [0.2, 0.3]
    assert [colour == "#ffffff" for colour in dem["marker"]["color"]] == [False, True]  # hollow: not significant
    assert dem["hovertext"][1] == "dem, blocks of 10: q = 0.3000, adjusted none (not significant)"
    assert rain["hovertext"][0] == "&lt;rain&gt;, blocks of 1: q = 0.6000, adjusted 0.59"
    quantile, adjusted = trace(chart, "90 % quantile of q"), trace(chart, "the same of adjusted q")
    assert (quantile["x"], quantile["y"], adjusted["y"]) == ([1, 10], [0.61, 0.72], [0.6, 0.51])
    ring = trace(chart, "largest quantile: 10")
    assert (ring["x"], ring["y"]) == ([10], [0.72])
    shown = chart.figure["layout"]
    assert shown["xaxis"]["type"] == "log" and shown["xaxis"]["tickvals"] == [1, 10]
    assert shown["xaxis"]["ticktext"] == ["1<br>3,000 rows", "10<br>30 rows"]
    assert shown["xaxis"]["range"][0] < 0 and shown["xaxis"]["range"][1] > 1
    assert shown["updatemenus"] == []
    assert chart.columns == FactorAtScale._fields and chart.rows[0] == tuple(ROWS[0])


def test_years_are_shown_one_at_a_time(valid):
    chart = scale_curve([("2013", ROWS), ("2015", [row._replace(rows=7) for row in ROWS[:2]])])
    valid(chart)
    visible = [trace["visible"] for trace in chart.figure["data"]]
    assert visible == [True] * 5 + [False] * 5
    one, other = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert (one["label"], other["label"]) == ("2013", "2015")
    assert other["args"] == [
        {"visible": [False] * 5 + [True] * 5}, {"xaxis.ticktext": ["1", "10<br>7 rows"]},
    ]
    assert chart.columns[0] == "year" and chart.rows[-1][:3] == ("2015", 10, 7)


def test_sizes_without_a_significant_factor_leave_a_gap_and_no_ring(valid, trace):
    rows = [row._replace(significant=False, q90=np.nan, q90_adjusted=np.nan, best=False) for row in ROWS]
    chart = scale_curve([("", rows)])
    valid(chart)
    assert trace(chart, "90 % quantile of q")["y"] == [None, None]
    assert not [trace for trace in chart.figure["data"] if trace["name"].startswith("largest")]


def test_one_size_and_one_row_are_drawn(valid):
    chart = scale_curve([("", [FactorAtScale(4, 1, "dem", np.nan, np.nan, False, np.nan, np.nan, False)])])
    valid(chart)
    shown = chart.figure["layout"]["xaxis"]
    assert shown["ticktext"] == ["4<br>1 row"] and shown["range"][0] < shown["range"][1]


def test_no_factor_looks_like_a_quantile(valid):
    names = [f"factor {place}" for place in range(20)]
    chart = scale_curve([("", [FactorAtScale(1, 90, name, 0.2, 0.1, True, 0.3, 0.2, True) for name in names])])
    valid(chart)
    lines = [trace for trace in chart.figure["data"] if "lines" in trace["mode"]]
    factors, quantiles = lines[:20], lines[20:]
    assert [line["name"] for line in factors] == names and len(quantiles) == 2
    taken = {line["line"]["color"] for line in factors}
    assert not taken & {line["line"]["color"] for line in quantiles}
    assert len({line["line"]["color"] for line in quantiles}) == 2
    assert {line["line"].get("dash", "solid") for line in factors} == {"solid"}
    assert [line["line"]["dash"] for line in quantiles] == ["solid", "dash"]
    assert min(line["line"]["width"] for line in quantiles) > 2 * max(line["line"]["width"] for line in factors)
    symbols = {line["marker"].get("symbol", "circle") for line in factors}
    assert not symbols & {line["marker"]["symbol"] for line in quantiles}

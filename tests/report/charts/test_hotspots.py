"""The charts of hot spots hold the numbers they were given and keep to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.colours import HOT_COLD_CLASSES
from nep_toolbox.report import theme
from nep_toolbox.report.charts import moran_by_year, spot_areas


def test_hot_upwards_and_cold_downwards(valid, trace):
    rows = [(2005, 1.5, 15.0, 2.0, 20.0), (np.int64(2006), 0.0, 0.0, np.float64(0.5), 5.0)]
    chart = spot_areas(rows)
    valid(chart)
    hot, cold = trace(chart, "hot"), trace(chart, "cold")
    assert (hot["x"], hot["y"], hot["customdata"]) == ([2005, 2006], [15.0, 0.0], [[1.5, 15.0], [0.0, 0.0]])
    assert (cold["x"], cold["y"], cold["customdata"]) == ([2005, 2006], [-20.0, -5.0], [[2.0, 20.0], [0.5, 5.0]])
    assert [each["marker"]["color"] for each in (hot, cold)] == [HOT_COLD_CLASSES[2], HOT_COLD_CLASSES[-2]]
    assert chart.figure["layout"]["barmode"] == "relative" and chart.figure["layout"]["xaxis"]["dtick"] == 1
    assert chart.columns == ("year", "hot_km2", "hot_percent", "cold_km2", "cold_percent")
    assert chart.rows == rows


@pytest.mark.parametrize(
    ("shares", "ticks"),
    [
        ((15.0, 20.0), {-25: "25", -5: "5", 0: "0", 15: "15", 25: "25"}),
        ((0.0, 0.0), {-0.1: "0.1", 0: "0", 0.1: "0.1"}),
        ((100.0, 0.0), {-125: "125", 100: "100"}),
        ((0.0, 0.004), {-0.004: "0.004", 0.001: "0.001"}),
        ((3e-6, 0.0), {1e-6: "0.000001", 3e-6: "0.000003"}),
        ((0.35, 0.1), {-0.4: "0.4", 0.1: "0.1"}),
    ],
)
def test_shares_have_no_sign(shares, ticks):
    axis = spot_areas([(2001, 1.0, shares[0], 1.0, shares[1])]).figure["layout"]["yaxis"]
    written = {round(value, 9): label for value, label in zip(axis["tickvals"], axis["ticktext"])}
    assert {value: written[value] for value in ticks} == ticks
    assert axis.get("range") == (None if any(shares) else [-0.1, 0.1])
    assert len(written) <= 11 and not any("-" in label for label in written.values())


def test_moran_by_year(valid):
    rows = [(2001, 0.4, 9.5, 1e-20), (2002, np.float64(0.02), 0.5, 0.6), (2003, 0.1, float("nan"), float("nan"))]
    chart = moran_by_year(rows)
    valid(chart)
    [line] = chart.figure["data"]
    assert (line["x"], line["y"]) == ([2001, 2002, 2003], [0.4, 0.02, 0.1])
    assert line["marker"]["color"] == [theme.ACCENT, theme.PAPER, theme.PAPER]
    assert line["customdata"] == [
        ["z = 9.5", "p = 1e-20"], ["z = 0.5", "p = 0.6"], ["z not defined", "p not defined"],
    ]
    assert chart.columns == ("year", "moran_i", "z", "p")
    assert chart.rows == [(2001, 0.4, 9.5, 1e-20), (2002, 0.02, 0.5, 0.6), (2003, 0.1, None, None)]

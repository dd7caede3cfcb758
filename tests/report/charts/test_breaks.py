"""The chart of break points holds the numbers it was given and keeps to plotly's schema."""

from __future__ import annotations

import numpy as np

from nep_toolbox.report.charts import break_years


def test_bars_by_year(valid, trace):
    rows = [(2005, 1.5, 15.0, 2.0, 20.0), (np.int64(2006), 0.0, 0.0, np.float64(0.5), 5.0)]
    chart = break_years(rows)
    valid(chart)
    significant, other = trace(chart, "significant"), trace(chart, "not significant")
    assert (significant["x"], significant["y"], significant["customdata"]) == ([2005, 2006], [15.0, 0.0], [1.5, 0.0])
    assert (other["x"], other["y"], other["customdata"]) == ([2005, 2006], [20.0, 5.0], [2.0, 0.5])
    assert chart.figure["layout"]["barmode"] == "stack" and chart.figure["layout"]["xaxis"]["dtick"] == 1
    assert chart.columns == ("year", "significant_km2", "significant_percent", "other_km2", "other_percent")
    assert chart.rows == rows

"""The chart of lags holds the numbers it was given and keeps to plotly's schema."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts import lag_shares


def test_bars_by_lag(valid, trace):
    rows = [("Same year", 1.5, 60.0, 40.0, 5.0), ("1 year before", np.float64(1.0), 40.0, 0.0, np.float64(12.5))]
    chart = lag_shares(rows)
    valid(chart)
    for name, shares in (("significant positive", [40.0, 0.0]), ("significant negative", [5.0, 12.5]),
                         ("not significant", [15.0, 27.5])):
        assert trace(chart, name)["y"] == pytest.approx(shares)
        assert trace(chart, name)["x"] == ["Same year", "1 year before"]
    assert len({each["marker"]["color"] for each in chart.figure["data"]}) == 3
    assert chart.figure["layout"]["barmode"] == "stack"
    assert chart.columns == ("lag", "area_km2", "percent", "positive_percent", "negative_percent")
    assert chart.rows == rows

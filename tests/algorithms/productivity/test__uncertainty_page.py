"""The page of nep:uncertainty from plain results."""

from __future__ import annotations

import numpy as np

from nep_toolbox.algorithms.productivity._uncertainty_page import page
from nep_toolbox.algorithms.productivity.uncertainty import SUMMARY
from nep_toolbox.core.ensemble.regional import DrawnSums


def test_bands_of_each_year_in_teragrams(monkeypatch):
    from nep_toolbox.report.page import Page

    kept: list = []
    monkeypatch.setattr(Page, "chart", lambda _page, chart, *_: kept.append(chart))
    draws = np.arange(101.0)[:, np.newaxis, np.newaxis] * np.array([[1e12, 2e12], [3e12, 0.0]])
    sums = DrawnSums(np.array([[1.0, 1.0], [1.0, 0.0]]), draws)
    rows = [(name, *range(12)) for name in ("all", "North")]
    found = page([2001, 2003], ["all", "North"], sums, rows, list(SUMMARY), "b 10 %, temperature 0.5 degC", 101, "Q10")
    (fan,) = kept
    assert fan.columns == (
        "region", "year", "median of the draws", "lower nine of ten draws", "upper nine of ten draws",
        "lower half of the draws", "upper half of the draws",
    )
    np.testing.assert_allclose(fan.rows[0][1:], (2001, 50, 5, 95, 25, 75), rtol=1e-12)
    np.testing.assert_allclose(fan.rows[1][1:], (2003, 150, 15, 285, 75, 225), rtol=1e-12)
    np.testing.assert_allclose(fan.rows[2][1:], (2001, 100, 10, 190, 50, 150), rtol=1e-12)
    assert fan.rows[3] == ("North", 2003, None, None, None, None, None)
    html = found.html()
    assert "Total NEP given errors" in html and "b 10 %, temperature 0.5 degC. 101 draws" in html
    assert "The model of respiration is that of Q10;" in html
    assert "Draws with a sink" in html and "North" in html

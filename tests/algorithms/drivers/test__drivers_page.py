"""The page of nep:drivers from plain results: what it shows, and what it leaves out."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._drivers_page import page
from nep_toolbox.algorithms.drivers._drivers_table import REST, OfMeans
from nep_toolbox.core.attribution.accounts import accounts

YEARS = list(range(2001, 2021))
NAMES = ["rain", "heat"]
SERIES = SimpleNamespace(quantity="NPP", years=YEARS, unit="gC m-2 yr-1")


@pytest.fixture(scope="module")
def made() -> tuple:
    """Annual means of three zones; the drivers of the last are nearly one."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 20, 3))
    x[1][:, 2] = x[0][:, 2] + 1e-3 * x[1][:, 2]
    y = x.sum(axis=0) + rng.normal(size=(20, 3))
    rows = [
        (zone, driver, *((12.0, 4.0) if driver != REST else (None, None)), None, None, None, None)
        for zone in ("all", "upper", "lower") for driver in (*NAMES, REST)
    ]
    return y, list(x), rows


def shown(made, penalised=False, important=True):
    y, x, rows = made
    found = accounts(y, x, YEARS, penalised=penalised, important=important)
    means = OfMeans(["all", "upper", "lower"], np.array([0.01, 0.2, 0.5]), found)
    return page(SERIES, NAMES, means, rows, 0.05, "Detrended", penalised, {}), found


def charts(made, monkeypatch, **options) -> tuple:
    from nep_toolbox.report.page import Page

    kept: list = []
    add = Page.chart

    def chart(self, *arguments):
        kept.append(arguments[0])
        add(self, *arguments)

    monkeypatch.setattr(Page, "chart", chart)
    result, found = shown(made, **options)
    return result.html(), kept, found


def test_four_charts_and_their_tables(made, monkeypatch):
    html, kept, found = charts(made, monkeypatch)
    assert "Drivers of NPP" in html and "Detrended" in html and "ridge regression" not in html
    contributions, importance, matrix, shares = kept
    assert contributions.columns == ("region", "slope", "p", *NAMES, REST)
    for zone, row in enumerate(contributions.rows[:2]):
        np.testing.assert_allclose(row[1:], [
            found.fit.slope[zone], (0.01, 0.2)[zone], *found.contributions[:, zone]
        ])
    assert list(contributions.rows[2][3:]) == [None] * 3  # drivers that cannot be told apart
    np.testing.assert_allclose(importance.rows[0][1:], [found.fit.r_squared[0], *found.lmg[:, 0]])
    assert [row[:2] for row in matrix.rows] == [
        (zone, driver) for zone in ("all", "upper", "lower") for driver in NAMES
    ]
    assert matrix.rows[1][2] == found.fit.partial_r[1, 0] and matrix.rows[4][2] is None
    assert [tuple(row) for row in shares.rows[:2]] == [("all", "rain", 12.0, 4.0), ("all", "heat", 12.0, 4.0)]
    assert len(shares.rows) == 6


def test_ridge_is_named_and_fills_what_was_collinear(made, monkeypatch):
    html, kept, found = charts(made, monkeypatch, penalised=True)
    assert "coefficients are those of ridge regression" in html
    np.testing.assert_allclose(kept[0].rows[2][3:], found.contributions[:, 2])


def test_without_relative_importance(made, monkeypatch):
    html, kept, _found = charts(made, monkeypatch, important=False)
    assert len(kept) == 3 and "Relative importance" not in html

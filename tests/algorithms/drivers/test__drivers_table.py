"""Means of what drivers account for, by zone: the rows of the table, warnings, and the annual means."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._drivers_table import REST, AnnualMeans, PixelMeans
from nep_toolbox.core.attribution.accounts import accounts
from nep_toolbox.core.attribution.driver_blocks import drivers_block
from nep_toolbox.core.labels import Labels

YEARS = list(range(2001, 2021))
SHAPE = (4, 6)
AREA = np.full((4, 1), 1e6)
NAMES = ["rain", "heat"]


@pytest.fixture(scope="module")
def block() -> dict:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2, 20, *SHAPE))
    y = 2 * x[0] - x[1] + rng.normal(size=(20, *SHAPE))
    y[:, 3] = np.nan
    cells = np.arange(24).reshape(SHAPE)
    pairs = [(cell, 0) for cell in cells[:2].ravel()] + [(cell, 1) for cell in cells[3].ravel()]
    labels = Labels.of_pairs(SHAPE, *np.array(pairs).T)
    made = drivers_block(y, tuple(x), AREA, labels, years=YEARS, summed=True, means=True)
    return {**made, "series": (y, *x)}


def regions() -> tuple:
    return tuple(
        SimpleNamespace(name=name, area=area) for name, area in (("upper", 12e6), ("lost", 6e6))
    )


def test_rows_of_each_zone(block):
    means = PixelMeans(regions(), NAMES)
    means.add(block["sums"], last=True)
    rows = means.rows()
    assert [row[:2] for row in rows] == [
        (zone, driver) for zone in ("all", "upper", "lost") for driver in (*NAMES, REST)
    ]
    upper = rows[3]
    np.testing.assert_allclose(upper[2:5], [
        100 * (block["dominant"][:2] == 1).mean(), 100 * (block["dominant"][:2] == -1).mean(),
        100 * (block["driver_p"][0, :2] < 0.05).mean(),
    ])
    np.testing.assert_allclose(
        upper[5:], [block[name][0, :2].mean() for name in ("partial_r", "contributions", "lmg")]
    )
    assert rows[5][2:6] == (None,) * 4 and rows[5][7] is None
    assert rows[5][6] == pytest.approx(block["contributions"][2, :2].mean())
    assert all(np.isnan(value) for value in rows[6][2:])


def test_a_region_without_values_is_told(block):
    means = PixelMeans(regions(), NAMES)
    means.add(block["sums"], last=True)
    told: list = []
    run = SimpleNamespace(log=SimpleNamespace(warn=told.append))
    assert means.warn(run) == {}
    assert len(told) == 1 and "'lost'" in told[0] and "enough years" in told[0]


def test_annual_means_are_explained_as_a_pixel_is(block):
    means = PixelMeans(regions(), NAMES)
    annual = AnnualMeans(means.zones, 2, YEARS)
    annual.add(block["means"], last=True)
    found = annual.explained(method=1)
    assert found.names == ["all", "upper", "lost"]
    y, *x = (each[:, :2].mean(axis=(1, 2))[:, np.newaxis] for each in block["series"])
    alone = accounts(y, x, YEARS)
    np.testing.assert_allclose(found.accounts.contributions[:, 1], alone.contributions[:, 0], rtol=1e-9)
    np.testing.assert_allclose(found.accounts.lmg[:, 1], alone.lmg[:, 0], rtol=1e-9)
    assert np.isnan(found.accounts.lmg[:, 2]).all() and np.isnan(found.p_value[2])
    assert 0 < found.p_value[0] <= 1

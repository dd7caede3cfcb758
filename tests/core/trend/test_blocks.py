"""The kernel of the trend against the trend of the whole and plain counting."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.trend.blocks import FIRST_CLASS, trend_block
from nep_toolbox.core.trend.contextual import contextual_trend
from nep_toolbox.core.trend.serial_correlation import Correction
from nep_toolbox.core.trend.theil_sen import CLASS_NODATA, trend, trend_class

YEARS = np.arange(2001, 2013)
AREA = np.linspace(2.0, 2.5, 8)[:, np.newaxis]


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(31)
    values = rng.normal(300, 30, (12, 8, 9)) + np.arange(12)[:, None, None] * rng.normal(0, 8, (8, 9))
    values[:, 2, 3] = np.nan
    values[:6, 4, 4] = np.nan
    return values


def test_trend_block_gives_the_trend_its_classes_and_their_areas(stack):
    block = trend_block(stack, AREA, years=YEARS)
    alone = trend(stack, YEARS)
    for name, values in alone.items():
        np.testing.assert_array_equal(block[name], values)
    expected = trend_class(alone["slope"], alone["p_value"])
    assert block["class"].dtype == np.int16
    np.testing.assert_array_equal(block["class"], expected)
    assert len(np.unique(expected)) > 5
    for place, (pixels, area) in enumerate(block["class_areas"]):
        inside = expected == FIRST_CLASS + place
        assert pixels == inside.sum()
        assert as_float(area) == pytest.approx((inside * AREA).sum(), rel=1e-15)
    assert block["class_areas"][:, 0].sum() == (expected != CLASS_NODATA).sum()
    assert block["no_result"].tolist() == [[0, 0]]


def test_pixels_whose_correction_leaves_no_p_are_counted(stack):
    few = stack.copy()
    few[::2, 5:] += 200.0  # up and down: the correction takes the variance below 0
    few[3:, 6, 6] = np.nan  # too few values: not among them
    block = trend_block(few, AREA, years=YEARS, correction=Correction.YUE_WANG)
    alone = trend(few, YEARS, correction=Correction.YUE_WANG)
    lost = np.isnan(alone["p_value"]) & (np.isfinite(few).sum(axis=0) >= 8)
    assert 0 < lost.sum() < 70 and not lost[6, 6]
    ((pixels, area),) = block["no_result"]
    assert pixels == lost.sum() and as_float(area) == pytest.approx((lost * AREA).sum(), rel=1e-15)
    assert pixels + block["class_areas"][:, 0].sum() == (np.isfinite(few).sum(axis=0) >= 8).sum()


def test_pixels_without_a_change_in_percent_are_counted_where_it_is_wanted(stack):
    around_zero = stack - 300
    block = trend_block(around_zero, AREA, years=YEARS, wanted=("change_percent", "r_squared"))
    alone = trend(around_zero, YEARS, wanted=("change", "change_percent", "r_squared"))
    assert set(alone) - set(block) == {"change"}, "what is not wanted is not kept"
    for name in ("change_percent", "r_squared"):
        np.testing.assert_array_equal(block[name], alone[name])
    none = np.isfinite(alone["change"]) & np.isnan(alone["change_percent"])
    assert 0 < none.sum() < 70 and not none[2, 3]
    assert block["no_percent"] == none.sum()
    assert trend_block(around_zero, AREA, years=YEARS, wanted=("change",))["no_percent"] == 0


def test_the_contextual_test_of_a_block(stack):
    around = Surrounded(stack, slice(2, 6), slice(0, 8))
    block = trend_block(around, AREA[2:6], years=YEARS)
    test = contextual_trend(around, YEARS, wanted=("slope", "z", "p_value"))
    for name in ("slope", "z", "p_value"):
        np.testing.assert_array_equal(block[name], test[name])
    np.testing.assert_array_equal(block["class"], trend_class(test["slope"], test["p_value"]))
    # of these pixels one has a gap, another too few values
    assert block["class"].shape == (4, 8) and block["no_result"][0, 0] == 0 and block["tested"] == 30
    assert block["members"] == test["members"].sum() > 7 * 30
    assert trend_block(stack, AREA, years=YEARS)["members"] == 0
    few = trend_block(around, AREA[2:6], years=YEARS, min_observations=6)
    ((pixels, area),) = few["no_result"]
    assert pixels == 1 and as_float(area) == pytest.approx(AREA[4, 0], rel=1e-15) and np.isfinite(few["slope"][2, 4])

"""The kernel of lags against plain counting."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.correlation.lag import LAG_NODATA, lag_correlation, lagged_years
from nep_toolbox.core.correlation.lag_blocks import KINDS, lag_block
from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels

AREA = np.array([[2.0], [3.0], [4.0]])
REGIONS = Labels.of_pairs((3, 4), np.array([0, 1, 4]), np.array([0, 0, 1]))
USED = lagged_years(range(2001, 2017), range(2001, 2017), 1)
HOW = {"places": USED.places, "years": USED.years, "permutations": 39, "seed": 3}


@pytest.fixture(scope="module")
def stacks() -> tuple:
    rng = np.random.default_rng(12)
    driver = rng.normal(size=(16, 3, 4))
    series = rng.normal(size=driver.shape)
    series[:, 0] += 3 * driver[:, 0]
    series[1:, 1] -= 3 * driver[:-1, 1]
    series[:, 2, 0] = 4.0
    driver[:, 2, 1] = 4.0
    series[:10, 2, 2] = np.nan
    return series[1:], driver


def test_results_and_areas(stacks):
    block = lag_block(*stacks, AREA, REGIONS, alpha=0.05, **HOW)
    expected = lag_correlation(*stacks, **HOW)
    for name in ("lag", "r", "p_value", "r_by_lag"):
        np.testing.assert_array_equal(block[name], getattr(expected, name))
    tested = np.isfinite(expected.p_value)
    significant = expected.p_value < 0.05
    assert tested.sum() == 9 and significant[:2].all() and block["lag"].dtype == np.int16
    np.testing.assert_array_equal(
        block["significant_lag"], np.where(significant, expected.lag, np.where(tested, -1, LAG_NODATA))
    )
    assert block["significant_lag"].dtype == np.int16
    assert KINDS == ("significant positive", "significant negative", "not significant")
    for lag in (0, 1):
        for place, kind in enumerate((significant & (expected.r > 0), significant & (expected.r < 0), ~significant)):
            inside = tested & kind & (expected.lag == lag)
            pixels, area = block["class_areas"][3 * lag + place]
            assert pixels == inside.sum() and as_float(area) == pytest.approx((inside * AREA).sum(), rel=1e-15)
    assert block["class_areas"][0, 0] == 4 and block["class_areas"][4, 0] == 4
    assert [(int(pixels), as_float(area)) for pixels, area in block["no_result"]] == [(2, 8.0)]
    assert (block["constant_series"], block["constant_driver"]) == (1, 1)
    assert sorted(block["regional_areas"]) == [0, 1]
    assert block["regional_areas"][0][:, 0].sum() == 2


def test_without_areas_and_regions(stacks):
    block = lag_block(*stacks, **HOW)
    assert block["regional_areas"] == {} and block["class_areas"][:, 1].sum() == 0
    assert block["class_areas"][:, 0].sum() == 9


def test_the_level_and_the_fewest_years(stacks):
    strict = lag_block(*stacks, alpha=0.02, **HOW)  # 39 orders give no p below 0.025
    assert strict["class_areas"][[2, 5], 0].sum() == 9
    limit = np.nanmax(strict["p_value"][:2])
    assert strict["p_value"][1, 1] == limit == 0.025
    assert lag_block(*stacks, alpha=limit, **HOW)["significant_lag"][1, 1] == -1  # p is not below it
    few = lag_block(*stacks, min_observations=16, **HOW)
    assert few["class_areas"][:, 0].sum() == few["no_result"][0, 0] == few["constant_series"] == 0

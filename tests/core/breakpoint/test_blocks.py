"""The breaks of a block: years, areas of turns and of years, pixels without a result, regions."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.breakpoint.blocks import YEAR_NODATA, breakpoint_block
from nep_toolbox.core.breakpoint.break_point import RESULTS, Method, break_point, turn_labels
from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels

NAN = np.nan
YEARS = [*range(2001, 2011), *range(2012, 2022)]
SETTINGS = {"min_segment": 5, "min_observations": 12}
METHODS = pytest.mark.parametrize("method", list(Method))


@pytest.fixture
def stack() -> np.ndarray:
    rng = np.random.default_rng(12)
    values = rng.normal(size=(20, 6, 8)) + np.where(np.arange(20) > 9, 2.5, 0)[:, np.newaxis, np.newaxis]
    values[rng.random(values.shape) < 0.08] = NAN
    values[:, 0, 0] = 3.0  # constant
    values[:9, 0, 1] = NAN  # eleven values
    values[:8, 0, 2] = NAN
    values[:, 0, 3] = NAN
    values[:, 0, 4] = 0.1 * np.arange(20)
    return values


def expected_years(stack, method) -> np.ndarray:
    """The last year of the first part, or with Pettitt's test the next one that has a value."""
    found = break_point(stack, YEARS, method=method)
    years = np.full(stack.shape[1:], YEAR_NODATA)
    for row, col in np.ndindex(*years.shape):
        last = found["last"][row, col]
        if last >= 0 and method == Method.PETTITT:
            last = next(step for step in range(last + 1, len(stack)) if np.isfinite(stack[step, row, col]))
        if last >= 0:
            years[row, col] = YEARS[last]
    return years


@METHODS
def test_maps_and_areas(stack, method):
    area = np.linspace(1.0, 2.0, 6)[:, np.newaxis]
    block = breakpoint_block(stack, area, years=YEARS, method=method, **SETTINGS)
    found = break_point(stack, YEARS, method=method)
    for name in RESULTS:
        np.testing.assert_array_equal(block[name], found[name])
    years = expected_years(stack, method)
    assert block["break_year"].dtype == np.int16 and block["break_year"].tolist() == years.tolist()
    labels = turn_labels(method)
    assert len(block["class_areas"]) == max(labels) + 1
    for code in range(max(labels) + 1):
        assert block["class_areas"][code, 0] == (found["turn"] == code).sum()
    assert block["no_result"][0, 0] == (0 if method == Method.PETTITT else 1)  # a constant pixel
    significant = found["p_value"] < 0.05
    whole = np.broadcast_to(area, years.shape)
    for place, year in enumerate(YEARS):
        for kind in (False, True):
            chosen = (years == year) & (significant == kind)
            pixels, weight = block["year_areas"][place, int(kind)]
            assert (pixels, as_float(weight)) == (chosen.sum(), pytest.approx(whole[chosen].sum(), rel=1e-12))
    assert block["year_areas"][:, :, 0].sum() == (years != YEAR_NODATA).sum()
    assert {0, 1} <= {int(kind) for kind in np.flatnonzero(block["year_areas"][:, :, 0].sum(axis=0))}


@METHODS
def test_what_is_wanted_and_no_more(stack, method):
    whole = breakpoint_block(stack, years=YEARS, method=method, **SETTINGS)
    for wanted in ((), ("p_value",), ("slope_after",), ("p_before", "turn")):
        block = breakpoint_block(stack, years=YEARS, method=method, wanted=wanted, **SETTINGS)
        assert set(RESULTS) & set(block) == {*wanted, "turn"}
        for name in (*wanted, "turn", "break_year", "year_areas", "class_areas"):
            np.testing.assert_array_equal(block[name], whole[name])


def test_settings_reach_the_method(stack):
    for changes in ({"alpha": 0.3}, {"min_segment": 7}, {"min_observations": 19}):
        block = breakpoint_block(stack, years=YEARS, **{"method": Method.TWO_LINES, **SETTINGS, **changes})
        found = break_point(stack, YEARS, **{"method": Method.TWO_LINES, **SETTINGS, **changes})
        for name in RESULTS:
            np.testing.assert_array_equal(block[name], found[name])
    block = breakpoint_block(stack, years=YEARS, method=Method.PETTITT, approximate=True, **SETTINGS)
    found = break_point(stack, YEARS, method=Method.PETTITT, approximate=True)
    np.testing.assert_array_equal(block["p_value"], found["p_value"])
    # a constant pixel has enough values only where it has those of two parts
    lost = [breakpoint_block(stack, years=YEARS, method=Method.TWO_LINES, min_segment=least, min_observations=12)
            for least in (10, 5)]
    stack[0, 0, 0] = NAN
    fewer = breakpoint_block(stack, years=YEARS, method=Method.TWO_LINES, min_segment=10, min_observations=12)
    assert [each["no_result"][0, 0] for each in (*lost, fewer)] == [1, 1, 0]


def test_regions(stack):
    regions = Labels.of_pairs((6, 8), *(np.array([0, 1, 2, 47]), np.array([0, 0, 1, 1])))
    block = breakpoint_block(stack, np.ones((6, 1)), regions, years=YEARS, method=Method.TURNING_POINT, **SETTINGS)
    # the constant pixel and one of eleven values; one of twelve and the last
    assert [int(block["regional_areas"][region][-1, 0]) for region in (0, 1)] == [1, 0]
    assert [int(block["regional_areas"][region][:-1, 0].sum()) for region in (0, 1)] == [0, 2]

"""What the kernels of sources, sinks and variability give beside their maps."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.balance.blocks import CV_UNIT, source_sink_block, variability_block
from nep_toolbox.core.balance.budget import budget_block
from nep_toolbox.core.balance.source_sink import NODATA, source_sink
from nep_toolbox.core.balance.variability import variability
from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels

NAN = np.nan
YEARS, LIMITS = range(2001, 2013), (0.1, 0.3)


@pytest.fixture(scope="module")
def stack() -> np.ndarray:
    """Twelve years of pixels, some with gaps, some with too few values, one with values beyond squares."""
    rng = np.random.default_rng(4)
    values = rng.normal(rng.normal(0, 60, (5, 7)), 50, (12, 5, 7))
    values[rng.random(values.shape) < 0.15] = NAN
    values[5:, 0, 0] = NAN
    values[:, 4, 6] = np.where(np.arange(12) % 2, 1e300, -1e300)
    return values


AREA = np.linspace(1e6, 2e6, 5)[:, np.newaxis]
REGIONS = Labels((np.arange(35).reshape(5, 7) % 2).astype(np.int32), ((), (0,)))


def km2(exact: int) -> float:
    return as_float(exact, 1_000_000)


def test_sources_and_sinks(stack):
    block = source_sink_block(stack, AREA, REGIONS, alpha=0.2, min_observations=8, budgeted=True)
    alone = source_sink(stack, alpha=0.2, min_observations=8)
    assert all(block[name].tobytes() == values.tobytes() for name, values in alone.items())
    area = np.broadcast_to(AREA, (5, 7))
    for first, last, codes, areas in ((-2, 2, alone["class"], block["class_areas"]),
                                      (1, 4, alone["switch"], block["switch_areas"])):
        expected = [codes == code for code in range(first, last + 1)]
        assert areas[:, 0].tolist() == [int(inside.sum()) for inside in expected]
        assert [km2(each) for each in areas[:, 1]] == pytest.approx([area[inside].sum() / 1e6 for inside in expected])
    known = alone["class"] != NODATA
    assert known.sum() < 34 and not known[0, 0]
    assert block["above"] == np.count_nonzero(stack[:, known] > 0)
    assert block["values"] == np.count_nonzero(np.isfinite(stack[:, known]))
    assert block["no_result"][0, 0] == 1 and km2(block["no_result"][0, 1]) == 2.0  # that beyond squares
    assert block["regional_areas"][0][:-1, 0].sum() == np.count_nonzero(known & (REGIONS.of_cell == 1))
    sums = budget_block(stack, AREA, REGIONS)
    assert [part.tobytes() for part in block["budget"].sums] == [part.tobytes() for part in sums.sums]


def test_without_areas_and_budget(stack):
    block = source_sink_block(stack, alpha=0.2, min_observations=8)
    assert "budget" not in block
    assert block["class_areas"][:, 0].sum() == np.count_nonzero(block["class"] != NODATA)
    assert not block["class_areas"][:, 1].any() and not block["switch_areas"][:, 1].any()


def test_variability(stack):
    block = variability_block(stack, AREA, REGIONS, years=YEARS, limits=LIMITS, min_observations=8)
    alone = variability(stack, YEARS, limits=LIMITS, min_observations=8)
    assert all(block[name].tobytes() == values.tobytes() for name, values in alone.items())
    assert block["class_areas"][:, 0].tolist() == [int((alone["class"] == code).sum()) for code in (1, 2, 3)]
    enough = np.isfinite(stack).sum(axis=0) >= 8
    assert block["no_result"][0, 0] == np.count_nonzero(enough & np.isnan(alone["cv"])) > 5
    assert block["cv_sum"] * CV_UNIT == pytest.approx(np.nansum(alone["cv"]), abs=35 * CV_UNIT)
    assert "cv_detrended" not in variability_block(
        stack, years=YEARS, limits=LIMITS, min_observations=8, detrended=False
    )


def test_fewer_values_than_a_line_needs_are_no_lost_pixel():
    stack = np.array([[[1.0, -1.0]], [[1.1, 1.0]], [[NAN, 0.0]]])
    block = variability_block(stack, years=range(3), limits=LIMITS, min_observations=1)
    assert block["no_result"][0, 0] == 1  # that whose mean is 0; the other has two values only
    block = source_sink_block(np.array([[[1.0]], [[NAN]]]), alpha=0.05, min_observations=1)
    assert block["no_result"][0, 0] == 0

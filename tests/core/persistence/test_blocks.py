"""Kernels of persistence and future trend against the functions they are made of, and plain counting."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.persistence.blocks import FIRST_FUTURE, FIRST_PERSISTENCE, future_block, hurst_block
from nep_toolbox.core.persistence.hurst import hurst

NAN = np.nan
AREA = np.linspace(2.0, 2.5, 6)[:, np.newaxis]


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(21)
    values = rng.normal(300, 30, (20, 6, 9))
    values[:, 2, 3] = NAN
    values[:9, 4, 4] = NAN
    return values


def test_hurst_block_gives_exponent_classes_and_their_areas(stack):
    block = hurst_block(stack, AREA, min_observations=12, significance=True)
    alone = hurst(stack, min_observations=12, significance=True)
    for name, values in alone.items():
        np.testing.assert_array_equal(block[name], values)
    exponent = alone["hurst"]
    expected = np.where(np.isnan(exponent), -32768, np.where(exponent > 0.5, 2, 1))
    assert block["class"].dtype == np.int16 and np.array_equal(block["class"], expected)
    for code in (0, 1, 2):
        pixels, area = block["class_areas"][code - FIRST_PERSISTENCE]
        assert pixels == (expected == code).sum()
        assert as_float(area) == pytest.approx(((expected == code) * AREA).sum(), rel=1e-15)


def test_hurst_block_is_the_same_in_any_block(stack):
    whole = hurst_block(stack, significance=True)
    for cut in (1, 2, 4):
        parts = [hurst_block(stack[:, row : row + cut], significance=True) for row in range(0, 6, cut)]
        for name in ("hurst", "class", "p_value", "r_squared"):
            np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), whole[name])
        assert (sum(part["class_areas"] for part in parts) == whole["class_areas"]).all()


def test_future_block_counts_the_codes_of_two_one_step_stacks():
    trend = np.array([[[4.0, -4.0, 0.0], [1.0, NAN, 3.0]]])
    exponent = np.array([[[0.7, 0.2, 0.6], [NAN, 0.5, 0.5]]])
    block = future_block(trend, exponent, np.array([[10.0], [20.0]]))
    assert block["code"].tolist() == [[25, 11, 23], [-32768, -32768, 5]]
    counted = {
        FIRST_FUTURE + place: (int(pixels), as_float(area))
        for place, (pixels, area) in enumerate(block["class_areas"]) if pixels
    }
    assert counted == {25: (1, 10.0), 11: (1, 10.0), 23: (1, 10.0), 5: (1, 20.0)}

"""What is computed for a block: each kernel against the functions it is made of, and plain counting."""

from __future__ import annotations

import pickle
from functools import partial

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.persistence.blocks import FIRST_FUTURE, FIRST_PERSISTENCE, future_block, hurst_block
from nep_toolbox.core.persistence.hurst import hurst
from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block

NAN = np.nan


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(21)
    values = rng.normal(300, 30, (20, 6, 9))
    values[:, 2, 3] = NAN
    values[:9, 4, 4] = NAN
    return values


AREA = np.linspace(2.0, 2.5, 6)[:, np.newaxis]


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


def test_frequency_block_counts_pairs():
    values = np.array([[1, 1, NAN, 5], [2, 0, 1, 5], [2, NAN, NAN, 4], [3, 1, 1, 6]], dtype=float)[:, np.newaxis]
    block = frequency_block(values)
    assert block["increases"].tolist() == [[2, 0, -32768, 1]]
    assert block["decreases"].tolist() == [[0, 1, -32768, 1]]
    assert block["unchanged"].tolist() == [[1, 0, -32768, 1]]
    np.testing.assert_allclose(block["increase_percent"], [[200 / 3, 0, NAN, 100 / 3]], rtol=1e-15)


def test_zonal_and_gravity_block_by_hand():
    stack = np.array([[[1.0, 3.0], [5.0, NAN]]])
    area = np.array([[1.0], [2.0]])
    regions = (np.array([1, 2]), np.array([0, 0]))
    ((patch,),) = zonal_block(stack, area, regions)
    found = patch.sums.statistics()
    assert patch.zones.tolist() == [0, 1]
    assert found["pixels"].tolist() == [[3, 2]]
    np.testing.assert_allclose(found["mean"], [[14 / 4, 13 / 3]], rtol=1e-15)
    np.testing.assert_allclose(found["total"], [[14, 13]], rtol=1e-15)
    centres = (np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 0.0]]))
    ((patch,),) = gravity_block(stack, area, centres, regions, origin=(0.0, 0.0))
    w, wu, wv = patch.sums.moments[:3]
    assert (w.tolist(), wu.tolist(), wv.tolist()) == ([[14, 13]], [[3, 3]], [[4, 3]])


def test_kernels_can_be_sent_to_another_process():
    for kernel in (hurst_block, future_block, frequency_block, zonal_block, partial(gravity_block, origin=(0.0, 0.0))):
        again = pickle.loads(pickle.dumps(kernel))
        assert getattr(again, "func", again) is getattr(kernel, "func", kernel)
    strips = zonal_block(np.ones((1, 2, 2)), np.ones((2, 1)))
    ((patch,),) = pickle.loads(pickle.dumps(strips))
    np.testing.assert_array_equal(patch.sums.count, strips[0][0].sums.count)

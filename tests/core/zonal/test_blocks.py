"""Kernels of zones by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block
from nep_toolbox.core.zonal.gravity_sums import Place

NAN = np.nan


def test_zonal_and_gravity_block_by_hand():
    stack = np.array([[[1.0, 3.0], [5.0, NAN]]])
    area = np.array([[1.0], [2.0]])
    regions = Labels.of_pairs((2, 2), [1, 2], [0, 0])
    patch = zonal_block(stack, area, regions)
    found = patch.sums.statistics()
    assert patch.zones.tolist() == [0, 1]
    assert found["pixels"].tolist() == [[3, 2]]
    np.testing.assert_allclose(found["mean"], [[14 / 4, 13 / 3]], rtol=1e-15)
    np.testing.assert_allclose(found["total"], [[14, 13]], rtol=1e-15)
    # Cell centres at x = 0 and 1, y = 1 and 0.
    place = Place((-1.5, 1.0, 0.0, 3.5, 0.0, -1.0), 1, 2)
    patch = gravity_block(stack, area, place, regions, origin=(0.0, 0.0))
    w, wu, wv = patch.sums.moments[:3]
    assert (w.tolist(), wu.tolist(), wv.tolist()) == ([[14, 13]], [[3, 3]], [[4, 3]])

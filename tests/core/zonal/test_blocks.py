"""Kernels of zones by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block
from nep_toolbox.core.zonal.fractions import Fractions
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


def test_parts_of_cells_by_hand():
    # Region 0 holds the first cell, half of the second and a quarter of the fourth, which has no value.
    stack = np.array([[[1.0, 3.0], [5.0, NAN]], [[2.0, NAN], [4.0, 8.0]]])
    area = np.array([[1.0], [2.0]])
    labels = Labels(np.array([[1, 0], [0, 0]], dtype=np.int32), ((), (0,)))
    regions = Fractions(labels, np.array([1, 3]), np.array([0, 0]), np.array([0.5, 0.25]))
    for cell_area in (area, np.repeat(area, 2, axis=1)):
        found = zonal_block(stack, cell_area, regions).sums.statistics()
        assert found["pixels"].tolist() == [[3, 1.5], [3, 1.25]]
        assert found["area"].tolist() == [[4, 1.5], [5, 1.5]]
        np.testing.assert_allclose(found["total"], [[14, 2.5], [26, 6]], rtol=1e-15)
        np.testing.assert_allclose(found["std"][:, 1], [np.sqrt(8) / 3, np.sqrt(8)], rtol=1e-15)
        assert found["min"].tolist() == [[1, 1], [2, 2]] and found["max"].tolist() == [[5, 3], [8, 8]]
        common = zonal_block(stack, cell_area, regions, common_mask=True).sums.statistics()
        assert common["pixels"].tolist() == [[2, 1], [2, 1]]
        np.testing.assert_allclose(common["total"], [[11, 1], [10, 2]], rtol=1e-15)

"""Labels of regions against the pairs they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.labels import Labels


def test_by_hand():
    # Region 4 takes cells 0 to 2, region 1 cells 2 and 3.
    labels = Labels.of_pairs((2, 3), [0, 1, 2, 2, 3], [4, 4, 4, 1, 1])
    assert labels.regions == ((), (1,), (1, 4), (4,))
    assert labels.of_cell.tolist() == [[3, 3, 2], [1, 0, 0]]
    cells, regions = labels.pairs()
    assert (cells.tolist(), regions.tolist()) == ([2, 3, 0, 1, 2], [1, 1, 4, 4, 4])


def test_no_region():
    labels = Labels.of_pairs((2, 2), [], [])
    assert labels.regions == ((),) and not labels.of_cell.any()
    assert [part.tolist() for part in labels.pairs()] == [[], []]


@pytest.mark.parametrize("seed", range(4))
def test_pairs_come_back_and_the_order_of_labels_is_that_of_their_regions(seed):
    rng = np.random.default_rng(seed)
    inside = rng.random((6, 500)) < rng.uniform(0.05, 0.9, (6, 1))
    regions, cells = np.nonzero(inside)
    order = rng.permutation(cells.size)
    labels = Labels.of_pairs((20, 25), cells[order], regions[order])
    assert labels.of_cell.dtype == np.int32 and list(labels.regions) == sorted(set(labels.regions))
    for cell, label in enumerate(labels.of_cell.ravel().tolist()):
        assert labels.regions[label] == tuple(np.flatnonzero(inside[:, cell]).tolist())
    back = labels.pairs()
    assert (back[0].tolist(), back[1].tolist()) == (cells.tolist(), regions.tolist())


def test_tidy_labels_are_in_order_and_stand_for_different_regions():
    labels = Labels(np.array([[3, 1, 4, 0, 5]], dtype=np.int32), ((), (2,), (7,), (0, 2), (2,), (0,))).tidy()
    assert labels.regions == ((), (0,), (0, 2), (2,))
    assert labels.of_cell.tolist() == [[2, 3, 3, 0, 1]]

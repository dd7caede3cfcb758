"""What of a block on the target grid is kept."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_layer
from testkit.warping import warped_reader

from nep_toolbox.core.labels import Labels
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.leaving_out import ClassMask, class_counts_block, kept_block
from nep_toolbox.raster.ingest.resampling import Resampling

NAN = np.nan
REGIONS = Labels.of_pairs((1, 4), [1, 3], [0, 0])
EXCLUDED = np.array([[False, True, False, False]])


def test_nothing_is_left_out_where_nothing_was_given():
    values = np.arange(4.0).reshape(1, 1, 4)
    kept, filled = kept_block(values, missing=NAN)
    np.testing.assert_array_equal(kept, values)
    assert filled.tolist() == [0]


def test_cells_outside_of_polygons_and_of_classes_are_missing():
    values = np.arange(8, dtype=np.uint8).reshape(2, 1, 4)
    assert kept_block(values, REGIONS, missing=9)[0].tolist() == [[[9, 1, 9, 3]], [[9, 5, 9, 7]]]
    assert kept_block(values, None, EXCLUDED, missing=9)[0].tolist() == [[[0, 9, 2, 3]], [[4, 9, 6, 7]]]
    kept, _filled = kept_block(values, REGIONS, EXCLUDED, missing=9)
    assert kept.tolist() == [[[9, 9, 9, 3]], [[9, 9, 9, 7]]] and kept.dtype == np.uint8


def test_filled_cells_that_are_left_out_do_not_count():
    values = np.array([[[1.0, 2.0, NAN, 3.0]], [[1.0, 2.0, NAN, 3.0]]])
    filled = np.array([[[True, True, False, False]], [[False, True, False, True]]])
    masked, counts = kept_block((values, filled), REGIONS, missing=NAN)
    np.testing.assert_array_equal(masked[0], [[NAN, 2, NAN, 3]])
    assert counts.tolist() == [1, 2]
    assert kept_block((values, filled), missing=NAN)[1].tolist() == [2, 2]
    assert kept_block((values, filled), None, EXCLUDED, missing=NAN)[1].tolist() == [1, 1]


@pytest.mark.parametrize("method, cell, expected", [
    (Resampling.NEAREST, 250.0, np.kron([[1, 0], [1, 0]], np.ones((2, 2)))), (Resampling.MODE, 1000.0, [[1]]),
])
def test_cells_of_some_classes(tmp_path, method, cell, expected):
    layer = write_layer(tmp_path / "c.tif", [[5, 7], [5, NAN]], COARSE_TRANSFORM)
    side = int(1000 / cell)
    target = Grid(wkt_of(32650), (500000.0, cell, 0.0, 4000000.0, 0.0, -cell), side, side)
    warped = warped_reader(layer, target, method)
    mask = ClassMask(warped, (5, 9))
    np.testing.assert_array_equal(mask.read(target.whole), np.array(expected, bool))
    assert mask.read(Window(0, 0, 1, 1)).tolist() == [[True]]


def test_classes_are_counted():
    assert class_counts_block(np.array([[[5.0, 7.0], [5.0, NAN]]]), title="'land'") == {5.0: 2, 7.0: 1}

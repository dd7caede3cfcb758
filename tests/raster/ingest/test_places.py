"""Windows within windows."""

from __future__ import annotations

import numpy as np

from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.ingest.places import cut, moved, shared, slices


def test_windows_that_only_touch_share_nothing():
    one = Window(2, 3, 4, 5)
    assert shared(one, Window(0, 0, 3, 4)) == Window(2, 3, 1, 1)
    assert shared(one, Window(5, 7, 9, 9)) == Window(5, 7, 1, 1)
    assert shared(one, Window(3, 4, 2, 2)) == Window(3, 4, 2, 2)
    for other in (Window(0, 0, 2, 9), Window(6, 0, 9, 9), Window(0, 0, 9, 3), Window(0, 8, 9, 9)):
        assert shared(one, other) is None and shared(other, one) is None


def test_cells_of_a_window_within_another():
    window, origin = Window(7, 5, 2, 1), Window(6, 3, 4, 3)
    assert moved(window, origin) == Window(1, 2, 2, 1)
    cells = np.arange(24).reshape(2, 3, 4)
    np.testing.assert_array_equal(cells[slices(window, origin)], [[[9, 10]], [[21, 22]]])


def test_parts_are_counted_from_the_corner_of_the_whole_and_end_with_it():
    whole = Window(10, 20, 25, 12)
    assert list(cut(whole, 10, 10, Window(0, 0, 99, 99))) == [
        Window(10, 20, 10, 10), Window(20, 20, 10, 10), Window(30, 20, 5, 10),
        Window(10, 30, 10, 2), Window(20, 30, 10, 2), Window(30, 30, 5, 2),
    ]
    # Only those that meet a window, whole: it begins in the second and ends with the last cell of it.
    assert list(cut(whole, 10, 10, Window(25, 22, 5, 3))) == [Window(20, 20, 10, 10)]
    assert list(cut(whole, 10, 10, Window(25, 22, 6, 8))) == [Window(20, 20, 10, 10), Window(30, 20, 5, 10)]
    assert list(cut(whole, 10, 10, Window(0, 0, 10, 99))) == []

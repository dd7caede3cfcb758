"""The six cases of a trend and its parts, by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.attribution.shares import CLASS_LABELS, CLASS_NODATA, shares

NAN = np.nan

#: slope, climate, rest: class, share of climate
CASES = [
    (4.0, 1.0, 3.0, 1, 25.0),
    (4.0, 5.0, -1.0, 2, 100.0),
    (4.0, 4.0, 0.0, 2, 100.0),
    (4.0, -1.0, 5.0, 3, 0.0),
    (4.0, 0.0, 4.0, 3, 0.0),
    (-4.0, -3.0, -1.0, -1, 75.0),
    (-4.0, -5.0, 1.0, -2, 100.0),
    (-4.0, 1.0, -5.0, -3, 0.0),
    (-4.0, 0.0, -4.0, -3, 0.0),
    (0.0, 1.0, -1.0, 0, NAN),
    (0.0, 0.0, 0.0, 0, NAN),
    # Theil-Sen slopes need not add up
    (1.0, -1.0, -1.0, 9, NAN),
    (-1.0, 0.0, 0.0, 9, NAN),
    (-1.0, 2.0, 0.0, 9, NAN),
    (3.0, 1.0, 1.0, 1, 50.0),
    (NAN, 1.0, 1.0, CLASS_NODATA, NAN),
    (1.0, NAN, 1.0, CLASS_NODATA, NAN),
    (1.0, 1.0, NAN, CLASS_NODATA, NAN),
]


def test_by_hand():
    slope, climate, residual, classes, share = np.array(CASES, dtype=float).T
    found, part = shares(slope, climate, residual)
    assert found.dtype == np.int16
    assert found.tolist() == classes.tolist()
    np.testing.assert_array_equal(part, share)
    assert set(CLASS_LABELS) == set(found.tolist()) - {CLASS_NODATA}

"""Zones of one block against plain selections."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.zonal.grouped import Segments


def test_segments_of_sorted_and_unsorted_zones():
    for zone in ([0, 0, 2, 2, 2], [-1, 0, 0, 2], [2, -1, 0, 2], [0, 2, 1, 2], [3], [-1, -1], []):
        zone = np.array(zone, dtype=np.int32)
        values = np.arange(zone.size) + 1.0
        segments = Segments(zone)
        assert segments.zones.tolist() == sorted({z for z in zone.tolist() if z >= 0})
        if segments.zones.size:
            expected = [values[zone == k].sum() for k in segments.zones]
            assert segments.sum(segments.sort(values)).tolist() == expected
            assert len(segments.spread(segments.zones)) == (zone >= 0).sum()


def test_counts_and_extremes_of_each_zone():
    zone = np.array([4, -1, 1, 4, 1, 4])
    values = np.array([5, 99, -2, 7, 3, 6], dtype=np.float32)
    segments = Segments(zone)
    inside = segments.sort(values)
    assert segments.zones.tolist() == [1, 4]
    assert inside.dtype == np.float64
    assert segments.minimum(inside).tolist() == [-2, 5]
    assert segments.maximum(inside).tolist() == [3, 7]
    assert segments.count(inside > 2).tolist() == [1, 3]
    assert segments.spread(np.array([10, 20])).tolist() == [10, 10, 20, 20, 20]

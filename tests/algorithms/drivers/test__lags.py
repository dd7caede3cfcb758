"""What the lags are called, and how their areas become rows."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._lags import LAG_TABLE, Lags, lag_label

pytestmark = pytest.mark.usefixtures("qgis_app")


def block(areas, no_result=(0, 0), **counts) -> dict:
    """What the kernel gives, with pixels of 1 km2."""
    return {
        "class_areas": np.array([[pixels, 0] for pixels in areas], dtype=object),
        "no_result": np.array([no_result], dtype=object), "regional_areas": {},
        "constant_series": 0, "constant_driver": 0, **counts,
    }


def test_labels():
    assert [lag_label(lag) for lag in (0, 1, 2, 11)] == [
        "Same year", "1 year before", "2 years before", "11 years before"]


def test_kinds_become_lags():
    lags = Lags(1, ())
    lags.add(block([1, 2, 3, 0, 0, 4], constant_series=1))
    lags.add(block([1, 0, 0, 5, 0, 0], no_result=(2, 0), constant_driver=1))
    assert lags.pixels.tolist() == [[2, 2, 3], [5, 0, 4]]
    assert (lags.constant_series, lags.constant_driver) == (1, 1)
    rows = lags.rows()
    assert [row[:3] for row in rows] == [(0, "Same year", 7), (1, "1 year before", 9), (None, "no result", 2)]
    assert all(len(row) == len(LAG_TABLE) for row in rows)


def test_a_single_lag_has_a_colour():
    lags = Lags(0, ())
    assert [entry[:2] for entry in lags.style.entries] == [(0, "Same year")]
    assert [entry[:2] for entry in lags.significant_style.entries] == [
        (0, "Same year"), (-1, "No significant correlation")]

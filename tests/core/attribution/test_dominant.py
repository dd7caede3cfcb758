"""The dominant driver, by hand and by the stored results."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.attribution.dominant import DOMINANT_NODATA, dominant_driver

NAN = np.nan


@pytest.mark.parametrize(("r", "p", "code"), [
    ((0.8, -0.5), (0.001, 0.02), 1),
    ((0.5, -0.8), (0.02, 0.001), -2),
    ((-0.9, 0.4, 0.5), (0.06, 0.04, 0.01), 3),  # the strongest is not significant
    ((-0.6, 0.6), (0.01, 0.01), -1),  # the first of equal ones
    ((0.8, 0.7), (0.05, 0.06), 0),  # exactly the level is not below it
    ((NAN, 0.9), (NAN, 0.001), DOMINANT_NODATA),
    ((0.9, 0.3), (0.001, NAN), DOMINANT_NODATA),
])
def test_by_hand(r, p, code):
    found = dominant_driver(np.array(r)[:, np.newaxis], np.array(p)[:, np.newaxis])
    assert found.dtype == np.int16 and found.tolist() == [code]


def test_another_level_and_any_shape():
    r = np.array([[[0.3, -0.4]], [[0.2, 0.1]]])
    p = np.array([[[0.08, 0.02]], [[0.3, 0.8]]])
    assert dominant_driver(r, p, 0.1).tolist() == [[1, -1]]
    assert dominant_driver(r, p, 0.01).tolist() == [[0, 0]]


def test_stored_results(shared):
    cases = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    compared = 0
    for name, case in cases.items():
        for fit in ("plain", "detrended", "differences"):
            if fit in case["result"]:
                stored = case["result"][fit]
                r, p = (np.array(stored[key])[:, np.newaxis] for key in ("partial_r", "p_driver"))
                assert dominant_driver(r, p).tolist() == [stored["dominant_alpha05"]], name
                compared += 1
    assert compared == 39

"""Future trend codes."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.persistence.future_trend import FUTURE_LABELS, future_trend
from nep_toolbox.errors import InvalidParameter

GROUPS = {-4: 1, -3: 1, -2: 2, -1: 2, 0: 3, 1: 4, 2: 4, 3: 5, 4: 5}


def test_every_class_with_every_persistence():
    classes = np.array(list(GROUPS), dtype=np.int16)
    for exponent, tens in ((0.5, 0), (0.4999, 10), (-0.2, 10), (0.5001, 20), (1.4, 20)):
        codes = future_trend(classes, np.full(classes.shape, exponent))
        assert codes.dtype == np.int16
        assert codes.tolist() == [tens + group for group in GROUPS.values()]
        assert set(codes.tolist()) <= set(FUTURE_LABELS)


def test_labels_name_every_code_once():
    assert set(FUTURE_LABELS) == {*range(1, 6), *range(11, 16), *range(21, 26)}
    assert len(set(FUTURE_LABELS.values())) == 15
    assert FUTURE_LABELS[25] == "Persistent significant increase"
    assert FUTURE_LABELS[15] == "Significant increase, expected to reverse"


@pytest.mark.parametrize("missing", [np.nan, -32768])
def test_missing_in_either(missing):
    classes = np.array([[3, missing], [3, missing]], dtype=np.float32)
    exponents = np.array([[0.7, 0.7], [np.nan, np.nan]], dtype=np.float32)
    assert future_trend(classes, exponents).tolist() == [[25, -32768], [-32768, -32768]]
    assert future_trend(np.array([-32768], dtype=np.int16), np.array([0.6])).tolist() == [-32768]


def test_what_is_no_trend_class_is_refused():
    with pytest.raises(InvalidParameter, match=r"holds -7, 5, and"):
        future_trend(np.array([1, 5, -7]), np.full(3, 0.6))
    with pytest.raises(InvalidParameter, match=r"0\.25.*the result ⟨nep:trend:CLASS⟩"):
        future_trend(np.array([0.25, np.nan]), np.full(2, 0.6))
    with pytest.raises(InvalidParameter, match="shape"):
        future_trend(np.array([1, 2]), np.full(3, 0.6))

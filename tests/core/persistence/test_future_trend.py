"""Future trend codes."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.persistence.future_trend import (
    EVIDENCE_LABELS,
    FUTURE_LABELS,
    evidence,
    future_trend,
    trend_group,
)
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


def test_groups_of_trend_classes():
    classes = np.array(list(GROUPS), dtype=np.int16)
    groups = trend_group(classes)
    assert groups.dtype == np.int16
    assert groups.tolist() == list(GROUPS.values())
    assert trend_group(np.array([np.nan, -32768, 3.0], dtype=np.float32)).tolist() == [0, 0, 5]
    assert trend_group(np.array([-32768, -4], dtype=np.int16)).tolist() == [0, 1]


def test_evidence_is_a_small_p():
    exponents = np.array([0.9, 0.9, 0.9, 0.2, 0.2, 0.2, 0.5, np.nan, 0.9, np.nan])
    chance = np.array([0.04, 0.05, 0.9, 0.04, 0.05, 0.9, 0.0, 0.01, np.nan, np.nan])
    digits = evidence(exponents, chance, 0.05)
    assert digits.dtype == np.int16
    assert digits.tolist() == [2, 0, 0, 1, 0, 0, 0, -32768, -32768, -32768]
    assert evidence(exponents, chance, 0.06).tolist() == [2, 2, 0, 1, 1, 0, 0, -32768, -32768, -32768]


def test_every_class_with_every_evidence():
    classes = np.array(list(GROUPS), dtype=np.int16)
    for exponent, chance, tens in ((0.9, 0.3, 0), (0.1, 0.3, 0), (0.1, 0.01, 10), (0.9, 0.01, 20)):
        codes = future_trend(classes, np.full(9, exponent), np.full(9, chance), 0.1)
        assert codes.dtype == np.int16
        assert codes.tolist() == [tens + group for group in GROUPS.values()]
        words = {EVIDENCE_LABELS[code].split(", ")[1] for code in codes.tolist()}
        assert words <= {
            0: {"unclear: no evidence of memory"}, 10: {"likely to reverse", "likely not to last"},
            20: {"likely to continue"},
        }[tens]
    assert future_trend(np.array([3, 3, np.nan]), np.array([0.9, np.nan, 0.9]), np.array([np.nan, 0.01, 0.01]), 0.1
                        ).tolist() == [-32768] * 3
    assert len(set(EVIDENCE_LABELS.values())) == 15 and EVIDENCE_LABELS.keys() == FUTURE_LABELS.keys()
    for code, label in EVIDENCE_LABELS.items():
        assert label.split(", ")[0] == FUTURE_LABELS[code % 10].split(", ")[0]

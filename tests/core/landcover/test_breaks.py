"""Quantities cut into classes: breaks as people type them, numpy's digitize, names of the classes."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.landcover.breaks import class_labels, cut, parse_breaks
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


def test_breaks_as_people_write_them():
    for text in ("0,500,1000", " 0; 500；1000,", "0，500 1e3"):
        assert parse_breaks(text) == (0.0, 500.0, 1000.0)
    assert parse_breaks("-2.5") == (-2.5,)
    assert parse_breaks("  ") == ()


@pytest.mark.parametrize(("text", "message"), [
    ("0,high", "⟨CLASS_BREAKS⟩ holds 'high', which is no number"), ("0-500", "'0-500', which is no number"),
    ("0,nan", "'nan', which is no number"), ("0,inf", "'inf', which is no number"),
    ("0,1000,500", "⟨CLASS_BREAKS⟩ holds 500 after 1000.*from the lowest to the highest"),
    ("0,0.5,0.5", "holds 0.5 after 0.5"),
])
def test_breaks_that_cannot_be_read(text, message):
    with pytest.raises(InvalidParameter, match=message):
        parse_breaks(text)


def test_a_break_belongs_to_the_class_above_it():
    values = np.array([[[-3.0, 0.0, 499.9], [500.0, 1000.0, NAN]]])
    found = cut(values, (0.0, 500.0, 1000.0))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [[[0, 1, 1], [2, 3, NAN]]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cut_is_digitize(dtype):
    rng = np.random.default_rng(3)
    stack = rng.normal(0, 10, (3, 20, 30)).round(1).astype(dtype)
    breaks = tuple(np.arange(-9, 10, 0.7).round(1))
    assert (np.isin(stack, np.array(breaks, dtype))).any()
    np.testing.assert_array_equal(cut(stack, breaks), np.digitize(stack, np.array(breaks, dtype)))


def test_breaks_have_the_precision_of_the_values():
    assert float(np.float32(0.7)) < 0.7
    assert cut(np.array([[[0.7]]], dtype=np.float32), (0.7,)).item() == 1


def test_names_of_the_classes():
    assert class_labels((0.0, 0.25, 1000.0), "m") == {
        0: "below 0 m", 1: "0 to 0.25 m", 2: "0.25 to 1000 m", 3: "1000 m and more",
    }
    assert class_labels((20.0,)) == {0: "below 20", 1: "20 and more"}

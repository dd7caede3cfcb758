"""Classes put together: what people type, and counts before and after."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.landcover.merging import NOTHING, merged_classes, parse_merging
from nep_toolbox.core.landcover.transitions import Tally, count_landcover
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


@pytest.mark.parametrize(
    "text", ["1,2=Forest;3=Grass", " 2, 1 = Forest ;3=Grass;", "1，2＝Forest；3＝Grass", "1 2=Forest\n3=Grass"]
)
def test_merging_as_people_write_it(text):
    merging = parse_merging(text)
    assert merging == (("Forest", "Grass"), ((1, 2), (3,)))
    assert merging.codes == {1: 1, 2: 1, 3: 2}
    assert merging.labels == {1: "Forest", 2: "Grass"}


def test_nothing_to_merge():
    assert parse_merging("") == parse_merging(" ; ") == NOTHING == ((), ())


@pytest.mark.parametrize(("text", "message"), [
    ("1,2", "'1,2' in ⟨MERGE⟩ is not of the form numbers=name.*1,2=Forest;3=Grass"),
    ("1,2=", "'1,2=' in"), ("=Forest", "'=Forest' in"), ("1=Forest,2=Grass", "'1=Forest,2=Grass' in"),
    ("a=Forest", "⟨MERGE⟩ holds 'a', which is no code of a class"),
    ("1-5=Forest", "⟨MERGE⟩ holds '1-5', which is no code of a class"),
    ("1=Forest;2=Forest", "⟨MERGE⟩ names 'Forest' twice"),
    ("1,2=Forest;3,2=Grass", "⟨MERGE⟩ puts class 2 into 'Forest' and into 'Grass'"),
])
def test_merging_that_cannot_be_read(text, message):
    with pytest.raises(InvalidParameter, match=message):
        parse_merging(text)


def test_merged_classes_by_hand():
    stack = np.array([[[4, 5, NAN], [7, 12, 1]], [[7, 4, 4], [5, 12, 1]]], dtype=np.float32)
    found, met = merged_classes(stack, parse_merging("1,4,5=Forest;7,8=Grass"))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [[[1, 1, NAN], [2, 12, 1]], [[2, 1, 1], [1, 12, 1]]])
    assert met == {1, 4, 5, 7, 12}
    assert stack[0, 0, 0] == 4  # the values given stay as they are


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
def test_counts_are_those_of_the_classes_added_up(dtype):
    rng = np.random.default_rng(4)
    stack, area = rng.integers(1, 9, (3, 30, 40)).astype(dtype), rng.uniform(1e5, 3e5, (30, 1))
    merging = parse_merging("1,2,3=a;5=b;4,7=c")
    before, after = count_landcover(stack, area), count_landcover(merged_classes(stack, merging)[0], area)
    codes = {**{code: code for code in range(1, 9)}, **merging.codes}
    for mine, parts in zip(after.transitions, before.transitions):
        expected: dict = {}
        for (first, second), tally in parts.items():
            key = codes[first], codes[second]
            expected[key] = expected.get(key, Tally(0, 0)) + tally
        assert mine == expected


def test_a_class_that_stays_may_not_have_the_code_of_a_merged_one():
    stack = np.array([[[3, 2]]])
    message = "'2005' holds the class 2, which ⟨MERGE⟩ does not name.*'Grass' gets there.*add ;2=NAME"
    with pytest.raises(InvalidParameter, match=message):
        merged_classes(stack, parse_merging("3=Forest;4=Grass"), ("'2005'",))
    found, _ = merged_classes(stack, parse_merging("3=Forest;4=Grass;2=Own"), ("'2005'",))
    assert found.tolist() == [[[1, 3]]]


def test_the_date_of_a_value_that_is_no_class_is_named():
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        merged_classes(np.array([[[1.0]], [[1.5]]]), parse_merging("1=a"), ("'2001'", "'2005'"))

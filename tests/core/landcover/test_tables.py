"""Class names as typed, rows of the tables, and flows put together."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.landcover.tables import (
    changed_km2,
    label_of,
    merge_small_flows,
    parse_class_names,
    parse_classes,
)
from nep_toolbox.core.landcover.transitions import count_landcover
from nep_toolbox.errors import InvalidParameter


@pytest.mark.parametrize(
    "text", ["1=Cropland;2=Forest", " 1 = Cropland ; 2= Forest;", "1=Cropland\n2=Forest", "1＝Cropland；2＝Forest",
             ";1=Cropland; ;2=Forest"]
)
def test_class_names(text):
    assert parse_class_names(text) == {1: "Cropland", 2: "Forest"}


def test_class_names_may_hold_signs_and_any_script():
    assert parse_class_names("-1=a=b;20=耕地, 水田") == {-1: "a=b", 20: "耕地, 水田"}
    assert parse_class_names("1=Mosaic 2, dry;2=pH>=7,5") == {1: "Mosaic 2, dry", 2: "pH>=7,5"}
    assert parse_class_names("") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [("Cropland", "'Cropland' in"), ("1:Crop;2=Forest", "'1:Crop'"), ("1.5=Crop", "'1.5=Crop'"), ("3=", "'3='"),
     ("1=a;1=b", "Class 1 is named twice.*'a' and 'b'"),
     ("1=Crop,2=Forest", "'1=Crop,2=Forest' in.*separate them by semicolons"),
     ("1＝耕地，2＝林地", "semicolons"), ("1=a;2=b, -3 = c", "'2=b, -3 = c'.*semicolons"), ("1=a 2=b", "semicolons")],
)
def test_class_names_that_cannot_be_read(text, message):
    with pytest.raises(InvalidParameter, match=message):
        parse_class_names(text)


def test_small_flows_are_merged_and_every_class_keeps_its_total():
    rng = np.random.default_rng(5)
    flows = {(i, j): float(rng.integers(1, 50)) + 1000.0 * (i == j) for i in range(6) for j in range(6)}
    merged = merge_small_flows(flows, 0.4)
    limit = 0.004 * sum(flows.values())
    assert merged.kept == {key: area for key, area in flows.items() if key[0] == key[1] or area >= limit}
    assert 0 < len(merged.kept) < len(flows)
    assert sum(merged.leaving.values()) == sum(merged.arriving.values()) > 0
    for code in range(6):
        before = sum(area for (i, _), area in flows.items() if i == code)
        after = sum(area for (_, j), area in flows.items() if j == code)
        assert sum(a for (i, _), a in merged.kept.items() if i == code) + merged.leaving.get(code, 0) == before
        assert sum(a for (_, j), a in merged.kept.items() if j == code) + merged.arriving.get(code, 0) == after


def test_small_is_what_lies_below_the_share_of_the_whole_area():
    flows = {(1, 1): 60.0, (1, 2): 10.0, (2, 1): 9.5, (2, 3): 9.0, (3, 3): 11.5}
    merged = merge_small_flows(flows, 10.0)
    assert merged.kept == {(1, 1): 60.0, (1, 2): 10.0, (3, 3): 11.5}
    assert merged.leaving == {2: 18.5}
    assert merged.arriving == {1: 9.5, 3: 9.0}
    for percent in (0.0, 100.0):
        assert merge_small_flows({(1, 1): 1.0}, percent).kept == {(1, 1): 1.0}


def test_a_single_small_flow_stays_and_zero_merges_nothing():
    flows = {(1, 1): 500.0, (1, 2): 1.0, (2, 2): 300.0}
    assert merge_small_flows(flows, 5.0) == (flows, {}, {})
    assert merge_small_flows({**flows, (2, 1): 2.0}, 0.0).kept == {**flows, (2, 1): 2.0}
    for percent in (-1.0, 100.5, np.nan):
        with pytest.raises(InvalidParameter, match="percentage"):
            merge_small_flows(flows, percent)


def test_a_class_without_a_name_is_its_number():
    assert [label_of(code, {2: "Forest"}) for code in (2, 17)] == ["Forest", "17"]


def test_codes_as_people_write_them():
    assert parse_classes("5,7", "EXCLUDE") == {5, 7}
    assert parse_classes(" 5；7， -1 1002 ", "EXCLUDE") == {5, 7, -1, 1002}
    assert parse_classes("  ", "EXCLUDE") == set()
    for wrong in ("water", "5,7.5", "5-7"):
        with pytest.raises(InvalidParameter, match="⟨EXCLUDE⟩ holds '.*', which is no code of a class.*5,7"):
            parse_classes(wrong, "EXCLUDE")


def test_what_changes_over_all_dates():
    stack = np.array([[[1, 1, 1, 2]], [[1, 2, 2, 2]], [[1, 1, 2, 3]]])
    found = changed_km2(count_landcover(stack, np.full((1, 1), 500_000.0)).transitions)
    assert found == (2.0, 50.0, (1, 2), 1.0)  # of eight comparisons four, twice from 1 to 2
    assert changed_km2(count_landcover(stack[[0, 0]], np.ones((1, 1))).transitions) == (0.0, 0.0, None, 0.0)

"""What the facts of several figures are taken by."""

from __future__ import annotations

from nep_toolbox.study.facts import common


def test_long_lists_name_five_and_count_the_rest():
    assert common.listing(list("ABCDEFGH")) == {"items": list("ABCDE"), "others": 3, "count": 8}
    assert common.listing(list("ABCDEF")) == {"items": list("ABCDEF"), "others": 0, "count": 6}
    assert common.listing([]) == {"items": [], "others": 0, "count": 0}


def test_spans_of_years():
    assert [span["years"] for span in common.spans([2007, 2001, 2003, 2002, 2006])] == [[2001, 2003], [2006, 2007]]
    assert common.spans([]) == []


def test_rows_of_the_whole_area_and_of_regions():
    rows = [{"region": "all"}, {"region": "Bern"}, {"region": "Alba"}, {"region": "Bern", "class": 1}]
    assert common.whole(rows) == rows[:1]
    assert list(common.by_region(rows)) == ["Bern", "Alba"]
    assert common.whole([{"class": 1}]) == [{"class": 1}]


def test_shares_leave_out_rows_without_a_class():
    rows = [{"class": 3, "percent": 10.0}, {"class": -1, "percent": 5.0}, {"class": None, "percent": 85.0}]
    assert common.share(rows, lambda code: code > 0) == 10.0
    assert common.share([{"code": 25, "percent": None}], lambda code: code > 0) == 0.0


def test_absent_facts():
    assert common.present({"a": None, "b": 0, "c": [], "d": {}, "e": "x", "f": False}) == {"b": 0, "e": "x", "f": False}
    numbers = {"hurst": {"MEAN_H": float("nan"), "SIGNIFICANT_PERCENT": 0.0}}
    assert common.numbers_of({"numbers": numbers}, "hurst") == {"SIGNIFICANT_PERCENT": 0.0}
    assert common.numbers_of({}, "hurst") == {}


def test_regions_of_little_coverage():
    tables = {"fig03_regions": [{"region": "all", "coverage": 1.0}, {"region": "Bern", "coverage": 9.9},
                                {"region": "Alba", "coverage": 10.0}, {"region": "Como", "coverage": None}]}
    assert common.sparse_names(tables, {"min_coverage": 10.0}) == {"Bern"}
    assert common.sparse_names(tables, {}) == set()

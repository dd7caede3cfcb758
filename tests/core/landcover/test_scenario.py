"""Land cover if the changes of an interval went on: the reference, chains by hand, and what must be kept."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.core.landcover.blocks import density_block
from nep_toolbox.core.landcover.effect import class_densities
from nep_toolbox.core.landcover.pair_sums import pair_sums
from nep_toolbox.core.landcover.scenario import (
    AREA_COLUMNS,
    TOTAL_COLUMNS,
    Densities,
    area_rows,
    areas_after,
    class_values,
    parse_errors,
    parse_horizons,
    scenario_totals,
    total_rows,
    transition_probabilities,
    year_densities,
)
from nep_toolbox.core.landcover.statistics import LandCoverTotal
from nep_toolbox.errors import InvalidParameter


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference" / "scenario.json").read_text(encoding="utf-8"))


def flows_of(matrix) -> dict:
    return {(row, col): round(km2 * 1e6) for row, areas in enumerate(matrix) for col, km2 in enumerate(areas)}


@pytest.mark.parametrize("name", ["free", "cropland_protected"])
def test_reference(reference, name):
    case = reference[name]
    classes, horizons = list(range(4)), sorted(map(int, case["horizons"]))
    matrix = transition_probabilities(flows_of(case["matrix_km2"]), classes, set(case["protect"]))
    np.testing.assert_allclose(matrix, case["transition_probabilities"], rtol=1e-14)
    start = np.array(case["area_start_km2"]) * 1e6
    areas = np.array([areas_after(start, matrix, case["step_years"], years) for years in [0, *horizons]])
    densities = Densities(dict(enumerate(case["density"])), dict(enumerate(case["density_se"])))
    found = scenario_totals(areas, start, classes, densities)
    rows = [dict(zip(TOTAL_COLUMNS, row)) for row in total_rows({name: found}, [0, *horizons])]
    for place, (years, row) in enumerate(zip(horizons, rows[1:]), start=1):
        expected = case["horizons"][str(years)]
        np.testing.assert_allclose(areas[place] / 1e6, expected["area_km2"], rtol=1e-12)
        assert areas[place].sum() == pytest.approx(start.sum(), rel=1e-12)
        assert row["horizon"] == years and row["scenario"] == name
        for mine, its in (("total_tg", "total_tg"), ("sd", "sd_tg"), ("change_sd", "change_sd_tg")):
            assert row[mine] == pytest.approx(expected[its], rel=1e-11)
        assert row["change_tg"] == pytest.approx(expected["change_tg"], rel=1e-9)
        assert row["change_tg"] == row["total_tg"] - rows[0]["total_tg"]
        assert row["change_tg"] == pytest.approx(float(found.change[place]) / 1e12, rel=1e-9)
    assert rows[0] == {**rows[0], "horizon": 0, "change_tg": 0.0, "change_sd": 0.0}


def test_a_class_that_halves_by_hand():
    """Half of 1 becomes 2 in four years; 2 stays; 3 is new and keeps what it has."""
    flows = {(1, 1): 30, (1, 2): 30, (2, 2): 20, (2, 3): 0}
    classes, start = [1, 2, 3], np.array([32.0, 50.0, 8.0])
    matrix = transition_probabilities(flows, classes)
    assert matrix.tolist() == [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    expected = {0: [32, 50, 8], 1: [28, 54, 8], 2: [24, 58, 8], 4: [16, 66, 8], 7: [10, 72, 8], 8: [8, 74, 8]}
    for years, areas in expected.items():
        assert areas_after(start, matrix, 4, years).tolist() == areas
    assert np.array_equal(transition_probabilities(flows, classes, {1, 2}), np.eye(3))


def test_no_class_becomes_negative_and_none_is_lost():
    """Far ahead, with classes that swap places, where a root of the matrix would be negative."""
    rng = np.random.default_rng(3)
    classes = list(range(6))
    flows = {(row, col): int(rng.integers(0, 2**60)) for row in classes for col in classes if row != col}
    matrix, start = transition_probabilities(flows, classes, {2}), rng.uniform(0, 1e11, 6)
    assert np.all(matrix.sum(axis=1) == pytest.approx(1.0, abs=1e-15))
    power, protected = np.linalg.matrix_power(matrix, 7), start[2]
    np.testing.assert_allclose(areas_after(start, matrix, 5, 35), start @ power, rtol=1e-12)
    for years in range(1, 40):
        areas = areas_after(start, matrix, 5, years)
        assert (areas >= 0).all() and areas.sum() == pytest.approx(start.sum(), rel=1e-12)
        assert areas[2] >= protected
        protected = areas[2]


def test_what_does_not_change_keeps_every_digit():
    """At any place inside of an interval: no change of 1e-16 of an area, and of its total, that nothing makes."""
    start = np.random.default_rng(6).uniform(0, 1e12, 50)
    for step in range(1, 15):
        for years in range(1, 3 * step):
            assert np.array_equal(areas_after(start, np.eye(50), step, years), start)


def test_many_classes_are_added_up_once():
    added = []

    class Area(int):
        def __radd__(self, other):
            added.append(self)
            return int(other) + int(self)

    classes = list(range(30))
    flows = {(before, after): Area(1 + after) for before in classes for after in classes}
    assert transition_probabilities(flows, classes)[4].tolist() == [(1 + after) / 465 for after in classes]
    assert len(added) <= 30 * 30


def test_exact_areas_of_any_size_make_shares():
    big = 10**400
    matrix = transition_probabilities({(1, 1): 3 * big, (1, 2): big}, [1, 2])
    assert matrix.tolist() == [[0.75, 0.25], [0.0, 1.0]]


def test_densities_of_years():
    of_years = [{1: 10.0, 2: 5.0, 3: 9.0}, {1: 14.0, 2: 7.0}, {1: 12.0}, {1: 16.0, 2: 8.0, 4: 1.0}]
    found = class_values(of_years, [1], {})
    assert found.values == {1: 14.0, 2: 7.0}
    assert found.errors[1] == pytest.approx(math.sqrt((9 + 1 + 1 + 9) / 3))
    assert found.errors[2] == pytest.approx(math.sqrt((25 + 1 + 16) / 9 / 2))
    last = class_values(of_years, [1, 2, 3], {1: 0.5, 9: 3.0})
    assert last.values == {1: 14.0, 2: 7.5, 4: 1.0} and last.errors[1] == 0.5 and set(last.errors) == {1, 2}


@pytest.mark.parametrize("value", [1e101, -1e300, math.inf, math.nan])
def test_values_that_no_total_can_hold(value):
    with pytest.raises(InvalidParameter, match="In ⟨VALUES⟩ class 2 has a mean of .* an undeclared nodata value"):
        class_values([{1: 5.0, 2: value}, {1: 6.0, 2: 7.0}], [1], {})


def densities(values, cover, area) -> list:
    """Those of a raster that is one block."""
    block, sums = density_block(values, cover, area, titles=("a", "b")), {}
    for name, patches in block.items():
        total = LandCoverTotal((0,) * len(values))
        total.add(patches, last=True)
        sums[name] = total.sums
    return year_densities(**sums)


def test_what_stands_for_a_class():
    """1 is kept, 2 is new, 3 is kept without a value, 4 is gone."""
    cover = np.array([[[1.0, 1.0, 1.0, 3.0, 4.0, 3.0, np.nan]], [[1.0, 1.0, 2.0, 3.0, 3.0, 1.0, 1.0]]])
    values = np.array([[[10.0, 30.0, 7.0, np.nan, 9.0, 99.0, 55.0]], [[np.nan, 20.0, np.nan, np.nan, 9.0, 99.0, 55.0]]])
    area = np.array([[1.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0]])
    assert densities(values, cover, area) == [{1: 25.0, 2: 7.0}, {1: 20.0}]


def test_densities_are_those_of_the_effect_of_land_cover():
    """On values without gaps they are what `land_cover_effect` takes for the last date, from exact sums."""
    rng = np.random.default_rng(5)
    cover = rng.integers(1, 6, (2, 30, 200)).astype(float)
    cover[0] = np.where(rng.random((30, 200)) < 0.7, cover[1], cover[0])
    cover[:, 0, :40] = np.where(cover[:, 0, :40] == 5, np.nan, cover[:, 0, :40])
    cover[0, 3, :60], cover[1, 3, :60] = 4, 9  # new at the last date
    values, area = rng.normal(-200, 80, (3, 30, 200)), rng.uniform(2e5, 3e5, (30, 1))
    found = densities(values, cover, area)
    for year, plane in enumerate(values):
        expected = class_densities(pair_sums(plane, plane, cover, area).sums[None], stable=True)
        assert set(found[year]) == set(expected) == {1, 2, 3, 4, 5, 9}
        for code, density in expected.items():
            assert found[year][code] == pytest.approx(density.end, rel=1e-13)
            assert density.fallback == (code == 9)


def test_classes_without_value_or_error():
    areas, start = np.array([[1e6, 2e6, 0.0], [0.0, 2e6, 1e6]]), np.array([1e6, 2e6, 0.0])
    found = scenario_totals(areas, start, [1, 2, 3], Densities({1: 3.0, 3: 5.0}, {1: 2.0}))
    assert found.total.tolist() == [3e6, 5e6] and found.change.tolist() == [0.0, 2e6]
    # 2 has no value and adds nothing; 3 has no error, which counts from when it has an area.
    assert found.sd[0] == 2e6 and found.change_sd[0] == 0.0
    assert math.isnan(found.sd[1]) and math.isnan(found.change_sd[1])


def test_rows_of_areas():
    found = area_rows([1, 7], {"free": np.array([[1e6, 2e6], [0.0, 3e6]])}, [0, 5], {1: "Forest"})
    assert [dict(zip(AREA_COLUMNS, row)) for row in found] == [
        {"scenario": "free", "horizon": 0, "class": 1, "label": "Forest", "area_km2": 1.0},
        {"scenario": "free", "horizon": 0, "class": 7, "label": "7", "area_km2": 2.0},
        {"scenario": "free", "horizon": 5, "class": 1, "label": "Forest", "area_km2": 0.0},
        {"scenario": "free", "horizon": 5, "class": 7, "label": "7", "area_km2": 3.0},
    ]


@pytest.mark.parametrize(("text", "expected"), [
    ("5,10,20", [5, 10, 20]), (" 30； 5、5，1000 ", [5, 30, 1000]), ("7", [7]),
])
def test_horizons(text, expected):
    assert parse_horizons(text) == expected


@pytest.mark.parametrize("text", ["", "0", "-5", "2.5", "5,ten", "1001", "1e3", "10 - 20"])
def test_horizons_that_are_none(text):
    with pytest.raises(InvalidParameter, match="⟨HORIZONS⟩ holds '.*whole number of years from 1 to 1000"):
        parse_horizons(text)


def test_errors():
    assert parse_errors("") == {} == parse_errors(" ; ")
    assert parse_errors("1=12; -3 ＝.5；20=1e-3") == {1: 12.0, -3: 0.5, 20: 0.001}


@pytest.mark.parametrize(("text", "message"), [
    ("1", "'1' in"), ("1=-2", "'1=-2' in"), ("a=2", "'a=2' in"), ("1=nan", "'1=nan' in"), ("1=2=3", "'1=2=3' in"),
    ("1=2,2=3", "'1=2,2=3' in"), ("1=2;1=3", "Class 1 has two errors"),
])
def test_errors_that_are_none(text, message):
    with pytest.raises(InvalidParameter, match=message):
        parse_errors(text)

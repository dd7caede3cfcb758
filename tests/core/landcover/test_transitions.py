"""Land-cover transitions against hand-made provinces, plain counting, and real maps of New Guinea."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.landcover.tables import (
    AREA_COLUMNS,
    TRANSITION_COLUMNS,
    area_rows,
    flows_km2,
    transition_rows,
)
from nep_toolbox.core.landcover.transitions import (
    CHANGE_NODATA,
    COUNT_NODATA,
    change_code,
    change_count,
    count_by_region,
    count_landcover,
    landcover_year,
    whole_classes,
)
from nep_toolbox.errors import InvalidParameter

NAMES = {1: "Cropland", 2: "Forest", 3: "Urban"}


def province():
    """Four rows by five columns over three dates; one pixel is missing on the second date."""
    stack = np.ones((3, 4, 5))
    stack[:, :, 3:] = 2
    stack[1:, 0, 0] = 3
    stack[2, 1:3, 3] = 1
    stack[1, 3, 4] = np.nan
    return stack


def as_rows(columns, rows):
    return [dict(zip(columns, row)) for row in rows]


def test_transitions_of_a_known_province():
    counts = count_landcover(province(), np.full((4, 1), 250_000.0))
    first, second = counts.transitions
    assert {key: tally.pixels for key, tally in first.items()} == {(1, 1): 11, (1, 3): 1, (2, 2): 7}
    assert {key: tally.pixels for key, tally in second.items()} == {(1, 1): 11, (2, 1): 2, (2, 2): 5, (3, 3): 1}
    assert flows_km2(first) == {(1, 1): 2.75, (1, 3): 0.25, (2, 2): 1.75}


def test_transition_table_of_a_known_province():
    counts = count_landcover(province(), np.full((4, 1), 250_000.0))
    rows = as_rows(TRANSITION_COLUMNS, transition_rows(counts.transitions, (2001, 2005, 2010), NAMES))
    assert rows[1] == {
        "from_year": 2001, "to_year": 2005, "from_class": 1, "to_class": 3, "from_label": "Cropland",
        "to_label": "Urban", "pixels": 1, "area_km2": 0.25, "percent_of_from": 100 / 12,
    }
    assert [(row["from_year"], row["from_class"], row["to_class"]) for row in rows] == [
        (2001, 1, 1), (2001, 1, 3), (2001, 2, 2), (2005, 1, 1), (2005, 2, 1), (2005, 2, 2), (2005, 3, 3)
    ]


def test_area_table_counts_each_date_by_itself():
    counts = count_landcover(province(), np.full((4, 1), 250_000.0))
    rows = as_rows(AREA_COLUMNS, area_rows(counts.classes, (2001, 2005, 2010), {2: "林地"}))
    assert rows[0] == {"year": 2001, "class": 1, "label": "1", "pixels": 12, "area_km2": 3.0, "percent": 60.0}
    assert [row["pixels"] for row in rows] == [12, 8, 11, 7, 1, 13, 6, 1]
    assert rows[1]["label"] == "林地"
    assert rows[3]["percent"] == pytest.approx(100 * 7 / 19)


def test_margins_equal_areas_and_percentages_sum_to_100():
    rng = np.random.default_rng(1)
    stack = rng.integers(1, 8, (4, 60, 70)).astype(np.float32)
    stack[:, rng.random((60, 70)) < 0.2] = np.nan
    area = rng.uniform(1e5, 3e5, (60, 1))
    counts = count_landcover(stack, area)
    for date, transitions in enumerate(counts.transitions):
        for code, tally in counts.classes[date].items():
            leaving = [flow for (before, _), flow in transitions.items() if before == code]
            assert sum(flow.pixels for flow in leaving) == tally.pixels
            assert sum(flow.area for flow in leaving) == tally.area
        for code, tally in counts.classes[date + 1].items():
            assert sum(flow.area for (_, after), flow in transitions.items() if after == code) == tally.area
    rows = as_rows(TRANSITION_COLUMNS, transition_rows(counts.transitions, (1, 2, 3, 4), {}))
    for date in (1, 2, 3):
        for code in range(1, 8):
            shares = [row["percent_of_from"] for row in rows if (row["from_year"], row["from_class"]) == (date, code)]
            assert sum(shares) == pytest.approx(100, abs=1e-11)


@pytest.mark.parametrize("per_pixel", [False, True])
def test_areas_are_exact(per_pixel):
    rng = np.random.default_rng(2)
    stack = rng.integers(1, 4, (2, 13, 17)).astype(np.float64)
    area = rng.uniform(1e4, 9e5, (13, 17 if per_pixel else 1))
    (counts,) = count_landcover(stack, area).transitions
    areas = np.broadcast_to(area, (13, 17))
    for (before, after), tally in counts.items():
        inside = (stack[0] == before) & (stack[1] == after)
        assert as_float(tally.area) == float(sum(Fraction(value) for value in areas[inside]))


@pytest.mark.parametrize(("rows", "cols"), [(1, 40), (7, 11), (30, 1)])
def test_blocks_merge_to_the_whole_bit_for_bit(rows, cols):
    rng = np.random.default_rng(3)
    stack = rng.integers(1, 61, (3, 30, 40)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.1] = np.nan
    stack[:, :5] = np.nan
    area = rng.uniform(1e5, 3e5, (30, 1))
    whole = count_landcover(stack, area)
    parts = [
        count_landcover(stack[:, row : row + rows, col : col + cols], area[row : row + rows])
        for row in range(0, 30, rows)
        for col in range(0, 40, cols)
    ]
    for ordered in (parts, parts[::-1]):
        merged = ordered[0]
        for part in ordered[1:]:
            merged = merged.merge(part)
        assert merged == whole


def test_sixty_classes_and_one_that_appears_once():
    rng = np.random.default_rng(4)
    first = rng.integers(0, 60, (50, 80))
    second = rng.integers(0, 60, (50, 80))
    first[17, 23], second[17, 23] = 777, 5
    (counts,) = count_landcover([first, second], np.full((50, 1), 900.0)).transitions
    assert {key: tally.pixels for key, tally in counts.items()} == Counter(
        zip(first.ravel().tolist(), second.ravel().tolist())
    )
    assert counts[777, 5].pixels == 1
    assert as_float(counts[777, 5].area) == 900.0


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.int32, np.float32, np.float64])
def test_type_of_the_raster_does_not_matter(dtype):
    stack = np.array([[[1, 2], [3, 100]], [[1, 1], [3, 100]]]).astype(dtype)
    (counts,) = count_landcover(stack, np.ones((2, 1))).transitions
    assert {key: tally.pixels for key, tally in counts.items()} == {(1, 1): 1, (2, 1): 1, (3, 3): 1, (100, 100): 1}


def test_codes_far_apart_and_negative():
    values = np.array([[-2_000_000_000, 2_000_000_000, 0]])
    (counts,) = count_landcover([values, values[:, ::-1]], np.ones((1, 1))).transitions
    assert set(counts) == {(-2_000_000_000, 0), (2_000_000_000, 2_000_000_000), (0, -2_000_000_000)}


def test_nothing_valid_counts_nothing():
    counts = count_landcover(np.full((2, 3, 3), np.nan), np.ones((3, 1)))
    assert counts == ([{}, {}], [{}])
    assert transition_rows(counts.transitions, (2001, 2002), {}) == []
    assert area_rows(counts.classes, (2001, 2002), {}) == []


@pytest.mark.parametrize(
    ("value", "shown"), [(2.5, "2.5"), (-0.25, "-0.25"), (1e10, "1e\\+10"), (-3.4e38, "-3.4e\\+38")]
)
def test_values_that_are_no_classes_are_named(value, shown):
    with pytest.raises(InvalidParameter, match=f"holds {shown}"):
        whole_classes(np.array([1.0, value, np.nan]))


def test_unsigned_codes_beyond_32_bits_are_named():
    with pytest.raises(InvalidParameter, match="nodata"):
        whole_classes(np.array([1, 2**32 - 1], dtype=np.uint32))


def test_real_maps_of_new_guinea(shared):
    gdal = pytest.importorskip("osgeo.gdal")
    folder = shared / "data" / "newguinea_landcover_2001_2015"
    maps = [gdal.Open(str(folder / f"landcover{year}.tif")) for year in (2001, 2015)]
    width, height = maps[0].RasterXSize, maps[0].RasterYSize
    area = 90_000.0
    total, table = None, np.zeros((256, 256), dtype=np.int64)
    for row in range(0, height, 500):
        rows = min(500, height - row)
        raw = [dataset.ReadAsArray(0, row, width, rows) for dataset in maps]
        stack = np.where(np.stack(raw) == 255, np.nan, np.stack(raw).astype(np.float32))
        part = count_landcover(stack, np.full((rows, 1), area))
        total = part if total is None else total.merge(part)
        np.add.at(table, (raw[0].ravel(), raw[1].ravel()), 1)
    pixels = {key: tally.pixels for key, tally in total.transitions[0].items()}
    assert sum(count for (before, after), count in pixels.items() if before != after) == 223_047
    assert sum(pixels.values()) == 9_358_246
    table[255] = table[:, 255] = 0
    assert pixels == {(int(i), int(j)): int(table[i, j]) for i, j in zip(*np.nonzero(table))}
    for row in as_rows(AREA_COLUMNS, area_rows(total.classes, (2001, 2015), {})):
        assert row["area_km2"] == row["pixels"] * 9 / 100


def test_change_codes():
    first = np.array([[1.0, 12.0, np.nan], [0.0, 999.0, 3.0]])
    last = np.array([[2.0, 12.0, 1.0], [7.0, 999.0, np.nan]])
    codes = change_code(first, last)
    assert codes.dtype == np.int32
    assert codes.tolist() == [[1002, 12012, CHANGE_NODATA], [7, 999999, CHANGE_NODATA]]


@pytest.mark.parametrize("bad", [1000.0, -1.0])
def test_change_codes_hold_classes_below_1000(bad):
    with pytest.raises(InvalidParameter, match=f"a class {int(bad)}"):
        change_code(np.array([1.0, bad]), np.array([1.0, 1.0]))


@pytest.mark.parametrize(("year", "expected"), [(2005, 2005), (2009, 2005), (2030, 2015), (1999, 2001)])
def test_landcover_of_the_same_the_latest_earlier_or_the_first_year(year, expected):
    assert landcover_year(year, [2015, 2001, 2005]) == expected


def test_cells_that_all_differ_in_area():
    """More areas than are counted apart: the sums are those of fractions, and of two halves."""
    rng = np.random.default_rng(8)
    stack, area = rng.integers(1, 4, (2, 120, 90)), rng.uniform(2e5, 3e5, (120, 90))
    counts = count_landcover(stack, area)
    for code, tally in counts.classes[0].items():
        expected = sum(map(Fraction, area[stack[0] == code]), Fraction(0))
        assert (tally.pixels, as_float(tally.area)) == ((stack[0] == code).sum(), float(expected))
    for (first, last), tally in counts.transitions[0].items():
        assert tally.pixels == ((stack[0] == first) & (stack[1] == last)).sum()
    halves = [count_landcover(stack[:, rows], area[rows]) for rows in (slice(0, 50), slice(50, 120))]
    assert halves[0].merge(halves[1]) == counts


@pytest.mark.parametrize("per_pixel", [False, True])
def test_regions_are_counted_as_if_they_were_alone(per_pixel):
    """Overlapping regions, one without a cell; every region against the same pixels with all others missing."""
    rng = np.random.default_rng(9)
    stack = rng.integers(1, 7, (3, 40, 50)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.1] = np.nan
    area = rng.uniform(1e5, 3e5, (40, 50 if per_pixel else 1))
    inside = {0: rng.random((40, 50)) < 0.3, 2: rng.random((40, 50)) < 0.6, 5: np.arange(2000).reshape(40, 50) == 77}
    pairs = [(np.flatnonzero(mask), np.full(mask.sum(), number)) for number, mask in inside.items()]
    whole, regional = count_by_region(stack, area, (), Labels.of_pairs((40, 50), *map(np.concatenate, zip(*pairs))))
    assert whole == count_landcover(stack, area)
    assert list(regional) == [0, 2, 5]
    for number, mask in inside.items():
        assert regional[number] == count_landcover(np.where(mask, stack, np.nan), area)


def test_no_region_in_the_block():
    stack = province()
    whole, regional = count_by_region(stack, np.ones((4, 1)), (), Labels(np.zeros((4, 5), np.int32), ((),)))
    assert whole == count_landcover(stack, np.ones((4, 1))) and regional == {}


def test_number_of_changes():
    stack = np.array([[[1, 1, 1, np.nan, 2]], [[1, 2, 2, 1, 2]], [[1, 2, 1, 1, np.inf]]])
    found = change_count(stack)
    assert found.dtype == np.int16
    assert found.tolist() == [[0, 1, 2, COUNT_NODATA, COUNT_NODATA]]
    assert change_count(stack[:1]).tolist() == [[0, 0, 0, COUNT_NODATA, 0]]
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        change_count(np.array([[[1.0]], [[1.5]]]), ("'2001'", "'2005'"))

"""Areas of classes against plain sums, and the same in whatever blocks they are gathered."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.core import class_areas as class_areas_module
from nep_toolbox.core.class_areas import area_of, areas_of_map, class_areas, class_table
from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels

LABELS = {2: "two", 1: "one", 0: "none", -1: "less", -2: "least"}


def field():
    rng = np.random.default_rng(4)
    codes = rng.choice([-32768, -2, -1, 0, 1], size=(60, 40)).astype(np.int16)
    area = 250_000.0 * np.cos(np.linspace(0.2, 1.1, 60))[:, np.newaxis]
    return codes, area


def test_table_is_the_plain_sum():
    codes, area = field()
    rows = class_table(class_areas(codes, -2, 2, area), -2, LABELS)
    assert [row[:2] for row in rows] == list(LABELS.items())
    whole = np.broadcast_to(area, codes.shape)
    areas = [math.fsum(whole[codes == code].tolist()) for code in LABELS]
    for (code, _label, pixels, km2, percent), expected in zip(rows, areas):
        assert pixels == (codes == code).sum()
        assert km2 == pytest.approx(expected / 1e6, rel=1e-15)
        assert percent == pytest.approx(100 * expected / math.fsum(areas), rel=1e-14)
    assert math.fsum(row[4] for row in rows) == pytest.approx(100.0, rel=1e-15)
    assert rows[0][2:] == (0, 0.0, 0.0)


@pytest.mark.parametrize("height", [1, 7, 16, 60])
def test_blocks_add_up_to_the_last_bit(height):
    codes, area = field()
    total = 0
    for row in range(0, 60, height):
        part = slice(row, row + height)
        for cols in (slice(0, 13), slice(13, 40)):
            total = total + class_areas(codes[part, cols], -2, 2, area[part])
    assert class_table(total, -2, LABELS) == class_table(class_areas(codes, -2, 2, area), -2, LABELS)


def test_codes_beyond_the_last_and_below_the_first_are_left_out():
    # a code above the last would else fall on the first class of the next row
    codes = np.array([[3, 1, 0], [-3, 2, 32767]], dtype=np.int16)
    areas = class_areas(codes, -2, 2, np.array([[10.0], [100.0]]))
    assert areas[:, 0].tolist() == [0, 0, 1, 1, 1]
    assert [row[3] * 1e6 for row in class_table(areas, -2, LABELS)] == [100.0, 10.0, 10.0, 0.0, 0.0]


def test_without_any_area():
    codes = np.full((3, 4), -32768, dtype=np.int16)
    assert class_table(class_areas(codes, -2, 2, np.ones((3, 1))), -2, LABELS)[0] == (2, "two", 0, 0.0, 0.0)
    assert class_table(class_areas(np.ones((3, 4), dtype=np.int16), -2, 2), -2, LABELS)[1] == (1, "one", 12, 0.0, 0.0)


def test_the_last_row_is_that_of_the_pixels_without_a_result():
    codes, area = field()
    lost = codes == -32768
    classes = class_areas(codes, -2, 2, area)
    *rows, last = class_table(classes, -2, LABELS, area_of(lost, area))
    whole = math.fsum(np.broadcast_to(area, codes.shape).ravel().tolist())
    inside = math.fsum(np.broadcast_to(area, codes.shape)[lost].tolist())
    assert last[:3] == (None, "no result", lost.sum())
    assert last[3:] == pytest.approx((inside / 1e6, 100 * inside / whole), rel=1e-14)
    assert math.fsum(row[4] for row in (*rows, last)) == pytest.approx(100.0, rel=1e-15)
    plain = class_table(classes, -2, LABELS)
    assert [row[:4] for row in rows] == [row[:4] for row in plain]
    assert [row[4] * whole / (whole - inside) for row in rows] == pytest.approx([row[4] for row in plain], rel=1e-14)
    assert class_table(classes, -2, LABELS, area_of(codes == 9, area)) == plain


def test_cells_that_all_differ_in_area():
    codes, area = field()
    cells = area * np.linspace(1.0, 1.1, 40)
    found = class_areas(codes, -2, 2, cells)
    for code, row in zip(range(-2, 3), found):
        assert row[1] / 2**1074 == pytest.approx(math.fsum(cells[codes == code].tolist()), rel=1e-15)
    assert (class_areas(codes[:7], -2, 2, cells[:7]) + class_areas(codes[7:], -2, 2, cells[7:]) == found).all()
    rows = class_areas(codes, -2, 2, np.broadcast_to(area, codes.shape))
    assert (rows == class_areas(codes, -2, 2, area)).all()
    assert (class_areas(codes[:, :1], -2, 2, area) == class_areas(codes[:, :1], -2, 2, area.copy())).all()


def overlapping(codes) -> tuple:
    """Regions as a ZoneReader reads them: a disc, all rows but the first, nothing, and one cell."""
    row, col = np.indices(codes.shape)
    places = [(row - 30) ** 2 + (col - 20) ** 2 < 150, row > 0, (row == 59) & (col == 39)]
    cells = [np.flatnonzero(place) for place in places]
    numbers = np.repeat([0, 1, 3], [part.size for part in cells])
    return places, Labels.of_pairs(codes.shape, np.concatenate(cells), numbers)


@pytest.mark.parametrize("differ", [False, True])
def test_areas_of_overlapping_regions_are_plain_sums(differ):
    codes, area = field()
    area = area * np.linspace(1.0, 1.1, 40) if differ else area
    lost = (codes == -32768) & (np.indices(codes.shape)[1] % 2 == 0)
    places, regions = overlapping(codes)
    found = areas_of_map(codes, -2, 2, lost, area, regions)
    assert (found["class_areas"] == class_areas(codes, -2, 2, area)).all()
    assert (found["no_result"] == area_of(lost, area)).all()
    assert sorted(found["regional_areas"]) == [0, 1, 3]
    whole = np.broadcast_to(area, codes.shape)
    for region, place in zip((0, 1, 3), places):
        kinds = [*((codes == code) & place for code in range(-2, 3)), lost & place]
        for (pixels, exact), kind in zip(found["regional_areas"][region], kinds):
            assert pixels == kind.sum()
            assert as_float(exact) == pytest.approx(math.fsum(whole[kind].tolist()), rel=1e-15)


@pytest.mark.parametrize("differ", [False, True])
def test_regions_that_part_the_whole_add_up_to_it_whatever_the_blocks(differ):
    codes, area = field()
    area = area * np.linspace(1.0, 1.1, 40) if differ else area
    lost, number = codes == -32768, np.random.default_rng(5).integers(0, 4, codes.shape)
    whole, total = areas_of_map(codes, -2, 2, lost, area), 0
    for rows in (slice(0, 13), slice(13, 60)):
        for cols in (slice(0, 27), slice(27, 40)):
            here = number[rows, cols]
            block = areas_of_map(
                codes[rows, cols], -2, 2, lost[rows, cols], area[rows, cols] if differ else area[rows],
                Labels.of_pairs(here.shape, np.arange(here.size), here.ravel()),
            )
            assert sorted(block["regional_areas"]) == [0, 1, 2, 3]
            total = total + sum(block["regional_areas"].values())
    assert (total == np.vstack([whole["class_areas"], whole["no_result"]])).all()


def test_so_many_regions_that_cells_are_summed_one_by_one(monkeypatch):
    codes, area = field()
    regions = Labels.of_pairs(codes.shape, np.arange(codes.size), np.arange(codes.size) // 3)
    expected = areas_of_map(codes, -2, 2, codes == -32768, area, regions)
    monkeypatch.setattr(class_areas_module, "_FEW", 0)
    found = areas_of_map(codes, -2, 2, codes == -32768, area, regions)
    assert (found["class_areas"] == expected["class_areas"]).all() and len(found["regional_areas"]) == 800
    for region, areas in found["regional_areas"].items():
        assert (areas == expected["regional_areas"][region]).all()
    weights = np.broadcast_to(area, codes.shape).ravel()[3:6]
    assert as_float(found["regional_areas"][1][:, 1].sum()) == math.fsum(weights.tolist())


def test_regions_without_a_cell_in_the_block():
    codes, area = field()
    nothing = np.empty(0, dtype=np.int64)
    assert areas_of_map(codes, -2, 2, codes == 9, area, Labels.of_pairs(codes.shape, nothing, nothing))[
        "regional_areas"
    ] == {}
    assert areas_of_map(codes, -2, 2, codes == 9, area)["regional_areas"] == {}
    missing = np.full((2, 2), -32768, dtype=np.int16)
    one = Labels.of_pairs((2, 2), np.array([3]), np.array([7]))
    (areas,) = areas_of_map(missing, -2, 2, missing == 9, area[:2], one)["regional_areas"].values()
    assert areas.tolist() == [[0, 0]] * 6

"""Cells of regions and shares of them: against tests and cuts apart, whatever the window, and odd polygons."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr

from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.zones import FractionReader, ZoneReader, to_cells

GRID = Grid("", (1000.0, 10.0, 0.0, 5000.0, 0.0, -10.0), 60, 40)
ROTATED = Grid("", (1000.0, 8.0, 3.0, 5000.0, 2.0, -9.0), 60, 40)


def polygon(*rings) -> ogr.Geometry:
    """A polygon from rings of (x, y); the first is the outer one."""
    shape = ogr.Geometry(ogr.wkbPolygon)
    for points in rings:
        ring = ogr.Geometry(ogr.wkbLinearRing)
        for x, y in [*points, points[0]]:
            ring.AddPoint_2D(float(x), float(y))
        shape.AddGeometry(ring)
    return shape


def multi(*polygons) -> ogr.Geometry:
    shape = ogr.Geometry(ogr.wkbMultiPolygon)
    for part in polygons:
        shape.AddGeometry(part)
    return shape


def star(rng, x, y, size, corners=9) -> list:
    """A jagged ring round a point."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = size * rng.uniform(0.3, 1.0, corners)
    return list(zip(x + radius * np.cos(angle), y + radius * np.sin(angle)))


def inside(rings, x, y) -> np.ndarray:
    """Even-odd rule by counting the edges to the right of each point."""
    odd = np.zeros(np.shape(x), dtype=bool)
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]]):
            if y1 == y2:
                continue
            crosses = (y1 > y) != (y2 > y)
            odd ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return odd


def cells_of(geometry, grid=GRID, window=None) -> np.ndarray:
    """Mask of the cells of one region, (height, width) of the window."""
    window = window or grid.whole
    cells, zones = ZoneReader((to_cells("a", geometry, grid),)).read(window).pairs()
    assert cells.dtype == zones.dtype == np.int64
    assert not zones.any() and len(set(cells.tolist())) == len(cells)
    mask = np.zeros(window.height * window.width, dtype=bool)
    mask[cells] = True
    return mask.reshape(window.height, window.width)


@pytest.mark.parametrize("grid", [GRID, ROTATED])
@pytest.mark.parametrize("seed", range(6))
def test_equals_the_even_odd_rule_of_cell_centres(grid, seed):
    rng = np.random.default_rng(seed)
    outer = star(rng, 1290, 4810, 260, 14)
    hole = star(rng, 1290, 4810, 70)
    island = star(rng, 1560, 4640, 40)
    x, y = grid.centres(grid.whole)
    expected = inside([outer, hole], x, y) | inside([island], x, y)
    found = cells_of(multi(polygon(outer, hole), polygon(island)), grid)
    assert 100 < found.sum() < found.size - 100
    # A hole that sticks out of the jagged outer ring is no valid polygon; the even-odd rule holds for it all the same.
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("shape", [(60, 1), (60, 7), (17, 11), (1, 40), (16, 16)])
def test_windows_cut_from_the_grid_hold_the_same_cells(shape):
    rng = np.random.default_rng(3)
    # Edges at 45 degrees through cell centres too: there rounding would show first.
    shapes = [polygon(star(rng, 1300, 4800, 280, 20)), polygon([(1105, 4695), (1305, 4895), (1505, 4695)])]
    regions = tuple(to_cells(str(index), each, GRID) for index, each in enumerate(shapes))
    whole = pairs(regions, GRID.whole)
    pieces = set()
    for row in range(0, GRID.height, shape[1]):
        for col in range(0, GRID.width, shape[0]):
            width, height = min(shape[0], GRID.width - col), min(shape[1], GRID.height - row)
            pieces |= pairs(regions, Window(col, row, width, height))
    assert pieces == whole and len(whole) > 500


def test_a_border_a_hair_beside_cell_centres_does_not_move_with_the_blocks():
    """Cut off at column 10000, the western corner loses the digits that tell on which side of the centres it lies.

    The border of the triangle falls 1500 columns from row to row, 2 to 4 times 2**-40 of a cell west of the centres.
    """
    grid = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 40000, 22)
    corners = [(7.5 - 2 * 2.0**-40, -0.5), (30007.5 - 4 * 2.0**-40, -20.5), (7.5, -20.5)]
    reader = ZoneReader((to_cells("a", polygon(corners), grid),))
    whole, _zones = reader.read(grid.whole).pairs()
    pieces = []
    for col in range(0, grid.width, 10000):
        cells, _zones = reader.read(Window(col, 0, 10000, grid.height)).pairs()
        pieces.append(cells // 10000 * grid.width + col + cells % 10000)
    assert whole.size > 250_000
    assert np.array_equal(np.sort(np.concatenate(pieces)), np.sort(whole))


def pairs(regions, window) -> set:
    """(row, col, region) of a window, counted in the grid."""
    cells, zones = ZoneReader(regions).read(window).pairs()
    return {
        (cell // window.width + window.row, cell % window.width + window.col, zone)
        for cell, zone in zip(cells.tolist(), zones.tolist())
    }


@pytest.mark.parametrize("share", [0.5, 30.0, 30.5, 20.2371])
def test_neighbours_share_no_cell_and_leave_none_out(share):
    # The border runs through cell centres, along cell borders, or anywhere; once upright, once level.
    x, y = 1000 + 10 * share, 5000 - 10 * share
    left = polygon([(1000, 5000), (x, 5000), (x, 4600), (1000, 4600)])
    right = polygon([(x, 5000), (1600, 5000), (1600, 4600), (x, 4600)])
    upper = polygon([(1000, 5000), (1600, 5000), (1600, y), (1000, y)])
    lower = polygon([(1000, y), (1600, y), (1600, 4600), (1000, 4600)])
    assert (cells_of(left) ^ cells_of(right)).all()
    assert (cells_of(upper) ^ cells_of(lower)).all()


def test_a_fan_of_triangles_covers_every_cell_once():
    rng = np.random.default_rng(5)
    corners = [(1000, 5000), (1600, 5000), (1600, 4600), (1000, 4600)]
    edge = [
        (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
        for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]]) for share in [0, *np.sort(rng.random(4))]
    ]
    times = sum(
        cells_of(polygon([(1311.7, 4793.1), one, other])).astype(int) for one, other in zip(edge, [*edge[1:], edge[0]])
    )
    assert (times == 1).all()


def test_overlapping_regions_give_a_cell_twice():
    one = to_cells("one", polygon([(1000, 5000), (1030, 5000), (1030, 4990), (1000, 4990)]), GRID)
    other = to_cells("other", polygon([(1020, 5000), (1050, 5000), (1050, 4990), (1020, 4990)]), GRID)
    labels = ZoneReader((one, other)).read(GRID.whole)
    assert labels.regions == ((), (0,), (0, 1), (1,))
    assert labels.of_cell[0, :6].tolist() == [1, 1, 2, 3, 3, 0]
    cells, zones = labels.pairs()
    assert cells.tolist() == [0, 1, 2, 2, 3, 4]
    assert zones.tolist() == [0, 0, 0, 1, 1, 1]


def test_smaller_than_a_cell():
    with_centre = polygon([(1104, 4896), (1106, 4896), (1106, 4894), (1104, 4894)])
    without = polygon([(1106, 4899), (1109, 4899), (1109, 4896), (1106, 4896)])
    assert np.argwhere(cells_of(with_centre)).tolist() == [[10, 10]]
    assert not cells_of(without).any()


def test_outside_of_the_grid_and_across_its_edge():
    assert not cells_of(polygon([(0, 0), (10, 0), (10, 10)])).any()
    across = cells_of(polygon([(900, 5100), (1020, 5100), (1020, 4970), (900, 4970)]))
    assert np.argwhere(across).tolist() == [[row, col] for row in range(3) for col in range(2)]


def test_what_a_repair_leaves_beside_polygons_is_no_area():
    mixed = ogr.Geometry(ogr.wkbGeometryCollection)
    mixed.AddGeometry(ogr.CreateGeometryFromWkt("LINESTRING (1000 5000, 1600 4600)"))
    mixed.AddGeometry(ogr.CreateGeometryFromWkt("POINT (1305 4805)"))
    assert not cells_of(mixed).any()
    mixed.AddGeometry(multi(polygon([(1000, 5000), (1020, 5000), (1020, 4990), (1000, 4990)])))
    assert cells_of(mixed).sum() == 2


@pytest.mark.parametrize("wkt", ["POLYGON EMPTY", "MULTIPOLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY"])
def test_an_empty_polygon_holds_no_cell(wkt):
    assert not cells_of(ogr.CreateGeometryFromWkt(wkt)).any()


def test_no_region_and_no_cell():
    assert not ZoneReader(()).read(GRID.whole).of_cell.any()
    far = to_cells("far", polygon([(0, 0), (10, 0), (10, 10)]), GRID)
    assert [part.dtype for part in ZoneReader((far,)).read(GRID.whole).pairs()] == [np.int64, np.int64]


def test_a_region_that_ends_where_a_window_begins():
    region = to_cells("a", polygon([(1100, 4900), (1200, 4900), (1200, 4800), (1100, 4800)]), GRID)  # cells 10 to 19
    reader = ZoneReader((region,))
    for window in (Window(0, 0, 10, 40), Window(20, 0, 10, 40), Window(0, 0, 60, 10), Window(0, 20, 60, 10)):
        assert not reader.read(window).of_cell.any()
    for window in (Window(0, 0, 11, 11), Window(19, 19, 5, 5), Window(19, 10, 1, 1)):
        assert np.count_nonzero(reader.read(window).of_cell) == 1


def test_heights_of_corners_do_not_matter():
    raised = ogr.CreateGeometryFromWkt("POLYGON Z ((1000 5000 7, 1020 5000 8, 1020 4990 9, 1000 4990 9, 1000 5000 7))")
    assert np.argwhere(cells_of(raised)).tolist() == [[0, 0], [0, 1]]


def test_memory_of_a_cell_is_that_of_its_label_and_of_what_it_is_made_from():
    whole = to_cells("a", polygon([(1000, 5000), (1600, 5000), (1600, 4600), (1000, 4600)]), GRID)
    label = ZoneReader((whole,)).read(GRID.whole).of_cell
    assert (label == 1).all()
    assert label.nbytes + 2 * 8 * label.size <= ZoneReader((whole,)).bytes_per_cell * 60 * 40


@pytest.mark.parametrize("window", [GRID.whole, Window(13, 7, 31, 22), Window(0, 20, 60, 3)])
def test_many_regions_at_once_are_each_region_by_itself(window):
    rng = np.random.default_rng(12)
    shapes = [polygon(star(rng, *rng.uniform((1050, 4650), (1550, 4950)), 120)) for _ in range(9)]
    # Borders through cell centres, where a polygon may be drawn twice over.
    shapes += [polygon([(1005, 4995), (1305, 4995), (1305, 4795), (1005, 4795)])]
    regions = tuple(to_cells(str(index), each, GRID) for index, each in enumerate(shapes))
    alone = {
        (row, col, index) for index, region in enumerate(regions) for row, col, _zone in pairs((region,), window)
    }
    assert pairs(regions, window) == alone
    labels = ZoneReader(regions).read(window)
    assert labels.regions[0] == () and list(labels.regions) == sorted(set(labels.regions))
    assert max(map(len, labels.regions)) > 1


# Shares of cells ------------------------------------------------------------------------------------------------------


def cover(regions, window=GRID.whole) -> np.ndarray:
    """How much of each cell of a window each region covers, (regions, height, width), from what a reader gives."""
    found = FractionReader(regions).read(window)
    cover = np.zeros((len(regions), window.height * window.width))
    cells, zones = found.labels.pairs()
    cover[zones, cells] = 1.0
    assert not cover[found.regions, found.cells].any(), "no pair twice"
    assert ((found.shares > 0) & (found.shares <= 1)).all()
    cover[found.regions, found.cells] = found.shares
    return cover.reshape(len(regions), window.height, window.width)


def cuts(shape: ogr.Geometry, grid: Grid) -> np.ndarray:
    """The same of a polygon by cutting it with each cell."""
    shares = np.zeros((grid.height, grid.width))
    x0, a, b, y0, d, e = grid.transform
    for row, col in np.ndindex(shares.shape):
        corners = [(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1)]
        cell = polygon([(x0 + a * u + b * v, y0 + d * u + e * v) for u, v in corners])
        shares[row, col] = shape.Intersection(cell).Area() / cell.Area()
    return shares


@pytest.mark.parametrize("grid", [GRID, ROTATED])
@pytest.mark.parametrize("turned", [False, True])
def test_shares_are_those_of_the_cells_cut_out(grid, turned):
    rng = np.random.default_rng(3)
    outer = star(rng, 1290, 4810, 260, 30)
    hole = [(1270, 4790), (1271, 4835), (1313, 4826)]
    island = star(rng, 1560, 4640, 40)
    rings = [ring[::-1] if turned else ring for ring in (outer, hole, island)]
    shape = multi(polygon(*rings[:2]), polygon(rings[2])).Buffer(0)
    (found,) = cover((to_cells("a", shape, grid),))
    np.testing.assert_allclose(found, cuts(shape, grid), atol=3e-6)
    assert np.count_nonzero((found > 0.01) & (found < 0.99)) > 100


def test_shares_of_regions_that_overlap_and_of_windows():
    rng = np.random.default_rng(8)
    shapes = [polygon(star(rng, *rng.uniform((1050, 4650), (1550, 4950)), 120)) for _ in range(6)]
    shapes += [polygon([(1100, 4900), (1200, 4900), (1200, 4800), (1100, 4800)])]  # along the borders of cells
    regions = tuple(to_cells(str(index), each, GRID) for index, each in enumerate(shapes))
    whole = cover(regions)
    assert whole[-1].sum() == 100 and set(np.unique(whole[-1]).tolist()) == {0.0, 1.0}
    for index, region in enumerate(regions):
        np.testing.assert_array_equal(cover((region,))[0], whole[index])
    for window in (Window(13, 7, 31, 22), Window(0, 20, 60, 3), Window(59, 39, 1, 1)):
        part = whole[:, window.row : window.row + window.height, window.col : window.col + window.width]
        np.testing.assert_array_equal(cover(regions, window), part)


def test_shares_outside_of_the_grid_across_its_edge_and_of_nothing():
    shapes = [
        polygon([(0, 0), (10, 0), (10, 10)]), polygon([(905, 5100), (1015, 5100), (1015, 4975), (905, 4975)]),
        ogr.CreateGeometryFromWkt("MULTIPOLYGON EMPTY"),
    ]
    far, across, empty = cover(tuple(to_cells("a", shape, GRID) for shape in shapes))
    assert not far.any() and not empty.any()
    assert across[:4, :3].tolist() == [[1, 0.5, 0], [1, 0.5, 0], [0.5, 0.25, 0], [0, 0, 0]] and across.sum() == 3.75
    assert not FractionReader(()).read(GRID.whole).labels.of_cell.any()


def test_either_order_of_bytes():
    from nep_toolbox.raster.zones import _edges

    shape = to_cells("a", multi(polygon([(1000, 5000), (1020, 5000), (1020, 4990)])), GRID).wkb
    geometry = ogr.CreateGeometryFromWkb(shape)
    one, other = (_edges(bytes(geometry.ExportToWkb(order))) for order in (ogr.wkbXDR, ogr.wkbNDR))
    assert one.shape == (4, 3) and np.array_equal(one, other)

"""Shares of cells, against polygons cut by GEOS and against counting."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr

from nep_toolbox.core import overlap
from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.overlap import LEAST, shares_of_cells
from nep_toolbox.errors import Cancelled


def ring(points) -> ogr.Geometry:
    line, polygon = ogr.Geometry(ogr.wkbLinearRing), ogr.Geometry(ogr.wkbPolygon)
    for x, y in [*points, points[0]]:
        line.AddPoint_2D(float(x), float(y))
    polygon.AddGeometry(line)
    return polygon


def lattice(side: float, rows: int = 5, cols: int = 6, seed: int = 1) -> tuple:
    """Corners of sheared, uneven cells of about a side, in cells of the target."""
    rng = np.random.default_rng(seed)
    row, col = np.mgrid[0:rows + 1, 0:cols + 1]
    uneven = rng.normal(0, 0.05, (2, *row.shape))
    return 5 + side * (row - 0.15 * col + uneven[0]), 3 + side * (0.95 * col + 0.2 * row + uneven[1])


def table(shares) -> dict:
    """Shares by cell, row and column."""
    found = {tuple(map(int, place)): share for *place, share in zip(*shares)}
    assert len(found) == len(shares.cell)
    return found


@pytest.mark.parametrize("side", [0.3, 0.9, 3.7])
@pytest.mark.parametrize("turned", [False, True])
def test_shares_are_those_that_geos_cuts(side, turned):
    """What reaches less than a thousandth of a cell into the next is counted there, a corner of a millionth."""
    row, col = lattice(side)
    if turned:
        row = row[::-1]
    found, checked = table(shares_of_cells(row, col)), 0
    for cell in range(row[1:, 1:].size):
        i, j = divmod(cell, 6)
        corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
        quad = ring([(col[corner], row[corner]) for corner in corners])
        for down in range(int(row.min()) - 1, int(row.max()) + 2):
            for right in range(int(col.min()) - 1, int(col.max()) + 2):
                square = ring([(right, down), (right + 1, down), (right + 1, down + 1), (right, down + 1)])
                part = quad.Intersection(square).Area()
                share = found.get((cell, down, right), 0.0)
                assert share == pytest.approx(part / quad.Area(), abs=3 * LEAST**2)
                checked += part > 0
    assert checked > 45


@pytest.mark.parametrize("side", [0.1, 0.77, 1.0, 2.3, 25.0])
def test_the_shares_of_a_cell_add_up_to_one(side):
    shares = shares_of_cells(*lattice(side, 9, 8, 2))
    np.testing.assert_allclose(np.bincount(shares.cell, shares.share, 72), 1.0, atol=1e-14)
    assert (np.diff(shares.cell) >= 0).all() and (shares.share > 0).all()


def test_cells_that_lie_in_line_go_whole_whatever_the_rounding():
    """Five by five cells to one, whose corners are a ten-thousandth of a cell off."""
    corner = np.arange(11) / 5 + 1e-4
    shares = shares_of_cells(*np.meshgrid(corner, corner - 2e-4, indexing="ij"))
    assert (shares.share == 1).all() and len(shares.cell) == 100
    assert np.bincount(shares.row * 2 + shares.col).tolist() == [25] * 4


def test_halves_and_quarters():
    shares = shares_of_cells(*np.meshgrid([0.5, 1.5], [0.75, 1.75], indexing="ij"))
    assert table(shares) == pytest.approx({
        (0, 0, 0): 0.125, (0, 0, 1): 0.375, (0, 1, 0): 0.125, (0, 1, 1): 0.375,
    })


def test_a_cell_over_many():
    shares = shares_of_cells(*np.meshgrid([-1.0, 2.0], [0.0, 2.0], indexing="ij"))
    assert table(shares) == pytest.approx({(0, row, col): 1 / 6 for row in (-1, 0, 1) for col in (0, 1)})


def test_cells_without_a_place_and_torn_ones_have_no_share():
    row, col = (place.astype(float) for place in np.mgrid[0:4, 0:6])
    row[0, 0] = np.nan
    col[:, 5] = 900.0  # the other end of the map
    shares = shares_of_cells(row, col)
    assert sorted(set(range(15)) - set(shares.cell.tolist())) == [0, 4, 9, 14]


def test_shares_do_not_depend_on_how_many_cells_are_cut_at_a_time(monkeypatch):
    row, col = lattice(0.9, 9, 8)
    whole = shares_of_cells(row, col)
    monkeypatch.setattr(overlap, "AT_A_TIME", 30)
    for one, other in zip(whole, shares_of_cells(row, col)):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("side", [3.7, 25.0])
@pytest.mark.parametrize("turned", [False, True])
def test_large_cells_are_cut_square_by_square_to_the_same_parts(side, turned, monkeypatch):
    row, col = lattice(side)
    if turned:
        row = row[::-1]
    expected = table(shares_of_cells(row, col))
    monkeypatch.setattr(overlap, "AT_A_TIME", 9)
    monkeypatch.setattr(overlap, "SIDE", 3)
    found = table(shares_of_cells(row, col))
    for place in expected.keys() | found.keys():
        assert found.get(place, 0.0) == pytest.approx(expected.get(place, 0.0), abs=1e-12)
    # Where only some cells are wanted, those have the same parts to the last digit.
    wanted = overlap.Box(9, 8, 5, 4)
    some = table(shares_of_cells(row, col, wanted))
    assert len(some) < len(found)
    for place, share in found.items():
        if wanted.meets(overlap.Box(place[2], place[1], 1, 1)):
            assert some[place] == share
        assert some.get(place, share) == share


def test_of_a_large_cell_no_more_is_held_than_a_square(monkeypatch):
    """A cell of 0.5 degrees has 3 million of 30 m: its parts in a window are a few squares, and a cancel is heard."""
    held, cut = [], overlap._areas

    def areas(*arguments):
        held.append(cut(*arguments))
        return held[-1]

    monkeypatch.setattr(overlap, "_areas", areas)
    row, col = np.array([[0.0, 5.0], [1800.0, 1805.0]]), np.array([[0.0, 1750.0], [30.0, 1790.0]])
    shares = shares_of_cells(row, col, overlap.Box(600, 600, 100, 100))
    assert [each.shape for each in held] == [(1, overlap.SIDE, overlap.SIDE)]
    x, y = (np.array(each) for each in ((0.0, 1750, 1790, 30), (0.0, 5, 1805, 1800)))
    area = abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
    np.testing.assert_allclose(shares.share, 1 / area, rtol=1e-9)  # all of them lie within the cell
    asked = []
    with heeding(lambda: asked.append(1) or len(asked) > 2), pytest.raises(Cancelled):
        shares_of_cells(row, col)
    assert len(asked) == 3

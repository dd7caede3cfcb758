"""Shares of cells: against the areas that GEOS cuts out, and what must hold of every window."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.fractions import DIGITS, Fractions, border_shares

CELL = 2**DIGITS


def edges(*rings) -> np.ndarray:
    """Edges of rings of (column, row), the outer ones with y rising on the left, holes the other way."""
    parts = []
    for ring in rings:
        points = np.rint(np.array(ring, dtype=float).T * CELL).astype(np.int64)
        parts.append(np.concatenate([points, np.roll(points, -1, axis=1)]))
    return np.concatenate(parts, axis=1)


def shares(rings, window) -> dict:
    """Share by (row, column) of the grid."""
    cells, found = border_shares(edges(*rings), window)
    rows, cols = np.divmod(cells, window[2])
    return {(row + window[1], col + window[0]): share for row, col, share in zip(rows.tolist(), cols.tolist(), found)}


def test_a_box_by_hand():
    # From column 1.5 to 4 and row 0.25 to 2.5.
    ring = [(1.5, 0.25), (1.5, 2.5), (4, 2.5), (4, 0.25)]
    found = shares([ring], (0, 0, 6, 4))
    assert {cell: share for cell, share in found.items() if share} == {
        (0, 1): 0.375, (0, 2): 0.75, (0, 3): 0.75, (1, 1): 0.5, (2, 1): 0.25, (2, 2): 0.5, (2, 3): 0.5,
    }
    # Cells that a border runs along are touched too, and covered by nothing.
    assert (1, 2) not in found and found[1, 4] == 0


def test_a_triangle_by_hand():
    # The diagonal of a cell, then down to its lower edge.
    assert shares([[(0, 0), (0, 1), (1, 1)]], (0, 0, 1, 1)) == {(0, 0): 0.5}


def test_a_hole_is_no_part():
    outer, hole = [(0, 0), (0, 3), (3, 3), (3, 0)], [(1.25, 1.5), (1.75, 1.5), (1.75, 2.0), (1.25, 2.0)]
    assert shares([outer, hole], (0, 0, 3, 3))[1, 1] == 0.75


def star(seed: int, corners: int = 40) -> list:
    """A jagged ring that turns from the left side upwards."""
    rng = np.random.default_rng(seed)
    angle, radius = np.sort(rng.uniform(0, 2 * np.pi, corners)), rng.uniform(2, 14, corners)
    ring = list(zip((20 + radius * np.cos(angle)).tolist(), (15 + radius * np.sin(angle)).tolist()))
    return ring[::-1]


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_areas_of_intersections(seed):
    ogr = pytest.importorskip("osgeo.ogr")
    ring = star(seed)
    shape = ogr.CreateGeometryFromWkt(f"POLYGON(({', '.join(f'{x!r} {y!r}' for x, y in [*ring, ring[0]])}))")
    found, partial = shares([ring], (0, 0, 40, 30)), 0
    for row in range(30):
        for col in range(40):
            cell = ogr.CreateGeometryFromWkt(
                f"POLYGON(({col} {row}, {col + 1} {row}, {col + 1} {row + 1}, {col} {row + 1}, {col} {row}))"
            )
            area = shape.Intersection(cell).GetArea()
            if (row, col) in found:
                assert found[row, col] == pytest.approx(area, abs=2e-6)
            else:
                assert area in (0.0, pytest.approx(1.0, abs=1e-12))
            partial += 0.01 < area < 0.99
    assert partial > 60


def test_a_share_does_not_depend_on_the_window():
    ring = star(7)
    whole = shares([ring], (0, 0, 40, 30))
    for size in ((1, 1), (7, 30), (40, 4), (16, 11)):
        found = {}
        for top in range(0, 30, size[1]):
            for left in range(0, 40, size[0]):
                found.update(shares([ring], (left, top, min(size[0], 40 - left), min(size[1], 30 - top))))
        assert found == whole


def test_neighbours_cover_a_cell_together():
    rng = np.random.default_rng(2)
    border = list(zip(rng.uniform(5, 15, 25), np.linspace(0, 20, 25)))
    window = (0, 0, 20, 20)
    west = shares([[(0, 0), (0, 20), *border[::-1]]], window)
    east = shares([[*border, (20, 20), (20, 0)]], window)
    both = {cell for cell in west if 5 <= cell[1] < 15} & set(east)
    assert len(both) > 30 and all(west[cell] + east[cell] == 1.0 for cell in both)


def test_nothing_touches_a_window_far_away():
    cells, found = border_shares(edges(star(1)), (500, 500, 10, 10))
    assert cells.size == found.size == 0 and cells.dtype == np.int64


def test_cells_at_borders_leave_their_labels():
    # Region 0 holds cells 0 and 1, region 1 all four; a border of region 0 goes through cell 1, one of region 1
    # through cell 3 and along cell 2.
    labels = Labels(np.array([[2, 2, 1, 1]], dtype=np.int32), ((), (1,), (0, 1)))
    found = Fractions.of(labels, np.array([1, 2, 3]), np.array([0, 0, 1]), np.array([0.25, 0.0, 0.5]))
    assert found.labels.of_cell.tolist() == [[2, 0, 0, 0]] and found.labels.regions == labels.regions
    pairs = zip(found.cells.tolist(), found.regions.tolist(), found.shares.tolist())
    assert sorted(pairs) == [(1, 0, 0.25), (1, 1, 1.0), (2, 1, 1.0), (3, 1, 0.5)]
    assert labels.of_cell.tolist() == [[2, 2, 1, 1]], "what was read stays as it was"

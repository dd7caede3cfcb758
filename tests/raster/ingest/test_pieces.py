"""Cells of a source in pieces that threads share."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import Cancelled
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest import pieces
from nep_toolbox.raster.ingest.content import NUMBERS
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece
from nep_toolbox.raster.ingest.pieces import Source

VALUES = np.random.default_rng(3).normal(size=(2, 700, 1300)).astype(np.float32)
GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 1300, 700)


class Cells:
    """Reads an array, and notes which windows of it."""

    def __init__(self, values=VALUES, tile=(256, 256)):
        self.values, self.tile, self.read_of = values, tile, []

    def read(self, window):
        self.read_of.append(window)
        return self.values[:, window.row:window.row + window.height, window.col:window.col + window.width]


def source(cells, window=GRID.whole, times=1) -> Source:
    mosaic = Mosaic.of([Piece(cells, GRID, "cells", len(cells.values))])
    return Source([mosaic] * times, window, NUMBERS)


def test_windows_across_pieces_of_bands_of_several_mosaics():
    part = Window(100, 50, 1100, 600)
    found = source(Cells(), part, times=2)
    assert found.bands == 4 and found.cell_bytes == 16 and found.grid == GRID.part(part)
    twice = np.concatenate([VALUES[:, 50:650, 100:1200]] * 2)
    np.testing.assert_array_equal(found.read(Window(300, 100, 700, 500)), twice[:, 100:600, 300:1000])
    np.testing.assert_array_equal(found.read(found.grid.whole), twice)


def test_pieces_are_whole_tiles_of_the_file_and_end_with_the_window():
    cells = Cells()
    source(cells, Window(100, 50, 1100, 600)).read(Window(0, 0, 1, 1))
    source(cells, Window(100, 50, 1100, 600)).read(Window(412, 206, 1, 1))
    assert cells.read_of == [Window(100, 50, 412, 206), Window(512, 256, 512, 256)]
    # A file in rows: whole rows. One whose tiles are larger than two pieces is not read in such.
    for tile, expected in (((1300, 1), Window(0, 256, 1300, 256)), ((300, 300), Window(0, 300, 600, 300)),
                           ((1300, 700), Window(0, 256, 1300, 256))):
        cells = Cells(tile=tile)
        source(cells).read(Window(0, 300, 1, 1))
        assert cells.read_of == [expected]


def test_a_piece_is_read_once_while_there_is_room(monkeypatch):
    cells = Cells()
    one = source(cells)
    for _ in range(2):
        one.read(GRID.whole)
    assert len(cells.read_of) == len(set(cells.read_of)) == 9
    # Room for two pieces of 512 x 256 cells of 8 bytes: what was used last stays.
    monkeypatch.setattr(pieces, "MEMORY", 2 * 512 * 256 * 8)
    cells = Cells()
    two = source(cells)
    for col in (0, 600, 0, 1100, 600, 0):
        two.read(Window(col, 0, 1, 1))
    assert [window.col for window in cells.read_of] == [0, 512, 1024, 512, 0]


def test_a_thread_waits_for_what_another_is_reading():
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Cells):
        """Reads when it is told to."""

        def read(self, window):
            begun.set()
            assert go_on.wait(10)
            return super().read(window)

    cells = Slow()
    shared = source(cells)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared.read, Window(0, 0, 9, 9))
        assert begun.wait(10)
        second = pool.submit(shared.read, Window(5, 5, 9, 9))
        go_on.set()
        np.testing.assert_array_equal(first.result(), VALUES[:, :9, :9])
        np.testing.assert_array_equal(second.result(), VALUES[:, 5:14, 5:14])
    assert len(cells.read_of) == 1


def test_a_thread_reads_the_next_piece_while_another_is_reading_the_first():
    begun, went_on = threading.Event(), threading.Event()

    class Meeting(Cells):
        """Has the first piece read when the second one is."""

        def read(self, window):
            if window.col:
                went_on.set()
            else:
                begun.set()
                assert went_on.wait(10)
            return super().read(window)

    shared = source(Meeting())
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared.read, Window(0, 0, 9, 9))
        assert begun.wait(10)
        both = pool.submit(shared.read, Window(500, 0, 100, 9))
        np.testing.assert_array_equal(first.result(), VALUES[:, :9, :9])
        np.testing.assert_array_equal(both.result(), VALUES[:, :9, 500:600])


@pytest.mark.parametrize("error", [Cancelled, ValueError])
def test_an_error_is_raised_and_not_kept(error):
    class Broken(Cells):
        """Fails at the first reading."""

        def read(self, window):
            values = super().read(window)
            if len(self.read_of) == 1:
                raise error
            return values

    broken = source(Broken())
    with pytest.raises(error):
        broken.read(Window(0, 0, 3, 3))
    np.testing.assert_array_equal(broken.read(Window(0, 0, 3, 3)), VALUES[:, :3, :3])


def test_pieces_around_points():
    """Pieces of 512 x 256: a point 10 cells from an edge is near what lies across only with a margin of more."""
    found = source(Cells())
    assert found.around(np.array([502.0, np.nan]), np.array([100.0, 1.0]), 9) == {(0, 0)}
    assert found.around(np.array([502.0]), np.array([100.0]), 11) == {(0, 0), (0, 1)}
    assert found.around(np.array([502.0]), np.array([250.0]), 11) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    # Far apart, beyond the edges, and a margin wider than a piece.
    assert found.around(np.array([0.0, 1299.0]), np.array([0.0, 699.0]), 1) == {(0, 0), (2, 2)}
    assert found.around(np.array([-5000.0]), np.array([-5000.0]), 1) == set()
    assert found.around(np.array([650.0]), np.array([350.0]), 700) == found.covering(GRID.whole)

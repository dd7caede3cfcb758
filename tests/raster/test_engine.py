"""Blocks computed on threads: order, errors, cancelling and progress."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of, write_layer

from nep_toolbox.core.checkpoint import checkpoint
from nep_toolbox.core.zonal.reduction import PATCH
from nep_toolbox.errors import Cancelled
from nep_toolbox.raster.cells import CellAreas
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import resolve

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 23, 40)
SHAPES = [(23, 1), (23, 7), (23, 40), (16, 16), (5, 3)]


@dataclass(frozen=True)
class RowNumbers:
    """Reads the number of each row."""

    bytes_per_cell: int = 8

    def read(self, window: Window) -> np.ndarray:
        return np.repeat(np.arange(window.row, window.row + window.height)[:, None], window.width, axis=1)


def first_of(rows):
    return int(rows[0, 0])


def slower_at_the_top(rows):
    """Later blocks are finished first."""
    time.sleep(0.02 if rows[0, 0] < 8 else 0.0)
    return int(rows[0, 0])


def fail_at_row_14(rows):
    if rows[0, 0] == 14:
        raise ZeroDivisionError("row 14")
    return rows.shape


@pytest.fixture(name="threads_left")
def no_thread_left():
    """After each test the threads are those of before."""
    before = set(threading.enumerate())
    yield before
    assert set(threading.enumerate()) == before


pytestmark = pytest.mark.usefixtures("threads_left")


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_results_come_in_order(threads):
    results = list(Engine(threads=threads).results(slower_at_the_top, {"rows": RowNumbers()}, GRID, (23, 1)))
    assert [window.row for window, _row in results] == list(range(40))
    assert [row for _window, row in results] == list(range(40))


def statistics(stack, areas):
    return {"mean": np.nanmean(stack, axis=0), "areas": np.broadcast_to(areas, stack.shape[1:])}


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_no_bit_depends_on_blocks_or_threads(tmp_path):
    rng = np.random.default_rng(5)
    stack = rng.normal(500, 300, (9, GRID.height, GRID.width)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.2] = np.nan
    layers = [write_layer(tmp_path / f"a_{2001 + step}.tif", plane) for step, plane in enumerate(stack)]
    together = write_layer(tmp_path / "a_2001-2009.tif", stack)
    expected = np.nanmean(stack, axis=0)
    for given in (layers, layers[::-1], [together]):
        series = resolve(given)
        readers = {"stack": StackReader.of(series), "areas": CellAreas(series.grid)}
        for shape in SHAPES:
            for threads in (1, 2, 4):
                whole = np.full((GRID.height, GRID.width), -1, np.float32)
                for window, result in Engine(threads=threads).results(statistics, readers, series.grid, shape):
                    rows = slice(window.row, window.row + window.height)
                    whole[rows, window.col: window.col + window.width] = result["mean"]
                    assert (result["areas"] == 900.0).all()
                assert whole.tobytes() == expected.tobytes()


def test_some_blocks_alone():
    wanted, shares = [Window(0, 30, 23, 2), Window(4, 3, 1, 1), Window(0, 0, 23, 40)], []
    engine = Engine(threads=2, progress=shares.append)
    found = list(engine.results(first_of, {"rows": RowNumbers()}, GRID, (23, 7), wanted))
    assert found == list(zip(wanted, [30, 3, 0]))
    assert shares == [1 / 3, 2 / 3, 1.0]
    assert list(engine.results(first_of, {"rows": RowNumbers()}, GRID, (23, 7), [])) == []


def test_an_error_in_a_kernel_surfaces_once():
    seen = []
    with pytest.raises(ZeroDivisionError, match="row 14"):
        for window, _shape in Engine(threads=4).results(fail_at_row_14, {"rows": RowNumbers()}, GRID, (23, 1)):
            seen.append(window.row)
    assert seen == list(range(14))


@pytest.mark.parametrize("after", [0, 5])
@pytest.mark.parametrize("threads", [1, 4])
def test_cancel(after, threads):
    seen = []
    engine = Engine(threads=threads, is_cancelled=lambda: len(seen) >= after)
    with pytest.raises(Cancelled):
        for window, _row in engine.results(first_of, {"rows": RowNumbers()}, GRID, (23, 1)):
            seen.append(window.row)
    assert seen == list(range(after))


def test_cancel_while_a_block_is_computed():
    started, free = threading.Event(), threading.Event()

    def wait_for_it(rows):  # noqa: ARG001
        started.set()
        free.wait(30)

    def asked() -> bool:
        if started.is_set():
            free.set()
            return True
        return False

    with pytest.raises(Cancelled):
        list(Engine(threads=1, is_cancelled=asked).results(wait_for_it, {"rows": RowNumbers()}, GRID, (23, 40)))
    assert free.is_set()


def test_a_cancel_ends_a_block_that_is_being_computed():
    started, reached_its_end = threading.Event(), []

    def long(rows):  # noqa: ARG001
        started.set()
        for _ in range(100_000):
            checkpoint()
        reached_its_end.append(True)

    for threads in (1, 3):
        started.clear()
        engine = Engine(threads=threads, is_cancelled=started.is_set)
        with pytest.raises(Cancelled):
            list(engine.results(long, {"rows": RowNumbers()}, GRID, (23, 10)))
    assert not reached_its_end


def test_a_reader_of_results_that_stops_early():
    with pytest.raises(RuntimeError, match="disk"):
        for _window, _row in Engine(threads=2).results(first_of, {"rows": RowNumbers()}, GRID, (23, 1)):
            raise RuntimeError("disk")


def test_only_so_many_blocks_are_held():
    lock, computed, taken = threading.Lock(), [], []
    most = [0]

    def count(rows):
        with lock:
            computed.append(int(rows[0, 0]))
            most[0] = max(most[0], len(computed) - len(taken))

    engine = Engine(threads=3)
    for window, _nothing in engine.results(count, {"rows": RowNumbers()}, GRID, (23, 1)):
        time.sleep(0.002)
        with lock:
            taken.append(window.row)
    assert len(computed) == 40
    assert most[0] <= engine.in_flight


def test_progress_moves_on_to_one():
    shares = []
    list(Engine(threads=3, progress=shares.append).results(first_of, {"rows": RowNumbers()}, GRID, (23, 3)))
    assert len(shares) == 14
    assert all(a < b for a, b in zip(shares, shares[1:]))
    assert shares[-1] == 1.0


def test_the_shape_of_the_blocks():
    assert Engine(block=(23, 7)).shape(GRID, {"rows": RowNumbers()}, 8) == (23, 7)
    wide = Grid("", COARSE_TRANSFORM, 20000, 20000)
    width, height = Engine(threads=1, memory=2**20 * 8).shape(
        wide, {"rows": RowNumbers(), "cell_area": CellAreas(wide)}, 8.0
    )
    assert width * height * (8 + 8 + 8) <= 2**20 * 8 / 2


def test_blocks_are_whole_patches_however_little_memory_there_is():
    """Sums have the bits of their patches, which a block of part of a patch would cut."""
    wide = Grid("", COARSE_TRANSFORM, 20000, 20000)
    assert Engine(threads=63, memory=2**24).shape(wide, {"rows": RowNumbers()}, 4000.0) == PATCH[::-1]


def test_blocks_follow_the_tiles_of_the_inputs(tmp_path):
    options = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256"]
    tiled = resolve([write_layer(tmp_path / "a_2001.tif", np.zeros((1200, 1200)), options=options)])
    plain = resolve([write_layer(tmp_path / "b_2001.tif", np.zeros((1200, 1200)))])
    engine = Engine(threads=2)
    assert engine.shape(tiled.grid, {"a": StackReader.of(tiled), "b": CellAreas(tiled.grid)}, 8.0) == (768, 256)
    assert engine.shape(plain.grid, {"a": StackReader.of(plain)}, 8.0) == (1200, 192)


@dataclass(frozen=True)
class Tiled(RowNumbers):
    """Has the tiles of a file too."""

    tile: tuple = (256, 256)


def test_the_highest_tiles_hold_where_inputs_differ():
    large, engine = Grid("", COARSE_TRANSFORM, 6000, 6000), Engine(threads=2, memory=2**28)
    alone = engine.shape(large, {"a": Tiled(16, (128, 512))}, 160)
    assert alone[1] == 512
    for tiles in (((128, 512), (1024, 256)), ((1024, 256), (128, 512))):
        assert engine.shape(large, {str(tile): Tiled(8, tile) for tile in tiles}, 160) == alone


def test_memory_is_that_of_all_inputs_and_of_the_results_in_every_block_under_way():
    """4096 x 256 cells of 8 + 8 + 240 bytes are 2**28 bytes: one such block computed and one waiting take 2**29."""
    large, readers = Grid("", COARSE_TRANSFORM, 4096, 100_000), {"a": RowNumbers(), "b": RowNumbers()}
    for engine in (Engine(threads=1), Engine(threads=1, memory=2**29)):
        assert engine.shape(large, readers, 240) == (4096, 256)
        assert engine.shape(large, readers, 240.001) == (4096, 240)
    assert Engine(threads=3, memory=2**30).shape(large, readers, 240) == (4096, 256)


def test_inputs_without_tiles_are_read_in_rows():
    assert Engine(threads=2, memory=3 * 2**20).shape(
        Grid("", COARSE_TRANSFORM, 600, 60_000), {"rows": RowNumbers()}, 8
    ) == (600, 96)


@pytest.mark.parametrize(("cores", "workers"), [(7, 7), (None, 1)])
def test_all_cores_by_default(monkeypatch, cores, workers):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert (Engine().workers, Engine().in_flight) == (workers, workers + 1)
    assert (Engine(threads=3).workers, Engine(threads=3).in_flight) == (3, 4)


def test_blocks_that_wait_are_not_computed_once_the_run_is_cancelled():
    started, free, computed = threading.Event(), threading.Event(), []
    timer = threading.Timer(0.3, free.set)

    def wait_for_it(rows):
        computed.append(int(rows[0, 0]))
        started.set()
        free.wait(30)

    def asked() -> bool:
        if started.is_set() and not timer.is_alive():
            timer.start()  # the block that is computed ends after the others have been taken back
        return started.is_set()

    with pytest.raises(Cancelled):
        list(Engine(threads=1, is_cancelled=asked).results(wait_for_it, {"rows": RowNumbers()}, GRID, (23, 1)))
    timer.join()
    assert computed == [0]

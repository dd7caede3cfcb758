"""Memory is given again when nothing refers to it, and never before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nep_toolbox.raster import memory
from nep_toolbox.raster.memory import empty, keep_memory


@pytest.fixture
def thread():
    """A thread that keeps memory."""
    with ThreadPoolExecutor(1, initializer=keep_memory) as pool:
        yield lambda *asked: pool.submit(empty, *asked).result()


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def test_what_is_left_is_given_again(thread):
    first = thread((3, 4), np.float32)
    assert first.shape == (3, 4) and first.dtype == np.float32 and first.flags.writeable and first.flags.c_contiguous
    place = address(first)
    del first
    again = thread((2, 3), np.float64)
    assert address(again) == place and again.shape == (2, 3) and again.dtype == np.float64


@pytest.mark.parametrize("view", [
    lambda array: array[1], lambda array: array.reshape(-1)[2:], lambda array: array.view(np.int32).T[0],
    memoryview, lambda array: np.asarray(memoryview(array)),
])
def test_a_view_holds_the_memory(thread, view):
    array = thread((3, 4), np.float32)
    place, part = address(array), view(array)
    del array
    other = thread((3, 4), np.float32)
    assert address(other) != place
    del part
    assert address(thread((3, 4), np.float32)) == place


def test_the_smallest_that_suffices_is_given(thread):
    arrays = [thread((size,), np.uint8) for size in (5000, 300, 40_000)]
    places = [address(array) for array in arrays]
    del arrays[:]
    given = [thread((size,), np.uint8) for size in (200, 4000, 40_000, 10)]
    assert [address(array) for array in given[:3]] == [places[1], places[0], places[2]]
    assert address(given[3]) not in places


def test_other_threads_share_nothing_and_others_keep_nothing(thread):
    array = thread((1000,), np.uint8)
    place = address(array)
    del array
    with ThreadPoolExecutor(1, initializer=keep_memory) as pool:
        assert address(pool.submit(empty, (1000,), np.uint8).result()) != place
    assert not hasattr(memory._thread, "kept")
    assert empty((2, 2), np.int16).base is None


def test_memory_goes_with_its_thread():
    with ThreadPoolExecutor(1, initializer=keep_memory) as pool:
        array = pool.submit(empty, (5,), np.float64).result()
        array[:] = 7
    assert array.tolist() == [7] * 5


def test_memory_that_has_become_too_small_is_let_go():
    """Blocks at the border of a raster are read with fewer cells around them than those after them."""
    with ThreadPoolExecutor(1, initializer=keep_memory) as pool:
        for size in (1000, 1100, 1200, 900):
            array = pool.submit(empty, (size,), np.float64).result()
            del array
        assert pool.submit(lambda: [held.nbytes for held in memory._thread.kept]).result() == [8 * 1200]

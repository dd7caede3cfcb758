"""Datasets are kept open within a block, apart for each thread, and closed at its end."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest
from testkit.rasters import write_layer

from nep_toolbox.raster import datasets as module
from nep_toolbox.raster.datasets import Datasets, dataset_of, open_datasets


@pytest.fixture
def layers(tmp_path) -> list:
    return [write_layer(tmp_path / f"a_{number}.tif", np.full((2, 3), float(number))) for number in range(4)]


def value(dataset) -> float:
    return float(dataset.ReadAsArray()[0, 0])


def test_outside_of_a_block_each_call_opens_anew(layers):
    assert dataset_of(layers[0]) is not dataset_of(layers[0])


def test_within_a_block_a_dataset_is_opened_once(layers):
    with open_datasets():
        first = dataset_of(layers[0])
        assert dataset_of(layers[0]) is first
        assert value(dataset_of(layers[1])) == 1.0
    assert dataset_of(layers[0]) is not first


def test_a_block_within_a_block_keeps_its_own(layers):
    with open_datasets():
        outer = dataset_of(layers[0])
        with open_datasets():
            assert dataset_of(layers[0]) is not outer
        assert dataset_of(layers[0]) is outer


def test_the_least_recently_used_is_closed_first(layers, monkeypatch):
    monkeypatch.setattr(module, "OPEN_FILES", 2)
    with open_datasets():
        first, second = dataset_of(layers[0]), dataset_of(layers[1])
        assert dataset_of(layers[0]) is first
        dataset_of(layers[2])
        assert dataset_of(layers[0]) is first
        assert dataset_of(layers[1]) is not second


@pytest.mark.parametrize(("threads", "limit"), [(1, 192), (5, 38), (1000, 1)])
def test_threads_share_the_files_of_a_run(threads, limit):
    assert Datasets(threads).limit == limit
    assert Datasets().limit == 192


def test_threads_do_not_share_datasets(layers):
    datasets, seen = Datasets(2), []

    def look():
        with datasets.on_this_thread():
            seen.append(dataset_of(layers[0]))

    look()
    other = threading.Thread(target=look)
    other.start()
    other.join()
    look()
    assert seen[0] is seen[2] and seen[0] is not seen[1]


def test_what_travels_to_another_process_keeps_nothing(layers):
    datasets = Datasets(2)
    with datasets.on_this_thread():
        kept = dataset_of(layers[0])
    copy = pickle.loads(pickle.dumps(datasets))
    assert copy.limit == datasets.limit
    with copy.on_this_thread():
        first = dataset_of(layers[0])
        assert first is not kept and dataset_of(layers[0]) is first
    with copy.on_this_thread():
        assert dataset_of(layers[0]) is not first
    with datasets.on_this_thread():
        assert dataset_of(layers[0]) is kept


def test_closed_even_after_an_error(layers):
    with pytest.raises(ZeroDivisionError), open_datasets():
        kept = dataset_of(layers[0])
        raise ZeroDivisionError
    with open_datasets():
        assert dataset_of(layers[0]) is not kept

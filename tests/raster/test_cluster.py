"""Blocks computed by a dask cluster of real processes: what they give, and every way in which they cannot."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading

import numpy as np
import pytest
from testkit.cluster import (
    PROJECT,
    TESTS,
    WITH_TOOLBOX,
    WITHOUT,
    RowNumbers,
    ends_the_worker,
    fails_at_row_14,
    first_of,
    slowly,
)
from local_cluster import processes
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of, write_layer

from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.errors import Cancelled, InvalidParameter, UnreadableRaster
from nep_toolbox.raster.cluster import Cluster
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import resolve

pytest.importorskip("dask.distributed", reason="dask.distributed is not installed: no scheduler to try")

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 23, 40)
ROWS = {"rows": RowNumbers()}


def computed(engine: Engine, kernel, readers=ROWS, height: int = 3) -> list:
    return [result for _window, result in engine.results(kernel, readers, GRID, (23, height))]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler that knows nothing of the toolbox, and two workers, of which one has it."""
    with processes(tmp_path_factory.mktemp("cluster")) as found:
        found.worker(path=WITH_TOOLBOX, threads=2)
        found.worker(path=WITHOUT, threads=3)
        yield found


@pytest.fixture
def alone(tmp_path):
    """A scheduler of a test's own."""
    with processes(tmp_path) as found:
        yield found


def test_the_same_in_the_same_order_in_as_many_blocks_as_the_cluster_has_threads(cluster):
    engine = Engine(threads=1, scheduler=cluster.address)
    assert computed(engine, first_of) == list(range(0, 40, 3))
    assert (engine.workers, engine.in_flight) == (5, 6)
    with pytest.raises(ZeroDivisionError, match="row 14"):
        computed(engine, fails_at_row_14, height=1)


def test_rasters_are_read_by_the_workers(cluster, tmp_path):
    values = np.random.default_rng(3).normal(size=(5, GRID.height, GRID.width)).astype(np.float32)
    series = resolve([write_layer(tmp_path / "a_2001-2005.tif", values)])
    readers = {"stack": StackReader.of(series)}
    here, there = (
        list(Engine(threads=2, scheduler=address).results(frequency_block, readers, series.grid, (23, 7)))
        for address in ("", cluster.address)
    )
    assert len(here) == 6 and [window for window, _ in here] == [window for window, _ in there]
    for (_window, one), (_same, other) in zip(here, there):
        assert all(np.array_equal(one[key], other[key], equal_nan=True) for key in one)
    os.remove(tmp_path / "a_2001-2005.tif")
    with pytest.raises(UnreadableRaster, match="a_2001-2005.tif.*workers must see the rasters under the same paths"):
        computed(Engine(scheduler=cluster.address), frequency_block, readers)


def test_cancel_while_workers_compute(cluster):
    seen = []
    engine = Engine(scheduler=cluster.address, is_cancelled=lambda: len(seen) == 2)
    with pytest.raises(Cancelled):
        for window, _row in engine.results(slowly, ROWS, GRID, (23, 1)):
            seen.append(window.row)
    assert seen == [0, 1]
    assert not [thread for thread in threading.enumerate() if thread.name == "nep-cluster" and not thread.daemon]


def test_a_scheduler_without_workers_and_cancel_while_one_is_waited_for(alone):
    with pytest.raises(InvalidParameter, match=f"scheduler at {alone.address} has no worker. Start workers"):
        computed(Engine(scheduler=alone.address), first_of)
    with pytest.raises(Cancelled):
        computed(Engine(scheduler=alone.address, is_cancelled=iter([False] * 3 + [True] * 99).__next__), first_of)


def test_workers_without_the_toolbox_are_sent_it(alone):
    """Those of now, one that a nanny starts again, and one that comes later."""
    alone.worker(path=WITHOUT, threads=1, nanny=True)
    found, engine = [], Engine(scheduler=alone.address)
    for _window, row in engine.results(slowly, ROWS, GRID, (23, 1)):
        found.append(row)
        if len(found) == 3:
            alone.end_child_of(1)
            alone.worker(path=WITHOUT, threads=1)
        if len(found) == 20:
            alone.started[2].kill()
    assert found == list(range(40))


def test_a_worker_with_another_version_of_the_toolbox(alone, tmp_path):
    shutil.copytree(PROJECT / "nep_toolbox", tmp_path / "other" / "nep_toolbox")
    with open(tmp_path / "other" / "nep_toolbox" / "core" / "significance.py", "a", encoding="utf-8") as file:
        file.write("# another version\n")
    alone.worker(path=f"{tmp_path / 'other'}{os.pathsep}{TESTS}")
    with pytest.raises(InvalidParameter, match="has another version of nep_toolbox than QGIS.*restart the worker"):
        computed(Engine(scheduler=alone.address), first_of)


@pytest.mark.parametrize("library", ["numpy", "osgeo"])
def test_a_worker_whose_libraries_do_not_work(alone, tmp_path, library):
    """Dask itself needs no numpy; GDAL is often missing."""
    (tmp_path / "broken" / library).mkdir(parents=True)
    (tmp_path / "broken" / library / "__init__.py").write_text(f"raise ImportError('no {library} here')\n")
    alone.worker(path=os.pathsep.join([str(tmp_path / "broken"), str(PROJECT), str(TESTS)]))
    with pytest.raises(InvalidParameter, match=f"cannot run the toolbox: no {library} here. Give it Python"):
        computed(Engine(scheduler=alone.address), first_of)


@pytest.mark.parametrize("end", ["scheduler", "worker"])
def test_what_dies_in_the_middle(alone, end):
    alone.worker(path=WITHOUT)
    engine, seen = Engine(scheduler=alone.address), []
    with pytest.raises(InvalidParameter, match="was lost while it was computing: .* Start it again"):
        for window, _row in engine.results(slowly, ROWS, GRID, (23, 1)):
            seen.append(window.row)
            if len(seen) == 2:
                dead = alone.started[0 if end == "scheduler" else 1]
                dead.kill()
                dead.wait(30)
    assert 2 <= len(seen) < 40


def test_one_of_two_workers_that_dies_changes_nothing(alone):
    alone.worker(path=WITHOUT)
    alone.worker(path=WITHOUT)
    found = []
    for _window, row in Engine(scheduler=alone.address).results(slowly, ROWS, GRID, (23, 1)):
        found.append(row)
        if len(found) == 3:
            alone.started[1].kill()
    assert found == list(range(40))


def test_blocks_that_end_every_worker(alone):
    """As those do that are too large for the memory of a worker."""
    alone.worker(path=WITHOUT, nanny=True)
    with pytest.raises(InvalidParameter, match="cannot compute a block|was lost"):
        computed(Engine(scheduler=alone.address), ends_the_worker)


@pytest.mark.parametrize("address", [
    "nonsense", "tls://127.0.0.1:8786", "ucx://127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://", "tcp://127.0.0.1:1",
    "127.0.0.1:99999", "tcp://127.0.0.1:port", "inproc://x", "/etc/passwd", "tcp://host.invalid:8786",
])
def test_an_address_where_nothing_is(address):
    with pytest.raises(InvalidParameter, match="No dask scheduler answers at .*: .*correct ⟨SCHEDULER⟩"):
        Cluster(address, lambda: None)


@pytest.fixture(params=[b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["silent", "web server"])
def stranger(request):
    """A port that speaks something else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            kept = []
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                kept.append(connection)
                connection.sendall(request.param)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # dask takes the reply for a size
def test_a_port_that_speaks_no_dask(stranger):
    with pytest.raises(InvalidParameter, match="No dask scheduler answers at .*: .*correct ⟨SCHEDULER⟩"):
        Cluster(stranger, lambda: None)

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        Cluster(stranger, stop)


def test_a_scheduler_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(InvalidParameter, match="no dask.distributed.*leave ⟨SCHEDULER⟩ empty"):
        list(Engine(scheduler="tcp://127.0.0.1:1").results(first_of, ROWS, GRID, (23, 1)))

"""Blocks computed by a dask cluster of real processes: what they give, and every way in which they cannot."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from testkit.cluster import (
    WITH_TOOLBOX,
    WITHOUT,
    CountedRowNumbers,
    RowNumbers,
    ends_the_worker,
    fails_at_row_14,
    first_of,
    slowly,
)
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of, write_layer

from local_cluster import processes
from nep_toolbox.core.trend.blocks import trend_block
from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.errors import Cancelled, InvalidParameter, UnreadableRaster
from nep_toolbox.raster import cluster as cluster_module
from nep_toolbox.raster.cluster import AHEAD, ANSWER, LOOK, LOOKS, WATCH, Cluster
from nep_toolbox.raster.datasets import Datasets
from nep_toolbox.raster.engine import Engine, _read_and_compute
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import resolve
from nep_toolbox.raster.surroundings import WithSurroundings

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


def test_the_same_in_the_same_order_in_as_many_blocks_as_the_cluster_has_threads(cluster):
    engine = Engine(threads=1, scheduler=cluster.address)
    assert computed(engine, first_of) == list(range(0, 40, 3))
    assert (engine.workers, engine.in_flight) == (5, 10)
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
    left = Engine(scheduler=cluster.address).results(frequency_block, readers, series.grid, (23, 1))
    next(left)
    os.remove(tmp_path / "a_2001-2005.tif")
    with pytest.raises(UnreadableRaster, match="a_2001-2005.tif.*workers must see the rasters under the same paths"):
        list(left)


def test_surroundings_are_read_by_the_workers(cluster, tmp_path):
    values = np.random.default_rng(3).normal(size=(12, GRID.height, GRID.width)).astype(np.float32)
    series = resolve([write_layer(tmp_path / "a_2001-2012.tif", values)])
    readers = {"stack": WithSurroundings(StackReader.of(series), series.grid)}
    kernel = partial(trend_block, years=series.years, wanted=("z", "s"))
    engines = Engine(threads=2), Engine(scheduler=cluster.address)
    whole, *cut = (
        np.concatenate([block["z"] for _window, block in engine.results(kernel, readers, series.grid, (23, height))])
        for engine, height in zip((Engine(), *engines), (40, 7, 7))
    )
    assert np.isfinite(whole).all() and all(whole.tobytes() == each.tobytes() for each in cut)


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


def test_what_all_blocks_share_travels_once(tmp_path, monkeypatch):
    """Kernel, readers and what they hold are unpacked once in each worker, however many blocks it computes."""
    # Else dask may take a copy from a worker that waits for its next block.
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ACTIVE_MEMORY_MANAGER__START", "False")
    readers = {"rows": CountedRowNumbers(str(tmp_path / "unpacked"))}
    with processes(tmp_path) as two:
        for _worker in range(2):
            two.worker(path=WITHOUT, threads=1)
        assert computed(Engine(scheduler=two.address), slowly, readers, height=1) == list(range(40))
    workers = (tmp_path / "unpacked").read_text(encoding="ascii").split()
    assert len(workers) == len(set(workers)) == 2


def test_results_wait_on_the_workers_until_their_turn(cluster):
    there = Cluster(cluster.address, lambda: None)
    with closing(there):
        there.share(partial(_read_and_compute, Datasets(), first_of, ROWS))
        futures = [there.submit(Window(0, row, 23, 1)) for row in range(3 * AHEAD)]
        time.sleep(1.0)
        assert [future.done() for future in futures] == [True] * AHEAD + [False] * 2 * AHEAD
        assert [there.result(future) for future in futures] == list(range(3 * AHEAD))


def test_the_memory_of_the_workers_bounds_the_blocks(alone):
    """Half of its limit for the blocks that a worker computes and one that waits; for this machine, those fetched."""
    alone.worker("--memory-limit", "600000000", path=WITHOUT, threads=5)
    alone.worker("--memory-limit", "0", path=WITHOUT, threads=1)
    with closing(Cluster(alone.address, lambda: None)) as there:
        assert there.room(2**40) == 50_000_000
        assert there.room(60_000_000) == 10_000_000
        assert there.room(2) == 1
    large, readers = Grid("", COARSE_TRANSFORM, 40_000, 40_000), {"rows": RowNumbers()}
    engine = Engine(scheduler=alone.address, memory=2**40)
    # 50,000 cells at most, in whole tiles. A cancel waits for no worker, so that what a cancel allows does not count.
    assert engine.shape(large, readers, 992, most_cells=256) == (3072, 16)


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


def test_a_scheduler_that_falls_silent(alone, monkeypatch):
    monkeypatch.setattr(cluster_module, "LOOK", 0.5)
    alone.worker(path=WITHOUT)
    engine, found = Engine(scheduler=alone.address), []
    with pytest.raises(InvalidParameter, match="was lost .*: the scheduler does not answer within"):
        for _window, row in engine.results(slowly, ROWS, GRID, (23, 1)):
            found.append(row)
            if len(found) == 2:
                os.kill(alone.started[0].pid, signal.SIGSTOP)
    assert len(found) < 40


def test_a_worker_that_is_silent_from_the_start(alone, monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWER", 2.0)
    alone.worker(path=WITHOUT)
    os.kill(alone.started[1].pid, signal.SIGSTOP)
    with pytest.raises(InvalidParameter, match="The workers of .* do not answer within 2 seconds"):
        computed(Engine(scheduler=alone.address), first_of)


def test_a_scheduler_with_another_version_of_dask(cluster, monkeypatch):
    """As one of 2023 says it, to a dask of 2026."""
    async def answer(_client):
        raise TypeError("register_worker_plugin() missing 1 required keyword-only argument: 'idempotent'")

    monkeypatch.setattr(cluster_module, "require_toolbox", answer)
    with pytest.raises(InvalidParameter, match="does not understand this machine: register_.* and the workers one ver"):
        computed(Engine(scheduler=cluster.address), first_of)


def test_a_sentence_comes_within_ten_seconds():
    assert max(ANSWER, WATCH + LOOK, WATCH * LOOKS) <= 8.0


def test_one_of_two_workers_that_dies_changes_nothing(alone):
    alone.worker(path=WITHOUT)
    alone.worker(path=WITHOUT)
    found = []
    for _window, row in Engine(scheduler=alone.address).results(slowly, ROWS, GRID, (23, 1)):
        found.append(row)
        if len(found) == 3:
            alone.started[1].kill()
    assert found == list(range(40))


def test_a_result_is_not_waited_for_where_its_worker_is_gone(monkeypatch):
    class Scheduler:
        holders = iter([["tcp://a:1"], ["tcp://a:1"], ["tcp://b:1"]])

        async def gather(self, keys):  # noqa: ARG002
            await asyncio.sleep(3600)

        async def who_has(self, keys):
            return {keys[0]: next(self.holders)}

    monkeypatch.setattr(cluster_module, "HANDOVER", 0.01)
    there = Cluster.__new__(Cluster)
    there._client, there._unheard = SimpleNamespace(scheduler=Scheduler()), set()
    assert asyncio.run(asyncio.wait_for(there._answer_of_holder("block"), 30)) == {"status": "error"}
    assert list(Scheduler.holders) == []


def test_blocks_that_end_every_worker(alone):
    """As those do that are too large for the memory of a worker."""
    alone.worker(path=WITHOUT, nanny=True)
    with pytest.raises(InvalidParameter, match="cannot compute a block|was lost"):
        computed(Engine(scheduler=alone.address), ends_the_worker)


@pytest.mark.parametrize("address", [
    "nonsense", "ucx://127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://", "tcp://127.0.0.1:1",
    "127.0.0.1:99999", "tcp://127.0.0.1:port", "inproc://x", "/etc/passwd", "tcp://host.invalid:8786",
])
def test_an_address_where_nothing_is(address, monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWER", 1.5)
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
def test_a_port_that_speaks_no_dask(stranger, monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWER", 1.5)
    with pytest.raises(InvalidParameter, match="No dask scheduler answers at .*: .*correct ⟨SCHEDULER⟩"):
        Cluster(stranger, lambda: None)

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        Cluster(stranger, stop)


def test_a_scheduler_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(InvalidParameter, match="no dask.distributed.*set ⟨SCHEDULER⟩ to local"):
        list(Engine(scheduler="tcp://127.0.0.1:1").results(first_of, ROWS, GRID, (23, 1)))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    """A folder with two certificates that sign themselves, "ours" and "theirs"."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("ours", "theirs"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{name}.key", "-out", f"{name}.crt"],
            cwd=folder, check=True, capture_output=True,
        )
    return folder


def test_tls_with_certificates_from_the_configuration_of_dask(certificates, tmp_path):
    import dask

    def named(name: str) -> dict:
        files = {"ca-file": f"{name}.crt", "client.cert": f"{name}.crt", "client.key": f"{name}.key"}
        return {f"distributed.comm.tls.{key}": str(certificates / file) for key, file in files.items()}

    tls = [f"--tls-{kind}={certificates / file}" for kind, file in
           (("ca-file", "ours.crt"), ("cert", "ours.crt"), ("key", "ours.key"))]
    with processes(tmp_path, "--protocol", "tls", *tls) as secured:
        secured.worker(*tls, path=WITHOUT)
        engine = Engine(scheduler=secured.address)
        assert secured.address.startswith("tls://")
        with dask.config.set(named("ours")):
            assert computed(engine, first_of) == list(range(0, 40, 3))
        with dask.config.set(named("ours")), pytest.raises(InvalidParameter, match="or tls:// where it asks for TLS"):
            computed(Engine(scheduler=secured.address.replace("tls", "tcp")), first_of)
        for name, fault in (("theirs", "does not match"), ("missing", "a file that is named is not there")):
            with dask.config.set(named(name)), pytest.raises(InvalidParameter, match=f"certificates .*{fault}"):
                computed(engine, first_of)
        with pytest.raises(InvalidParameter, match="certificates for .* do not serve: none are named"):
            computed(engine, first_of)

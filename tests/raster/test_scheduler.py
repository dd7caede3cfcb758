"""Blocks computed by a dask scheduler."""

from __future__ import annotations

import pytest

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.engine import Engine

from .test_engine import GRID, RowNumbers, fail_at_row_14, first_of

distributed = pytest.importorskip("dask.distributed", reason="dask.distributed is not installed: no scheduler to try")


def test_a_scheduler_computes_the_same_in_the_same_order():
    options = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        engine = Engine(threads=2, scheduler=cluster.scheduler_address)
        results = [row for _window, row in engine.results(first_of, {"rows": RowNumbers()}, GRID, (23, 3))]
        assert results == list(range(0, 40, 3))
        with pytest.raises(ZeroDivisionError, match="row 14"):
            list(engine.results(fail_at_row_14, {"rows": RowNumbers()}, GRID, (23, 1)))


def test_a_scheduler_that_does_not_answer(monkeypatch):
    def refuse(address, **_options):
        raise OSError(f"Timed out trying to connect to {address}")

    monkeypatch.setattr(distributed, "Client", refuse)
    with pytest.raises(InvalidParameter, match="No dask scheduler answers at tcp://127.0.0.1:1"):
        list(Engine(scheduler="tcp://127.0.0.1:1").results(first_of, {"rows": RowNumbers()}, GRID, (23, 1)))

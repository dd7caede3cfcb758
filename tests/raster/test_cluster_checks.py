"""What real workers are asked before their first block: which toolbox they have, which libraries, which rasters."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from testkit.cluster import PROJECT, TESTS, WITH_TOOLBOX, WITHOUT, RowNumbers, first_of, slowly
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of, write_layer

from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.errors import InvalidParameter, UnreadableRaster
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import resolve

pytest.importorskip("dask.distributed", reason="dask.distributed is not installed: no scheduler to try")

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 23, 40)

#: A run of another QGIS.
PROGRAM = """
import sys
from testkit.cluster import RowNumbers, slowly
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid
engine = Engine(scheduler=sys.argv[1])
for window, row in engine.results(slowly, {"rows": RowNumbers()}, Grid("", (0, 1, 0, 0, 0, -1), 23, 30), (23, 1)):
    print(row, flush=True)
"""


def computed(cluster) -> list:
    engine = Engine(scheduler=cluster.address)
    return [row for _window, row in engine.results(first_of, {"rows": RowNumbers()}, GRID, (23, 10))]


ROWS = [0, 10, 20, 30]


@pytest.fixture
def other(tmp_path) -> str:
    """The PYTHONPATH of another version of the toolbox."""
    shutil.copytree(PROJECT / "nep_toolbox", tmp_path / "other" / "nep_toolbox")
    with open(tmp_path / "other" / "nep_toolbox" / "core" / "significance.py", "a", encoding="utf-8") as file:
        file.write("# another version\n")
    return f"{tmp_path / 'other'}{os.pathsep}{TESTS}"


def run_of(path: str, cluster) -> subprocess.Popen:
    """Another QGIS with the toolbox of this PYTHONPATH, which prints 0 to 29."""
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, cluster.address], env=environment, stdout=subprocess.PIPE, text=True,
        cwd=cluster.folder,
    )


def test_a_copy_of_another_version_is_refused(alone, other):
    alone.worker(path=other)
    alone.worker(path=WITHOUT)
    with pytest.raises(InvalidParameter, match="has another version of nep_toolbox than QGIS.*restart the worker"):
        computed(alone)


def test_a_copy_that_knows_nothing_of_the_check_is_refused(alone, other):
    (Path(other.split(os.pathsep)[0]) / "nep_toolbox" / "raster" / "on_worker.py").unlink()
    alone.worker(path=other)
    with pytest.raises(InvalidParameter, match="has another version of nep_toolbox than QGIS"):
        computed(alone)


def test_what_another_run_has_sent_is_replaced_when_that_run_is_over(alone, other):
    alone.worker(path=WITHOUT, threads=1)
    with run_of(other, alone) as one:
        assert one.stdout.readline() == "0\n"
        with pytest.raises(InvalidParameter, match="compute for another version of nep_toolbox just now. Wait"):
            computed(alone)
        assert one.stdout.read().split() == [str(row) for row in range(1, 30)]
    assert computed(alone) == ROWS
    with run_of(other, alone) as again:
        assert len(again.stdout.read().split()) == 30
    assert computed(alone) == ROWS


def test_two_runs_of_one_version_share_the_workers(alone):
    alone.worker(path=WITHOUT, threads=1)
    with run_of(WITH_TOOLBOX, alone) as one:
        assert one.stdout.readline() == "0\n"
        assert computed(alone) == ROWS
        assert len(one.stdout.read().split()) == 29


@pytest.mark.parametrize("library", ["numpy", "osgeo"])
def test_a_worker_whose_libraries_do_not_work(alone, tmp_path, library):
    """Dask itself needs no numpy; GDAL is often missing."""
    (tmp_path / "broken" / library).mkdir(parents=True)
    (tmp_path / "broken" / library / "__init__.py").write_text(f"raise ImportError('no {library} here')\n")
    alone.worker(path=f"{tmp_path / 'broken'}{os.pathsep}{TESTS}")
    with pytest.raises(InvalidParameter, match=f"cannot run the toolbox: no {library} here. Give it Python"):
        computed(alone)


def test_a_worker_with_other_versions_of_libraries(alone, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import scipy\nscipy.__version__ = '0.7.1'\n", encoding="ascii")
    alone.worker(path=f"{tmp_path}{os.pathsep}{TESTS}")
    with pytest.raises(InvalidParameter, match=r"has scipy 0.7, and QGIS has \d+\.\d+: the numbers could differ"):
        computed(alone)


def test_a_worker_with_other_versions_that_comes_later(alone, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import scipy\nscipy.__version__ = '0.7.1'\n", encoding="ascii")
    alone.worker(path=WITHOUT, threads=1)
    blocks = Engine(scheduler=alone.address).results(slowly, {"rows": RowNumbers()}, GRID, (23, 1))
    next(blocks)
    alone.worker(path=f"{tmp_path}{os.pathsep}{TESTS}", threads=1)
    with pytest.raises(InvalidParameter, match="came while blocks were computed has another version of scipy"):
        list(blocks)


@pytest.fixture
def series(tmp_path, monkeypatch):
    """A raster whose path depends on the folder that a process runs in, as others depend on what is mounted."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return resolve([write_layer("a_2001-2005.tif", np.zeros((5, 40, 23)), COARSE_TRANSFORM)])


@pytest.mark.parametrize(("there", "reason"), [
    (None, "No such file"), ((5, 40, 22), "is another file, of [0-9]+ bytes instead of [0-9]+"),
])
def test_rasters_that_a_worker_does_not_see(alone, series, tmp_path, there, reason):
    (tmp_path / "there").mkdir()
    if there:
        write_layer(tmp_path / "there" / "a_2001-2005.tif", np.zeros(there), COARSE_TRANSFORM)
    alone.worker(path=WITHOUT, cwd=tmp_path / "here")
    alone.worker(path=WITHOUT, cwd=tmp_path / "there")
    engine, readers = Engine(scheduler=alone.address), {"stack": StackReader.of(series)}
    with pytest.raises(UnreadableRaster, match=f"cannot read 'a_2001-2005': .*{reason}.* under the same paths"):
        next(engine.results(frequency_block, readers, series.grid, (23, 7)))


def test_a_scheduler_keeps_the_toolbox_once_for_all_runs(alone):
    alone.worker(path=WITHOUT)
    assert computed(alone) == computed(alone) == ROWS
    log = (alone.folder / "worker1.log").read_text(encoding="utf-8")
    assert log.count("Starting Worker plugin nep_toolbox") == 1

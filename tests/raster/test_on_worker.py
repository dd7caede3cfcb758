"""What is packed for workers, and what they say of themselves and of rasters."""

from __future__ import annotations

import pickle
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from testkit.cluster import RowNumbers
from testkit.rasters import write_layer, write_raster

from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster import on_worker
from nep_toolbox.raster.datasets import Datasets
from nep_toolbox.raster.engine import _read_and_compute
from nep_toolbox.raster.parcel import digest
from nep_toolbox.raster.reader import StackReader, Together
from nep_toolbox.raster.series import Layer, resolve


def test_a_call_becomes_its_answer_where_it_is_unpacked():
    assert pickle.loads(pickle.dumps(on_worker.Call(divmod, 17, 5))) == (3, 2)


def test_the_rasters_of_a_task_are_found_wherever_they_are(tmp_path):
    layers = [write_layer(tmp_path / f"{name}_2001-2003.tif", np.zeros((3, 4, 5))) for name in "abc"]
    one, other, third = (StackReader.of(resolve([layer])) for layer in layers)
    readers = {"stack": one, "again": one, "two": Together((other, third)), "rows": RowNumbers()}
    message, found = on_worker.packed(partial(_read_and_compute, Datasets(), frequency_block, readers))
    assert sorted(layer.path for layer in found) == sorted(layer.path for layer in layers)
    assert isinstance(pickle.loads(message), on_worker.Work)


@pytest.mark.parametrize("name", ["nep_toolbox", "numpy", "GDAL"])
def test_work_of_a_run_with_other_versions_is_refused(name):
    """As on a worker that came when the others had been asked."""
    def top(window):
        return window.row

    here = on_worker.all_versions()
    assert on_worker.Work(top, here)((1, 2, 3, 4)) == 2
    with pytest.raises(InvalidParameter, match=f"came while blocks were computed has another version of {name} than"):
        on_worker.Work(top, {**here, name: "0.1"})((1, 2, 3, 4))


def test_versions_as_far_as_they_matter():
    found = on_worker.report()
    assert found["toolbox"] == digest() and found["sent"] is False
    assert found["versions"]["Python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert found["versions"]["numpy"] == ".".join(np.__version__.split(".")[:2])
    assert found["versions"]["GDAL"] == ".".join(gdal.__version__.split(".")[:2])
    assert set(found["versions"]) == {"Python", "numpy", "scipy", "GDAL", "distributed"}


@pytest.fixture
def raster(tmp_path) -> Layer:
    return Layer("npp", write_raster(tmp_path / "npp.tif", np.zeros((4, 5))))


def test_a_raster_that_is_the_same(raster):
    Path(f"{raster.path}.aux.xml").write_text("<PAMDataset/>", encoding="utf-8")
    expected = on_worker.sizes(raster)
    assert expected == {raster.path: Path(raster.path).stat().st_size}
    Path(f"{raster.path}.aux.xml").unlink()
    assert on_worker.difference([(raster, expected)]) is None


def test_a_raster_that_is_another_file(raster, tmp_path):
    expected = on_worker.sizes(raster)
    size = expected[raster.path]
    write_raster(tmp_path / "npp.tif", np.zeros((40, 50)))
    name, reason = on_worker.difference([(raster, expected)])
    assert name == "npp" and reason.startswith(f"{raster.path} is another file, of ")
    assert reason.endswith(f" bytes instead of {size}")


def test_a_raster_that_is_not_there(raster):
    expected = on_worker.sizes(raster)
    Path(raster.path).unlink()
    name, reason = on_worker.difference([(raster, expected)])
    assert name == "npp" and "npp.tif" in reason and "No such file" in reason


def test_a_part_of_a_virtual_raster_that_is_not_there(raster, tmp_path):
    """The virtual raster itself can be opened all the same."""
    virtual = Layer("all", str(tmp_path / "all.vrt"))
    gdal.BuildVRT(virtual.path, [raster.path]).FlushCache()
    expected = on_worker.sizes(virtual)
    assert set(expected) == {raster.path, virtual.path}
    Path(raster.path).unlink()
    assert on_worker.difference([(virtual, expected)]) == ("all", f"{raster.path} is not there")


def test_what_was_sent_is_forgotten(monkeypatch):
    monkeypatch.setattr(sys, "path", ["/w/nep_toolbox-1.zip", "/home", "/w/nep_toolbox-2.zip", "/other.zip"])
    monkeypatch.setattr(sys, "modules", {"os": 1, "nep_toolbox": 2, "nep_toolbox.core": 3, "nep_toolbox_more": 4})
    on_worker.forget()
    assert sys.path == ["/home", "/other.zip"]
    assert set(sys.modules) == {"os", "nep_toolbox_more"}

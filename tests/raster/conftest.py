"""Fixtures of the tests of rasters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from osgeo import gdal, ogr, osr


@pytest.fixture(autouse=True)
def error_codes() -> Iterator[None]:
    """GDAL's Python exceptions off, whatever other tests of the process have loaded: newer QGIS switches them on."""
    modules = (gdal, ogr, osr)
    before = [module.GetUseExceptions() for module in modules]
    _switch(modules, [False] * 3)
    yield
    _switch(modules, before)


@pytest.fixture(params=[False, True], ids=["error codes", "exceptions"])
def either_mode(request) -> Iterator[bool]:
    """GDAL's Python exceptions, off and on: which of them holds is up to other plugins."""
    modules = (gdal, ogr, osr)
    before = [module.GetUseExceptions() for module in modules]
    _switch(modules, [request.param] * 3)
    yield request.param
    _switch(modules, before)


@pytest.fixture
def alone(tmp_path):
    """A dask scheduler of a test's own, which knows nothing of the toolbox, and no worker yet."""
    from local_cluster import processes

    with processes(tmp_path) as found:
        yield found


@pytest.fixture
def side_files() -> Iterator[None]:
    """Lets GDAL write and read the file beside a GeoTIFF that keeps category names and attribute tables."""
    before = gdal.GetConfigOption("GDAL_PAM_ENABLED")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
    yield
    gdal.SetConfigOption("GDAL_PAM_ENABLED", before)


def _switch(modules, modes) -> None:
    # GDAL before 3.7 wants the last that was switched on to be switched off first.
    for module, mode in reversed(list(zip(modules, modes))):
        if not mode:
            module.DontUseExceptions()
    for module, mode in zip(modules, modes):
        if mode:
            module.UseExceptions()

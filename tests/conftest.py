"""Fixtures that every test may use.

Those that need QGIS import it when they are used, so that the tests of ``core`` and ``raster`` run without QGIS.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("GDAL_PAM_ENABLED", "NO")

# For ``testkit``: what tests of several folders share.
sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser):
    """Options of this suite."""
    parser.addoption(
        "--update-interface", action="store_true",
        help="write tests/algorithms/interface.json anew instead of comparing with it (a change that users notice)",
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference results and real data. Where it is absent, the tests that need it are skipped on a user's
    machine and fail where CI is set."""
    from testkit.data import shared_folder

    return shared_folder(os.environ)


@pytest.fixture(scope="session")
def provider(qgis_processing):  # noqa: ARG001
    """The provider of the toolbox, registered with Processing."""
    from qgis.core import QgsApplication

    from nep_toolbox.provider import NepProvider

    registry = QgsApplication.processingRegistry()
    nep = NepProvider()
    assert registry.addProvider(nep)
    yield nep
    registry.removeProvider(nep)


@pytest.fixture(scope="session")
def province(provider, tmp_path_factory) -> Path:  # noqa: ARG001
    """The folder of a small sample province of twelve years. Tests must not change it."""
    from testkit.tools import run

    folder = tmp_path_factory.mktemp("province") / "sample"
    run("nep:sampledata", {"EXTENT_KM": 30, "YEARS": "2001-2012", "OUTPUT_FOLDER": str(folder)})
    return folder


@pytest.fixture(scope="session")
def huaihai(shared, tmp_path_factory) -> list:
    """The 22 real NPP rasters in order of time, as links in a folder of their own: QGIS may write beside them."""
    folder = tmp_path_factory.mktemp("huaihai")
    links = []
    for source in sorted((shared / "data/npp_huaihai_2001_2022/npp_core").glob("NPP_*.tif")):
        links.append(folder / source.name)
        links[-1].symlink_to(source)
    assert len(links) == 22
    return [str(link) for link in links]

"""What the tests of the tools share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from osgeo import gdal

# For ``examples``.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def pam():
    """Category names and attribute tables of a GeoTIFF lie in a file beside it, which the suite switches off."""
    before = gdal.GetConfigOption("GDAL_PAM_ENABLED")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
    yield
    gdal.SetConfigOption("GDAL_PAM_ENABLED", before)

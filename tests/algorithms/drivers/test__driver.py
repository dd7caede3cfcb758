"""The drivers of a correlation: what is no further driver is refused before anything is computed."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.drivers import drivers_in, maps
from testkit.rasters import wkt_of, write_raster

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def rasters(tmp_path_factory) -> dict:
    """Series by name."""
    return drivers_in(tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize(("drivers", "controls", "message"), [
    (("rain",), (), "'rain' is among .*DRIVERS.*, but it is .*DRIVER.*, which is on the page anyway: leave it out"),
    (("heat", "npp"), (), "'npp' is among .*DRIVERS.*, but it is .*INPUT.*: leave it out of"),
    (("heat", "heat"), (), "'heat' is twice among .*DRIVERS.*: leave one out"),
    (("heat",), ("heat",), "'heat' is among .*DRIVERS.* and among .*CONTROLS.*: leave it out of one of them"),
])
def test_what_is_no_further_driver_is_refused(rasters, tmp_path, drivers, controls, message):
    with pytest.raises(QgsProcessingException, match=message):
        maps(rasters, tmp_path, drivers=drivers, controls=controls)
    assert list(tmp_path.iterdir()) == []


def test_a_driver_that_is_no_series_or_lies_elsewhere_or_is_missing(rasters, tmp_path):
    made = tmp_path / "in"
    others = {
        **rasters, "single": write_raster(made / "single_2001.tif", np.zeros((40, 30))),
        "finer": write_raster(made / "finer.tif", np.zeros((2, 3, 3)), crs=wkt_of(32651), descriptions=[2001, 2002]),
        "late": write_raster(made / "late.tif", np.zeros((9, 40, 30)), descriptions=range(2014, 2023)),
        "gone": str(made / "gone.tif"),
    }
    for name, message in {
        "single": "The driver 'single_2001' has one band, but each of .*DRIVERS.* is a series",
        "finer": "'finer' does not lie on the grid of 'npp'.*nep:harmonize",
        "late": "5 years in common",
        "gone": "gone",
    }.items():
        with pytest.raises(QgsProcessingException, match=message):
            maps(others, tmp_path / "out", drivers=(name,))
        assert list((tmp_path / "out").iterdir()) == []

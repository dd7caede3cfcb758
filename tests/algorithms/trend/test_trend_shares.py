"""nep:trend: the shares of significant pixels, as results and in the log."""

from __future__ import annotations

import re

import numpy as np
import pytest
from testkit.rasters import write_raster
from testkit.tools import Feedback, run

pytestmark = pytest.mark.usefixtures("provider")


def test_shares_of_the_pixels_are_given_where_there_are_some(tmp_path):
    values = np.random.default_rng(2).normal(size=(12, 3, 3))
    source = write_raster(tmp_path / "x.tif", values, descriptions=range(2001, 2013))
    slope = {"SLOPE": str(tmp_path / "s.tif")}
    feedback = Feedback()
    assert sorted(run("nep:trend", {"INPUT": [source], **slope}, feedback)) == ["FDR_SIGNIFICANT", "SIGNIFICANT",
                                                                               "SLOPE"]
    assert "confidence limits" not in feedback.log
    found = run("nep:trend", {"INPUT": [source], "CONFIDENCE": 50, "UPPER": str(tmp_path / "u.tif"), **slope}, feedback)
    said = re.findall(r"The confidence limits of the slope \(50 %\) exclude 0 in (\S+) % of the pixels", feedback.log)
    assert float(said[0]) == pytest.approx(found["LIMITS_EXCLUDE_ZERO"], abs=0.051) and found["LIMITS_EXCLUDE_ZERO"] > 0
    said = re.search(r"p is below 0.05 in (\S+) % of the pixels, and in (\S+) % when", feedback.log)
    assert float(said[1]) == pytest.approx(found["SIGNIFICANT"], abs=0.051)
    assert float(said[2]) == pytest.approx(found["FDR_SIGNIFICANT"], abs=0.051)
    values[0] = np.nan
    source = write_raster(tmp_path / "y.tif", np.nan_to_num(values, nan=-9999), nodata=-9999,
                          descriptions=range(2001, 2013))
    assert list(run("nep:trend", {"INPUT": [source], "MIN_OBSERVATIONS": 12, **slope}, feedback)) == ["SLOPE"]

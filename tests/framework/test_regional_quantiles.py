"""Quantiles as users write them, and readings of a series until they are found."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_raster
from testkit.regions import polygons
from testkit.tools import Feedback
from testkit.toy import call, toy

from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.framework.regional_quantiles import parse_quantiles, zonal_quantiles
from nep_toolbox.framework.regional_sums import zonal_statistics
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.mark.parametrize(("text", "expected"), [
    ("", {}), ("0.5", {"q50": 0.5}), (" 0.1, 0.5;0.9 ", {"q10": 0.1, "q50": 0.5, "q90": 0.9}),
    ("0,1", {"q00": 0.0, "q100": 1.0}), ("0.05,0.025,0.975", {"q05": 0.05, "q02_5": 0.025, "q97_5": 0.975}),
    ("0.29,0.57,0.29", {"q29": 0.29, "q57": 0.57}), ("1e-1", {"q10": 0.1}), ("0.1，0.5、0.9", {"q10": 0.1, "q50": 0.5,
     "q90": 0.9}), ("-0", {"q00": 0.0}), ("1e-7", {"q00_00001": 1e-7}),
])
def test_columns(text, expected):
    assert parse_quantiles(text) == expected


@pytest.mark.parametrize(("text", "part"), [
    ("50", "50"), ("0.1,median", "median"), ("-0.1", "-0.1"), ("nan", "nan"), ("inf", "inf"), ("0.1 0.9", "0.1 0.9"),
])
def test_what_is_no_share_is_named(text, part):
    with pytest.raises(InvalidParameter, match=f"^'{part}' in ⟨QUANTILES⟩ is no number from 0 to 1"):
        parse_quantiles(text)


@pytest.fixture
def series(tmp_path):
    """Two years on 40 x 600 cells, the second without a value, and the values of the first."""
    rng = np.random.default_rng(4)
    values = rng.normal(0, 100, (40, 600)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    nothing = np.full_like(values, np.nan)
    return [write_raster(tmp_path / f"x_{2001 + i}.tif", plane) for i, plane in enumerate((values, nothing))], values


@pytest.mark.parametrize("fractions", [False, True])
def test_of_the_whole_and_of_regions(series, monkeypatch, fractions):
    layers, values = series
    found = []

    def look(run):
        inputs = run.series("INPUT")
        known, _zones = zonal_statistics(run, inputs, fractions=fractions)
        found.append(zonal_quantiles(run, inputs, [0.5, 0.9], known, part=(0.5, 1.0), fractions=fractions))

    for block in (None, (256, 16)):
        monkeypatch.setattr(Run, "block", block)
        feedback = Feedback()
        regions = polygons({"part": (5, 20, 100, 400), "far": (500, 510, 0, 9)})
        call(toy(compute=look), {"INPUT": layers, "REGIONS": regions, "REGION_FIELD": "name"}, feedback)
    one, other = found
    np.testing.assert_array_equal(one, other)
    assert one.shape == (2, 2, 3) and np.isnan(one[:, 1]).all() and np.isnan(one[:, :, 2]).all()
    for zone, part in enumerate((values, values[5:20, 100:400])):
        chosen = np.sort(part[np.isfinite(part)]).astype(float)
        assert one[0, 0, zone] == np.median(chosen)
        place = 0.9 * chosen.size
        low, high = chosen[int(np.ceil(place - 1e-9)) - 1], chosen[int(np.floor(place + 1e-9))]
        assert one[1, 0, zone] == 0.5 * low + 0.5 * high


def test_a_cancel_after_a_reading(series):
    layers, _values = series
    feedback = Feedback()
    readings = []

    def look(run):
        inputs = run.series("INPUT")
        known, _zones = zonal_statistics(run, inputs)
        blocks = run.blocks

        def counted(*arguments, **options):
            readings.append(options["part"])
            yield from blocks(*arguments, **options)
            feedback.cancel()

        run.blocks = counted
        with pytest.raises(Cancelled):
            zonal_quantiles(run, inputs, [0.5], known, part=(0.4, 1.0))

    call(toy(compute=look), {"INPUT": layers}, feedback)
    assert readings == [pytest.approx((0.4, 0.6))]

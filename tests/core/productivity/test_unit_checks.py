"""Doubtful units are named, sound ones raise no alarm; MODIS coding by the product's rules."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.productivity.mod17 import MOD17_CODINGS, MOD17_FILL_MEANINGS
from nep_toolbox.core.productivity.unit_checks import unit_warnings


@pytest.mark.parametrize(
    ("temperature", "precipitation", "steps"),
    [
        ([14.2, 15.1], [640.0, 1120.0], 1),
        ([-1.5, 28.4], [3.0, 180.0], 12),
        ([27.0], [4200.0], 1),
        ([-28.0], [90.0], 1),
        ([np.nan], [np.nan], 1),
        ([], [], 12),
    ],
)
def test_sound_units_raise_no_alarm(temperature, precipitation, steps):
    assert unit_warnings(temperature, precipitation, steps) == []


@pytest.mark.parametrize(
    ("temperature", "message"),
    [
        ([142.0, 151.0], "tenths of a degree"),
        ([-61.0], "TEMPERATURE_SCALE to 0.1"),
        ([287.4, 288.0], "kelvin: subtract 273.15"),
        ([14370.0], "factor that makes it degC"),
    ],
)
def test_doubtful_temperature(temperature, message):
    (warning,) = unit_warnings(temperature, [700.0], 1)
    assert message in warning
    assert "TEMPERATURE_SCALE" in warning


@pytest.mark.parametrize(
    ("precipitation", "steps", "message"),
    [
        ([6400.0, 8000.0], 1, "8000 in a year"),
        ([100.0, 1710.0], 12, "1710 in a month"),
        ([600.0] * 12, 12, "7200 in a year"),
        ([0.64, 0.8], 1, "PRECIPITATION_SCALE to 1000"),
        ([2e-5] * 12, 12, "seconds of a step"),
        ([-9000.0, 500.0], 1, "fill values are not masked"),
    ],
)
def test_doubtful_precipitation(precipitation, steps, message):
    (warning,) = unit_warnings([14.0], precipitation, steps)
    assert message in warning


def test_both_series_are_judged():
    assert len(unit_warnings([142.0], [8000.0], 1)) == 2


def test_npp_coding_masks_every_fill_code():
    stored = np.array([-30001, -30000, 0, 4321, 32700, 32701, 32761, 32764, 32767], dtype=np.int16)
    decoded = MOD17_CODINGS["Npp_500m"].decode(stored)
    np.testing.assert_allclose(decoded, [np.nan, -3000.0, 0.0, 432.1, 3270.0] + [np.nan] * 4, rtol=1e-15)


def test_gpp_coding_masks_every_fill_code():
    stored = np.array([0, 1850, 65500, 65501, 65529, 65533, 65535], dtype=np.uint16)
    decoded = MOD17_CODINGS["Gpp_500m"].decode(stored)
    np.testing.assert_allclose(decoded, [0.0, 185.0, 6550.0] + [np.nan] * 4, rtol=1e-15)


@pytest.mark.parametrize("variable", sorted(MOD17_CODINGS))
def test_every_fill_code_has_a_meaning_and_lies_outside_of_the_valid_range(variable):
    coding = MOD17_CODINGS[variable]
    assert coding.fill_last - coding.fill_first + 1 == len(MOD17_FILL_MEANINGS)
    assert coding.fill_first > coding.valid_max
    # 65533 fills the desert of the GPP exports.
    assert MOD17_FILL_MEANINGS[65533 - MOD17_CODINGS["Gpp_500m"].fill_first].startswith("barren")

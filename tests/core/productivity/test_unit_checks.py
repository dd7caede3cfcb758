"""Doubtful units are named, sound ones raise no alarm."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nep_toolbox.core.productivity.unit_checks import npp_warnings, unit_warnings


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
        ([-61.0], "⟨TEMPERATURE_SCALE⟩ to 0.1"),
        ([287.4, 288.0], "kelvin: subtract 273.15"),
        ([14370.0], "factor that makes it degC"),
    ],
)
def test_doubtful_temperature(temperature, message):
    (warning,) = unit_warnings(temperature, [700.0], 1)
    assert message in warning
    assert "⟨TEMPERATURE_SCALE⟩" in warning


@pytest.mark.parametrize(
    ("precipitation", "steps", "message"),
    [
        ([6400.0, 8000.0], 1, "8000 in a year"),
        ([100.0, 1710.0], 12, "1710 in a month"),
        ([600.0] * 12, 12, "7200 in a year"),
        ([0.64, 0.8], 1, "⟨PRECIPITATION_SCALE⟩ to 1000"),
        ([2e-5] * 12, 12, "seconds of a step"),
        ([-9000.0, 500.0], 1, "fill values are not masked"),
    ],
)
def test_doubtful_precipitation(precipitation, steps, message):
    (warning,) = unit_warnings([14.0], precipitation, steps)
    assert message in warning


@pytest.mark.parametrize("temperature", [57.0, -57.0, 60.0])
def test_a_temperature_up_to_60_degrees_raises_no_alarm(temperature):
    assert unit_warnings([temperature], [700.0], 1) == []
    assert len(unit_warnings([temperature * 1.06], [700.0], 1)) == 1


@pytest.mark.parametrize(("most", "steps"), [(6000.0, 1), (500.0, 12)])
def test_precipitation_up_to_6000_mm_a_year_raises_no_alarm(most, steps):
    assert unit_warnings([14.0], [most] * steps, steps) == []
    assert "in a year" in unit_warnings([14.0], [1.01 * most] * steps, steps)[0]


def test_precipitation_of_1500_mm_in_a_month_and_5_in_a_year_are_the_last_without_alarm():
    assert unit_warnings([14.0], [1500.0] + [0.0] * 11, 12) == []
    assert "in a month" in unit_warnings([14.0], [1501.0] + [0.0] * 11, 12)[0]
    assert unit_warnings([14.0], [5.0], 1) == []
    assert "in the wettest year" in unit_warnings([14.0], [4.9], 1)[0]


def test_both_series_are_judged():
    assert len(unit_warnings([142.0], [8000.0], 1)) == 2


@pytest.mark.parametrize(("means", "scale", "words"), [
    ([5.0, 480.0, 2000.0, np.nan], 1.0, ()),
    ([np.nan], 0.1, ()), ([], 1.0, ()),
    ([4684.0, 4702.0], 1.0, ("a mean of 4702, which cannot.* then set ⟨NPP_SCALE⟩ to 0.1 and ⟨NPP_VALID_MAX⟩",)),
    ([480.0, 4702.0], 0.5, ("4702, which cannot.*Check ⟨NPP_SCALE⟩, which is 0.5, and that fill values",)),
    ([0.47, 0.46], 1.0, ("a mean of 0.46, which is hardly.* kgC m-2 yr-1: then set ⟨NPP_SCALE⟩ to 1000",)),
    # the factor of the product itself, which gives kgC
    ([0.47], 0.0001, ("then set ⟨NPP_SCALE⟩ to 0.1[.]",)),
    ([-9999.0], 1.0, ("a mean of -9999, which is hardly.*fill values are masked",)),
    ([0.48, 2001.0], 1.0, ("2001, which cannot", "0.48, which is hardly")),
])
def test_npp_that_no_region_has(means, scale, words):
    found = npp_warnings(means, scale)
    assert len(found) == len(words)
    for warning, expected in zip(found, words):
        assert re.search(expected, warning)

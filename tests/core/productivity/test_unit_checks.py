"""Doubtful units are named, sound ones raise no alarm."""

from __future__ import annotations

import numpy as np
import pytest

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

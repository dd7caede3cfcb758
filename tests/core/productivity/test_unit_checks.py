"""Doubtful units are named, sound ones raise no alarm."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nep_toolbox.core.productivity.unit_checks import Given, npp_warnings, unit_warnings


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
        ([287.4, 288.0], "288, which cannot be degC. It looks like kelvin: then set ⟨TEMPERATURE_OFFSET⟩ to -273.15;"),
        ([287.4, 288.0], "; or like tenths of a degree: then set ⟨TEMPERATURE_SCALE⟩ to 0.1."),
        ([2874.0], "tenths of a kelvin: then set ⟨TEMPERATURE_SCALE⟩ to 0.1 and ⟨TEMPERATURE_OFFSET⟩ to -273.15."),
        ([14370.0], "Set ⟨TEMPERATURE_SCALE⟩ to the factor that makes it degC"),
    ],
)
def test_doubtful_temperature(temperature, message):
    (warning,) = unit_warnings(temperature, [700.0], 1)
    assert message in warning


def temperature(unit="", scale=1.0, offset=0.0) -> Given:
    return Given(unit, scale, offset, "TEMPERATURE_SCALE", "TEMPERATURE_OFFSET")


def rain(unit="", scale=1.0) -> Given:
    return Given(unit, scale, 0.0, "PRECIPITATION_SCALE")


@pytest.mark.parametrize(("mean", "given", "cure"), [
    # the numbers to type are those of the files, whatever was typed before
    (28.74, temperature(scale=0.01), None),
    (287.4, temperature(scale=0.1), "kelvin: then set ⟨TEMPERATURE_OFFSET⟩ to -273.15; or like tenths of a degree: "
     "then set ⟨TEMPERATURE_SCALE⟩ to 0.01."),
    (2874.0 - 273.15, temperature(offset=-273.15), "tenths of a kelvin: then set ⟨TEMPERATURE_SCALE⟩ to 0.1."),
    (14.0 - 273.15, temperature(offset=-273.15), "Without the offset it can: then set ⟨TEMPERATURE_OFFSET⟩ to 0."),
])
def test_a_scale_and_an_offset_that_were_given(mean, given, cure):
    found = unit_warnings([mean], [700.0], 1, given, rain())
    assert not found if cure is None else cure in found[0]


@pytest.mark.parametrize(("unit", "mean", "cure"), [
    ("K", 287.4, "The unit of the temperature, as its files say, is 'K': set ⟨TEMPERATURE_OFFSET⟩ to -273.15."),
    ("0.1 degC", 14.0, "is '0.1 degC': set ⟨TEMPERATURE_SCALE⟩ to 0.1."),
    ("degF", 57.2, "set ⟨TEMPERATURE_SCALE⟩ to 0.5555555556 and ⟨TEMPERATURE_OFFSET⟩ to -17.77777778."),
    ("degC", 14.0, None), ("", 14.0, None),
    ("K", 14.0, None),  # somebody made degC of it and left the unit
    ("degC", 287.4, "It looks like kelvin"),
])
def test_the_unit_in_the_files_of_temperature(unit, mean, cure):
    found = unit_warnings([mean], [700.0], 1, temperature(unit), rain())
    assert not found if cure is None else cure in found[0]
    for settled in (temperature("K", offset=-273.15), temperature("0.1 degC", scale=0.1)):
        assert unit_warnings([14.0], [700.0], 1, settled, rain()) == []


@pytest.mark.parametrize(("unit", "mean", "steps", "cure"), [
    # 800 mm a year in each way of writing it
    ("kg m-2 s-1", 800 / (86400 * 365.2425), 12, "set ⟨PRECIPITATION_SCALE⟩ to 2629746, the seconds of a month."),
    ("kg m-2 s-1", 800 / (86400 * 365.2425), 1, "set ⟨PRECIPITATION_SCALE⟩ to 31556952, the seconds of a year."),
    ("mm/day", 800 / 365.2425, 12, "is 'mm/day': set ⟨PRECIPITATION_SCALE⟩ to 30.436875, the days of a month."),
    ("mm hr-1", 800 / 365.2425 / 24, 12, "to 730.485, the hours of a month."),
    ("m", 0.8 / 12, 12, "set ⟨PRECIPITATION_SCALE⟩ to 1000."),
    ("m", 0.8 / 365.2425, 12, "is 'm': set ⟨PRECIPITATION_SCALE⟩ to 1000 if it is metres a month (26.28 mm a year), or "
     "⟨PRECIPITATION_SCALE⟩ to 30436.875 if it is metres a day (800 mm a year), as the means of ERA5 are."),
    ("米", 0.15 / 12, 12, "to 1000 if it is metres a month (150 mm a year), or ⟨PRECIPITATION_SCALE⟩ to 30436.875 if "
     "it is metres a day (4566 mm a year)"),
    ("m", 0.012, 1, "to 1000 if it is metres a year (12 mm a year), or ⟨PRECIPITATION_SCALE⟩ to 365242.5 if it is"),
    ("m", 0.1 / 365.2425, 12, "set ⟨PRECIPITATION_SCALE⟩ to 30436.875: metres a day come to so many mm in a month."),
    ("m/day", 0.8 / 365.2425, 12, "is 'm/day': set ⟨PRECIPITATION_SCALE⟩ to 30436.875, the days of a month."),
    ("m", 0.8, 1, "set ⟨PRECIPITATION_SCALE⟩ to 1000."),
    ("0.1 mm", 8000 / 12, 12, "set ⟨PRECIPITATION_SCALE⟩ to 0.1."),
    ("mm", 800 / 12, 12, None), ("kg m-2", 800 / 12, 12, None), ("mm/month", 800 / 12, 12, None),
    ("mm", 25 / 12, 12, None), ("mm", 2 / 12, 12, "hardly mm"),
    ("mm/day", 800 / 12, 12, None),  # mm, whatever the files say: 24 m a year elsewise
    ("", 800 / (86400 * 365.2425), 12, "mm: if it is a rate in kg m-2 s-1, set ⟨PRECIPITATION_SCALE⟩ to 2629746."),
    ("", 800 / 365.2425, 12, "which as mm only deserts have. If it is in mm a day, set ⟨PRECIPITATION_SCALE⟩ to 30.4"),
    ("", 800 / 365.2425, 1, "if it is mm a day, set ⟨PRECIPITATION_SCALE⟩ to 365.2425."),
    ("", 0.8 / 365.2425, 12, "hardly mm: if it is metres a day, set ⟨PRECIPITATION_SCALE⟩ to 30436.875."),
    ("", 1e-9, 12, "hardly mm. Check ⟨PRECIPITATION_SCALE⟩, and the unit of the files."),
])
def test_the_unit_of_precipitation(unit, mean, steps, cure):
    found = unit_warnings([14.0], [mean] * steps, steps, temperature(), rain(unit))
    assert not found if cure is None else found and cure in found[0]


def test_a_scale_of_precipitation_that_was_given_is_part_of_the_cure():
    (warning,) = unit_warnings([14.0], [8e5], 1, temperature(), rain("m", 1e4))
    assert "set ⟨PRECIPITATION_SCALE⟩ to 1000." in warning
    assert unit_warnings([14.0], [800.0], 1, temperature(), rain("m", 1000.0)) == []
    assert unit_warnings([14.0], [9.0] * 12, 12, temperature(), rain("mm/day", 30.436875)) == []


@pytest.mark.parametrize(("annual", "steps", "warned"), [
    (59.9, 12, True), (60.0, 12, False), (15.9, 1, True), (16.1, 1, False),
])
def test_what_only_deserts_have(annual, steps, warned):
    found = unit_warnings([14.0], [annual / steps] * steps, steps)
    assert [("only deserts have" in text) for text in found] == [True] * warned


@pytest.mark.parametrize(
    ("precipitation", "steps", "message"),
    [
        ([6400.0, 8000.0], 1, "8000 in a year"),
        ([100.0, 1710.0], 12, "1710 in a month"),
        ([600.0] * 12, 12, "7200 in a year"),
        ([0.64, 0.8], 1, "⟨PRECIPITATION_SCALE⟩ to 1000"),
        ([2e-5] * 12, 12, "a rate in kg m-2 s-1, set ⟨PRECIPITATION_SCALE⟩ to 2629746"),
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


def test_precipitation_of_1500_mm_in_a_month_is_the_last_without_alarm():
    assert unit_warnings([14.0], [1500.0] + [0.0] * 11, 12) == []
    assert "in a month" in unit_warnings([14.0], [1501.0] + [0.0] * 11, 12)[0]
    assert "in a year, which is hardly mm" in unit_warnings([14.0], [4.9], 1)[0]


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

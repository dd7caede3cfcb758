"""Units as files write them."""

from __future__ import annotations

import pytest

from nep_toolbox.core.productivity.units import precipitation_conversion, temperature_conversion


@pytest.mark.parametrize(("units", "freezing", "boiling"), [
    (("degC", "°C", "C", "Celsius", "degrees Celsius", "deg_C", "ºC"), 0.0, 100.0),
    (("℃", "°Ｃ", "Ｃ", "摄氏度"), 0.0, 100.0),
    (("K", "kelvin", "Kelvins", "degK", "degrees_K", "\u212a", "Ｋ", "开尔文"), 273.15, 373.15),
    (("0.1 degC", "0.1 °C", "0.1C", "1/10 C", "0.1℃", "０.１ ℃", "0.1摄氏度"), 0.0, 1000.0),
    (("0.1 K", "0.1*K"), 2731.5, 3731.5),
    (("degF", "Fahrenheit", "°F", "℉"), 32.0, 212.0),
])
def test_water_freezes_at_0_and_boils_at_100_degrees(units, freezing, boiling):
    for unit in units:
        scale, offset, _words = temperature_conversion(unit)
        assert freezing * scale + offset == pytest.approx(0.0, abs=1e-9), unit
        assert boiling * scale + offset == pytest.approx(100.0), unit


@pytest.mark.parametrize(("units", "amount"), [
    # 365.2425 mm a year
    (("mm", "mm/month", "mm month-1", "mm mo-1", "kg m-2", "kg/m^2", "millimeters"), 30.436875),
    (("毫米", "ｍｍ", "㎜", "毫米/月", "毫米每月", "mm·月⁻¹"), 30.436875), (("毫米/天", "毫米/日", "mm d⁻¹"), 1.0),
    (("mm/day", "mm d-1", "mm day**-1", "mm per day", "kg m-2 day-1"), 1.0),
    (("kg m-2 s-1", "kg m**-2 s**-1", "kg/m2/s", "kg/(m^2 s)", "kg·m⁻²·s⁻¹", "mm/s", "kg.m-2.s-1"), 1 / 86400),
    (("mm/hr", "mm h-1"), 1 / 24), (("m", "metres", "m of water equivalent", "m w.e.", "米"), 0.030436875),
    (("m/day", "m d-1"), 0.001), (("m s-1",), 0.001 / 86400), (("cm",), 3.0436875),
    (("0.1 mm", "0.1mm", "0.1毫米"), 304.36875),
])
def test_a_month_of_one_mm_a_day(units, amount):
    for unit in units:
        found = precipitation_conversion(unit, 12)
        assert amount * found.scale == pytest.approx(30.436875), unit


@pytest.mark.parametrize(("unit", "amount"), [
    ("mm", 365.2425), ("mm/yr", 365.2425), ("mm a-1", 365.2425), ("mm/month", 30.436875), ("mm/day", 1.0),
    ("kg m-2 s-1", 1 / 86400), ("m", 0.3652425), ("毫米/年", 365.2425),
])
def test_a_year_of_one_mm_a_day(unit, amount):
    assert amount * precipitation_conversion(unit, 1).scale == pytest.approx(365.2425)


@pytest.mark.parametrize("unit", ["", "K", "W m-2", "gC m-2 yr-1", "%", "mmHg", "days", "1", "m2", "mm/yr",
                                  "度", "毫米汞柱", "年"])
def test_what_is_no_unit_of_the_kind(unit):
    assert precipitation_conversion(unit, 12) is None
    assert unit == "K" or temperature_conversion(unit) is None

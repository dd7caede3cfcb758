"""Units of temperature and precipitation as files write them, and what turns them into degC and mm."""

from __future__ import annotations

import re
import unicodedata
from math import isclose
from typing import NamedTuple

#: Days in a mean year of the Gregorian calendar.
DAYS_OF_A_YEAR = 365.2425
SECONDS_OF_A_DAY = 86400.0
HOURS_OF_A_DAY = 24.0
MONTHS_OF_A_YEAR = 12

#: By what share of itself a mean month differs at most from one of 28 days.
MONTHS_DIFFER = 0.0801

KELVIN = -273.15
"""What is added to kelvin for degC."""


class Conversion(NamedTuple):
    """Value x ``scale`` + ``offset`` is in degC or mm; ``words`` say what the scale is."""

    scale: float = 1.0
    offset: float = 0.0
    words: str = ""


_DEGREE = r"(?:°|deg(?:ree)?s?)?"
_TEMPERATURES = (
    (re.compile(rf"{_DEGREE}(?:c|celsius|centigrade)"), Conversion()),
    (re.compile(rf"{_DEGREE}(?:k|kelvins?)"), Conversion(1.0, KELVIN)),
    (re.compile(rf"(?:0\.1|1/10){_DEGREE}(?:c|celsius)"), Conversion(0.1)),
    (re.compile(rf"(?:0\.1|1/10){_DEGREE}(?:k|kelvins?)"), Conversion(0.1, KELVIN)),
    (re.compile(rf"{_DEGREE}(?:f|fahrenheit)"), Conversion(5 / 9, -160 / 9)),
)

#: mm in a depth, and days in a period.
_DEPTHS = (
    (r"(?:0\.1|1/10)mm", 0.1), (r"mm|milli(?:met(?:er|re)s?)|kg(?:m-2|/m2)", 1.0), (r"cm", 10.0),
    (r"m|met(?:er|re)s?", 1000.0),
)
_PER = r"(?:/|per)?(?:{0})(?:-1)?"
_PERIODS = (
    (_PER.format("s|sec|second"), 1 / SECONDS_OF_A_DAY, "seconds"),
    (_PER.format("h|hr|hour"), 1 / HOURS_OF_A_DAY, "hours"),
    (_PER.format("d|day"), 1.0, "days"),
    (_PER.format("mon|month|mo"), DAYS_OF_A_YEAR / MONTHS_OF_A_YEAR, ""),
    (_PER.format("a|y|yr|year"), DAYS_OF_A_YEAR, ""),  # of years; a month has no annual rate that anybody writes
)
#: Chinese words, the longer of two first.
_CHINESE = {
    "摄氏度": "degc", "攝氏度": "degc", "华氏度": "degf", "开尔文": "k", "開爾文": "k",
    "毫米": "mm", "厘米": "cm", "公分": "cm", "公尺": "m", "米": "m",
    "每": "/", "小时": "h", "小時": "h", "秒": "s", "天": "d", "日": "d", "月": "mon", "年": "a",
}
_RAISED = str.maketrans("⁻¹²º", "-12°")
_WATER = re.compile(r"(?:of)?(?:waterequivalent|water|h2o|we)")


def temperature_conversion(unit: str) -> Conversion | None:
    """What turns a unit of temperature into degC; None for what is no such unit."""
    written = _plain(unit)
    return next((conversion for pattern, conversion in _TEMPERATURES if pattern.fullmatch(written)), None)


def precipitation_conversion(unit: str, steps_per_year: int) -> Conversion | None:
    """What turns a unit of precipitation into mm in a step of the series.

    Parameters
    ----------
    unit : str
        As files write it: "mm", "m", "kg m-2 s-1", "mm/day", "m of water equivalent" and so on.
    steps_per_year : int
        12 for months, of 30.436875 days in the mean; 1 for years, of 365.2425.

    Returns
    -------
    Conversion or None
        None for what is no such unit.
    """
    written = _WATER.sub("", _plain(unit))
    days = DAYS_OF_A_YEAR / steps_per_year
    for depth, millimetres in _DEPTHS:
        if re.fullmatch(depth, written):
            return Conversion(millimetres)
        for period, length, words in _PERIODS:
            if length <= days and re.fullmatch(f"(?:{depth}){period}", written):
                return Conversion(millimetres * days / length, 0.0, words)
    return None


def unit_after(unit: str, scale: float, offset: float, steps_per_year: int, *, summed: bool = False) -> str:
    """The unit of values in a unit after a scale and an offset.

    Parameters
    ----------
    unit : str
        As files write it.
    scale, offset : float
    steps_per_year : int
        As for `precipitation_conversion`.
    summed : bool
        Whether they are added up over the steps, which leaves no rate: twelve months of mm/month make mm.

    Returns
    -------
    str
        The unit itself where the values stay as they are; "degC" or "mm" where scale and offset make it so, of a rate
        also by months of 28 to 31 days; else empty.
    """
    if (scale, offset) == (1.0, 0.0) and not (summed and _is_rate(unit)):
        return unit
    warm, wet = temperature_conversion(unit), precipitation_conversion(unit, steps_per_year)
    if warm and isclose(scale, warm.scale, rel_tol=1e-6) and isclose(offset, warm.offset, abs_tol=1e-6):
        return "degC"
    return "mm" if wet and isclose(scale, wet.scale, rel_tol=MONTHS_DIFFER) and not offset else ""


def _is_rate(unit: str) -> bool:
    """Whether a unit is one of precipitation by time: what it comes to in mm depends on the length of the step."""
    return precipitation_conversion(unit, 1) != precipitation_conversion(unit, MONTHS_OF_A_YEAR)


def _plain(unit: str) -> str:
    """A unit in small letters of the keyboard, without blanks and what writes powers and products."""
    written = unicodedata.normalize("NFKC", unit.translate(_RAISED))
    for chinese, letters in _CHINESE.items():
        written = written.replace(chinese, letters)
    return re.sub(r"[\s*^_()·]|(?<!\d)\.|\.(?!\d)", "", written.lower())

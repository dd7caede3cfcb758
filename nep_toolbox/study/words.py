"""The words of one language: labels of figures and tables, and how numbers, units, directions and lists are written."""

from __future__ import annotations

from ..typesetting import unit_text
from .languages.zh_labels import LABELS as CHINESE
from .numerals import number

LANGUAGES = ("en", "zh")

_ENGLISH_POINTS = (
    "north", "north-northeast", "northeast", "east-northeast", "east", "east-southeast", "southeast", "south-southeast",
    "south", "south-southwest", "southwest", "west-southwest", "west", "west-northwest", "northwest", "north-northwest",
)
_CHINESE_POINTS = (
    "北", "东北偏北", "东北", "东北偏东", "东", "东南偏东", "东南", "东南偏南",
    "南", "西南偏南", "西南", "西南偏西", "西", "西北偏西", "西北", "西北偏北",
)
_SHORT_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")


class Words:
    """The words of a language, ``"en"`` or ``"zh"``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.chinese = language == "zh"

    def __getitem__(self, english: str) -> str:
        return self.label(english)

    def label(self, english: str) -> str:
        """A label in the language; where it has no translation, the English text itself."""
        return CHINESE.get(english, english) if self.chinese else english

    def number(self, value, kind: str = "number") -> str:
        """A number as `numerals.number` writes it."""
        return number(value, kind)

    def percent(self, value) -> str:
        """A share with its sign: ``41.2 %``."""
        text = number(value, "percent")
        return f"{text}%" if self.chinese else f"{text} %"

    def p(self, value) -> str:
        """A p-value with its name: ``p = 0.034``, ``p < 0.001``."""
        text = number(value, "p")
        return f"p < {text[1:]}" if text.startswith("<") else f"p = {text}"

    def unit(self, unit: str) -> str:
        """A unit with raised exponents."""
        return unit_text(unit.replace("degC", "°C"))

    def quantity(self, name: str, unit: str = "") -> str:
        """The title of an axis: a quantity, and its unit in brackets where it has one."""
        return f"{self.label(name)} ({self.unit(unit)})" if unit else self.label(name)

    def compass(self, azimuth: float, short: bool = False, points: int = 16) -> str:
        """The point of the compass (of 8 or 16) that is nearest to an azimuth in degrees clockwise from north."""
        step = 16 // points
        place = step * (int(azimuth % 360.0 / (360.0 / points) + 0.5) % points)
        names = _CHINESE_POINTS if self.chinese else _ENGLISH_POINTS
        return _SHORT_POINTS[place] if short else names[place]

    def period(self, first: int, last: int) -> str:
        """A span of years: ``2001–2006``; one year alone where it is no span."""
        dash = "—" if self.chinese else "–"
        return str(first) if first == last else f"{first}{dash}{last}"

    def join(self, parts: list) -> str:
        """A list in prose: ``A, B and C``."""
        if self.chinese:
            return "和".join(["、".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
        return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def words(language: str) -> Words:
    """The words of a language; those of English for a language that there are none of."""
    return Words(language if language in LANGUAGES else "en")

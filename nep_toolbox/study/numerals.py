"""The one place where the numbers of a study are rounded and written: for figures, sentences and tables alike."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..typesetting import raised

MINUS = "\u2212"


class _Kind(NamedTuple):
    """Digits of a kind of number: significant ones, or decimals."""

    significant: int | None = None
    decimals: int | None = None
    smallest: float | None = None
    largest: float | None = None
    trimmed: bool = False
    grouped: bool = True


_KINDS = {
    "value": _Kind(significant=4),
    "total": _Kind(significant=4),
    "slope": _Kind(significant=3),
    "km": _Kind(significant=3),
    "percent": _Kind(decimals=1, smallest=0.1, largest=99.9),
    "coverage": _Kind(decimals=1),
    "p": _Kind(decimals=3, smallest=0.001),
    "r": _Kind(decimals=2),
    "h": _Kind(decimals=2),
    "z": _Kind(decimals=2),
    "q": _Kind(decimals=3),
    "coordinate": _Kind(decimals=2),
    "degrees": _Kind(decimals=0),
    "count": _Kind(decimals=0),
    "year": _Kind(decimals=0, grouped=False),
    "number": _Kind(significant=6, trimmed=True),
}
#: Areas in km2 from here on have no decimals.
_WHOLE_AREA = 100.0
#: Numbers closer to zero than this are written with a power of ten.
_TINY = 1e-5
#: What sums of percentages may miss 0 or 100 by.
_ROUNDING = 1e-9

KINDS = (*_KINDS, "area", "text")


def number(value, kind: str = "number") -> str:
    """A number as readers see it.

    Parameters
    ----------
    value : int, float, str or None
        None and NaN are written as nothing, text as it is.
    kind : str
        One of `KINDS`: what is counted or measured. ``percent`` comes without its sign.

    Returns
    -------
    str
        With a real minus sign, thousands apart by commas, and ``<0.001`` or ``>99.9`` where rounding would give the
        end of a range that is not reached.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, str) or kind == "text":
        return str(value)
    if kind == "area":
        return number(value, "count" if abs(value) >= _WHOLE_AREA else "slope")
    return _written(float(value), _KINDS[kind])


def _written(value: float, kind: _Kind) -> str:
    size = abs(value)
    if kind.largest is not None and min(size, abs(size - 100.0)) < _ROUNDING:
        return _with_sign(value, f"{size:.0f}")
    if kind.smallest is not None and 0.0 < size < kind.smallest:
        return f"<{kind.smallest:g}"
    if kind.largest is not None and kind.largest < size < 100.0:
        return f">{kind.largest:g}"
    if kind.significant is not None and 0.0 < size < _TINY:
        return _with_sign(value, _with_power(size, kind.significant))
    return _with_sign(value, _plain(size, kind))


def _plain(size: float, kind: _Kind) -> str:
    decimals = kind.decimals
    if kind.significant is not None:
        size = float(f"{size:.{kind.significant - 1}e}") if size < 10.0**kind.significant else size
        decimals = max(0, kind.significant - 1 - math.floor(math.log10(size))) if size else 0
    text = f"{size:,.{decimals}f}" if kind.grouped else f"{size:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if kind.trimmed and "." in text else text


def _with_power(size: float, significant: int) -> str:
    mantissa, power = f"{size:.{significant - 1}e}".split("e")
    return f"{mantissa} × 10{raised(int(power))}"


def _with_sign(value: float, text: str) -> str:
    """The text with its minus, unless all that is left after rounding is zero."""
    return MINUS + text if value < 0.0 and any(digit in text for digit in "123456789") else text

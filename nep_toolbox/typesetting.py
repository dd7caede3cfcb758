"""How quantities are written, wherever they are."""

from __future__ import annotations

import re

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(number: int) -> str:
    """A whole number as an exponent: ``⁻⁷``."""
    return str(number).translate(_SUPERSCRIPTS)


def unit_text(unit: str) -> str:
    """A unit with raised exponents: ``gC m-2 yr-1`` becomes ``gC m⁻² yr⁻¹``, ``km2`` becomes ``km²``."""
    return re.sub(r"(?<=[A-Za-z])-?\d+\b", lambda found: raised(int(found.group())), unit)


def with_unit(number: str, unit: str) -> str:
    """A number and its unit. A unit such as ``0.1 gC m-2 yr-1``, of values stored as whole numbers, is a factor too."""
    if not unit:
        return number
    return f"{number} × {unit_text(unit)}" if unit[:1].isdigit() else f"{number} {unit_text(unit)}"

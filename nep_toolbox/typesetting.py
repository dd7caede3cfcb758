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

"""Fonts, the colours of a page, and how quantities are written."""

from __future__ import annotations

import unicodedata

from ..typesetting import unit_text

FONTS = (
    "'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', "
    "'Noto Sans SC', sans-serif"
)
INK = "#26323a"
MUTED = "#64727c"
GRID = "#e3e8eb"
PAPER = "#ffffff"
NEUTRAL = "#9aa5ad"
ACCENT = "#0072b2"
CONTRAST = "#d55e00"

#: How a p-value is written that is too small to be distinguished from 0.
BELOW_ALL = "< 1e-300"


def colorscale(ramp: tuple) -> list:
    """A ramp as plotly wants it."""
    return [[index / (len(ramp) - 1), colour] for index, colour in enumerate(ramp)]


def quantity_text(quantity: str, unit: str) -> str:
    """Title of an axis: the quantity, and its unit in brackets where it has one."""
    return f"{quantity} ({unit_text(unit)})" if unit else quantity


def number_text(value, digits: int = 6) -> str:
    """A number or text for a table: so many significant digits, no exponent where plain digits do, thousands apart.

    Whole numbers of Python stay as they are: they may be years.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return f"{value:,.0f}"
        plain = 10.0 ** (digits - 1) <= abs(value) < 1e15
        return f"{value:,.{max(0, digits - 5)}f}" if plain else f"{value:,.{digits}g}"
    return str(value)


def percent_text(percent: float) -> str:
    """A share with one decimal: ``48.0 %``, and ``<0.1 %`` where that would be none."""
    return "<0.1 %" if 0.0 < percent < 0.1 else f"{percent:.1f} %"


def text_width(words: str) -> float:
    """About how wide a line of text is, in widths of a letter; Chinese characters are twice as wide."""
    return sum(1.8 if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in words)


def p_text(p_value: float) -> str:
    """A p-value for a legend: ``p = 0.034``, ``p < 0.001``, or that there is none."""
    if p_value is None or p_value != p_value:
        return "p not defined"
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def exact_p_text(p_value, name: str = "p") -> str:
    """A p-value with three digits however small: ``p = 3.4e-45``; one that is 0 to the computer as ``p < 1e-300``."""
    if p_value is None or p_value != p_value:
        return f"{name} not defined"
    return f"{name} = {p_value:.3g}" if p_value > 0 else f"{name} {BELOW_ALL}"

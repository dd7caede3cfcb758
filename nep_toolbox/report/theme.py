"""Fonts, colours and how quantities are written."""

from __future__ import annotations

import re

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

# Okabe and Ito's set, which readers with any of the common colour deficiencies can tell apart; yellow and black last,
# since one is faint on white and the other looks like text.
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000")
# Brown to green: two hues that no common deficiency confuses, light in the middle.
DIVERGING = ("#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", "#c7eae5", "#80cdc1", "#35978f", "#01665e")
# Lightness rises along the ramp, so that it survives a grey print too.
SEQUENTIAL = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
LIGHT_TO_DARK = ("#f2f7fb", "#c9dff0", "#8fc0e0", "#4a97c9", "#1f6dad", "#0b3f73")

#: How a probability is written that is too small to be told from 0.
BELOW_ALL = "< 1e-300"

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def categorical(count: int) -> list:
    """Distinct colours for categories.

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    list of str
        ``#rrggbb``; from the ninth on, lighter and darker kin of the first eight.
    """
    rounds = ((0.0, "#ffffff"), (0.5, "#ffffff"), (0.4, "#000000"), (0.75, "#ffffff"))
    # Black has no darker kin, so one of the kin is a double.
    colours = list(dict.fromkeys(blend(colour, towards, share) for share, towards in rounds for colour in CATEGORIES))
    return [colours[index % len(colours)] for index in range(count)]


def blend(colour: str, towards: str, share: float) -> str:
    """A colour on the way to another: ``share`` 0 is the first, 1 the second."""
    mixed = (round(a + (b - a) * share) for a, b in zip(channels(colour), channels(towards)))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def legible(colour: str) -> str:
    """The colour, darkened where a line of it would be lost on white."""
    red, green, blue = channels(colour)
    lightness = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return blend(colour, "#000000", 1.0 - 0.7 / lightness) if lightness > 0.7 else colour


def channels(colour: str) -> tuple:
    """Red, green and blue (0 to 255) of ``#rrggbb``."""
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def with_alpha(colour: str, alpha: float) -> str:
    """``#rrggbb`` as a see-through colour."""
    return "rgba({},{},{},{:g})".format(*channels(colour), alpha)


def along(ramp: tuple, share: float) -> str:
    """The colour of a ramp at ``share`` (0 to 1) of its length."""
    place = min(max(share, 0.0), 1.0) * (len(ramp) - 1)
    first = min(int(place), len(ramp) - 2)
    return blend(ramp[first], ramp[first + 1], place - first)


def colorscale(ramp: tuple) -> list:
    """A ramp as plotly wants it."""
    return [[index / (len(ramp) - 1), colour] for index, colour in enumerate(ramp)]


def unit_text(unit: str) -> str:
    """A unit with raised exponents: ``gC m-2 yr-1`` becomes ``gC m⁻² yr⁻¹``, ``km2`` becomes ``km²``."""
    return re.sub(r"(?<=[A-Za-z])-?\d+\b", lambda found: found.group().translate(_SUPERSCRIPTS), unit)


def quantity_text(quantity: str, unit: str) -> str:
    """Title of an axis: the quantity, and its unit in brackets where it has one."""
    return f"{quantity} ({unit_text(unit)})" if unit else quantity


def number_text(value) -> str:
    """A number or text for a table: six significant digits, no exponent where plain digits do."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return f"{value:.0f}"
        return f"{value:.1f}" if 1e5 <= abs(value) < 1e15 else f"{value:.6g}"
    return str(value)


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

"""Texts of charts: names in the reader's language, quantities with their units, lines that fit a width."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from ...colours import channels
from .. import theme
from .sheet import INCH, INK, POINT, TEXT

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class English:
    """The texts as they are written here; the form of what a chart takes as ``words``.

    ``words[text]`` is a text of a figure and ``words.label(text)`` the name of a class, both in the reader's language.
    """

    language = "en"

    def __getitem__(self, text: str) -> str:
        return text

    def label(self, text: str) -> str:
        """The name of a class."""
        return text

    def number(self, number: float, kind: str) -> str:
        """A number as its kind is written: ``value``, ``slope``, ``r``, ``q`` or ``percent`` (without its sign)."""
        if kind == "percent":
            return self.percent(number)[: -len(" %")]
        if kind in ("r", "q"):
            return f"{number:.{2 if kind == 'r' else 3}f}".replace("-", "−")
        digits = 4 if kind == "value" else 3
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(number) or 1.0)))
        return f"{number:,.{decimals}f}".replace("-", "−")

    def p(self, number: float) -> str:
        """A p-value with its name."""
        return theme.p_text(number)

    def percent(self, number: float) -> str:
        """A share with its sign."""
        return theme.percent_text(number)

    def join(self, names: list) -> str:
        """Names in a sentence."""
        return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)

    def quantity(self, name: str, unit: str) -> str:
        """The title of an axis: the quantity, and its unit in brackets."""
        return theme.quantity_text(name, unit)


def value(row: dict, column: str) -> float:
    """A number of a table; NaN where there is none."""
    found = row.get(column)
    return float(found) if isinstance(found, (int, float)) and math.isfinite(found) else math.nan


def values(rows, column: str) -> list:
    """The numbers of a column."""
    return [value(row, column) for row in rows]


def present(numbers) -> list:
    """The numbers that are there."""
    return [number for number in numbers if math.isfinite(number)]


def share_text(words, percent: float) -> str:
    """A share with its sign, between which a line does not break."""
    return words.percent(percent).replace(" ", "\u00a0")


def measure(figure: Figure, text: str, points: float = TEXT) -> tuple:
    """Width and height of a text, in mm; of several lines that of the widest and of all together."""
    from matplotlib.font_manager import FontProperties

    renderer, font = figure.canvas.get_renderer(), FontProperties(size=points)
    lines = text.split("\n")
    width = max(renderer.get_text_width_height_descent(line, font, False)[0] for line in lines)
    return width / figure.dpi * INCH, len(lines) * points * 1.2 * POINT


def wrapped(figure: Figure, text: str, width: float, points: float = TEXT, most: int = 3) -> str:
    """A text broken into lines of a width in mm, ``most`` of them; what is left over is replaced by dots."""
    lines = [""]
    for part in _parts(text):
        longer = lines[-1] + part
        if not lines[-1] or measure(figure, longer.strip(), points)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(part.lstrip())
    lines = [_cut(figure, line.strip(), width, points) for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(figure, f"{lines[most - 1]}…", width, points)]
    return "\n".join(lines)


def _parts(text: str) -> list:
    """What a line may be broken between: words with the space before them, single Chinese signs."""
    parts: list = []
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF" and unicodedata.category(sign)[0] != "P"
        if not parts or sign == " " or wide:
            parts.append(sign)
        else:
            parts[-1] += sign
    return parts


def _cut(figure: Figure, line: str, width: float, points: float) -> str:
    """A line that is too wide even by itself, shortened."""
    while len(line) > 2 and measure(figure, line, points)[0] > width:
        line = f"{line.rstrip('…')[:-1]}…"
    return line


def ink_on(colour: str) -> str:
    """Black or white, whichever can be read on a colour."""
    red, green, blue = channels(colour)
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else INK

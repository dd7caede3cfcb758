"""Matrices of numbers: the texts of their cells, and names short enough to stand beside them."""

from __future__ import annotations

from .. import theme

#: Width of a digit, in heights of its letters; texts smaller than this, in pixels, are not legible.
_DIGIT, _SMALLEST = 0.6, 8.0
_SHORT = "{}…{}"
#: Pixels: a page of usual width, what stands beside a matrix but the names, and a letter of a name.
_PAGE, _BESIDE, LETTER = 985, 140, 7.0


def matrix_width(names: list) -> float:
    """The width of a matrix on a page of usual width, in pixels, with these names at its left."""
    return _PAGE - _BESIDE - LETTER * widest(names)


def widest(names: list) -> float:
    """The width of the widest of some names, in letters."""
    return max(map(theme.text_width, names), default=0)


def fitting_size(width: float, letters: int, largest: float) -> float:
    """The size of letters, in pixels, in which a text fits into a cell; 0 where it would not be legible.

    Parameters
    ----------
    width : float
        Of the cell, in pixels.
    letters : int
        Of the longest text.
    largest : float
        The size where there is room enough, in pixels.
    """
    size = min(largest, width / (_DIGIT * letters))
    return size if size >= _SMALLEST else 0.0


def cell_texts(shown: list, dark: list, size: float) -> dict:
    """A trace with the texts of the cells (older plotly cannot write into a heatmap itself).

    Parameters
    ----------
    shown : list of lists of str
        Markup of plotly, lines from the top; cells stand at the whole numbers from 0. An empty one is left out.
    dark : list of lists of bool
        Whether the cell is dark, so that its text is light.
    size : float
        Of the letters, in pixels.
    """
    cells = [
        (across, down, words, theme.PAPER if dark[down][across] else theme.INK)
        for down, line in enumerate(shown) for across, words in enumerate(line) if words
    ]
    x, y, words, colours = map(list, zip(*cells)) if cells else ([], [], [], [])
    return {
        "type": "scatter", "mode": "text", "name": "values", "x": x, "y": y, "text": words,
        "textfont": {"size": size, "color": colours}, "hoverinfo": "skip", "showlegend": False, "cliponaxis": False,
    }


def shortened(name: str, most: float) -> str:
    """A name without its middle where it is wider than so many letters: its ends tell it from others."""
    name = str(name)
    if theme.text_width(name) <= most:
        return name
    head = tail = ""
    while theme.text_width(head + tail) < most - 2:
        if theme.text_width(head) <= theme.text_width(tail):
            head = name[: len(head) + 1]
        else:
            tail = name[len(name) - len(tail) - 1 :]
    return _SHORT.format(head.rstrip(), tail.lstrip())

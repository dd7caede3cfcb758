"""Windows within windows."""

from __future__ import annotations

from collections.abc import Iterator

from ..grid import Window


def shared(one: Window, other: Window) -> Window | None:
    """The cells two windows have in common."""
    left, top = max(one.col, other.col), max(one.row, other.row)
    right = min(one.col + one.width, other.col + other.width)
    bottom = min(one.row + one.height, other.row + other.height)
    return Window(left, top, right - left, bottom - top) if left < right and top < bottom else None


def moved(window: Window, origin: Window) -> Window:
    """A window counted from the corner of another."""
    return Window(window.col - origin.col, window.row - origin.row, window.width, window.height)


def slices(window: Window, origin: Window) -> tuple:
    """What an array (bands, rows, columns) of the cells of another window is indexed with to get those of a window."""
    col, row = window.col - origin.col, window.row - origin.row
    return slice(None), slice(row, row + window.height), slice(col, col + window.width)


def cut(whole: Window, width: int, height: int, meeting: Window) -> Iterator[Window]:
    """The parts of a window, row by row, in which it is cut from its corner on, as far as they meet another one."""
    there = shared(whole, meeting)
    if there is None:
        return
    for row in range((there.row - whole.row) // height * height, there.row - whole.row + there.height, height):
        for col in range((there.col - whole.col) // width * width, there.col - whole.col + there.width, width):
            yield Window(
                whole.col + col, whole.row + row, min(width, whole.width - col), min(height, whole.height - row)
            )

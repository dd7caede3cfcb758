"""Sources whose longitudes count otherwise than the target's: from 0 to 360, or from -180 to 180.

A place in degrees lies a whole turn farther on once more. Where a target asks for it there, the columns of a source are
put there too, so that the methods see no edge at Greenwich or at the date line.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ..grid import Grid, Window
from .content import Storage
from .mosaic import REACH, Mosaic
from .pieces import Source
from .resampling import SPARE, Resampling, coarsening, margin_of, reached, source_window


def source_for(mosaics: list, target: Grid, storage: Storage, method: Resampling) -> Source | None:
    """The part of mosaics on one grid that a target may draw on, at all turns of longitude; None if they do not meet.

    Sums to another kind of reference system have each cell once: there a place is the same at all turns.
    """
    source = mosaics[0].grid
    if method is Resampling.SUM and not target.turn:
        many, window = _once(source)
        mosaics = [turned(mosaic, many) for mosaic in mosaics]
        window = window if source_windows(mosaics[0].grid.part(window), target) else None
    else:
        mosaics = [turned(mosaic, turns(source, target)) for mosaic in mosaics]
        window = source_window(mosaics[0].grid, target)
    return None if window is None else Source(mosaics, window, storage)


def turns(source: Grid, target: Grid) -> tuple:
    """By how many whole turns to the east a source lies where a target draws on it: (0,), or (-1, 0) and the like.

    Of a source whose cells do not fit into a turn it is the one turn at which most of it is in the target.
    """
    columns = _columns(source)
    if not columns:
        return (0,)
    left, right = _span(source, target)
    found = tuple(range(math.floor((left - source.width) / columns) + 1, math.ceil(right / columns)))
    if len(found) < 2 or abs(columns - round(columns)) * max(map(abs, found)) <= REACH:
        return found or (0,)
    return max(found, key=lambda turn: (_shared(source, columns, turn, left, right), -abs(turn))),


def left_out(source: Grid, target: Grid) -> bool:
    """Whether a target asks for a source at several turns, and has it at one, as its cells do not fit into a turn."""
    columns, chosen = _columns(source), turns(source, target)
    if not columns or len(chosen) > 1:
        return False
    left, right = _span(source, target, 0.0)
    spare = SPARE / (1 + 2 * SPARE) * (right - left) + 1
    left, right = left + spare, right - spare
    others = range(math.floor((left - source.width) / columns) + 1, math.ceil(right / columns))
    return any(_shared(source, columns, turn, left, right) > 0 for turn in others if turn != chosen[0])


def _once(source: Grid) -> tuple:
    """The turns that have every cell between -180 and 180 degrees, and the window, of all these turns, that does."""
    columns = _columns(source)
    if not columns or abs(columns - round(columns)) > REACH:
        return (0,), source.whole
    columns, first = round(columns), round(source.cell_of(-source.turn / 2, 0.0)[0])
    many = tuple(range((first - source.width) // columns + 1, -(-(first + columns) // columns)))
    left = max(0, first - min(many) * columns)
    right = min(source.width + (max(many) - min(many)) * columns, first - min(many) * columns + columns)
    return many, Window(left, 0, right - left, source.height)


def turned(mosaic: Mosaic, many: tuple) -> Mosaic:
    """A mosaic side by side with itself, at some turns."""
    if many == (0,):
        return mosaic
    grid, first = mosaic.grid, min(many)
    x, *rest = grid.transform
    step = round(_columns(grid))
    places = [
        replace(place, col=place.col + (turn - first) * step)
        for turn in sorted(many, key=abs) for place in mosaic.places
    ]
    wide = Grid(grid.wkt, (x + first * grid.turn, *rest), grid.width + (max(many) - first) * step, grid.height)
    return Mosaic(wide, mosaic.pieces * len(many), tuple(places))


def source_windows(source: Grid, target: Grid, margin: float | None = None) -> list:
    """As `source_window`, at all turns of longitude, for a target in another kind of reference system."""
    columns, ends = _columns(source), reached(source, target, margin)
    if not columns or target.turn or ends is None:
        window = source_window(source, target, margin)
        return [window] if window else []
    left, right, top, bottom = ends
    top, bottom = max(0, top), min(source.height, bottom)
    windows = []
    for turn in range(math.floor((left - source.width) / columns) + 1, math.ceil(right / columns)):
        first = max(0, math.floor(left - turn * columns))
        after = min(source.width, math.ceil(right - turn * columns))
        if first < after and top < bottom:
            windows.append(Window(first, top, after - first, bottom - top))
    return windows


def _columns(grid: Grid) -> float:
    """Cells in a whole turn; 0 of a grid that has no longitudes from west to east."""
    _x, a, b, _y, d, _e = grid.transform
    return grid.turn / a if a > 0 and not b and not d else 0.0


def _span(source: Grid, target: Grid, margin: float | None = None) -> tuple:
    """The first and the last column that a target draws on, of a source without end; those of -180 and 180 where the
    target has points without a place."""
    ends = reached(source, target, margin)
    if ends:
        return ends[:2]
    margin = margin_of(coarsening(source, target)) if margin is None else margin
    left, right = (source.cell_of(x, 0.0)[0] for x in (-source.turn / 2, source.turn / 2))
    return left - margin, right + margin


def _shared(source: Grid, columns: float, turn: int, left: float, right: float) -> float:
    """How many columns of a source are within some ends, at a turn."""
    return min(right, turn * columns + source.width) - max(left, turn * columns)

"""Where things stand on a page: pure geometry, in mm from the upper left corner."""

from __future__ import annotations

import math
from typing import NamedTuple

#: From this width on a page has its legends in a column beside the panels; a narrower one has them below.
WIDE = 120.0
#: Between panels, and the height of what is written above a panel.
GAP, HEAD = 3.0, 4.6
#: Around the page, so that the line of a frame is not cut.
MARGIN = 0.3
#: The column of legends of a wide page.
LEGENDS = 37.0
#: The height of bars that stand beside a map.
LEAST_BARS, MOST_BARS = 46.0, 90.0
#: No map is higher, so that a page with its legends stays one page.
MOST_HEIGHT = 190.0


class Box(NamedTuple):
    """A rectangle on the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.height

    def below(self, height: float) -> Box:
        """The box without a strip of a height on top."""
        return Box(self.x, self.y + height, self.width, self.height - height)


def is_wide(width: float) -> bool:
    """Whether a page has room for a column of legends beside the panels."""
    return width >= WIDE


def panel_sizes(width_mm: float, ratio: float = 0.0) -> dict:
    """Width and height of the charts that stand between maps, by the stem of their file; None is a height of choice.

    Parameters
    ----------
    width_mm : float
        Of the page.
    ratio : float
        Height over width of a map, so that bars beside one are as high where nine of them have room; 0 if not known.
    """
    width = width_mm - 2 * MARGIN
    half = columns(width, 2)[0][1]
    if is_wide(width):
        room = width - LEGENDS - GAP
        cell = columns(room, 2)[0][1]
        beside = map_size(cell, ratio)[1] if ratio else 0.0
        bars = beside if LEAST_BARS <= beside <= MOST_BARS else None
        counts, shares, codes, scatter = (room, 48.0), (cell, bars), (half, None), (cell, 0.75 * cell)
    else:
        counts, shares, codes, scatter = (width, 48.0), (width, None), (width, None), (half, 0.9 * half)
    return {
        "fig04_counts": counts, "fig05_shares": shares, "fig06_shares": codes, "fig07_precipitation": scatter,
        "fig07_temperature": scatter, "fig11_shares": shares, "fig12_shares": shares,
        **dict.fromkeys(("fig11_parts", "fig12_contributions", "fig12_importance"), (shares[0], None)),
    }


def columns(width: float, count: int) -> list:
    """The x and the width of columns side by side."""
    each = (width - (count - 1) * GAP) / count
    return [(place * (each + GAP), each) for place in range(count)]


def map_size(width: float, ratio: float, most: float = MOST_HEIGHT) -> tuple:
    """Width and height of a map that fills a width, or is as high as may be.

    Parameters
    ----------
    width : float
    ratio : float
        Height over width of what the map shows.
    most : float
        The greatest height.
    """
    return (width, width * ratio) if width * ratio <= most else (most / ratio, most)


class Grid(NamedTuple):
    """Equal maps in rows, and the room that the legends have."""

    panels: list
    legends: Box | None
    height: float


def _across(wide: bool, count: int, ratio: float) -> int:
    """How many maps stand side by side: more of those that are higher than wide, so that they stay large."""
    if not wide:
        return 1 if ratio < 0.35 else 2
    return 4 if ratio > 1.6 else 3 if ratio > 1.1 or count > 4 else 2


def equal_maps(width: float, count: int, ratio: float) -> Grid:
    """Boxes for equal maps with a heading each, as few rows as leave them legible.

    Legends get the cell that the last row leaves free, else the column beside the maps of a wide page; on a narrow page
    they stand below (``legends`` is then None).

    Parameters
    ----------
    width : float
        Of the page.
    count : int
        Of maps.
    ratio : float
        Height over width of a map.
    """
    wide = is_wide(width)
    across = min(count, _across(wide, count, ratio))
    rows = math.ceil(count / across)
    free = rows * across > count
    room = width - LEGENDS - GAP if wide and not free else width
    cell = columns(room, across)[0][1]
    map_width, map_height = map_size(cell, ratio, MOST_HEIGHT / rows)
    step = HEAD + map_height + GAP
    panels = [
        Box((place % across) * (map_width + GAP), (place // across) * step, map_width, HEAD + map_height)
        for place in range(count)
    ]
    height = rows * step - GAP
    if free:
        last = panels[-1]
        left = last.right + GAP
        return Grid(panels, Box(left, last.y, max(map_width, width - left), last.height), height)
    beside = panels[across - 1].right + GAP
    return Grid(panels, Box(beside, 0.0, width - beside, height) if wide else None, height)

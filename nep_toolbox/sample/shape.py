"""Outline, districts, relief and noise of the synthetic sample province.

Everything is laid out on the unit square (u to the east, v to the north), so that the province looks the same at any
size. Only ``random()`` of ``Generator(PCG64(SeedSequence))`` is drawn from: it is the one method whose stream has
stayed the same in all versions of numpy, which ``normal()`` and ``integers()`` do not promise.
"""

from __future__ import annotations

import math

import numpy as np

ASPECT = 5.0 / 6.0
"""Height of the province's grid as a share of its width."""

_CENTRE = (0.52, 0.56)
_OUTLINE_VERTICES = 360
_HARMONICS = ((2, 0.07, 0.4), (3, 0.06, 2.1), (5, 0.045, 4.0), (9, 0.025, 1.0), (17, 0.016, 2.5), (31, 0.010, 5.2))
_MIDDLE_HARMONICS = ((2, 0.030, 0.6), (3, 0.036, 2.2), (5, 0.028, 5.0), (8, 0.016, 0.3), (15, 0.008, 1.0))
_INNER_VERTICES, _MIDDLE_VERTICES = 72, 120
# A ring of districts round the capital and one round that ring: the name of each and where it starts, in degrees
# anticlockwise from east, as multiples of the 3 degrees between the vertices of the middle ring and of the 5 degrees
# between those of the inner one.
_MIDDLE_DISTRICTS = (("East Vale", 330), ("Riverside", 45), ("Foothills", 120), ("Lakeland", 180), ("Southfield", 255))
_OUTER_DISTRICTS = (("Delta", 345), ("North Plain", 30), ("North Range", 75), ("West Range", 132), ("High Forest", 189),
                    ("South Hills", 246), ("East Plain", 294))
CAPITAL = "Capital"


def generator(seed: int, *key: int) -> np.random.Generator:
    """Random generator of one layer; the same seed and key give the same stream on every version of numpy."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([int(seed), *(int(part) for part in key)])))


def noise_field(rng: np.random.Generator, u: np.ndarray, v: np.ndarray, lowest: float, highest: float,
                modes: int = 28) -> np.ndarray:
    """Smooth random field: a sum of plane waves of random direction, length and phase.

    Parameters
    ----------
    rng : numpy.random.Generator
        Only its ``random`` is used.
    u : array (cols,)
        Position of the columns, west to east.
    v : array (rows,)
        Position of the rows in the same unit.
    lowest, highest : float
        Range of the wave numbers, in waves per unit of ``u``.
    modes : int
        Number of waves.

    Returns
    -------
    array (rows, cols), float64
        Mean near 0, variance near 1, rounded to 6 decimals: platforms differ in the last digits of a cosine, and
        must not put a pixel into another class for it.
    """
    draws = rng.random((modes, 3))
    number = lowest * (highest / lowest) ** draws[:, 0]
    direction = 2.0 * math.pi * draws[:, 1]
    phase = 2.0 * math.pi * draws[:, 2]
    amplitude = number**-0.75
    amplitude *= math.sqrt(2.0 / np.sum(amplitude**2))
    along_u = 2.0 * math.pi * np.outer(number * np.cos(direction), u) + phase[:, None]
    along_v = 2.0 * math.pi * np.outer(number * np.sin(direction), v)
    # cos(a + b) = cos a cos b - sin a sin b makes the sum over the waves two small matrix products
    left = np.concatenate([amplitude[:, None] * np.cos(along_v), -amplitude[:, None] * np.sin(along_v)])
    right = np.concatenate([np.cos(along_u), np.sin(along_u)])
    return np.round(left.T @ right, 6)


def river_distance(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Distance from the middle of the nearest river, in the unit of ``u``, less than 0 within its banks.

    Three rivers: one that crosses the north from west to east, one that comes down from the ranges in the south-west
    past the capital and joins it, and one that drains the south-east.

    Parameters
    ----------
    u, v : arrays that broadcast to (rows, cols)
        Position on the unit square, east and north.

    Returns
    -------
    array (rows, cols), float64
    """
    north = np.abs(v - (0.80 + 0.022 * np.sin(9.0 * u) + 0.012 * np.sin(23.0 * u + 1.0) - 0.05 * u)) - 0.0065
    course = 0.28 + 0.58 * (v - 0.25) + 0.018 * np.sin(19.0 * v) + 0.008 * np.sin(47.0 * v + 2.0)
    beyond = np.maximum(np.maximum(0.25 - v, v - 0.79), 0.0)  # its source and its mouth: no cliff across the valley
    down = np.hypot(u - course, beyond) - 0.0045 * np.sqrt(np.maximum(v - 0.15, 0.0))
    course = 0.10 + 0.70 * (u - 0.60) + 0.020 * np.sin(21.0 * u) + 0.010 * np.sin(53.0 * u)
    south = np.hypot(v - course, np.maximum(0.66 - u, 0.0)) - 0.0035
    return np.minimum(np.minimum(north, down), south)


def relief(u: np.ndarray, v: np.ndarray, rough: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Elevation in m: ranges in the south-west, west and north, a plain that falls to the east, valleys of the rivers.

    Parameters
    ----------
    u, v : arrays that broadcast to (rows, cols)
        Position on the unit square, east and north.
    rough, folds : arrays (rows, cols)
        Noise of mean 0 and variance 1; the lines where ``folds`` is 0 become ridges.

    Returns
    -------
    array (rows, cols), float64
    """
    south_west = np.exp(-((u - 0.20) / 0.24) ** 2 - ((v - 0.26) / 0.26) ** 2)
    west = 0.55 * np.exp(-((u - 0.14) / 0.15) ** 2 - ((v - 0.60) / 0.20) ** 2)
    south = 0.40 * np.exp(-((u - 0.62) / 0.20) ** 2 - ((v - 0.06) / 0.11) ** 2)
    north = 0.60 * np.exp(-((u - 0.34) / 0.16) ** 2 - ((v - 0.99) / 0.11) ** 2)
    ridges = 1.0 - np.minimum(np.abs(folds), 1.6)
    valleys = 1.0 - 0.55 * np.exp(-(np.maximum(river_distance(u, v), 0.0) / 0.022) ** 2)
    ranges = (south_west + west + south + north) * (1.0 + 0.18 * rough + 0.34 * ridges) * valleys
    return np.maximum(120.0 - 75.0 * u + 1500.0 * ranges + 9.0 * rough, 18.0)


def district_rings() -> list[tuple[str, list[tuple[float, float]]]]:
    """Districts of the province on the unit square.

    Returns
    -------
    list of (name, ring)
        One closed ring (first vertex repeated at the end, anticlockwise) a district. Neighbours share their vertices
        exactly, so that the districts partition the province without gap or overlap.
    """
    outline = [_outline_point(2.0 * math.pi * k / _OUTLINE_VERTICES) for k in range(_OUTLINE_VERTICES)]
    middle = [_middle_point(2.0 * math.pi * k / _MIDDLE_VERTICES) for k in range(_MIDDLE_VERTICES)]
    inner = [_inner_point(2.0 * math.pi * k / _INNER_VERTICES) for k in range(_INNER_VERTICES)]
    return [(CAPITAL, [*inner, inner[0]]), *_ring_of_districts(inner, middle, _MIDDLE_DISTRICTS),
            *_ring_of_districts(middle, outline, _OUTER_DISTRICTS)]


def _ring_of_districts(inner: list[tuple[float, float]], outer: list[tuple[float, float]],
                       districts: tuple[tuple[str, int], ...]) -> list[tuple[str, list[tuple[float, float]]]]:
    """The districts between two closed lines, in the order of their starts."""
    def place(line: list[tuple[float, float]], degrees: int) -> int:
        return degrees * len(line) // 360

    borders = [_border(inner[place(inner, start)], outer[place(outer, start)], start) for _, start in districts]
    found = []
    for index, (name, start) in enumerate(districts):
        following = (index + 1) % len(districts)
        end = districts[following][1]
        ring = [*borders[index], *_arc(outer, place(outer, start), place(outer, end)), *borders[following][::-1],
                *_arc(inner, place(inner, start), place(inner, end))[::-1]]
        found.append((name, [*ring, ring[0]]))
    return found


def rasterize(ring: list[tuple[float, float]], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mask of the pixels whose centre lies in a polygon.

    Parameters
    ----------
    ring : list of (x, y)
        Closed ring without holes.
    x : array (cols,)
        Pixel centres of the columns, ascending.
    y : array (rows,)
        Pixel centres of the rows.

    Returns
    -------
    array (rows, cols) of bool
        By the even-odd rule. A centre on an edge goes to the side west of it, so that a pixel never belongs to two
        polygons that share the edge.
    """
    vertices = np.asarray(ring, dtype=np.float64)
    # every edge is taken from its lower end, so that both neighbours round its crossings alike
    upward = (vertices[1:, 1] > vertices[:-1, 1])[:, None]
    x0, y0 = np.where(upward, vertices[:-1], vertices[1:]).T
    x1, y1 = np.where(upward, vertices[1:], vertices[:-1]).T
    mask = np.zeros((y.size, x.size), dtype=bool)
    for row, level in enumerate(y):
        crossed = (y0 <= level) != (y1 <= level)
        if not crossed.any():
            continue
        share = (level - y0[crossed]) / (y1[crossed] - y0[crossed])
        crossings = np.sort(x0[crossed] + share * (x1[crossed] - x0[crossed]))
        mask[row] = np.searchsorted(crossings, x, side="left") % 2 == 1
    return mask


def _outline_point(angle: float) -> tuple[float, float]:
    radius = 0.89 + sum(size * math.cos(waves * angle + phase) for waves, size, phase in _HARMONICS)
    return 0.5 + 0.485 * radius * math.cos(angle), 0.5 + 0.485 * radius * math.sin(angle)


def _middle_point(angle: float) -> tuple[float, float]:
    radius = 0.292 + sum(size * math.cos(waves * angle + phase) for waves, size, phase in _MIDDLE_HARMONICS)
    return _CENTRE[0] + radius * math.cos(angle), _CENTRE[1] - 0.02 + radius * math.sin(angle)


def _inner_point(angle: float) -> tuple[float, float]:
    radius = 0.135 + 0.018 * math.cos(3 * angle + 1.0) + 0.008 * math.cos(8 * angle)
    return _CENTRE[0] + radius * math.cos(angle), _CENTRE[1] + radius / ASPECT * math.sin(angle)


def _border(inner: tuple[float, float], outer: tuple[float, float], degrees: int) -> list[tuple[float, float]]:
    """Wavy line between the inner district and the outline."""
    along = outer[0] - inner[0], outer[1] - inner[1]
    line = [inner]
    for step in range(1, 12):
        share = step / 12.0
        offset = 0.09 * math.sin(math.pi * share) * math.sin(9.0 * share + degrees)
        line.append((inner[0] + share * along[0] - offset * along[1], inner[1] + share * along[1] + offset * along[0]))
    return [*line, outer]


def _arc(points: list[tuple[float, float]], start: int, end: int) -> list[tuple[float, float]]:
    """Points strictly between two indexes of a closed line, going forward."""
    count = len(points)
    return [points[(start + step) % count] for step in range(1, (end - start) % count)]

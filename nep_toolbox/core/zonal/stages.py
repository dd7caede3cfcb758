"""How far a centre moves in stages of a series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .geodesic import geodesic_inverse
from .gravity_centre import migration


class StageWays(NamedTuple):
    """Way of one or several centres in each stage, each attribute a float64 array (stages, zones).

    Attributes
    ----------
    path : array
        Sum of the steps from the first to the last centre of the stage, in the unit of the ellipsoid. The step that
        leads into the first year of a stage belongs to none, so that the path is never shorter than ``net``.
    net : array
        Length of the shortest line from the first to the last centre.
    azimuth : array
        Its direction at the first, degrees clockwise from true north; NaN where both are one point.
    per_year : array
        ``path`` by the number of years from the first to the last centre.
    """

    path: np.ndarray
    net: np.ndarray
    azimuth: np.ndarray
    per_year: np.ndarray


def stage_ways(lon: np.ndarray, lat: np.ndarray, years: np.ndarray, stages: list, a: float, f: float) -> StageWays:
    """Way of centres in stages.

    Parameters
    ----------
    lon, lat : float arrays (n, zones)
        Degrees; NaN in a year without a centre, which the way passes over.
    years : int array (n,)
        Ascending.
    stages : list of (first, last)
        Years, both within the stage.
    a, f : float
        Ellipsoid, as in `geodesic.geodesic_inverse`.

    Returns
    -------
    StageWays
        NaN where a stage has fewer than two centres.
    """
    lon, lat, years = (np.asarray(part, dtype=np.float64) for part in (lon, lat, years))
    ways = np.full((len(StageWays._fields), len(stages), lon.shape[1]), np.nan)
    for place, (first, last) in enumerate(stages):
        inside = (years >= first) & (years <= last)
        if inside.any():
            ways[:, place] = _way(lon[inside], lat[inside], years[inside], a, f)
    return StageWays(*ways)


def _way(lon, lat, years, a, f) -> tuple:
    """Path, net distance, azimuth and path per year of one stage, each (zones,)."""
    known = ~(np.isnan(lon) | np.isnan(lat))
    several = known.sum(axis=0) > 1
    zones = np.arange(lon.shape[1])
    first, last = known.argmax(axis=0), len(years) - 1 - known[::-1].argmax(axis=0)
    path = np.where(several, migration(lon, lat, a, f).cumulative[last, zones], np.nan)
    net, azimuth = geodesic_inverse(lon[first, zones], lat[first, zones], lon[last, zones], lat[last, zones], a, f)
    duration = np.where(several, years[last] - years[first], np.nan)
    return path, np.where(several, net, np.nan), np.where(several, azimuth, np.nan), path / duration

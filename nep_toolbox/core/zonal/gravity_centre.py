"""Centre of gravity of a series of maps, its migration, and the standard deviational ellipse."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .geodesic import geodesic_inverse
from .gravity_sums import GravitySums, Moment, Negative


class Centres(NamedTuple):
    """Centres of gravity.

    Attributes
    ----------
    x, y : float64 arrays (n, zones)
        In map units; NaN where no pixel takes part, the weights sum to zero, or they nearly do, so that the centre
        would lie outside of what the valid area reaches over, grown by its longer side.
    weight : float64 array (n, zones)
        Sum of value times area.
    pixels : int64 array (n, zones)
        Pixels that take part.
    negative_pixel_percent, negative_weight_percent : float64 arrays (n, zones)
        Share of negative values among the valid pixels, and in the sum of |value| times area; NaN without pixels.
    mean_x, mean_y : float64 arrays (zones,)
        Mean of the centres of the steps that have one.
    geometric_x, geometric_y : float64 arrays (zones,)
        Area-weighted centre of the valid area; NaN where there is none.
    """

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    pixels: np.ndarray
    negative_pixel_percent: np.ndarray
    negative_weight_percent: np.ndarray
    mean_x: np.ndarray
    mean_y: np.ndarray
    geometric_x: np.ndarray
    geometric_y: np.ndarray


class Ellipse(NamedTuple):
    """Standard deviational ellipses, each attribute an array (n, zones): semi-axes in map units, and the direction of
    the major axis in degrees clockwise from the map's y axis, 0 <= rotation < 180."""

    major: np.ndarray
    minor: np.ndarray
    rotation: np.ndarray


class Migration(NamedTuple):
    """Way of a centre, each attribute an array of the shape of the longitudes given.

    Attributes
    ----------
    distance, azimuth : float64 arrays
        From the previous step that has a centre, in the unit of the ellipsoid and in degrees clockwise from true north;
        NaN at the first centre and where there is none. The azimuth is NaN too where the centre did not move.
    cumulative : float64 array
        Length of the way so far, 0 at the first centre; NaN where there is no centre.
    """

    distance: np.ndarray
    azimuth: np.ndarray
    cumulative: np.ndarray


def gravity_centres(sums: GravitySums, *, negative: Negative = Negative.KEEP, pole: float = np.inf) -> Centres:
    """Centres of gravity from the sums of all blocks.

    Parameters
    ----------
    sums : GravitySums
    negative : Negative
        As for `gravity_sums.gravity_runs`; it tells whether ``pixels`` holds the negative ones.
    pole : float
        The largest y, of either sign, that a place can have: 90 where the coordinates are degrees.

    Returns
    -------
    Centres

    Notes
    -----
    ``X = sum(w u) / sum(w)``, ``Y = sum(w v) / sum(w)`` with w = value * pixel area and (u, v) the pixel centre.
    """
    weight, u, v = _centres(sums, pole)
    valid = sums.pixels + (sums.negative_pixels if negative == Negative.LEAVE_OUT else 0)
    has = ~np.isnan(u)
    steps = has.sum(axis=0)
    covered = sums.valid_area
    return Centres(
        x=u + sums.origin[0],
        y=v + sums.origin[1],
        weight=weight,
        pixels=sums.pixels,
        negative_pixel_percent=_ratio(100.0 * sums.negative_pixels, valid),
        negative_weight_percent=_ratio(100.0 * sums.moments[Moment.NEGATIVE], sums.moments[Moment.ABSOLUTE]),
        mean_x=_ratio(np.where(has, u, 0.0).sum(axis=0), steps) + sums.origin[0],
        mean_y=_ratio(np.where(has, v, 0.0).sum(axis=0), steps) + sums.origin[1],
        geometric_x=_ratio(covered[1], covered[0]) + sums.origin[0],
        geometric_y=_ratio(covered[2], covered[0]) + sums.origin[1],
    )


def deviational_ellipse(sums: GravitySums, *, scale: float = np.sqrt(2.0)) -> Ellipse:
    """Weighted standard deviational ellipse of each step and zone.

    Parameters
    ----------
    sums : GravitySums
    scale : float
        Semi-axis in units of the standard deviation along it.

    Returns
    -------
    Ellipse
        NaN where there is no centre, or where negative values make a variance along some direction negative. The
        rotation is NaN where both axes are equal.

    Notes
    -----
    The axes are the principal axes of the weighted covariance (divisor: the sum of the weights). With the default
    scale of sqrt(2) the ellipse of a two-dimensional normal distribution holds 63.2 % of its weight: the convention of
    CrimeStat and of current GIS software for one standard deviation. A scale of 1 is that of the first authors and
    holds 39.3 %.

    References
    ----------
    Lefever, D. W. (1926). doi:10.1086/214027
    Yuill, R. S. (1971). doi:10.1080/04353684.1971.11879353
    """
    weight, u, v = _centres(sums)
    var_u = _ratio(sums.moments[Moment.UU], weight) - u * u
    var_v = _ratio(sums.moments[Moment.VV], weight) - v * v
    cov = _ratio(sums.moments[Moment.UV], weight) - u * v
    mean, difference = 0.5 * (var_u + var_v), 0.5 * (var_u - var_v)
    spread = np.hypot(difference, cov)
    # What is left of a vanishing variance after the subtraction above is rounding, of either sign.
    noise = 1e-12 * (np.abs(mean) + u * u + v * v)
    smaller = np.where(np.abs(mean - spread) <= noise, 0.0, mean - spread)
    with np.errstate(invalid="ignore"):
        major, minor = scale * np.sqrt(mean + spread), scale * np.sqrt(smaller)
        # Angle of the major axis from the x axis, then from the y axis clockwise.
        rotation = (90.0 - np.degrees(0.5 * np.arctan2(cov, difference))) % 180.0
    lost = np.isnan(major) | np.isnan(minor)
    return Ellipse(
        np.where(lost, np.nan, major),
        np.where(lost, np.nan, minor),
        np.where(lost | (spread <= noise), np.nan, rotation),
    )


def migration(lon: np.ndarray, lat: np.ndarray, a: float, f: float) -> Migration:
    """Distances and azimuths along the way of one or several centres.

    Parameters
    ----------
    lon, lat : float arrays (n,) or (n, zones)
        Degrees; NaN in a step without a centre, which the way passes over.
    a, f : float
        Ellipsoid, as in `geodesic.geodesic_inverse`.

    Returns
    -------
    Migration
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    missing = np.isnan(lon) | np.isnan(lat)
    previous_lon, previous_lat = np.full(lon.shape, np.nan), np.full(lon.shape, np.nan)
    for step in range(1, len(lon)):
        previous_lon[step] = np.where(missing[step - 1], previous_lon[step - 1], lon[step - 1])
        previous_lat[step] = np.where(missing[step - 1], previous_lat[step - 1], lat[step - 1])
    distance, azimuth = geodesic_inverse(previous_lon, previous_lat, lon, lat, a, f)
    cumulative = np.cumsum(np.where(np.isnan(distance), 0.0, distance), axis=0)
    return Migration(distance, azimuth, np.where(missing, np.nan, cumulative))


def _centres(sums: GravitySums, pole: float = np.inf) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum of the weights, and the centre measured from the origin.

    Weights that nearly cancel throw the centre far away. Those of one sign keep it within the valid area, but for
    rounding.
    """
    weight = sums.moments[Moment.W]
    u, v = _ratio(sums.moments[Moment.U], weight), _ratio(sums.moments[Moment.V], weight)
    west, east, south, north = sums.ends * [[1], [-1], [1], [-1]]
    with np.errstate(invalid="ignore"):
        reach = np.maximum(east - west, north - south) + 1e-9 * np.abs(sums.ends).max(axis=0)
        near = (u >= west - reach) & (u <= east + reach) & (v >= south - reach) & (v <= north + reach)
    near &= np.abs(v + sums.origin[1]) <= pole
    return weight, np.where(near, u, np.nan), np.where(near, v, np.nan)


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Quotient, NaN where the denominator is 0."""
    quotient = np.full(np.shape(denominator), np.nan)
    return np.divide(numerator, denominator, out=quotient, where=denominator != 0)

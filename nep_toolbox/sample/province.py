"""A small synthetic province with known answers.

It resembles a real province - forested mountains in the south-west, three rivers, a plain in the east, a growing
capital in the centre-north whose district loses productivity for good, wet and dry years - but shows no real place.
Layers are made one year at a time, so that memory does not grow with the number of years. The answers are in
``known_answers.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from ..errors import InvalidParameter
from .landcover import (
    CONSTRUCTION,
    CROPLAND,
    FOREST,
    LANDCOVER_CLASSES,
    LANDCOVER_NODATA,
    WATER,
    Conversion,
    open_country,
    plan_conversions,
)
from .patches import Patch, lay_patches, patch_value
from .shape import ASPECT, district_rings, generator, noise_field, rasterize, relief, river_distance

__all__ = ["EPSG", "LANDCOVER_CLASSES", "LANDCOVER_NODATA", "NPP_CODES", "NPP_NODATA", "NPP_SCALE", "NPP_VALID_RANGE",
           "Province", "make_province"]

EPSG = 32649
"""WGS84 / UTM zone 49N, a projected CRS in metres: a pixel's area is its size squared."""

NPP_SCALE = 0.1
"""Stored NPP times this is gC m-2 yr-1, as in MOD17A3HGF."""

NPP_VALID_RANGE = (-30000, 32700)
"""Stored values outside of this are codes of missing values."""

NPP_NODATA = 32761
"""The one code that the files declare as nodata; the others are left in, as in many real exports."""

NPP_CODES = {
    32761: "unclassified: outside of the province",
    32762: "urban or built-up",
    32766: "water",
    32767: "no retrieval",
}

_CENTRE = (600_000.0, 3_750_000.0)
_CITY, _LAKE = (0.52, 0.62), (0.245, 0.48)
_TOWNS = ((0.80, 0.62, 0.022), (0.68, 0.30, 0.020), (0.36, 0.72, 0.018), (0.40, 0.21, 0.016), (0.22, 0.57, 0.014))
_MIN_COLS, _MAX_CELLS, _MAX_EXTENT_KM = 30, 16_000_000, 2000.0
_RAIN_SHARE = np.array([1.2, 2.0, 3.8, 5.6, 8.6, 11.5, 22.5, 18.0, 12.0, 7.8, 4.8, 2.2]) / 100.0
# keys of the random streams
(_RELIEF, _COVER, _VILLAGES, _WARMTH, _WETNESS, _VIGOUR, _GROWTH, _HAZE, _PEOPLE, _GAPS, _YEAR_RAIN, _YEAR_WARMTH,
 _YEAR_NPP, _YEAR_SPECKLE) = range(14)


def make_province(extent_km: float = 120.0, years: Sequence[int] = tuple(range(2001, 2021)), seed: int = 1,
                  cell_km: float = 1.0, watch: Callable[[], None] = lambda: None) -> Province:
    """Lay out a synthetic province.

    Parameters
    ----------
    extent_km : float
        Width of the grid in km, at most 2000 (beyond that the UTM zone is too distorted); its height is five sixths of
        that.
    years : sequence of int
        Calendar years, at least three, within one century of each other; sorted here.
    seed : int
        Non-negative; another seed gives other weather and other noise in the same outline.
    cell_km : float
        Pixel size in km.
    watch : callable
        Called before each layer of a year is made, also by what reads them; may raise to stop.

    Returns
    -------
    Province

    Raises
    ------
    InvalidParameter
        A grid that is too small or too large, years that are repeated, too few or out of range, a negative seed.
    """
    cols = int(round(extent_km / cell_km)) if cell_km > 0 and math.isfinite(extent_km) else 0
    rows = int(round(cols * ASPECT))
    if cols < _MIN_COLS or rows * cols > _MAX_CELLS or extent_km > _MAX_EXTENT_KM:
        raise InvalidParameter(
            f"A sample province {extent_km:g} km wide with pixels of {cell_km:g} km has {cols} columns, {rows} rows. "
            f"Choose a width of at most {_MAX_EXTENT_KM:g} km that gives at least {_MIN_COLS} columns and at most "
            f"{_MAX_CELLS:,} pixels.")
    ordered = sorted(int(year) for year in years)
    doubled = sorted({year for year in ordered if ordered.count(year) > 1})
    if doubled:
        raise InvalidParameter(f"The sample province was asked for one year twice: {doubled}. Name each year once.")
    if len(ordered) < 3 or ordered[0] < 1900 or ordered[-1] > 2099 or ordered[-1] - ordered[0] > 100:
        raise InvalidParameter(
            f"The sample province needs at least three years between 1900 and 2099, not more than 100 apart; "
            f"it was asked for {ordered}.")
    if seed < 0:
        raise InvalidParameter(f"The seed of the sample province is {seed}; it must be 0 or more.")
    return Province(rows, cols, cell_km * 1000.0, tuple(ordered), int(seed), watch)


class Province:
    """The layers of a synthetic province; made by :func:`make_province`.

    Attributes
    ----------
    rows, cols : int
        Size of the grid; every layer has shape (rows, cols), row 0 in the north.
    cell_size : float
        Pixel size in m.
    epsg : int
        EPSG code of the CRS.
    geotransform : tuple of 6 floats
        In GDAL's order.
    years : tuple of int
        Calendar years, ascending.
    seed : int
        Seed of every random layer.
    """

    epsg = EPSG

    def __init__(self, rows: int, cols: int, cell_size: float, years: tuple[int, ...], seed: int, watch) -> None:
        self.rows, self.cols, self.cell_size, self.years, self.seed = rows, cols, cell_size, years, seed
        self._watch = watch
        west = round(_CENTRE[0] / cell_size - cols / 2.0) * cell_size
        north = round(_CENTRE[1] / cell_size + rows / 2.0) * cell_size
        self.geotransform = (west, cell_size, 0.0, north, 0.0, -cell_size)
        # u to the east and v to the north on the unit square; w is v in the unit of u, so that noise is isotropic
        self._u = (np.arange(cols) + 0.5) / cols
        self._v = 1.0 - (np.arange(rows) + 0.5) / rows
        self._w = self._v * ASPECT
        self._kept: dict[int, tuple[int, np.ndarray]] = {}

    # layers of one year

    def npp(self, year: int) -> np.ndarray:
        """Annual net primary productivity as stored: int16, times ``NPP_SCALE`` gC m-2 yr-1, with ``NPP_CODES``."""
        elapsed = self._elapsed(year)
        span = self.years[-1] - self.years[0]
        speckle = generator(self.seed, _YEAR_SPECKLE, year).random((self.rows, self.cols)) - 0.5
        value = self._mean_npp + self.growth * (elapsed - span / 2.0)
        value += self.rain_response * self.rain_anomaly(year)
        value += 13.0 * self._noise(1.5, 10.0, _YEAR_NPP, year) + 18.0 * speckle
        stored = np.clip(np.rint(value * 10.0), 100, 30000).astype(np.int16)
        for patch in self.patches:
            stored[patch.rows, patch.cols] = patch_value(patch.name, elapsed, self.years.index(year))
        # a few pixels fail in a single year; the patches, which promise a value every year, are spared
        failed = generator(self.seed, _GAPS, year).random((self.rows, self.cols)) < 0.0015
        stored[failed & ~self._in_patch] = 32767
        stored[self._cover[0] == WATER] = 32766
        stored[self._urban] = 32762
        stored[~self.valid] = NPP_NODATA
        return stored

    def temperature_month(self, year: int, month: int) -> np.ndarray:
        """Mean temperature of a month in degC: float32, to 0.01, NaN outside of the province."""
        elapsed = self._elapsed(year)
        months = generator(self.seed, _YEAR_WARMTH, year).random(13) - 0.5
        anomaly = 0.028 * elapsed + 1.2 * months[12] + 0.2 * self._yearly(year, _YEAR_WARMTH)
        anomaly = anomaly + 2.4 * (months[month - 1] - months[:12].mean())
        season = (13.2 - 0.0012 * self._relief) * math.cos(2.0 * math.pi * (month - 7.2) / 12.0)
        value = self._mean_temperature + season + np.where(self._in_patch, 0.0, anomaly)
        return self._float_layer(np.round(value, 2))

    def temperature(self, year: int) -> np.ndarray:
        """Mean temperature of a year in degC: the plain mean of the twelve months in float64, as float32."""
        months = (self.temperature_month(year, month) for month in range(1, 13))
        return (sum(month.astype(np.float64) for month in months) / 12.0).astype(np.float32)

    def precipitation_month(self, year: int, month: int) -> np.ndarray:
        """Precipitation of a month in mm: float32, to 0.1, NaN outside of the province."""
        draws = generator(self.seed, _YEAR_RAIN, year).random(13)
        weights = _RAIN_SHARE * (0.5 + draws[:12])
        share = weights[month - 1] / weights.sum()
        of_year = self._mean_precipitation * (1.0 + self.rain_anomaly(year)) * share
        steady = self._mean_precipitation * _RAIN_SHARE[month - 1]
        return self._float_layer(np.round(np.where(self._in_patch, steady, of_year), 1))

    def precipitation(self, year: int) -> np.ndarray:
        """Precipitation of a year in mm: the plain sum of the twelve months in float64, as float32."""
        months = (self.precipitation_month(year, month) for month in range(1, 13))
        return sum(month.astype(np.float64) for month in months).astype(np.float32)

    def rain_anomaly(self, year: int) -> np.ndarray:
        """Rain of a year against the usual: +0.1 is a tenth more; between -0.6 and 0.6. float64, outside too."""
        common = 0.38 * (generator(self.seed, _YEAR_RAIN, year).random(13)[12] - 0.5)
        return np.clip(common + 0.055 * self._yearly(year, _YEAR_RAIN), -0.6, 0.6)

    def landcover(self, year: int) -> np.ndarray:
        """Land cover at a year: uint8, codes of ``LANDCOVER_CLASSES``, 0 outside of the province."""
        first, changed_after, target = self._cover
        return np.where(changed_after <= self._elapsed(year), target, first)

    @property
    def landcover_years(self) -> tuple[int, ...]:
        """The dates at which land cover is usually mapped: the first year, every fifth after it, and the last."""
        return tuple(year for year in self.years if (year - self.years[0]) % 5 == 0 or year == self.years[-1])

    # layers without a date

    def elevation(self) -> np.ndarray:
        """Elevation in m: float32, to 0.1, NaN outside of the province."""
        return self._float_layer(np.round(self._relief, 1))

    def population(self) -> np.ndarray:
        """Inhabitants per km2: float32, NaN outside of the province."""
        people = np.exp(0.35 * self._noise(2.0, 12.0, _PEOPLE)) * (60.0 + 480.0 * np.exp(-self._relief / 320.0))
        people += 5200.0 * np.exp(-self._distance(*_CITY) / 0.035)
        for u, v, radius in _TOWNS:
            people += 2400.0 * np.exp(-self._distance(u, v) / radius)
        return self._float_layer(np.round(people, 1))

    def pm25(self) -> np.ndarray:
        """Fine particulate matter in ug m-3: float32, NaN outside; on purpose almost unrelated to productivity."""
        haze = 52.0 + 7.0 * self._noise(3.0, 16.0, _HAZE) + 9.0 * np.exp(-self._distance(*_CITY) / 0.06)
        return self._float_layer(np.round(np.maximum(haze, 12.0), 2))

    def regions(self) -> list[tuple[str, list[list[tuple[float, float]]]]]:
        """Districts as (name, rings), in map units; closed rings, one each, that partition the province exactly."""
        west, cell, _, north, _, _ = self.geotransform
        width, height = self.cols * cell, self.rows * cell
        return [(name, [[(round(west + u * width, 2), round(north - (1.0 - v) * height, 2)) for u, v in ring]])
                for name, ring in district_rings()]

    # the plan behind the layers

    @cached_property
    def region_index(self) -> np.ndarray:
        """Position in ``regions()`` of the district that holds each pixel's centre: int16, -1 outside."""
        west, cell, _, north, _, _ = self.geotransform
        x = west + (np.arange(self.cols) + 0.5) * cell
        y = north - (np.arange(self.rows) + 0.5) * cell
        index = np.full((self.rows, self.cols), -1, dtype=np.int16)
        for position, (_, rings) in enumerate(self.regions()):
            index[rasterize(rings[0], x, y)] = position
        return index

    @cached_property
    def valid(self) -> np.ndarray:
        """Pixels of the province: bool."""
        return self.region_index >= 0

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        """The blocks of exactly known NPP: rising, falling, constant, alternating, short."""
        return lay_patches(self.rows, self.cols)

    @cached_property
    def conversions(self) -> tuple[Conversion, ...]:
        """The land-cover changes that happen, in the order in which pixels were given to them."""
        return self._conversion_plan[0]

    @cached_property
    def growth(self) -> np.ndarray:
        """Planned change of NPP in gC m-2 yr-1 per year, apart from weather and patches: float64.

        Greening, strongest in the north-west, except in the district of the growing capital, which loses for good.
        """
        north_west = 0.4 * (0.5 - self._u[None, :]) + 0.9 * (self._v[:, None] - 0.5)
        return 2.6 + 5.5 * north_west + 0.9 * self._noise(2.0, 9.0, _GROWTH) - 10.0 * self._decline

    @cached_property
    def rain_response(self) -> np.ndarray:
        """Planned change of NPP in gC m-2 yr-1 for a year with twice the usual rain: float64.

        Rain feeds growth, except on the irrigated plain along the river in the north-east.
        """
        u, v = self._u[None, :], self._v[:, None]
        irrigated = np.exp(-((u - 0.84) / 0.15) ** 2 - ((v - 0.76) / 0.13) ** 2)
        return 140.0 + 22.0 * self._noise(1.0, 6.0, _VIGOUR, 1) - 230.0 * irrigated

    def _elapsed(self, year: int) -> int:
        self._watch()
        if year not in self.years:
            raise InvalidParameter(f"The sample province has no year {year}; it has {self.years[0]} to "
                                   f"{self.years[-1]}. Make it with that year in its list.")
        return year - self.years[0]

    def _noise(self, lowest: float, highest: float, *key: int) -> np.ndarray:
        return noise_field(generator(self.seed, *key), self._u, self._w, lowest, highest)

    def _distance(self, u: float, v: float) -> np.ndarray:
        """Distance to a point of the unit square, in widths of the grid."""
        return np.hypot(self._u[None, :] - u, (self._v[:, None] - v) * ASPECT)

    def _float_layer(self, values: np.ndarray) -> np.ndarray:
        return np.where(self.valid, values, np.nan).astype(np.float32)

    def _yearly(self, year: int, key: int) -> np.ndarray:
        """Smooth noise of one year, kept until another year is asked for: twelve months need the same field."""
        self._elapsed(year)
        if self._kept.get(key, (None,))[0] != year:
            self._kept[key] = (year, self._noise(1.0, 4.0, key, year, 1))
        return self._kept[key][1]

    @cached_property
    def _in_patch(self) -> np.ndarray:
        mask = np.zeros((self.rows, self.cols), dtype=bool)
        for patch in self.patches:
            mask[patch.rows, patch.cols] = True
        return mask

    @cached_property
    def _relief(self) -> np.ndarray:
        return relief(self._u[None, :], self._v[:, None], self._noise(3.0, 22.0, _RELIEF),
                      self._noise(4.0, 18.0, _RELIEF, 1))

    @cached_property
    def _mean_temperature(self) -> np.ndarray:
        return 16.6 - 2.6 * self._v[:, None] - 0.0052 * self._relief + 0.45 * self._noise(1.0, 5.0, _WARMTH)

    @cached_property
    def _mean_precipitation(self) -> np.ndarray:
        return np.maximum(960.0 - 330.0 * self._v[:, None] + 0.12 * self._relief
                          + 45.0 * self._noise(1.0, 5.0, _WETNESS), 350.0)

    @cached_property
    def _city_effect(self) -> np.ndarray:
        return np.exp(-(self._distance(*_CITY) / 0.095) ** 2)

    @cached_property
    def _decline(self) -> np.ndarray:
        """How much of the capital's growth a place feels, 0 to 1: more than half all over its district."""
        return np.exp(-(self._distance(*_CITY) / 0.165) ** 4)

    @cached_property
    def _mean_npp(self) -> np.ndarray:
        """NPP of the middle of the period in gC m-2 yr-1: relief above all, then rain, the city and noise."""
        wooded = 1.0 - np.exp(-self._relief / 520.0)
        value = 308.0 + 155.0 * wooded + 0.07 * (self._mean_precipitation - 800.0)
        return value + 15.0 * self._noise(2.0, 12.0, _VIGOUR) - 70.0 * self._city_effect

    @cached_property
    def _sprawl(self) -> np.ndarray:
        """Distance to the ragged edge of the nearest city, in widths of the grid; below 0 inside of it."""
        nearest = np.min([self._distance(u, v) - radius for u, v, radius in ((*_CITY, 0.042), *_TOWNS)], axis=0)
        return nearest + 0.008 * self._noise(10.0, 30.0, _VILLAGES, 1)

    @cached_property
    def _urban(self) -> np.ndarray:
        """Core of the capital, where NPP is not retrieved."""
        return (self._distance(*_CITY) < 0.026) & ~self._in_patch

    @cached_property
    def _first_cover(self) -> np.ndarray:
        cover = open_country(river_distance(self._u[None, :], self._v[:, None]), self._relief,
                             self._noise(8.0, 34.0, _COVER), self._noise(4.0, 14.0, _COVER, 1),
                             self._noise(20.0, 45.0, _VILLAGES))
        cover[self._distance(*_LAKE) < 0.022] = WATER
        cover[self._sprawl < 0.0] = CONSTRUCTION
        cover[self._in_patch & ((cover == WATER) | (cover == CONSTRUCTION))] = CROPLAND
        cover[~self.valid] = LANDCOVER_NODATA
        return cover

    @cached_property
    def _conversion_plan(self) -> tuple[tuple[Conversion, ...], np.ndarray, np.ndarray]:
        """Conversions; years after the first at which each pixel changes; its class from then on."""
        # the lowest score goes first: towns spread at their edges, lakes at their shores, far villages are given up
        scores = {CONSTRUCTION: self._sprawl, WATER: self._distance(*_LAKE), FOREST: -self._relief,
                  CROPLAND: -self._sprawl}
        return plan_conversions(self._first_cover, ~(self._in_patch | self._urban), scores,
                                self.years[-1] - self.years[0])

    @property
    def _cover(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return (self._first_cover, *self._conversion_plan[1:])

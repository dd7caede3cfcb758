"""What rain explains of the GPP of Assaba, in Mauritania, and what is known of the rest; from the folder NEP_SHARED."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from osgeo import gdal

import evidence_series
from evidence_attribution import DETRENDED, FITS, LEVEL, fit, rest_p
from nep_toolbox.core.trend.theil_sen import trend

#: What is stored times this is gC m-2 a year.
SCALE = 0.1


class Rained(NamedTuple):
    """GPP in gC m-2 a year, (n, pixels), and rain in mm, of the pixels that have both in every year; their places on
    the grid, (rows, cols)."""

    years: np.ndarray
    gpp: np.ndarray
    rain: np.ndarray
    places: np.ndarray

    def mapped(self, values: np.ndarray) -> np.ndarray:
        """Values of the pixels on the grid, NaN elsewhere."""
        found = np.full(self.places.shape, np.nan)
        found[self.places] = values
        return found


def rained() -> Rained:
    """The series at hand, rain brought to the grid of GPP by bilinear interpolation."""
    series = evidence_series.gpp()
    folder = evidence_series.DATA / "assaba_gpp_2010_2023"
    grid = gdal.Open(str(sorted((folder / "gpp").glob("*_GP.tif"))[0]))
    west, width, _, north, _, height = grid.GetGeoTransform()
    bounds = (west, north + height * grid.RasterYSize, west + width * grid.RasterXSize, north)
    rain = np.stack([
        gdal.Warp("", str(file), format="MEM", dstSRS=grid.GetProjection(), outputBounds=bounds, dstNodata=np.nan,
                  width=grid.RasterXSize, height=grid.RasterYSize, resampleAlg="bilinear", outputType=gdal.GDT_Float64
                  ).ReadAsArray()
        for file in sorted((folder / "precip").glob("*R.tif"))
    ])
    places = np.isfinite(series.stack).all(axis=0) & np.isfinite(rain).all(axis=0)
    return Rained(series.years, series.stack[:, places] * SCALE, rain[:, places], places)


def of_rain() -> tuple:
    """The table of what each fit says of GPP and rain: head and rows, of the pixels and of the mean of all."""
    series = rained()
    mean = series._replace(gpp=series.gpp.mean(axis=1, keepdims=True), rain=series.rain.mean(axis=1, keepdims=True))
    rows = [_row(f"{series.gpp.shape[1]:,} pixels", each, words) for each in (series,) for words in FITS]
    rows += [_row("their mean", mean, words) for words in FITS]
    return ("of", "fit", "slope of GPP", "by rain", "rest", "R squared", "rain significant", "rest significant"), rows


def _row(of: str, series: Rained, words: str) -> tuple:
    found = fit(series.gpp, series.rain[np.newaxis], series.years, method=FITS[words])
    rest = rest_p(series.gpp, series.rain[np.newaxis], FITS[words], series.years)
    return (
        of, words, *(f"{each.mean():.2f}" for each in (found.slope, found.slope_climate, found.slope_residual,
                                                       found.r_squared)),
        _significant(found.p_value), _significant(rest) if words != "first differences" else "not tested",
    )


def _significant(p: np.ndarray) -> str:
    """The share of the pixels that are significant; of one, its p."""
    return f"p = {p[0]:.5f}" if p.size == 1 else f"{100 * np.mean(p < LEVEL):.1f} %"


def significant_trends(series: Rained) -> np.ndarray:
    """Which pixels have a significant trend of GPP."""
    return trend(series.gpp, series.years, wanted=("p_value",))["p_value"] < LEVEL


def detrended(series: Rained):
    """The fit that the tool takes by default."""
    return fit(series.gpp, series.rain[np.newaxis], series.years, method=DETRENDED)

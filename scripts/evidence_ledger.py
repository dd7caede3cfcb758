"""What the change of land cover did to the GPP of Assaba, in Mauritania, and how much real series vary; from the
folder NEP_SHARED."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

import evidence_series
from evidence_rain import SCALE
from nep_toolbox.core.balance.variability import class_labels, variability
from nep_toolbox.core.carbon import TERAGRAM
from nep_toolbox.core.landcover.effect import Effect, land_cover_effect
from nep_toolbox.core.landcover.pair_sums import pair_sums

#: What stands for a class, in words, and whether it is the mean of its stable pixels.
METHODS = {"stable pixels": True, "all pixels of a class": False}
#: How many years are averaged at each date.
WINDOWS = (1, 3, 5)
DATES = ((2010, 2022), (2012, 2021))
LIMITS = (0.05, 0.10, 0.15, 0.20)
#: gC m-2 a year
RESPIRED = 380.0


def landcover(year: int) -> np.ndarray:
    """Classes of a year, (rows, cols); NaN is missing."""
    dataset = gdal.Open(str(evidence_series.DATA / f"assaba_gpp_2010_2023/landcover/{year}LCT.tif"))
    band = dataset.GetRasterBand(1)
    codes = band.ReadAsArray().astype(np.float64)
    return np.where(codes == band.GetNoDataValue(), np.nan, codes)


def pixel_area() -> float:
    """m2 of a pixel, on a grid of equal areas."""
    folder = evidence_series.DATA / "assaba_gpp_2010_2023/gpp"
    _west, width, _, _north, _, height = gdal.Open(str(sorted(folder.glob("*_GP.tif"))[0])).GetGeoTransform()
    return abs(width * height)


def around(years: list, date: int, window: int) -> list:
    """The years nearest to a date, of two that are as near the earlier one; ascending."""
    return sorted(sorted(years, key=lambda year: (abs(year - date), year))[:window])


def effect(first: int, last: int, window: int, stable: bool) -> Effect:
    """The change of GPP from one date to the other and its parts, in gC a year."""
    series = evidence_series.gpp()
    years = series.years.tolist()
    start, end = (
        SCALE * series.stack[[years.index(each) for each in around(years, date, window)]].mean(axis=0)
        for date in (first, last)
    )
    area = np.full((len(start), 1), pixel_area())
    return land_cover_effect(pair_sums(start, end, [landcover(first), landcover(last)], area).sums[None], stable)


def landcover_effects() -> tuple:
    """The table of what follows from the change of land cover by each choice: head and rows."""
    head = ("from", "to", "years at each date", "densities of", "change (Tg C yr-1)", "land use", "density",
            "share of land use")
    return head, [
        (f"{first}", f"{last}", window, words, *_parts(effect(first, last, window, stable)))
        for first, last in DATES for window in WINDOWS for words, stable in METHODS.items()
    ]


def _parts(found: Effect) -> tuple:
    parts = (f"{part / TERAGRAM:.4f}" for part in (found.change, found.land_use, found.density))
    return (*parts, f"{found.share:.2f} %")


def stability(series: evidence_series.Series) -> dict:
    """What `variability` gives of each pixel of a series."""
    return variability(series.stack, series.years, limits=LIMITS)


def balances() -> evidence_series.Series:
    """NPP less a respiration that is the same in every pixel and year: a balance near 0, of signs of both kinds."""
    series = evidence_series.npp()
    return series._replace(name=f"the same less {RESPIRED:g} gC m-2", stack=series.stack * SCALE - RESPIRED)


def variabilities() -> tuple:
    """The table of how much real series vary from year to year: head and rows."""
    head = ("series", "years", "pixels", "no CV", "median CV", "line taken out", *class_labels(LIMITS).values())
    made = (evidence_series.gpp, evidence_series.lai, evidence_series.npp, balances)
    return head, [variability_row(make()) for make in made]


def variability_row(series: evidence_series.Series) -> tuple:
    """The row of a series: of the pixels with enough years, and the classes of those that have a CV."""
    found = stability(series)
    enough, known = np.isfinite(found["mean"]), np.isfinite(found["cv"])
    classes = found["class"][known]
    return (
        series.name, f"{series.years[0]}-{series.years[-1]}", f"{enough.sum():,}",
        f"{100 * (enough & ~known).sum() / enough.sum():.1f} %",
        *(f"{np.median(found[name][known]):.3f}" for name in ("cv", "cv_detrended")),
        *(f"{100 * (classes == code).mean():.1f} %" for code in class_labels(LIMITS)),
    )

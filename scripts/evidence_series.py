"""What is known of the persistence of the real series at hand, which lie in the folder NEP_SHARED."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from osgeo import gdal

from nep_toolbox.core.persistence.detrend import Detrend
from nep_toolbox.core.persistence.future_trend import LIKELY_TO_CONTINUE, LIKELY_TO_REVERSE, UNCLEAR, evidence
from nep_toolbox.core.persistence.hindcast import hindcast_block
from nep_toolbox.core.persistence.hindcast_scores import COIN, hindcast_scores
from nep_toolbox.core.persistence.hurst import hurst

gdal.UseExceptions()

DATA = Path(os.environ.get("NEP_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
ALPHA = 0.1


class Series(NamedTuple):
    """A series of rasters: its name in words, its years, and its values (n, rows, cols), NaN where one is missing."""

    name: str
    years: np.ndarray
    stack: np.ndarray

    @property
    def complete(self) -> np.ndarray:
        """The values of the pixels that have one in every year: (n, pixels)."""
        return self.stack[:, np.isfinite(self.stack).all(axis=0)]


def lai() -> Series:
    """LAI around China, cells of half a degree. Those without leaves in a year, such as the sea, are left out."""
    values = _read([DATA / "china_lai_2001_2020/MOD15A2_LAI_China_G050_2001-2020.tif"])
    values[:, ~(values > 0).all(axis=0)] = np.nan
    return Series("LAI around China, half a degree", np.arange(2001, 2021), values)


def npp() -> Series:
    """NPP of the plain north of the river Huai, 500 m."""
    files = sorted((DATA / "npp_huaihai_2001_2022/npp_core").glob("NPP_*.tif"))
    return Series("NPP of Huaihai, 500 m", np.arange(2001, 2023), _read(files))


def gpp() -> Series:
    """GPP of Assaba, Mauritania, 500 m. Codes of cells without vegetation are left out."""
    values = _read(sorted((DATA / "assaba_gpp_2010_2023/gpp").glob("*_GP.tif")))
    values[values >= 65530] = np.nan
    return Series("GPP of Assaba, 500 m", np.arange(2010, 2024), values)


def _read(files: list) -> np.ndarray:
    """All bands of some files, one after the other, as they are stored."""
    bands = []
    for file in files:
        values = gdal.Open(str(file)).ReadAsArray().astype(np.float64)
        bands.extend(values if values.ndim == 3 else [values])
    return np.stack(bands)


def usual_and_known() -> tuple:
    """The table of what the usual map says of each series and what can be known: head and rows."""
    return (
        "series", "years", "pixels", "raw H above 0.5", "corrected", "corrected, line taken out", "p below 0.1",
        "likely to continue", "likely to reverse", "unclear",
    ), [_usual_and_known(each) for each in (npp(), lai(), gpp())]


def _usual_and_known(series: Series) -> tuple:
    stack = series.complete
    known = hurst(stack, detrend=Detrend.OLS, years=series.years, significance=True)
    codes = evidence(known["hurst"], known["p_value"], ALPHA)
    found = np.isfinite(known["hurst"])

    def share(flags: np.ndarray) -> str:
        return f"{100 * np.count_nonzero(flags & found) / np.count_nonzero(found):.1f} %"

    return (
        series.name, len(stack), f"{np.count_nonzero(found):,}", share(hurst(stack, corrected=False)["hurst"] > 0.5),
        share(hurst(stack)["hurst"] > 0.5), share(known["hurst"] > 0.5), share(known["p_value"] < ALPHA),
        *(share(codes == code) for code in (LIKELY_TO_CONTINUE, LIKELY_TO_REVERSE, UNCLEAR)),
    )


# Hindcasts ------------------------------------------------------------------------------------------------------------

#: How many years are fitted. The GPP of Assaba has too few: 14, and a hindcast needs 17.
FITTED = ((npp, (12, 14, 16, 17)), (lai, (12, 13, 14, 15)))


def counts(series: Series, fitted: int, detrend: Detrend = Detrend.OLS) -> np.ndarray:
    """The counts of the hindcast of a series by its first years."""
    start = SimpleNamespace(row=0, col=0)
    return hindcast_block(series.stack, start, years=series.years, fitted=fitted, detrend=detrend)["counts"]


def hindcasts() -> tuple:
    """The table of the hindcasts of the series that are long enough: head and rows."""
    head = (
        "series", "fitted", "scored", "pixels", "base rate", "Brier", "of the base rate alone", "skill",
        "skill of the trend alone", "Brier of the rule H above 0.5", "trend left in", "Brier of a coin",
    )
    return head, [_hindcast(series, fitted) for make, parts in FITTED for series in [make()] for fitted in parts]


def _hindcast(series: Series, fitted: int) -> tuple:
    scores = hindcast_scores(counts(series, fitted))
    usual = hindcast_scores(counts(series, fitted, Detrend.NONE))
    years = series.years.tolist()
    return (
        series.name, f"{years[0]}-{years[fitted - 1]}", f"{years[fitted]}-{years[-1]}", f"{scores['n']:,}",
        *(f"{scores[name]:.3f}" for name in (
            "base_rate", "brier", "brier_climatology", "skill", "skill_trend_only", "brier_rule",
        )), f"{usual['brier_rule']:.3f}", f"{COIN:.3f}",
    )

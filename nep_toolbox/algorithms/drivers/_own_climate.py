"""NEP explained by the climate that its respiration was computed from: how to tell."""

from __future__ import annotations

import re

from ...framework.texts import tr
from ...raster.series import Series
from ...raster.wording import joined

NEP = {"nep"}
CLIMATE = {
    "t", "ta", "tas", "tem", "temp", "temperature", "tmean", "tmp", "mat", "气温", "温度",
    "p", "pr", "pre", "prec", "precip", "precipitation", "ppt", "rain", "rainfall", "降水", "降水量",
}
CLIMATE_UNITS = {"degc", "°c", "celsius", "mm"}


def is_nep(series: Series) -> bool:
    """Whether a series calls itself NEP: in the name of its layer or file, or in the descriptions of its bands."""
    return bool(_words(series) & NEP)


def is_climate(series: Series) -> bool:
    """Whether a series looks like temperature or precipitation, by its names or its unit."""
    return bool(_words(series) & CLIMATE) or series.unit.strip().lower() in CLIMATE_UNITS


def warn_of_own_climate(run, series: Series, drivers: dict) -> None:
    """Warn where a series looks like NEP and drivers like the climate that its respiration was computed from.

    Parameters
    ----------
    run : Run
    series : Series
    drivers : dict of str to Series
        By what the log calls each.
    """
    climate = [f"'{name}'" for name, driver in drivers.items() if is_climate(driver)]
    if is_nep(series) and climate:
        run.log.warn(
            tr("'{}' looks like NEP, and {} like the climate that its respiration is computed from: then NEP holds it "
               "with a minus sign, and part of what is found of its effect is that formula. Give NPP as ⟨INPUT⟩ too, "
               "and report both.").format(series.name, joined(climate, len(climate)))
        )


def _words(series: Series) -> set:
    first = series.steps[0]
    text = " ".join((first.layer.name, first.layer.base_name, first.description))
    return set(re.findall(r"[^\W\d_]+", text.lower()))

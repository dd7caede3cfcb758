"""The layers of a study, top down: the group each is in, its file and its name."""

from __future__ import annotations

from typing import NamedTuple

from ..colours import BLUES, GREENS, PURPLES, REDS, SEQUENTIAL
from ..styling.styles import Ramp

#: Groups of the tree of layers, from top to bottom; each is a text with the variable to be filled in.
GROUPS = {
    "area": "0 Study area",
    "values": "2–3 {variable}",
    "frequency": "4 Frequency of changes",
    "centre": "5 Centre of gravity",  # above the maps that would hide it
    "trend": "5 Trend",
    "future": "6 Future trend",
    "correlation": "7 Correlation",
    "landcover": "8 Land cover",
    "attribution": "11–12 Attribution and drivers",
    "uncertainty": "Uncertainty",
    "inputs": "Inputs",
    "tables": "Tables",
}

#: Units that are not the variable's own: none, that of a slope, and those of the climate.
OWN, NONE, PER_YEAR, MILLIMETRES, DEGREES, PERCENT = "own", "", "per year", "mm", "°C", "%"


class Raster(NamedTuple):
    """A raster file as one layer.

    Attributes
    ----------
    key : str
        What the maps call it.
    group : str
        Of `GROUPS`.
    file : str
        In the folder of the study.
    name : str
        With the variable and the period to be filled in.
    unit : str
        `OWN` for that of the variable, `PER_YEAR` for that per year, else the unit itself.
    shown : bool
        Whether the layer is on when its group is.
    ramp : Ramp
        How it is drawn where no style lies beside it.
    """

    key: str
    group: str
    file: str
    name: str
    unit: str = NONE
    shown: bool = False
    ramp: Ramp = Ramp(SEQUENTIAL)


#: How values of the variable are drawn: sinks and sources have a hue each.
VALUES = Ramp(GREENS, below_zero=REDS)

RASTERS = (
    Raster("mean", "values", "rasters/nep_mean.tif", "{variable}, mean {period}", OWN, True, VALUES),
    Raster("source_sink", "values", "rasters/source_sink.tif", "Sources and sinks"),
    Raster("sink_class", "values", "rasters/source_sink_class.tif", "Sources and sinks with significance, {period}"),
    Raster("decreases", "frequency", "rasters/decreases.tif", "Number of decreases"),
    Raster("increases", "frequency", "rasters/increases.tif", "Number of increases", shown=True),
    Raster("trend_class", "trend", "rasters/trend_class.tif", "Trend class", shown=True),
    Raster("trend_slope", "trend", "rasters/trend_slope.tif", "Sen slope", PER_YEAR),
    Raster("trend_p", "trend", "rasters/trend_p.tif", "p of the trend"),
    Raster("trend_lower", "trend", "rasters/trend_lower.tif", "Lower limit of the slope", PER_YEAR),
    Raster("trend_upper", "trend", "rasters/trend_upper.tif", "Upper limit of the slope", PER_YEAR),
    Raster("future", "future", "rasters/future.tif", "Future trend by evidence", shown=True),
    Raster("hurst", "future", "rasters/hurst.tif", "Hurst exponent"),
    Raster("hurst_class", "future", "rasters/hurst_class.tif", "Persistence"),
    Raster("hurst_p", "future", "rasters/hurst_p.tif", "p of the Hurst exponent"),
    Raster("r_precipitation", "correlation", "rasters/r_precipitation.tif", "r of {variable} and precipitation",
           shown=True),
    Raster("r_temperature", "correlation", "rasters/r_temperature.tif", "r of {variable} and temperature"),
    Raster("r_precipitation_class", "correlation", "rasters/r_precipitation_class.tif",
           "Correlation of {variable} and precipitation"),
    Raster("r_temperature_class", "correlation", "rasters/r_temperature_class.tif",
           "Correlation of {variable} and temperature"),
    Raster("npp_r_precipitation", "correlation", "rasters/npp_r_precipitation.tif", "r of NPP and precipitation"),
    Raster("npp_r_temperature", "correlation", "rasters/npp_r_temperature.tif", "r of NPP and temperature"),
    Raster("npp_r_precipitation_class", "correlation", "rasters/npp_r_precipitation_class.tif",
           "Correlation of NPP and precipitation"),
    Raster("npp_r_temperature_class", "correlation", "rasters/npp_r_temperature_class.tif",
           "Correlation of NPP and temperature"),
    Raster("change", "landcover", "rasters/landcover_change.tif", "Changes of land cover", shown=True),
    Raster("attribution_class", "attribution", "rasters/attribution_class.tif", "Attribution class", shown=True),
    Raster("slope_of_drivers", "attribution", "rasters/slope_of_drivers.tif", "Slope of what follows the drivers",
           PER_YEAR),
    Raster("slope_of_rest", "attribution", "rasters/slope_of_rest.tif", "Slope of the rest", PER_YEAR),
    Raster("rest_p", "attribution", "rasters/rest_p.tif", "p of the slope of the rest"),
    Raster("share_of_drivers", "attribution", "rasters/share_of_drivers.tif", "Share of the drivers in the trend",
           PERCENT),
    Raster("dominant", "attribution", "rasters/dominant_driver.tif", "Strongest driver"),
    Raster("npp_attribution_class", "attribution", "rasters/npp_attribution_class.tif", "Attribution class of NPP"),
    Raster("npp_dominant", "attribution", "rasters/npp_dominant_driver.tif", "Strongest driver of NPP"),
    Raster("nep_sd", "uncertainty", "rasters/nep_sd.tif", "Standard deviation by the given errors", OWN, True,
           Ramp(PURPLES)),
    Raster("nep_lower", "uncertainty", "rasters/nep_lower.tif", "Lower limit by the given errors", OWN, ramp=VALUES),
    Raster("nep_upper", "uncertainty", "rasters/nep_upper.tif", "Upper limit by the given errors", OWN, ramp=VALUES),
    Raster("sink_probability", "uncertainty", "rasters/sink_probability.tif", "Probability of a sink, given errors"),
    Raster("trend_probability", "uncertainty", "rasters/trend_probability.tif",
           "Probability of a rising trend, given errors"),
    Raster("respiration", "inputs", "rasters/rh.tif", "Heterotrophic respiration (RH)", OWN, ramp=Ramp(PURPLES)),
    Raster("temperature", "inputs", "data/temperature.tif", "Temperature", DEGREES, ramp=Ramp(REDS)),
    Raster("precipitation", "inputs", "data/precipitation.tif", "Precipitation", MILLIMETRES, ramp=Ramp(BLUES)),
)

_HEIGHTS = ("elevation", "dem", "altitude", "height above", "高程", "海拔")


def is_height(factor: str) -> bool:
    """Whether a factor is the height above the sea, by its name: figure 1 shows the first one that is."""
    return factor.strip().lower().startswith(_HEIGHTS)

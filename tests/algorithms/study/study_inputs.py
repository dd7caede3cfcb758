"""The parameters of studies of the sample province."""

from __future__ import annotations

from pathlib import Path


def given(province: Path, **changes) -> dict:
    """The parameters of a whole study of the province; None takes one out."""
    def files(pattern):
        return sorted(str(path) for path in province.glob(pattern))

    parameters = {
        "NPP": files("npp_*.tif"), "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700,
        "TEMPERATURE": files("temperature_*.tif"), "PRECIPITATION": files("precipitation_*.tif"), "FORCING": 3,
        "REGIONS": str(province / "regions.gpkg"), "REGION_FIELD": "name", "LANDCOVER": files("landcover_*.tif"),
        "CONTINUOUS": [str(province / "elevation.tif"), str(province / "pm25.tif")], "FACTOR_NAMES": "pm25=PM2.5",
        "FORMATS": "png", "DPI": 50, **changes,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def npp_only(province: Path, **changes) -> dict:
    """The parameters of a study of NPP alone, which has fewest steps."""
    left_out = dict.fromkeys(("TEMPERATURE", "PRECIPITATION", "FORCING", "REGIONS", "REGION_FIELD", "LANDCOVER",
                              "CONTINUOUS", "FACTOR_NAMES"))
    return given(province, **{**left_out, "VARIABLE": "NPP", **changes})

"""Maps of numbers: rasters of one band, and the ramps that several tools draw them with."""

from __future__ import annotations

from ..colours import BROWN_TO_GREEN, PURPLES
from ..styling.styles import Ramp
from .outputs import RasterResult

#: What rises is green and what falls brown.
CHANGE_RAMP = Ramp(BROWN_TO_GREEN, centre=0.0)

#: The smaller p is the darker; from 0.1 on nothing differs.
P_RAMP = Ramp(PURPLES[::-1], limits=(0.0, 0.1))


def number_map(key: str, title: str, style: Ramp, unit: str = "") -> RasterResult:
    """A raster of one band, which is called what the raster is."""
    return RasterResult(key, title, (title,), style, unit)

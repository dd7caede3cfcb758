"""What bands of rasters are called, and the years that their names say, where rasters need not be a series."""

from __future__ import annotations

import re

from .series import Layer, steps_of
from .times import said_by_names
from .years import stamps, without_times

#: What stands between the words of a name.
_SEPARATORS = r"[\s_.-]"


def years_of(layer: Layer) -> list:
    """The year of each band of a raster, None where no name says one: that of the band, else that of the raster."""
    steps, _grids = steps_of([layer])
    said = said_by_names(steps, [layer], False)
    of_layer = {year for text in (layer.name, layer.base_name) for year, _month in stamps(text)}
    whole = of_layer.pop() if len(of_layer) == 1 else None
    return [stamp[0] if stamp else whole for stamp in said]


def shared_name(band) -> str:
    """A band's name without its year: "pre" of "pre_2013", and of the band "2013" of "pre"."""
    layer = layer_name(band)
    return layer if band.steps[0].band_count == 1 else _without_year(band.steps[0].description) or layer


def layer_name(band) -> str:
    """The name of a band's layer without its year."""
    return _without_year(band.name) or band.name


def _without_year(name: str) -> str:
    rest = re.sub(r"\(\s*\)|\[\s*\]", "", without_times(name))
    rest = re.sub(rf"({_SEPARATORS}){_SEPARATORS}+", r"\1", rest)
    return re.sub(rf"^{_SEPARATORS}+|{_SEPARATORS}+$", "", rest)


def name_of(band) -> str:
    """What to call a band: its layer, or in a raster of several bands its description or number."""
    step = band.steps[0]
    if step.band_count == 1:
        return band.name
    return step.description or f"{band.name} band {step.band}"


def title_of(band) -> str:
    """What to call the target: as `name_of`, with its layer where its band is described by a year or number alone."""
    name = name_of(band)
    return name if not name.strip().isdigit() else f"{band.name} {name}"


def factor_names(bands) -> list:
    """The names of the factors; bands that share one get that of the layer before it."""
    short = [name_of(band) for band in bands]
    return [
        f"{band.name} {name}" if short.count(name) > 1 and band.steps[0].band_count > 1 else name
        for name, band in zip(short, bands)
    ]

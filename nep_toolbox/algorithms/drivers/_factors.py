"""What the factors of the geodetector on rasters are called, and which rasters are one factor in several years."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...core.landcover.transitions import landcover_year
from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.series import Layer, steps_of
from ...raster.times import said_by_names
from ...raster.years import stamps, without_times

#: What stands between the words of a name.
_SEPARATORS = r"[\s_.-]"


class DatedFactor(NamedTuple):
    """A factor with its bands by year; one that has no year is of year None, and serves all years."""

    name: str
    kind: str
    bands: dict

    def of(self, year: int) -> tuple:
        """The band for a year, and the year it is of: the same, else the nearest earlier one, else the first."""
        taken = None if None in self.bands else landcover_year(year, self.bands)
        return self.bands[taken], taken


def dated_factors(found: list) -> list:
    """Put rasters together whose names differ in the year alone.

    Parameters
    ----------
    found : list of (band, kind, year or None)
        Bands as series of one step, with the year that `years_of` says.

    Returns
    -------
    list of DatedFactor
        In the order of their first bands. A factor of several years is called by what its names share.

    Raises
    ------
    InvalidParameter
        Where two bands are one factor in one year.
    """
    own = factor_names([band for band, _kind, _year in found])
    groups: dict = {}
    for name, (band, kind, year) in zip(own, found):
        # A band without a year is alone.
        key = (name, len(groups)) if year is None else (shared_name(band), kind)
        groups.setdefault(key, []).append((name, band, kind, year))
    factors = []
    for (shared, _), members in groups.items():
        names = [name for name, *_rest in members]
        bands: dict = {}
        for name, band, _kind, year in members:
            if year in bands:
                raise InvalidParameter(
                    tr("'{}' and '{}' are both the factor '{}' in {}. Keep one of them, or rename it.")
                    .format(names[list(bands).index(year)], name, shared, year)
                )
            bands[year] = band
        factors.append(DatedFactor(shared if len(members) > 1 else names[0], members[0][2], bands))
    return factors


def years_of(layer: Layer) -> list:
    """The year of each band of a raster, None where no name says one: that of the band, else that of the raster."""
    steps, _grids = steps_of([layer])
    said = said_by_names(steps, [layer], False)
    of_layer = {year for text in (layer.name, layer.base_name) for year, _month in stamps(text)}
    whole = of_layer.pop() if len(of_layer) == 1 else None
    return [stamp[0] if stamp else whole for stamp in said]


def shared_name(band) -> str:
    """A band's name without its year: "pre" of "pre_2013", and of the band "2013" of "pre"."""
    layer = _without_year(band.name) or band.name
    return layer if band.steps[0].band_count == 1 else _without_year(band.steps[0].description) or layer


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


def parse_names(text: str) -> dict:
    """Read what factors are to be called, as a person types it: "pm25=PM2.5;dem=Elevation".

    Raises
    ------
    InvalidParameter
        Where a part is no name=name, or a factor comes twice.
    """
    names: dict = {}
    for part in re.split("[;\n]", text.replace("；", ";").replace("＝", "=")):
        if not part.strip():
            continue
        factor, _sign, name = (piece.strip() for piece in part.partition("="))
        if not factor or not name:
            raise InvalidParameter(
                tr("'{}' in ⟨FACTOR_NAMES⟩ is not of the form factor=name. Write them as pm25=PM2.5;dem=Elevation.")
                .format(part.strip())
            )
        if factor in names:
            raise InvalidParameter(tr("⟨FACTOR_NAMES⟩ names the factor '{}' twice. Keep one name.").format(factor))
        names[factor] = name
    return names

"""Which rasters are one variable in several years, as factors and the columns of a table are."""

from __future__ import annotations

from typing import NamedTuple

from ..core.landcover.transitions import landcover_year
from ..errors import InvalidParameter
from ..raster.band_names import factor_names, shared_name
from .texts import tr


class Dated(NamedTuple):
    """A variable with its bands by year; one that has no year is of year None, and serves all years."""

    name: str
    kind: str
    bands: dict

    def of(self, year: int) -> tuple:
        """The band for a year, and the year it is of: the same, else the nearest earlier one, else the first."""
        taken = None if None in self.bands else landcover_year(year, self.bands)
        return self.bands[taken], taken


def dated(found: list) -> list:
    """Put rasters together whose names differ in the year alone.

    Parameters
    ----------
    found : list of (band, kind, year or None)
        Bands as series of one step, with the year that `years_of` says.

    Returns
    -------
    list of Dated
        In the order of their first bands. A variable of several years is called by what its names share.

    Raises
    ------
    InvalidParameter
        Where two bands are one variable in one year.
    """
    own = factor_names([band for band, _kind, _year in found])
    groups: dict = {}
    for name, (band, kind, year) in zip(own, found):
        # A band without a year is alone.
        key = (name, len(groups)) if year is None else (shared_name(band), kind)
        groups.setdefault(key, []).append((name, band, kind, year))
    variables = []
    for (shared, _), members in groups.items():
        names = [name for name, *_rest in members]
        bands: dict = {}
        for name, band, _kind, year in members:
            if year in bands:
                raise InvalidParameter(
                    tr("'{}' and '{}' are both '{}' in {}. Keep one of them, or rename it.")
                    .format(names[list(bands).index(year)], name, shared, year)
                )
            bands[year] = band
        variables.append(Dated(shared if len(members) > 1 else names[0], members[0][2], bands))
    return variables

"""The folder of a study as the layouts see it: what is there, and how its quantities are called."""

from __future__ import annotations

import os
from dataclasses import dataclass

VECTORS = "vectors/study.gpkg"

#: The analysed series, the first one that is there: without climate it is the productivity that was given.
_SERIES = ("rasters/nep.tif", "data/npp.tif")


@dataclass(frozen=True)
class Study:
    """A folder, the settings of its study and the words of its language.

    Parameters
    ----------
    folder : str
        Its whole path, with forward slashes as QGIS writes them.
    settings : dict
        As study.json keeps them: variable, unit, years, map_years, width_mm, dpi, formats ...
    words
        Labels and numbers in the language of the study: ``label(text)``, ``number(value, kind)``,
        ``quantity(name, unit)``, ``period(first, last)`` and ``language``.
    """

    folder: str
    settings: dict
    words: object

    def path(self, name: str) -> str:
        """The path of a file, given that in the folder."""
        return f"{self.folder}/{name}"

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return os.path.isfile(self.path(name))

    @property
    def series(self) -> str:
        """The file of the analysed series; empty where there is none."""
        return next((name for name in _SERIES if self.has(name)), "")

    @property
    def variable(self) -> str:
        """What the values are, such as NEP."""
        return self.settings["variable"]

    @property
    def unit(self) -> str:
        """The unit of the values; empty where it is not known."""
        return self.settings.get("unit") or ""

    @property
    def years(self) -> list:
        """The years of the series, ascending."""
        return self.settings["years"]

    @property
    def map_years(self) -> list:
        """The years that have a map each: at most five, each in the series."""
        return [year for year in self.settings.get("map_years") or () if year in self.years][:5]

    @property
    def width(self) -> float:
        """The width of a page in mm."""
        return float(self.settings.get("width_mm") or 174.0)

    def text(self, english: str, **values) -> str:
        """A text in the language of the study, with the variable, the period and other values filled in."""
        period = self.words.period(self.years[0], self.years[-1])
        return self.words.label(english).format(variable=self.variable, period=period, **values)

    def of_unit(self, name: str, unit: str | None = None) -> str:
        """A name with a unit in brackets, by default that of the variable."""
        return self.words.quantity(name, self.unit if unit is None else unit)

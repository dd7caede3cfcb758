"""What a study is to be made of: its inputs as they were understood, and its dates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...raster.grid import Grid
from ...raster.series import Series

CONTINUOUS, CATEGORICAL = "continuous", "categorical"

#: What the inputs are called in names of files and in tables.
CLIMATE = ("temperature", "precipitation")
CLIMATE_UNITS = {"temperature": "degC", "precipitation": "mm"}


@dataclass(frozen=True)
class Source:
    """An input raster or series as it was given.

    Parameters
    ----------
    name : str
        What it is called in tables and names of files.
    series : Series
    scale, offset : float
        Factor for its values, and what is added to them then.
    categories : bool
        Whether it holds classes.
    unit : str
    constant : bool
        One step that holds for every year.
    valid : (float or None, float or None)
        Stored values beyond are missing.
    """

    name: str
    series: Series
    scale: float = 1.0
    categories: bool = False
    unit: str = ""
    constant: bool = False
    valid: tuple = (None, None)
    offset: float = 0.0

    @property
    def monthly(self) -> bool:
        """Whether it has twelve steps a year."""
        return self.series.steps_per_year == 12

    def for_years(self, years) -> Series:
        """Its steps in some years; the one of a constant in all of them."""
        if not self.constant:
            return self.series.of_years(years)
        step = self.series.steps[0]
        return replace(self.series, steps=tuple(replace(step, year=year, month=0) for year in years))


@dataclass(frozen=True)
class Factor:
    """A factor of the detector: its rasters by their year, 0 for one without."""

    name: str
    kind: str
    rasters: dict

    def of_year(self, year: int) -> Source:
        """The raster for a date: that of the year, else the nearest before it, else the first."""
        before = [each for each in self.rasters if each <= year]
        return self.rasters[max(before) if before else min(self.rasters)]

    @property
    def dated(self) -> bool:
        """Whether it has more than one raster."""
        return len(self.rasters) > 1


@dataclass
class Plan:
    """A study before it begins.

    ``imported`` tells whether NPP comes from granules, ``years`` are those that are analysed, ``labels`` and
    ``colours`` those of the classes of land cover by their code, ``excluded`` the classes that take no part,
    ``warnings`` what may be wrong. ``makes_nep`` says whether NEP is computed; else the series is analysed as given.
    """

    npp: Source | None = None
    imported: bool = False
    years: list = field(default_factory=list)
    climate: dict = field(default_factory=dict)
    makes_nep: bool = False
    landcover: Source | None = None
    labels: dict = field(default_factory=dict)
    colours: dict = field(default_factory=dict)
    excluded: tuple = ()
    factors: list = field(default_factory=list)
    map_years: list = field(default_factory=list)
    stages: list = field(default_factory=list)
    lc_years: list = field(default_factory=list)
    detector_years: list = field(default_factory=list)
    formats: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    @property
    def grid(self) -> Grid:
        """The grid of the study."""
        return self.npp.series.grid

    def sources(self) -> list:
        """Every input."""
        found = [self.npp, *self.climate.values(), self.landcover]
        return [each for each in found if each] + [one for each in self.factors for one in each.rasters.values()]

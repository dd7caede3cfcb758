"""A series: the time steps of a variable, each one band of one raster, in the order of time."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

from osgeo import gdal

from ..errors import InvalidParameter, SeriesTooShort
from .gdal_io import file_of, open_raster
from .grid import Grid
from .time_axis import times_of
from .times import axis_contradiction, contradiction, steps_per_year, with_times
from .wording import counted
from .years import without_times

#: Abbreviations of quantities, as they are usually written.
_ABBREVIATIONS = {
    each.lower(): each
    for each in ("NPP", "NEP", "GPP", "NEE", "NBP", "Rh", "Ra", "NDVI", "EVI", "LAI", "FPAR", "ET")
}
#: A description that only counts bands.
_NUMBERED = re.compile(r"(?:band|layer)\s*\d*", re.IGNORECASE)
_TWICE = "'{}' and '{}' are one raster, {}. Give each raster of a series once."
_SHORT = (
    "The series of '{0}' has {1}, but ⟨{3}⟩ asks for {2} valid ones per pixel. Add the missing years or lower ⟨{3}⟩."
)
_NO_PAIR = (
    "The series of '{}' has {}, but this tool compares dates and needs at least {}. Add the rasters of other years."
)


@dataclass(frozen=True)
class Layer:
    """A raster as a user names it.

    Parameters
    ----------
    name : str
        The layer's name.
    path : str
        What `gdal_io.open_raster` opens.
    missing_ranges : tuple of (band, low, high)
        Values the user declared as missing in the layer's properties, per band.
    """

    name: str
    path: str
    missing_ranges: tuple = ()

    @property
    def place(self) -> str:
        """Where it lies, one text for one raster: the real path of a file, else ``path``."""
        return os.path.realpath(self.path) if os.path.exists(self.path) else self.path

    @property
    def base_name(self) -> str:
        """The file's name without folder and extension; of a variable in a file that of the file."""
        path = file_of(self.path)
        inside = re.match(r'\w+:(?:\w+:)?"(.+?)":', path)
        return os.path.splitext(os.path.basename(inside[1] if inside else path))[0]


@dataclass(frozen=True)
class Step:
    """One time step: a band of a layer, with what is needed to read it.

    ``masked`` tells whether a mask says where values are missing; ``alpha`` is the number of the alpha band that says
    so too, 0 where there is none; ``on_axis`` is the (year, month or None) of a time axis of the file, and
    ``strange_axis`` how one counts that is not understood; ``tile`` the width and height of what the file stores as one
    piece; ``nodata``, ``scale`` and ``offset`` are those of the band.
    """

    layer: Layer
    band: int
    description: str
    missing: str
    type_name: str
    exact_in_float32: bool
    masked: bool
    tile: tuple
    unit: str = ""
    band_count: int = 1
    alpha: int = 0
    on_axis: tuple | None = None
    strange_axis: str = ""
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    year: int = 0
    month: int = 0

    @property
    def time(self) -> str:
        """The step's year, or year-month, as text."""
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def caption(self) -> str:
        """The band's description, or its time on the axis of the file where it has none."""
        if self.description or not self.on_axis:
            return self.description
        year, month = self.on_axis
        return f"{year}-{month:02d}" if month else str(year)

    @property
    def label(self) -> str:
        """The layer's name and, where the layer has several bands, the band's."""
        return f"{self.layer.name}, band {self.band}" if self.band > 1 or self.description else self.layer.name


@dataclass(frozen=True)
class Series:
    """Steps in the order of time on one grid.

    ``steps_per_year`` says how many there are, or may be; ``warnings`` are what the user should know of how the times
    were found.
    """

    steps: tuple
    grid: Grid
    steps_per_year: int = 1
    warnings: tuple = ()

    @property
    def name(self) -> str:
        """What to call the series in a message: its first layer."""
        return self.steps[0].layer.name

    @property
    def quantity(self) -> str:
        """What the values are, for the axis of a chart, without times and unit.

        The description of the first band where it says more than a year, else the name of its layer; abbreviations
        that are known are written as usual: ``NEP`` of ``nep_2001``.
        """
        words = _quantity(self.steps[0].description)
        if re.search(r"[^\W\d_]", words) and not _NUMBERED.fullmatch(words):
            return words
        return _quantity(self.name) or self.name

    @property
    def unit(self) -> str:
        """Unit of the values as the file has it; empty where it says none."""
        return self.steps[0].unit

    @property
    def years(self) -> list:
        """The years, each once, ascending."""
        return sorted({step.year for step in self.steps})

    def of_years(self, years) -> Series:
        """The same series with these years only."""
        wanted = set(years)
        return replace(self, steps=tuple(step for step in self.steps if step.year in wanted))

    def is_same(self, other: Series) -> bool:
        """Whether the other one consists of the same bands of the same rasters."""
        places = ([(step.layer.place, step.band) for step in each.steps] for each in (self, other))
        return next(places) == next(places)

    def require_length(self, count: int, parameter: str = "") -> None:
        """Raise SeriesTooShort if there are fewer than ``count`` steps, which ``parameter`` asks for, else the tool."""
        if len(self.steps) >= count:
            return
        steps = counted(len(self.steps), "time step")
        raise SeriesTooShort((_SHORT if parameter else _NO_PAIR).format(self.name, steps, count, parameter))


def _quantity(name: str) -> str:
    """A name without times, brackets and signs for blanks."""
    words = without_times(re.sub(r"\([^)]*\)", " ", name))
    words = re.sub(r"[\s_.-]+", " ", words).strip()
    return re.sub(r"\w+", lambda word: _ABBREVIATIONS.get(word.group().lower(), word.group()), words)


def resolve(layers: list, years: str = "", monthly: bool = False, names_first: bool = False,
            key: str = "YEARS") -> Series:
    """Find out which step is which year, and check that all lie on one grid.

    Parameters
    ----------
    layers : list of Layer
        Rasters of one band or several, in any order.
    years : str
        The years as the user wrote them; empty to find them in band descriptions, names and time axes.
    monthly : bool
        Whether twelve steps a year are allowed.
    names_first : bool
        Whether ``years`` only holds where names do not say the time of every step.
    key : str
        The parameter that ``years`` come from.

    Raises
    ------
    YearNotFound, GridMismatch, UnreadableRaster, InvalidParameter
        With the layers at fault and the way out.
    """
    if not layers:
        raise InvalidParameter("No raster was given. Choose one multi-band raster or one raster per year.")
    steps, grids = steps_of(layers)
    for layer, grid in zip(layers[1:], grids[1:]):
        grids[0].require_same(grid, layers[0].name, layer.name)
    timed = with_times(steps, layers, years, monthly, names_first, key)
    given = years.strip()
    warning = contradiction(steps, layers, timed, years, monthly, key) if given else axis_contradiction(timed, layers)
    per_year = steps_per_year(timed, monthly)
    ordered = tuple(sorted(timed, key=lambda step: (step.year, step.month)))
    return Series(ordered, grids[0], per_year, (warning,) if warning else ())


def bands_of(layer: Layer) -> list:
    """Every band of a raster as a series of one step without a year."""
    steps, grids = steps_of([layer])
    return [Series((step,), grids[0]) for step in steps]


def single(layer: Layer) -> Series:
    """A raster that is no time series as a series of one step without a year: its first and only band."""
    steps, grids = steps_of([layer])
    if len(steps) > 1:
        raise InvalidParameter(
            f"'{layer.name}' has {len(steps)} bands, but one is wanted here. Save the band you mean as a raster of its "
            f"own (Raster, Conversion, Rearrange Bands) and choose that."
        )
    return Series(tuple(steps), grids[0])


def steps_of(layers: list) -> tuple:
    """Every band of some layers as a step, still without time, and the grid of each layer.

    Raises
    ------
    UnreadableRaster, InvalidParameter
        If a layer cannot be read, holds complex numbers, or was given twice.
    """
    _require_different(layers)
    steps, grids = [], []
    for layer in layers:
        dataset = open_raster(layer.path, layer.name)
        grids.append(Grid.of(dataset))
        times, strange = times_of(dataset)
        steps.extend(
            replace(_step(layer, dataset, band), on_axis=times[band - 1], strange_axis=strange)
            for band in range(1, _band_count(dataset) + 1)
        )
    return steps, grids


def _require_different(layers: list) -> None:
    """Raise InvalidParameter if two layers are one raster."""
    found: dict = {}
    for layer in layers:
        if layer.place in found:
            raise InvalidParameter(_TWICE.format(found[layer.place].name, layer.name, layer.path))
        found[layer.place] = layer


def _band_count(dataset: gdal.Dataset) -> int:
    """The number of bands that hold values: a last band that is an alpha band is none of them."""
    count = dataset.RasterCount
    bands = [dataset.GetRasterBand(number) for number in range(1, count + 1)]
    if count < 2 or bands[-1].GetColorInterpretation() != gdal.GCI_AlphaBand:
        return count
    return count if _is_picture_by_default(bands) else count - 1


def _is_picture_by_default(bands: list) -> bool:
    """Red, green, blue and alpha: so GDAL calls the bands of any file of four bytes a pixel, such as land cover of four
    years. Only where all bands but the last have a description the last is taken for an alpha band."""
    if len(bands) != 4 or bands[0].GetColorInterpretation() != gdal.GCI_RedBand:
        return False
    named = [bool(band.GetDescription()) for band in bands]
    return bands[0].DataType == gdal.GDT_Byte and named != [True, True, True, False]


def _step(layer: Layer, dataset: gdal.Dataset, number: int) -> Step:
    band = dataset.GetRasterBand(number)
    scale, offset = band.GetScale() or 1.0, band.GetOffset() or 0.0
    kind = gdal.GetDataTypeName(band.DataType)
    if kind.startswith("C"):
        raise InvalidParameter(f"'{layer.name}' holds complex numbers ({kind}). Choose a raster of real numbers.")
    rules = _missing_rules(layer, dataset, number)
    return Step(
        layer=layer,
        band=number,
        description=band.GetDescription() or "",
        missing=", ".join(rules) or "no nodata value declared",
        type_name=kind,
        exact_in_float32=kind in ("Byte", "Int8", "Int16", "UInt16", "Float32") and (scale, offset) == (1.0, 0.0),
        masked="mask band" in rules,
        tile=tuple(band.GetBlockSize()),
        unit=band.GetUnitType() or "",
        band_count=dataset.RasterCount,
        alpha=dataset.RasterCount if "alpha band" in rules else 0,
        nodata=band.GetNoDataValue(),
        scale=scale,
        offset=offset,
    )


def _missing_rules(layer: Layer, dataset: gdal.Dataset, number: int) -> list:
    """What marks the missing values of a band, in words."""
    band = dataset.GetRasterBand(number)
    flags = band.GetMaskFlags()
    nodata = band.GetNoDataValue()
    rules = [] if nodata is None else [f"nodata {nodata:.10g}"]
    # GDAL makes a mask of an alpha band for two or four bands of Byte or UInt16 only, where there is no nodata value.
    if _band_count(dataset) < dataset.RasterCount:
        rules.append("alpha band")
    if flags == 0 or flags & gdal.GMF_PER_DATASET and not flags & gdal.GMF_ALPHA:
        rules.append("mask band")
    for band_number, low, high in layer.missing_ranges:
        if band_number == number:
            rules.append(f"{low:.10g} to {high:.10g} by its layer's properties")
    return rules

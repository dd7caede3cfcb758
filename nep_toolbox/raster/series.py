"""A series: the time steps of a variable, each one band of one raster, in the order of time."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, replace

from osgeo import gdal

from ..errors import InvalidParameter, SeriesTooShort, YearNotFound
from .gdal_io import open_raster
from .grid import Grid
from .years import parse_years, range_in, stamps_that_differ

SETTLE = "Give each layer a name with its year (NPP_2001) or set YEARS, for example 2001-2020."


@dataclass(frozen=True)
class Layer:
    """A raster as a user names it.

    Parameters
    ----------
    name : str
        The layer's name.
    path : str
        What GDAL opens.
    missing_ranges : tuple of (band, low, high)
        Values the user declared as missing in the layer's properties, per band.
    """

    name: str
    path: str
    missing_ranges: tuple = ()

    @property
    def base_name(self) -> str:
        """The file's name without folder and extension."""
        return os.path.splitext(os.path.basename(self.path))[0]


@dataclass(frozen=True)
class Step:
    """One time step: a band of a layer, with what is needed to read it.

    ``masked`` tells whether a mask or alpha band says where values are missing, ``tile`` the width and height of what
    the file stores as one piece.
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
    year: int = 0
    month: int = 0

    @property
    def time(self) -> str:
        """The step's year, or year-month, as text."""
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def label(self) -> str:
        """The layer's name and, where the layer has several bands, the band's."""
        return f"{self.layer.name}, band {self.band}" if self.band > 1 or self.description else self.layer.name


@dataclass(frozen=True)
class Series:
    """Steps in the order of time on one grid.

    ``steps_per_year`` is 1 or 12.
    """

    steps: tuple
    grid: Grid
    steps_per_year: int = 1

    @property
    def name(self) -> str:
        """What to call the series in a message: its first layer."""
        return self.steps[0].layer.name

    @property
    def quantity(self) -> str:
        """What the values are, for the axis of a chart: the name of the first layer without its years and its unit."""
        words = re.sub(r"\([^)]*\)|(?<!\d)(?:19|20)\d\d(?!\d)", " ", self.name)
        return re.sub(r"[\s_.-]+", " ", words).strip() or self.name

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

    def require_length(self, count: int, parameter: str) -> None:
        """Raise SeriesTooShort if there are fewer than ``count`` steps."""
        if len(self.steps) < count:
            raise SeriesTooShort(
                f"The series of '{self.name}' has {len(self.steps)} time steps, but {parameter} asks for {count} valid "
                f"ones per pixel. Add the missing years or lower {parameter}."
            )


def resolve(layers: list, years: str = "", monthly: bool = False) -> Series:
    """Find out which step is which year, and check that all lie on one grid.

    Parameters
    ----------
    layers : list of Layer
        One multi-band raster, or single-band rasters in any order.
    years : str
        The years as the user wrote them; empty to find them in band descriptions and names.
    monthly : bool
        Whether twelve steps a year are allowed.

    Raises
    ------
    YearNotFound, GridMismatch, UnreadableRaster, InvalidParameter
        With the layers at fault and the way out.
    """
    if not layers:
        raise InvalidParameter("No raster was given. Choose one multi-band raster or one raster per year.")
    steps, grids = _steps_of(layers)
    for layer, grid in zip(layers[1:], grids[1:]):
        grids[0].require_same(grid, layers[0].name, layer.name)
    steps = _with_times(steps, layers, years, monthly)
    per_year = _steps_per_year(steps, monthly)
    return Series(tuple(sorted(steps, key=lambda step: (step.year, step.month))), grids[0], per_year)


def bands_of(layer: Layer) -> list:
    """Every band of a raster as a series of one step without a year."""
    steps, grids = _steps_of([layer])
    return [Series((step,), grids[0]) for step in steps]


def single(layer: Layer) -> Series:
    """A raster that is no time series as a series of one step without a year: its first and only band."""
    steps, grids = _steps_of([layer])
    if len(steps) > 1:
        raise InvalidParameter(
            f"'{layer.name}' has {len(steps)} bands, but one is wanted here. Save the band you mean as a raster of its "
            f"own (Raster, Conversion, Rearrange Bands) and choose that."
        )
    return Series(tuple(steps), grids[0])


def _steps_of(layers: list) -> tuple:
    """Every band as a step, still without time, and the grid of each layer."""
    steps, grids = [], []
    for layer in layers:
        dataset = open_raster(layer.path, layer.name)
        count = _band_count(dataset)
        if count > 1 and len(layers) > 1:
            raise InvalidParameter(
                f"'{layer.name}' has {count} bands and was given together with other rasters. A series is "
                f"either one multi-band raster alone or several single-band rasters."
            )
        grids.append(Grid.of(dataset))
        steps.extend(_step(layer, dataset, band) for band in range(1, count + 1))
    return steps, grids


def _band_count(dataset: gdal.Dataset) -> int:
    """The number of bands that hold values.

    A last band that is an alpha band is none of them. Red, green, blue and alpha are four: so GDAL calls the bands of
    any file of four bytes a pixel, such as land cover of four years.
    """
    count = dataset.RasterCount
    colours = [dataset.GetRasterBand(band).GetColorInterpretation() for band in (1, count)]
    return count - 1 if colours[1] == gdal.GCI_AlphaBand and colours[0] != gdal.GCI_RedBand else count


def _step(layer: Layer, dataset: gdal.Dataset, number: int) -> Step:
    band = dataset.GetRasterBand(number)
    scaled = (band.GetScale() or 1.0, band.GetOffset() or 0.0) != (1.0, 0.0)
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
        exact_in_float32=kind in ("Byte", "Int8", "Int16", "UInt16", "Float32") and not scaled,
        masked="alpha band" in rules or "mask band" in rules,
        tile=tuple(band.GetBlockSize()),
        unit=band.GetUnitType() or "",
        band_count=dataset.RasterCount,
    )


def _missing_rules(layer: Layer, dataset: gdal.Dataset, number: int) -> list:
    """What marks the missing values of a band, in words."""
    band = dataset.GetRasterBand(number)
    flags = band.GetMaskFlags()
    nodata = band.GetNoDataValue()
    rules = [] if nodata is None else [f"nodata {nodata:.10g}"]
    if flags & gdal.GMF_ALPHA:
        if _band_count(dataset) < dataset.RasterCount:
            rules.append("alpha band")
    elif flags == 0 or flags & gdal.GMF_PER_DATASET:
        rules.append("mask band")
    for band_number, low, high in layer.missing_ranges:
        if band_number == number:
            rules.append(f"{low:.10g} to {high:.10g} by its layer's properties")
    return rules


def _with_times(steps: list, layers: list, years: str, monthly: bool) -> list:
    count = len(steps)
    if years.strip():
        return _with_given_years(steps, _stamps(steps, layers), parse_years(years), monthly)
    names = _stamps(steps, layers, strict=True)
    if any(stamp is None for stamp in names) and len(layers) == 1 and count > 1:
        title = layers[0]
        span = range_in(title.name, count) or range_in(title.base_name, count)
        if span:
            return [replace(step, year=year, month=0) for step, year in zip(steps, span)]
        if monthly and count % 12 == 0:
            span = range_in(title.name, count // 12) or range_in(title.base_name, count // 12)
            if span:
                return _months_in_order(steps, span)
    lost = [step.label for step, stamp in zip(steps, names) if stamp is None]
    if lost:
        raise YearNotFound(f"No single year could be read from the name of {_list(lost)}. {SETTLE}")
    timed = [replace(step, year=year, month=month or 0) for step, (year, month) in zip(steps, names)]
    return timed if monthly and _months_matter(timed) else [replace(step, month=0) for step in timed]


def _with_given_years(steps: list, names: list, given: list, monthly: bool) -> list:
    doubled = [year for year, times in Counter(given).items() if times > 1]
    if doubled:
        raise YearNotFound(f"YEARS names {_list(doubled)} more than once. Name each year once.")
    if len(steps) == len(given):
        return [replace(step, year=year, month=0) for step, year in zip(steps, given)]
    if monthly and len(steps) == 12 * len(given):
        if all(stamp and stamp[1] for stamp in names) and {stamp[0] for stamp in names} == set(given):
            return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, names)]
        return _months_in_order(steps, given)
    raise YearNotFound(
        f"YEARS names {len(given)} years, but the series of '{steps[0].layer.name}' has {len(steps)} time steps. "
        f"Name one year for each step{', or for each twelve of them' if monthly else ''}."
    )


def _months_in_order(steps: list, years: list) -> list:
    times = [(year, month) for year in years for month in range(1, 13)]
    return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, times)]


def _months_matter(steps: list) -> bool:
    """A month in a name counts only where a year has several steps: "NPP_2001_01km" is a year."""
    return len({step.year for step in steps}) < len(steps)


def _stamps(steps: list, layers: list, strict: bool = False) -> list:
    """For each step its (year, month or None), or None, from the first source that has one.

    ``strict`` refuses layers whose file says another year.
    """
    descriptions = stamps_that_differ([step.description for step in steps])
    if len(layers) == 1 and len(steps) > 1:
        return descriptions
    titles = stamps_that_differ([layer.name for layer in layers])
    files = stamps_that_differ([layer.base_name for layer in layers])
    apart = [
        f"'{layer.name}' (layer {title[0]}, file {file[0]})"
        for layer, title, file in zip(layers, titles, files)
        if title and file and title[0] != file[0]
    ]
    if apart and strict:
        raise YearNotFound(
            f"The name of the layer and the name of its file say different years: {', '.join(apart)}. Rename the layer "
            f"or set YEARS, which settles it."
        )
    return [title or file or description for title, file, description in zip(titles, files, descriptions)]


def _steps_per_year(steps: list, monthly: bool) -> int:
    by_time: dict = {}
    for step in steps:
        by_time.setdefault((step.year, step.month), []).append(step.label)
    doubled = {time: labels for time, labels in by_time.items() if len(labels) > 1}
    if doubled:
        (year, month), labels = min(doubled.items())
        when = f"{year}-{month:02d}" if month else str(year)
        hint = " Twelve steps a year need names that say year and month (2001_01)." if monthly and not month else ""
        raise YearNotFound(f"{_list(labels)} all say {when}. Keep one step for each time, or set YEARS.{hint}")
    if not any(step.month for step in steps):
        return 1
    for year in sorted({step.year for step in steps}):
        months = {step.month for step in steps if step.year == year}
        gaps = [str(month) for month in range(1, 13) if month not in months]
        if gaps:
            raise YearNotFound(
                f"The year {year} of the series of '{steps[0].layer.name}' has {len(months)} months instead of twelve: "
                f"month {', '.join(gaps)} is missing. Add it, or leave the year out."
            )
    return 12


def _list(things: list, most: int = 6) -> str:
    """Things as a sentence lists them, cut where there are many."""
    words = [f"'{thing}'" if isinstance(thing, str) else str(thing) for thing in things[:most]]
    return ", ".join(words) + (f" and {len(things) - most} more" if len(things) > most else "")

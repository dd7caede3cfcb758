"""Finding the bands of a MODIS variable in HDF-EOS granules and GeoTIFF exports, with their year and coding."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

import numpy as np
from osgeo import gdal

from ...core.productivity.mod17 import MOD17_CODINGS
from ...errors import InvalidParameter, UnreadableRaster, YearNotFound
from ..gdal_io import open_raster, opened, read_band
from ..grid import Grid, Window
from ..reader import StackReader
from ..series import Layer, Step, bands_of
from ..wording import listed
from ..years import parse_years, range_in, stamps, stamps_that_differ
from .hdf4 import is_hdf4, is_whole

#: Stored productivities below this are no units of 0.0001 kgC: their largest value would be below 1 gC m-2 yr-1.
LEAST_STORED_MAXIMUM = 10.0

#: Cells along each side of the thinned reading that looks for the largest value, and what is no value but a fill.
THINNED_SIDE, EXTREME = 512, 1e30

#: gC in kgC.
GRAMS = 1000.0

UNIT = "gC m-2 yr-1"

_EIGHT_DAYS = re.compile(r"M[OY]D17A2", re.IGNORECASE)
_QUALITY = re.compile(r"(?<![A-Za-z])QC(?![A-Za-z])")

HDF4_WAY_OUT = (
    "The GDAL of this QGIS was built without HDF4, the format of MODIS granules ({files}). Use a QGIS that has it (the "
    "official installers for Windows and the packages of Debian and Ubuntu do; conda-forge: install libgdal-hdf4), or "
    "order the product as GeoTIFF from AppEEARS or Earth Engine and choose those files."
)


@dataclass(frozen=True)
class Band:
    """One band of the variable: a step with its year, how to read it and where it lies."""

    step: Step
    grid: Grid
    reader: StackReader


@dataclass(frozen=True)
class Coding:
    """How a variable is read: stored values within the limits, times a factor; ``unit`` is that of the result."""

    scale: float = 1.0
    valid_min: float | None = None
    valid_max: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        limits = [
            f"{word} {limit:.10g}" for word, limit in (("from", self.valid_min), ("to", self.valid_max))
            if limit is not None
        ]
        return f"valid stored values {' '.join(limits)}" if limits else "no valid range known"


def needs_hdf4(paths: list) -> list:
    """Those files that are HDF4, if this GDAL cannot read them; else none."""
    if gdal.GetDriverByName("HDF4") is not None:
        return []
    return [path for path in paths if is_hdf4(path)]


def find_bands(paths: list, variable: str, years: str = "") -> tuple:
    """The bands of a variable in files, sorted by year and name.

    Parameters
    ----------
    paths : list of str
        HDF granules and GeoTIFF exports.
    variable : str
        The name of the variable: ``Npp_500m``, ``Gpp_500m`` or any other.
    years : str
        A year for each band in the order given; empty to find them in names.

    Returns
    -------
    (list of Band, list of str)
        And what should be told of them.

    Raises
    ------
    UnreadableRaster, InvalidParameter, YearNotFound
        With the files at fault and the way out.
    """
    if not paths:
        raise InvalidParameter("No file was given. Choose HDF granules or GeoTIFF exports.")
    short = [os.path.basename(path) for path in paths if _EIGHT_DAYS.search(os.path.basename(path))]
    if short and variable in MOD17_CODINGS:
        raise InvalidParameter(
            f"{listed(short)}: a product of eight days, whose values are sums of eight days. Use the annual product, "
            f"MOD17A3HGF or MYD17A3HGF."
        )
    notes: list = []
    by_file = [_steps_in(path, variable, notes) for path in paths]
    by_file = [(steps, grid) for steps, grid in by_file if steps]
    if not by_file:
        raise InvalidParameter(f"None of the files holds the variable {variable}.")
    dated = _with_years(by_file, years)
    codings = {coding for steps, _grid in dated for coding in [_coding(step, variable) for step in steps]}
    if variable in MOD17_CODINGS:
        codings = {_stored_or_scaled(dated, codings.pop(), notes)}
    elif len(codings) > 1:
        raise InvalidParameter(
            f"The files store {variable} in different ways ({'; '.join(sorted(map(str, codings)))}). Import them apart."
        )
    coding = codings.pop()
    notes.append(f"{variable}: {coding}, in {coding.unit or 'no unit that the files name'}")
    bands = [
        Band(step, grid, StackReader(
            (step,), scale=_factor(step, coding, variable), valid_min=coding.valid_min, valid_max=coding.valid_max
        ))
        for steps, grid in dated for step in steps
    ]
    return sorted(bands, key=lambda band: (band.step.year, band.step.label, band.step.layer.path)), coding, notes


# Files to bands -------------------------------------------------------------------------------------------------------


def _steps_in(path: str, variable: str, notes: list) -> tuple:
    """The bands of the variable in a file, and their grid."""
    name = os.path.basename(path)
    layer = Layer(os.path.splitext(name)[0], _subdataset(path, name, variable))
    bands = bands_of(layer)
    steps, grid = [band.steps[0] for band in bands], bands[0].grid
    if not grid.wkt:
        raise InvalidParameter(f"'{name}' has no CRS, so its place is unknown. Export it again with one.")
    if layer.path != path:
        return steps, grid
    if _QUALITY.search(name.replace("_", " ")) and not _QUALITY.search(variable.replace("_", " ")):
        notes.append(f"'{name}' is left out: its name says that it holds quality flags.")
        return [], grid
    chosen = _of_variable(steps, variable)
    if len(chosen) < len(steps):
        notes.append(f"'{name}': of its bands {listed([s.description for s in chosen])} of {len(steps)} are taken.")
    return chosen, grid


def _subdataset(path: str, name: str, variable: str) -> str:
    """What to open to have the variable: the file itself, or one of the datasets in it."""
    if os.path.exists(path) and is_hdf4(path) and not is_whole(path):
        raise UnreadableRaster(f"'{name}' is not complete: its download broke off. Download it again.")
    dataset, reason = opened(path)
    if dataset is None and not os.path.exists(path):
        raise UnreadableRaster(f"{path} does not exist. Choose the file anew.")
    if dataset is None:
        raise UnreadableRaster(f"'{name}' cannot be opened: {reason}. Choose a granule or a GeoTIFF.")
    if dataset.RasterCount:
        return path
    found = {text.rsplit(":", 1)[-1].strip('"'): text for text, _description in dataset.GetSubDatasets()}
    matching = [text for short, text in found.items() if short.lower() == variable.lower()]
    if not matching:
        raise InvalidParameter(f"'{name}' has no variable '{variable}'. ⟨VARIABLE⟩ may be one of: {', '.join(found)}.")
    return matching[0]


def _of_variable(steps: list, variable: str) -> list:
    """The bands of an export that hold the variable, where their descriptions name several."""
    if len(steps) == 1:
        return steps
    stem = re.sub(r"_\d+(m|km)$", "", variable).lower()
    plain = [
        step for step in steps
        if _QUALITY.search(variable.replace("_", " ")) or not _QUALITY.search(step.description.replace("_", " "))
    ]
    named = [step for step in plain if stem in step.description.lower()]
    return named or plain


# Years ----------------------------------------------------------------------------------------------------------------


def _with_years(by_file: list, years: str) -> list:
    """Every step with its year."""
    if years.strip():
        given = parse_years(years)
        count = sum(len(steps) for steps, _grid in by_file)
        if len(given) != count:
            raise YearNotFound(
                f"⟨YEARS⟩ names {len(given)} years, but the files have {count} bands. Name one for each, in the order "
                f"the files are given."
            )
        rest = iter(given)
        return [([replace(step, year=next(rest)) for step in steps], grid) for steps, grid in by_file]
    names = iter(stamps_that_differ([steps[0].layer.name for steps, _grid in by_file]))
    dated, lost = [], []
    for steps, grid in by_file:
        found = _years_of_file(steps, next(names))
        lost += [step.label for step, year in zip(steps, found) if not year]
        dated.append(([replace(step, year=year) for step, year in zip(steps, found)], grid))
    if lost:
        raise YearNotFound(
            f"No single year could be read from {listed(lost)}. Keep the names the files came with (A2001001, "
            f"doy2001001), put the year into them (NPP_2001), or set ⟨YEARS⟩."
        )
    return dated


def _years_of_file(steps: list, stamp) -> list:
    """Years of the bands of a file: from its name, or from its bands where it has several or its name says none."""
    layer = steps[0].layer
    if len(steps) == 1:
        if stamp:
            return [stamp[0]]
        begin = open_raster(layer.path, layer.name).GetMetadataItem("RANGEBEGINNINGDATE")
        said = {year for year, _month in stamps(steps[0].description) or stamps(begin or "")}
        return [said.pop() if len(said) == 1 else None]
    found = [stamp and stamp[0] for stamp in stamps_that_differ([step.description for step in steps])]
    return found if any(found) else range_in(layer.name, len(steps)) or found


# Values ---------------------------------------------------------------------------------------------------------------


def _coding(step: Step, variable: str) -> Coding:
    """How a band is read."""
    if variable in MOD17_CODINGS:
        coding = MOD17_CODINGS[variable]
        return Coding(coding.scale, coding.valid_min, coding.valid_max, UNIT)
    dataset = open_raster(step.layer.path, step.layer.name)
    said = {**dataset.GetMetadata(), **dataset.GetRasterBand(step.band).GetMetadata()}
    limits = [float(number) for number in re.findall(r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?", said.get("valid_range", ""))]
    low, high = limits if len(limits) == 2 else (None, None)
    # GDAL takes the scale of a granule from its attributes; an export may have kept them as plain text.
    scale = 1.0 if _tag_scale(step) != 1.0 else float(said.get("scale_factor", 1.0))
    return Coding(scale, low, high, step.unit or said.get("units", ""))


def _factor(step: Step, coding: Coding, variable: str) -> float:
    """What the reader multiplies with, on top of the scale in the file: productivities have a scale of their own."""
    return coding.scale / _tag_scale(step) if variable in MOD17_CODINGS else coding.scale


def _tag_scale(step: Step) -> float:
    dataset = open_raster(step.layer.path, step.layer.name)  # a band needs its dataset
    return dataset.GetRasterBand(step.band).GetScale() or 1.0


def _stored_or_scaled(dated: list, coding: Coding, notes: list) -> Coding:
    """Tell stored integers from exports of kgC: numbers with a fraction, of which none is as large as the former."""
    steps = [step for steps, _grid in dated for step in steps]
    if not all(step.type_name in ("Float32", "Float64") for step in steps):
        return coding
    largest = max(_thinned_maximum(step) for step in steps)
    if not 0.0 < largest < LEAST_STORED_MAXIMUM:
        return coding
    notes.append(
        f"The values reach {largest:.4g} only: they are taken for kgC m-2 yr-1, already scaled, and multiplied by "
        f"{GRAMS:.0f}."
    )
    return Coding(GRAMS, None, None, UNIT)


def _thinned_maximum(step: Step) -> float:
    """The largest value of a thinned reading of a band, 0 where it has none."""
    dataset = open_raster(step.layer.path, step.layer.name)
    band = dataset.GetRasterBand(step.band)
    size = min(THINNED_SIDE, band.XSize), min(THINNED_SIDE, band.YSize)
    values = read_band(band, Window(0, 0, band.XSize, band.YSize), step.label, size)
    nodata = band.GetNoDataValue()
    values = values[np.isfinite(values) & (values != (np.nan if nodata is None else nodata))]
    values = values[np.abs(values) < EXTREME]
    return float(values.max()) if values.size else 0.0

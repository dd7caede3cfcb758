"""Finding the bands of a MODIS variable in HDF-EOS granules and GeoTIFF exports, with their year and coding."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import Callable, NamedTuple

from osgeo import gdal

from ...core.productivity.mod17 import MOD17_CODINGS, product_name
from ...errors import InvalidParameter, UnreadableRaster, YearNotFound
from ..gdal_io import file_of, open_raster, opened
from ..grid import Grid
from ..reader import StackReader
from ..series import Layer, Step, bands_of
from ..wording import listed
from ..years import parse_years, range_in, stamps, stamps_that_differ
from .codings import product_codings, stated_coding
from .hdf4 import is_hdf4, is_whole

_EIGHT_DAYS = re.compile(r"(?:M[OY]D|VNP|VJ1|VJ2)17A2", re.IGNORECASE)
_QUALITY = re.compile(r"(?<![A-Za-z])QC(?![A-Za-z])")
_PRODUCTS = re.compile(r"(?<![A-Za-z])[NG]PP(?![A-Za-z])", re.IGNORECASE)

_ANOTHER = (
    "'{}' holds another variable than {}, as its name or its bands say. Choose that one as ⟨VARIABLE⟩, or leave the "
    "file out: each variable is imported by itself."
)

_HDF5 = (
    "'{}' is a file of HDF5, as the granules of VIIRS are (VNP17), which this tool does not read. Order the product as "
    "GeoTIFF from AppEEARS and choose those files."
)

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


class Found(NamedTuple):
    """What was found in files.

    ``bands`` are the bands of the variable, sorted by year and name; ``variable`` is its name as the product spells
    it, ``unit`` the unit of what their readers give; ``notes`` and ``warnings`` should be told.
    """

    bands: list
    variable: str
    unit: str
    notes: list
    warnings: list


def says_quality(text: str) -> bool:
    """Whether a name says that what it names holds quality flags."""
    return bool(_QUALITY.search(text.replace("_", " ")))


def needs_hdf4(paths: list) -> list:
    """Those files that are HDF4, if this GDAL cannot read them; else none."""
    if gdal.GetDriverByName("HDF4") is not None:
        return []
    return [path for path in paths if is_hdf4(path)]


def find_bands(paths: list, variable: str, years: str = "", stop: Callable = lambda: None) -> Found:
    """The bands of a variable in files.

    Parameters
    ----------
    paths : list of str
        HDF granules and GeoTIFF exports.
    variable : str
        The name of the variable, in any case: ``Npp_500m``, ``Gpp_500m`` or any other.
    years : str
        A year for each band in the order given; empty to find them in names.
    stop : callable
        Called between files; raises to stop.

    Raises
    ------
    UnreadableRaster, InvalidParameter, YearNotFound
        With the files at fault and the way out.
    """
    if not paths:
        raise InvalidParameter("No file was given. Choose HDF granules or GeoTIFF exports.")
    variable = product_name(variable)
    if not variable:
        raise InvalidParameter("⟨VARIABLE⟩ is empty. Give the name of a variable, such as Npp_500m.")
    short = [os.path.basename(path) for path in paths if _EIGHT_DAYS.search(os.path.basename(path))]
    if short and variable in MOD17_CODINGS:
        raise InvalidParameter(
            f"{listed(short)}: a product of eight days, whose values are sums of eight days. Use the annual product, "
            f"MOD17A3HGF or MYD17A3HGF."
        )
    notes: list = []
    by_file = []
    for path in paths:
        stop()
        by_file.append(_steps_in(path, variable, notes))
    by_file = [(steps, grid) for steps, grid in by_file if steps]
    if not by_file:
        raise InvalidParameter(f"None of the files holds the variable {variable}.")
    inside = [steps[0].layer.path for steps, _grid in by_file if steps[0].layer.path not in paths]
    variable = short_name(inside[0]) if inside else variable
    dated = with_years(by_file, years)
    codings, told, warnings = _codings([steps for steps, _grid in dated], variable, stop)
    bands = [
        Band(step, grid, StackReader(
            (step,), scale=coding.factor(step), valid_min=coding.valid_min, valid_max=coding.valid_max
        ))
        for coding, (steps, grid) in zip(codings, dated) for step in steps
    ]
    bands.sort(key=lambda band: (band.step.year, band.step.label, band.step.layer.path))
    return Found(bands, variable, codings[0].unit, notes + told, warnings)


def _codings(files: list, variable: str, stop: Callable) -> tuple:
    """The coding of each file, what should be told, and what should be warned of."""
    if variable in MOD17_CODINGS:
        codings, told, warnings = product_codings(files, variable, stop)
    else:
        codings, told, warnings = [stated_coding(steps[0]) for steps in files], [], []
        different = {stated_coding(step) for steps in files for step in steps}
        if len(different) > 1:
            raise InvalidParameter(
                f"The files store {variable} in different ways ({'; '.join(sorted(map(str, different)))}). Import them "
                f"apart."
            )
    told += [
        f"{variable}: {coding}, in {coding.unit or 'no unit that the files name'}" for coding in dict.fromkeys(codings)
    ]
    return codings, told, warnings


# Files to bands -------------------------------------------------------------------------------------------------------


def _steps_in(path: str, variable: str, notes: list) -> tuple:
    """The bands of the variable in a file, and their grid."""
    name = os.path.basename(file_of(path))
    layer = Layer(os.path.splitext(name)[0], _subdataset(path, name, variable))
    bands = bands_of(layer)
    steps, grid = [band.steps[0] for band in bands], bands[0].grid
    if not grid.wkt:
        raise InvalidParameter(f"'{name}' has no CRS, so its place is unknown. Export it again with one.")
    if layer.path != path:
        return steps, grid
    if says_quality(name) and not says_quality(variable):
        notes.append(f"'{name}' is left out: its name says that it holds quality flags.")
        return [], grid
    chosen = _of_variable(name, steps, variable)
    if len(chosen) < len(steps):
        notes.append(f"'{name}': of its bands {listed([s.description for s in chosen])} of {len(steps)} are taken.")
    return chosen, grid


def _subdataset(path: str, name: str, variable: str) -> str:
    """What to open to have the variable: the file itself, or one of the datasets in it."""
    file = file_of(path)
    if os.path.exists(file) and is_hdf4(file) and not is_whole(file):
        raise UnreadableRaster(f"'{name}' is not complete: its download broke off. Download it again.")
    dataset, reason = opened(path)
    if dataset is None and not os.path.exists(file):
        raise UnreadableRaster(f"{path} does not exist. Choose the file anew.")
    if dataset is None:
        raise UnreadableRaster(f"'{name}' cannot be opened: {reason}. Choose a granule or a GeoTIFF.")
    if dataset.RasterCount:
        return path
    inside = [text for text, _description in dataset.GetSubDatasets()]
    if inside and inside[0].startswith("HDF5:"):
        raise InvalidParameter(_HDF5.format(name))
    found = {short_name(text): text for text in inside}
    matching = [text for short, text in found.items() if short.lower() == variable.lower()]
    if not matching:
        raise InvalidParameter(f"'{name}' has no variable '{variable}'. ⟨VARIABLE⟩ may be one of: {', '.join(found)}.")
    return matching[0]


def short_name(subdataset: str) -> str:
    """The variable of a dataset in a granule, as GDAL names the dataset."""
    return subdataset.rsplit(":", 1)[-1].strip('"')


def _of_variable(name: str, steps: list, variable: str) -> list:
    """The bands of an export that hold the variable, where their descriptions name several.

    Raises
    ------
    InvalidParameter
        If its bands or its name say that it holds another productivity.
    """
    stem = re.sub(r"_\d+(m|km)$", "", variable).lower()
    own = [step for step in steps if not names_another(step.description, variable)]
    says_so = any(stem in step.description.lower() for step in own)
    if not own or names_another(name, variable) and not says_so:
        raise InvalidParameter(_ANOTHER.format(name, variable))
    if len(steps) == 1:
        return steps
    plain = [
        step for step in own
        if says_quality(variable) or not says_quality(step.description)
    ]
    named = [step for step in plain if stem in step.description.lower()]
    return named or plain


def names_another(text: str, variable: str) -> bool:
    """Whether a text names a productivity, but not the one that the variable is."""
    named, wanted = ({word.lower() for word in _PRODUCTS.findall(each)} for each in (text, variable))
    return bool(named and wanted and not named & wanted)


# Years ----------------------------------------------------------------------------------------------------------------


def with_years(by_file: list, years: str) -> list:
    """Every step of files with its year.

    Parameters
    ----------
    by_file : list of (list of Step, Grid)
    years : str
        A year for each step in their order; empty to find them in names.

    Raises
    ------
    YearNotFound
        With the files at fault and the way out.
    """
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

"""The quality layer of the annual MODIS productivity products: how much of a year's input was filled in.

``Npp_QC_500m`` of MOD17A3HGF and MYD17A3HGF is the share of the days of the growing season, in percent, whose FPAR and
LAI were interpolated because clouds hid the surface. Numbers beyond 100 are codes, as those of the product itself.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import Callable

import numpy as np

from ...errors import InvalidParameter, YearNotFound
from ..datasets import open_datasets
from ..gdal_io import file_of, opened
from ..grid import Window
from ..reader import StackReader
from ..series import Layer, bands_of
from ..wording import listed
from .modis import Band, Found, find_bands, names_another, says_quality, short_name, with_years

#: The quality layers of a variable, the best first: of MOD17A3HGF one layer holds for NPP and GPP.
QUALITY_LAYERS = {"Npp_500m": ("Npp_QC_500m",), "Gpp_500m": ("Gpp_QC_500m", "Npp_QC_500m")}

#: Of this product, which was not filled, the layer holds bits.
_NOT_FILLED = re.compile(r"M[OY]D17A3H(?!GF)", re.IGNORECASE)

#: The products of each satellite.
_PRODUCT = re.compile(r"(?:M[OY]D|VNP|VJ[12])17A3", re.IGNORECASE)

#: Rows looked at to tell how much is masked.
ROWS = 16

_NO_LAYER = (
    "⟨MAX_FILLED⟩ needs the quality layer of each file, {}, and there is none on the grid and of the year of {}. Add "
    "it to ⟨INPUT⟩ (AppEEARS and Earth Engine export it too), or leave ⟨MAX_FILLED⟩ empty."
)
_NO_PERCENT = (
    "{}: the quality layer of MOD17A3H holds bits, not the percent of filled days. Use MOD17A3HGF, or leave "
    "⟨MAX_FILLED⟩ empty."
)
_NO_PRODUCT = "⟨MAX_FILLED⟩ is for Npp_500m and Gpp_500m. Leave it empty to import {}."
_NO_YEAR = (
    "No single year could be read from the quality layer {}. Keep the names the files came with (doy2001001), or put "
    "the year into them (Npp_QC_2001)."
)
_MASKED = "{}: pixels filled on more than {:g} % of the days are missing, by '{}': {:.1f} % of those looked at"


@dataclass(frozen=True)
class Unfilled:
    """Reads a band of productivity without the pixels whose year was filled in too much.

    Parameters
    ----------
    reader, quality : StackReader
        Of the band, and of its quality layer on the same grid.
    most : float
        Percent of the days, at most 100. A pixel with more is missing, and so is one without a share: a code or a
        missing value.
    """

    reader: StackReader
    quality: StackReader
    most: float

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the file is stored in."""
        return self.reader.tile

    def read(self, window: Window) -> np.ndarray:
        """A window: (1, height, width)."""
        values = self.reader.read(window)
        values[~(self.quality.read(window) <= self.most)] = np.nan
        return values


def find_unfilled(paths: list, variable: str, years: str, most: float, stop: Callable = lambda: None) -> Found:
    """The bands of a productivity in files, without the pixels that were filled too much.

    Parameters
    ----------
    paths : list of str
        As for `find_bands`, and among them the exports of the quality layer.
    variable, years, stop
        As for `find_bands`.
    most : float
        Percent of the days of the growing season, at most 100.

    Raises
    ------
    InvalidParameter, UnreadableRaster, YearNotFound
        With the files at fault and the way out.
    """
    others = [path for path in paths if not says_quality(os.path.basename(_file(path)))]
    found = find_bands(others or paths, variable, years, stop)
    layers = QUALITY_LAYERS.get(found.variable)
    if layers is None:
        raise InvalidParameter(_NO_PRODUCT.format(found.variable))
    bits = [name for name in (os.path.basename(_file(path)) for path in paths) if _NOT_FILLED.search(name)]
    if bits:
        raise InvalidParameter(_NO_PERCENT.format(listed(bits)))
    qualities = [each for layer in layers for each in _quality_bands(paths, found, layer, stop)]
    pairs = [(band, _quality_of(band, qualities)) for band in found.bands]
    lacking = [band.step.label for band, quality in pairs if quality is None]
    if lacking:
        raise InvalidParameter(_NO_LAYER.format(" or ".join(layers), listed(lacking)))
    bands, notes = [], list(found.notes)
    for band, quality in pairs:
        stop()
        bands.append(replace(band, reader=Unfilled(band.reader, quality.reader, most)))
        share = 100.0 * _share_masked(band, bands[-1])
        notes.append(_MASKED.format(band.step.label, most, quality.step.label, share))
    return found._replace(bands=bands, notes=notes)


def _file(path: str) -> str:
    """The file that a path opens, also where it names one of its variables."""
    return path.split('"')[1] if path.count('"') == 2 else file_of(path)


def _quality_bands(paths: list, found: Found, layer: str, stop: Callable) -> list:
    """The bands of a quality layer in files, each with its year."""
    dated, undated = [], []
    for path in dict.fromkeys(map(_file, paths)):
        stop()
        steps, grid = _steps_in(path, layer)
        of_values = [band.step for band in found.bands if _file(band.step.layer.path) == path]
        if len(steps) == len(of_values) == 1:  # of one file, and so of one year
            dated.append(([replace(steps[0], year=of_values[0].year)], grid))
        elif steps:
            undated.append((steps, grid))
    try:
        dated += with_years(undated, "")
    except YearNotFound as error:
        raise YearNotFound(_NO_YEAR.format(listed([steps[0].label for steps, _grid in undated]))) from error
    return [Band(step, grid, StackReader((step,))) for steps, grid in dated for step in steps]


def _steps_in(path: str, layer: str) -> tuple:
    """The steps of a quality layer in a file, and their grid; none where it has none."""
    name = os.path.basename(path)
    dataset, _reason = opened(path)
    inside = [text for text, _words in dataset.GetSubDatasets()] if dataset is not None else []
    if inside and not dataset.RasterCount:
        named = [text for text in inside if short_name(text).lower() == layer.lower()]
        if not named:
            return [], None
        path = named[0]
    bands = bands_of(Layer(os.path.splitext(name)[0], path))
    steps = [band.steps[0] for band in bands]
    if not inside:
        of_file = says_quality(name) and not names_another(name, layer)
        said = [step for step in steps if says_quality(step.description) and not names_another(step.description, layer)]
        steps = said or (steps if of_file else [])
    return steps, bands[0].grid


def _quality_of(band: Band, qualities: list) -> Band | None:
    """The quality layer of the year of a band on its grid, of its own file where that has one, and never one that is
    named after another product: Terra and Aqua did not see the same clouds."""
    own = _file(band.step.layer.path)
    of_year = (each for each in qualities if each.step.year == band.step.year)
    fitting = [
        each for each in of_year
        if len({_product_in(band), _product_in(each)} - {""}) < 2 and not band.grid.differences(each.grid)
    ]
    return min(fitting, key=lambda each: _file(each.step.layer.path) != own, default=None)


def _product_in(band: Band) -> str:
    """The product that the name of a file names, MOD17A3 or MYD17A3; empty where it names none."""
    found = _PRODUCT.search(os.path.basename(_file(band.step.layer.path)))
    return found[0].upper() if found else ""


def _share_masked(band: Band, masked: Band) -> float:
    """The share of the valid pixels that are masked, in some rows spread over the band."""
    rows = np.unique(np.linspace(0, band.grid.height - 1, ROWS).astype(int)).tolist()
    valid = left = 0
    with open_datasets():
        for row in rows:
            window = Window(0, row, band.grid.width, 1)
            valid += int(np.isfinite(band.reader.read(window)).sum())
            left += int(np.isfinite(masked.reader.read(window)).sum())
    return (valid - left) / valid if valid else 0.0

"""How files store a variable: as whole numbers with a scale, in kgC, or in the unit of the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Callable, NamedTuple

import numpy as np

from ...core.productivity.mod17 import MOD17_CODINGS, ProductCoding
from ...errors import InvalidParameter
from ..gdal_io import open_raster, read_band
from ..grid import Window
from ..series import Step
from ..wording import listed

UNIT = "gC m-2 yr-1"

#: kgC in a stored unit, and gC in kgC.
KILOGRAMS, GRAMS = 0.0001, 1000.0

#: Whole numbers and tenths below this prove nothing: stored they would be less than 1 gC m-2 yr-1.
LEAST_TELLING = 10.0

#: Limits of scaled values are met within this share, as Float32 rounds them.
ROUNDING = 1e-6

#: Cells along each side of the thinned reading of a band, in how many parts, and what is no value but a fill.
THINNED_SIDE, PARTS, EXTREME = 512, 8, 1e30

_TOO_LITTLE = (
    "'{}': its values reach {:.4g} only, too little to tell stored numbers from kgC and from gC m-2 yr-1. Leave it "
    "out, or import it together with files that hold more."
)
_UNCLEAR = (
    "'{}': its values have fractions and reach {:.4g}, so they are neither the stored whole numbers nor kgC m-2 yr-1, "
    "and may be gC m-2 yr-1 already or resampled before. What is in gC needs no import: bring it onto a grid with "
    "⟨nep:harmonize⟩. Else give the files as downloaded."
)


@dataclass(frozen=True)
class Coding:
    """How a variable is read: stored values within the limits, times a factor.

    ``unit`` is that of the result. ``own_scale`` tells that the factor takes the place of a scale that the file
    declares, instead of adding to it.
    """

    scale: float = 1.0
    valid_min: float | None = None
    valid_max: float | None = None
    unit: str = ""
    own_scale: bool = False

    def factor(self, step: Step) -> float:
        """What a reader multiplies with on top of the scale in the file."""
        return self.scale / _tag_scale(step) if self.own_scale else self.scale

    def __str__(self) -> str:
        limits = [
            f"{word} {limit:.10g}" for word, limit in (("from", self.valid_min), ("to", self.valid_max))
            if limit is not None
        ]
        return f"valid stored values {' '.join(limits)}" if limits else "no valid range known"


class Kind(Enum):
    """How a file of a productivity stores it; the value is how a message calls it."""

    STORED = "stored whole numbers"
    RESAMPLED = "stored numbers that were resampled"
    KILOGRAMS = "kgC m-2 yr-1, already scaled"
    GRAMS = "gC m-2 yr-1 already"
    UNKNOWN = "no telling values"


class Evidence(NamedTuple):
    """What the positive values of a file look like: the largest, whether all are whole, and whether all are tenths."""

    largest: float
    whole: bool
    tenths: bool


def stated_coding(step: Step) -> Coding:
    """The coding that a band's own metadata state: scale factor, valid range and unit."""
    dataset = open_raster(step.layer.path, step.layer.name)
    said = {**dataset.GetMetadata(), **dataset.GetRasterBand(step.band).GetMetadata()}
    limits = [float(number) for number in re.findall(r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?", said.get("valid_range", ""))]
    low, high = limits if len(limits) == 2 else (None, None)
    # GDAL takes the scale of a granule from its attributes; an export may have kept them as plain text.
    scale = 1.0 if _tag_scale(step) != 1.0 else float(said.get("scale_factor", 1.0))
    return Coding(scale, low, high, step.unit or said.get("units", ""))


def product_codings(files: list, variable: str, stop: Callable = lambda: None) -> tuple:
    """How each file stores a productivity.

    A granule stores whole numbers. Exports may hold the same numbers as floating-point ones, kgC (fractions, none
    beyond the codes times 0.0001) or gC (tenths, as 0.1 times a whole number is).

    Parameters
    ----------
    files : list of list of Step
        The bands of each file.
    variable : str
        A name of `MOD17_CODINGS`.
    stop : callable
        Called between readings; raises to stop.

    Returns
    -------
    (list of Coding, list of str, list of str)
        The coding of each file, what should be told, and what should be warned of.

    Raises
    ------
    InvalidParameter
        If the values of a file may be two things.
    """
    product = MOD17_CODINGS[variable]
    kinds = _settled([_kind(steps, product, stop) for steps in files], files)
    names: dict = {}
    for kind, steps in zip(kinds, files):
        names.setdefault(kind, []).append(steps[0].layer.name)
    told, warnings = [], []
    if Kind.KILOGRAMS in names:
        told.append(f"{listed(names[Kind.KILOGRAMS])}: taken for {Kind.KILOGRAMS.value}, and multiplied by 1000.")
    if Kind.GRAMS in names:
        told.append(f"{listed(names[Kind.GRAMS])}: taken for {Kind.GRAMS.value}; the values stay as they are.")
    if Kind.RESAMPLED in names:
        warnings.append(
            f"{listed(names[Kind.RESAMPLED])}: stored numbers with fractions, so the files were resampled before, and "
            f"fill codes may have been averaged into their values. Use the files as they were downloaded."
        )
    if len(names) > 1:
        said = "; ".join(f"{kind.value} in {listed(found)}" for kind, found in names.items())
        warnings.append(f"The files store {variable} in different ways, and each is read in its own: {said}.")
    return [_coding_of(kind, product) for kind in kinds], told, warnings


def _settled(found: list, files: list) -> list:
    """The kind of each file; one whose values prove nothing is like the others."""
    known = {kind for kind, _evidence in found if kind is not Kind.UNKNOWN}
    kinds = []
    for (kind, evidence), steps in zip(found, files):
        if kind is Kind.UNKNOWN and len(known) == 1:
            (kind,) = known
        elif kind is Kind.UNKNOWN and evidence.largest > 0:
            raise InvalidParameter(_TOO_LITTLE.format(steps[0].layer.name, evidence.largest))
        kinds.append(Kind.STORED if kind is Kind.UNKNOWN else kind)
    return kinds


def _kind(steps: list, product: ProductCoding, stop: Callable) -> tuple:
    """How a file stores a productivity, and the evidence for it."""
    floating = any(step.type_name in ("Float32", "Float64") for step in steps)
    says_grams = all(step.unit == UNIT and _tag_scale(step) == 1.0 for step in steps)
    if not floating and not says_grams:
        return Kind.STORED, None
    evidence = _evidence(steps, product, stop)
    largest, whole, tenths = evidence
    most_grams = product.valid_max * product.scale
    if says_grams and 0 < largest <= product.fill_last * product.scale:
        return Kind.GRAMS, evidence
    if (whole or tenths) and largest < LEAST_TELLING:
        return Kind.UNKNOWN, evidence
    if whole:
        return Kind.STORED, evidence
    if not tenths and largest <= product.fill_last * KILOGRAMS * (1 + ROUNDING):
        return Kind.KILOGRAMS, evidence
    if tenths and largest <= product.fill_last * product.scale * (1 + ROUNDING):
        return Kind.GRAMS, evidence
    if largest > most_grams:
        return Kind.RESAMPLED, evidence
    raise InvalidParameter(_UNCLEAR.format(steps[0].layer.name, largest))


def _coding_of(kind: Kind, product: ProductCoding) -> Coding:
    """The limits hold in every kind, whatever the file declares as missing."""
    if kind in (Kind.STORED, Kind.RESAMPLED):
        return Coding(product.scale, product.valid_min, product.valid_max, UNIT, own_scale=True)
    unit = KILOGRAMS if kind is Kind.KILOGRAMS else product.scale
    low, high = (limit * unit * (1 + ROUNDING) for limit in (product.valid_min, product.valid_max))
    return Coding(GRAMS if kind is Kind.KILOGRAMS else 1.0, low, high, UNIT, own_scale=True)


def _tag_scale(step: Step) -> float:
    dataset = open_raster(step.layer.path, step.layer.name)  # a band needs its dataset
    return dataset.GetRasterBand(step.band).GetScale() or 1.0


# Values ---------------------------------------------------------------------------------------------------------------


def _evidence(steps: list, product: ProductCoding, stop: Callable) -> Evidence:
    largest, whole, tenths = 0.0, True, True
    for step in steps:
        for values in _values(step, stop):
            values = values[(values > 0) & (values <= product.valid_max)]  # beyond are codes
            if values.size:
                largest = max(largest, float(values.max()))
                whole &= bool((values == np.rint(values)).all())
                tenths &= bool(np.isclose(values, np.rint(values * 10) / 10, rtol=2e-7, atol=0).all())
    return Evidence(largest, whole, tenths)


def _values(step: Step, stop: Callable) -> Iterator[np.ndarray]:
    """Valid values of a band, Float64: of a thinned reading, or of all cells where that has no positive one."""
    for side in (THINNED_SIDE, None):
        found = False
        for values in _readings(step, side, stop):
            found = found or bool((values > 0).any())
            yield values
        if found:
            return


def _readings(step: Step, side: int | None, stop: Callable) -> Iterator[np.ndarray]:
    dataset = open_raster(step.layer.path, step.layer.name)
    band = dataset.GetRasterBand(step.band)
    nodata = band.GetNoDataValue()
    edges = np.linspace(0, band.YSize, PARTS + 1 if side else -(-band.YSize // THINNED_SIDE) + 1).astype(int).tolist()
    for top, bottom in zip(edges, edges[1:]):
        if bottom == top:
            continue
        stop()
        height = bottom - top
        size = (min(side, band.XSize), min(side // PARTS, height)) if side else ()
        window = Window(0, top, band.XSize, height)
        values = read_band(band, window, step.label, size)
        valid = np.isfinite(values) & (np.abs(values) < EXTREME)
        if nodata is not None:
            valid &= values != values.dtype.type(nodata)
        if step.masked:
            valid &= read_band(band.GetMaskBand(), window, step.label, size) != 0
        yield values[valid].astype(np.float64)

"""Which bands of which rasters are the columns of a table of pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ...framework.dated import dated
from ...framework.texts import tr
from ...raster.band_names import layer_name, shared_name, years_of
from ...raster.series import bands_of

TARGET, DRIVER, CLASSES = "INPUT", "DRIVERS", "CLASSES"

#: What GDAL calls types of whole numbers.
INTEGERS = ("Byte", "Int8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64")

#: Columns that the table has anyway, and names that formats keep for themselves.
TAKEN = ("x", "y", "region", "year", "fid", "ogc_fid", "geom", "geometry")


class Band(NamedTuple):
    """A band of an input: a series of one step, the parameter it came from, and its year, None where it has none."""

    band: object
    kind: str
    year: int | None

    @property
    def column(self) -> str:
        """What a wide table calls it: its layer; a band of several, what it has beside the years of its layer."""
        step = self.band.steps[0]
        if step.band_count == 1:
            return self.band.name
        return f"{layer_name(self.band)}_{step.description or self.year or step.band}"

    @property
    def field(self) -> str:
        """The kind of its column: whole numbers where a map of classes is stored in such."""
        step = self.band.steps[0]
        whole = step.type_name in INTEGERS and (step.scale, step.offset) == (1.0, 0.0)
        return "count" if self.kind == CLASSES and whole else "number"


class Columns(NamedTuple):
    """The table.

    Attributes
    ----------
    kinds : dict of str to str
        Kind by column, without those that every table has.
    years : list of int
        Of the rows of each pixel; empty where a pixel is one row.
    places : int array (years or 1, columns)
        Of each column, the band that it takes in each year, -1 for none: a number among `Inputs.bands`.
    groups : tuple of tuples of int
        The bands of the target that a row needs, year by year: see `core.sampling.cells.has_target`.
    """

    kinds: dict
    years: list
    places: np.ndarray
    groups: tuple


def bands_given(run) -> list:
    """Every band of the inputs as a Band, on one grid: the target first, each variable in the order of time."""
    found, rest = [], [TARGET, DRIVER, CLASSES]
    if run.parameters.text("YEARS"):
        series = run.series(rest.pop(0))
        found = [Band(replace(series, steps=(step,)), TARGET, step.year) for step in series.steps]
    for kind in rest:
        found += _in_order_of_time([
            Band(band, kind, year) for layer in run.layers(kind) for band, year in zip(bands_of(layer), years_of(layer))
        ])
    first = found[0].band
    for each in found[1:]:
        first.grid.require_same(each.band.grid, first.name, each.band.name)
    return found


def _in_order_of_time(bands: list) -> list:
    """Variables in the order given, the bands of each by year: the order of a list of layers tells nothing."""
    variables: dict = {}
    for each in bands:
        variables.setdefault(shared_name(each.band) if each.year else each.band, []).append(each)
    return [each for group in variables.values() for each in sorted(group, key=lambda each: each.year or 0)]


def wide_columns(bands: list) -> Columns:
    """A column for each band, one row for each pixel, which lacks no band of the target."""
    kinds = dict(zip(distinct([each.column for each in bands]), [each.field for each in bands]))
    target = tuple(place for place, each in enumerate(bands) if each.kind == TARGET)
    return Columns(kinds, [], np.arange(len(bands))[np.newaxis], (target,))


def long_columns(bands: list) -> Columns:
    """A column for each variable, one row for each pixel and year in which it lacks no variable of the target.

    A variable without a year, and a driver or a map of classes of one date, is the same in all years. Classes stand
    until the next map.

    Raises
    ------
    InvalidParameter
        If no raster of the target has a year, or its variables have no year in common.
    """
    places = {id(each.band): place for place, each in enumerate(bands)}
    variables = dated([(each.band, each.kind, each.year) for each in bands])
    targets = [set(each.bands) for each in variables if each.kind == TARGET and None not in each.bands]
    if not targets:
        raise InvalidParameter(tr(
            "⟨LONG⟩ needs years, but no name of a raster of ⟨INPUT⟩ says one. Give them in ⟨YEARS⟩, or switch ⟨LONG⟩ "
            "off."
        ))
    years = sorted(set.intersection(*targets))
    if not years:
        raise InvalidParameter(tr(
            "The rasters of ⟨INPUT⟩ have no year in common, and each row of a long table needs all of them. Give those "
            "of the same years, or switch ⟨LONG⟩ off."
        ))
    taken = np.array([[_place(each, year, places) for each in variables] for year in years])
    target = [number for number, each in enumerate(variables) if each.kind == TARGET]
    kinds = [_kind_of_all(each, bands, places) for each in variables]
    names = distinct([each.name for each in variables])
    return Columns(dict(zip(names, kinds)), years, taken, tuple(map(tuple, taken[:, target].tolist())))


def _place(variable, year: int, places: dict) -> int:
    """The band of a variable for a year; -1 where it has none."""
    if variable.kind == CLASSES or (variable.kind == DRIVER and len(variable.bands) == 1) or None in variable.bands:
        return places[id(variable.of(year)[0])]
    return places[id(variable.bands[year])] if year in variable.bands else -1


def _kind_of_all(variable, bands: list, places: dict) -> str:
    kinds = {bands[places[id(band)]].field for band in variable.bands.values()}
    return kinds.pop() if len(kinds) == 1 else "number"


def distinct(names: list) -> list:
    """The names as columns of one table, each once whatever its case: what is taken gets a number behind it."""
    taken, found = set(TAKEN), []
    for name in names:
        free, number = name, 1
        while free.lower() in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free.lower())
        found.append(free)
    return found

"""The drivers of a run: several series, each with a name, matched with the series that they may explain."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from qgis.core import QgsProcessing, QgsProcessingParameterMultipleLayers, QgsProcessingParameterString

from ...core.attribution.regression import DETRENDED, DIFFERENCES
from ...errors import InvalidParameter, SeriesTooShort
from ...framework.algorithm import INTEGER
from ...framework.texts import tr
from ...raster.band_names import layer_name, years_of
from ...raster.series import Layer, Series, bands_of
from ...raster.wording import counted, joined, listed
from ._factors import parse_names
from ._matched import matched


class Drivers(NamedTuple):
    """What a run explains, and by what.

    Attributes
    ----------
    series : Series
        That of INPUT.
    drivers : list of Series
        In the order of their layers' names, whatever that of the list; restricted to the years in common.
    names : list of str
        What each driver is called; all differ.
    """

    series: Series
    drivers: list
    names: list


def add_drivers(tool) -> None:
    """Declare DRIVERS."""
    parameter = QgsProcessingParameterMultipleLayers(
        "DRIVERS", tr("Drivers (each a multi-band raster)"), QgsProcessing.SourceType.TypeRaster
    )
    parameter.setMinimumNumberInputs(1)
    tool.add(
        parameter,
        "Series that may explain it, such as annual precipitation and temperature: each raster is one driver, with a "
        "band for each year. Rasters whose names differ in the year alone (pre_2001, pre_2002) are one driver too; a "
        "whole folder of them can be added. The years that all series have are taken.",
    )


def add_driver_names(tool) -> None:
    """Declare DRIVER_NAMES."""
    tool.add(
        QgsProcessingParameterString(
            "DRIVER_NAMES", tr("Names of the drivers (pre=Precipitation;tmp=Temperature)"), optional=True
        ),
        "What legends, tables and charts call the drivers, as driver=name with semicolons between. A driver without a "
        "name here keeps its own, which is that of its layer without the year.", advanced=True,
    )


def add_min_df(tool) -> None:
    """Declare MIN_DF."""
    tool.add_number(
        "MIN_DF", "Minimum degrees of freedom", "What a pixel's years must leave beside the coefficients of the fit: "
        "with k drivers n - k - 1, detrended n - k - 2.", 5, INTEGER, 1,
    )


def check_driver_names(parameters) -> None:
    """Refuse DRIVER_NAMES that cannot be understood, before any layer is read."""
    _asked_names(parameters)


def drivers_of(run, fit: int) -> Drivers:
    """Read INPUT and DRIVERS of a run, and match them.

    Parameters
    ----------
    run : Run
        With the parameters INPUT, DRIVERS, DRIVER_NAMES, YEARS and MIN_DF.
    fit : int
        As for `fit`; `DIFFERENCES` takes pairs of consecutive years.

    Raises
    ------
    InvalidParameter
        If a raster is given twice, or is one year of a series; if nothing but constants is given; if two drivers
        cannot be told apart by name, or DRIVER_NAMES names what is no driver.
    SeriesTooShort
        If fewer years are in common than so many drivers and MIN_DF need.
    GridMismatch, YearNotFound, UnreadableRaster
        As `raster.series.resolve`, and where series lie elsewhere or have no year in common.
    """
    first, layers = run.series("INPUT"), run.layers("DRIVERS")
    _require_others(first, layers)
    drivers = run.series_of_each("DRIVERS", _of_one_driver(_without_constants(run, layers)))
    drivers.sort(key=lambda each: (each.name.casefold(), each.name, each.steps[0].layer.path))
    names = _called(run.parameters, drivers)
    labels = [tr("the driver '{}'").format(name) for name in names]
    first, *drivers = matched(run, {f"⟨INPUT⟩ '{first.name}'": first, **dict(zip(labels, drivers))})
    _require_years(run, first.years, len(drivers), fit)
    years = first.years
    run.log.info(tr("Drivers: {}. Years in common: {}, {} to {}").format(
        joined([f"'{name}'" for name in names], len(names)), len(years), years[0], years[-1]
    ))
    return Drivers(first, drivers, names)


# Which rasters -------------------------------------------------------------------------------------------------------

def _require_others(first: Series, layers: list) -> None:
    """Raise InvalidParameter where a raster is given twice, or is what is to be explained."""
    own, seen = {step.layer.place for step in first.steps}, {}
    for layer in layers:
        if layer.place in own:
            raise InvalidParameter(
                tr("'{}' is among ⟨DRIVERS⟩, but it is ⟨INPUT⟩: leave it out of ⟨DRIVERS⟩.").format(layer.name)
            )
        if layer.place in seen:
            raise InvalidParameter(
                tr("'{}' and '{}' in ⟨DRIVERS⟩ are one raster: leave one out.").format(seen[layer.place], layer.name)
            )
        seen[layer.place] = layer.name


def _without_constants(run, layers: list) -> list:
    """The rasters without those of one band and no year, of which the log warns."""
    kept = [layer for layer in layers if years_of(layer) != [None]]
    constant = [layer.name for layer in layers if layer not in kept]
    if not kept:
        raise InvalidParameter(
            tr("None of ⟨DRIVERS⟩ is a series (one band and no year: {}), and what does not change explains no "
               "change. Give series, such as annual precipitation; constants belong in ⟨nep:geodetector⟩.")
            .format(listed(constant))
        )
    for name in constant:
        run.log.warn(
            tr("'{}' has one band and no year, so it is left out of the drivers: what does not change explains no "
               "change. It can be a factor of ⟨nep:geodetector⟩, which explains differences between places. If it is "
               "a year of a series, its name must say which (pre_2001).").format(name)
        )
    return kept


def _of_one_driver(layers: list) -> list:
    """Lists of rasters that are one driver together: those whose names differ in the year alone, and those of a folder
    whose names are nothing but a year.

    Where years come twice, series of several folders that are named alike are drivers of their own; rasters of several
    bands are not joined then.
    """
    found = []
    for group in _grouped(layers, _name_or_folder):
        years = [years_of(layer) for layer in group]
        folders = _grouped(group, lambda layer: os.path.dirname(layer.path))
        if _come_once(group):
            found.append(group)
        elif any(len(each) > 1 for each in years):
            found += [[layer] for layer in group]
        else:
            found += folders if all(len(each) > 1 and _come_once(each) for each in folders) else [group]
        if [len(each) for each in years] == [1]:
            raise InvalidParameter(
                tr("'{0}' has one band, of {1}, but a driver is a series. Give its other years too, named alike, or "
                   "make one raster of them with the tool ⟨nep:harmonize⟩ (⟨nep:harmonize:STACK⟩).")
                .format(group[0].name, years[0][0])
            )
    return found


def _grouped(layers: list, key) -> list:
    """Lists of the layers for which ``key`` is the same."""
    groups: dict = {}
    for layer in layers:
        groups.setdefault(key(layer), []).append(layer)
    return list(groups.values())


def _name_or_folder(layer: Layer) -> str:
    """The name without the year, or the folder where it is nothing but a year."""
    name = layer_name(bands_of(layer)[0])
    return name if _has_letters(name) else os.path.dirname(layer.path)


def _come_once(layers: list) -> bool:
    """Whether all bands of these rasters have a year, and no two the same."""
    years = sum((years_of(layer) for layer in layers), [])
    return None not in years and len(set(years)) == len(years)


# Names ---------------------------------------------------------------------------------------------------------------

def _asked_names(parameters) -> dict:
    return parse_names(
        parameters.text("DRIVER_NAMES"), "DRIVER_NAMES", "driver=name", "pre=Precipitation;tmp=Temperature",
        any_case=True,
    )


def _called(parameters, drivers: list) -> list:
    """What the drivers are called: as DRIVER_NAMES has it, else the quantity, the layer or its folder tell apart."""
    own = _told_apart(drivers)
    asked = _asked_names(parameters)
    unknown = [name for name in asked if name not in {each.casefold() for each in own}]
    if unknown:
        raise InvalidParameter(tr("⟨DRIVER_NAMES⟩ names {}, which is no driver. The drivers are: {}.").format(
            listed(unknown), joined([f"'{name}'" for name in own], 30)))
    names = [asked.get(name.casefold(), name) for name in own]
    _require_different(names, drivers)
    return names


def _has_letters(name: str) -> bool:
    return re.search(r"[^\W\d_]", name) is not None


def _told_apart(drivers: list) -> list:
    """A name for each series: its quantity, or its folder where that is nothing but a year; where others have that too,
    its layer, then its folder and layer. What several layers hold is called by its quantity there, for each layer has
    a year in its name."""
    names = [each.quantity if _has_letters(each.quantity) else _folder(each) or each.name for each in drivers]
    for more in (_layer_of, lambda each: f"{_folder(each)}/{_layer_of(each)}"):
        doubled = {name.casefold() for name in names if _times(name, names) > 1}
        names = [more(each) if name.casefold() in doubled else name for name, each in zip(names, drivers)]
    return names


def _layer_of(series: Series) -> str:
    """The name of its layer; its quantity where it has a layer for each year."""
    several = len({step.layer.path for step in series.steps}) > 1
    return series.quantity if several and _has_letters(series.quantity) else series.name


def _folder(series: Series) -> str:
    return os.path.basename(os.path.dirname(series.steps[0].layer.path))


def _times(name: str, names: list) -> int:
    return sum(name.casefold() == other.casefold() for other in names)


def _require_different(names: list, drivers: list) -> None:
    for name in names:
        if _times(name, names) > 1:
            both = [each.name for own, each in zip(names, drivers) if own.casefold() == name.casefold()]
            raise InvalidParameter(
                tr("The drivers {} would all be called '{}'. Rename a layer, or give each its own name in "
                   "⟨DRIVER_NAMES⟩.").format(listed(both), name)
            )


# Years ---------------------------------------------------------------------------------------------------------------

def _require_years(run, years: list, drivers: int, fit: int) -> None:
    """Raise SeriesTooShort unless the fit is left MIN_DF degrees of freedom."""
    least, there = run.parameters.integer("MIN_DF"), len(years)
    needed = drivers + least + (2 if fit == DETRENDED else 1)
    if fit == DIFFERENCES:
        there = sum(later - earlier == 1 for earlier, later in zip(years, years[1:]))
    if there >= needed:
        return
    steps = tr("pairs of consecutive years") if fit == DIFFERENCES else tr("years")
    raise SeriesTooShort(
        tr("With {} and ⟨MIN_DF⟩ {} the fit needs {} {}, but the series have {} in common ({}). Add the missing years, "
           "leave out drivers or lower ⟨MIN_DF⟩.")
        .format(counted(drivers, "driver"), least, needed, steps, there, ", ".join(map(str, years)))
    )

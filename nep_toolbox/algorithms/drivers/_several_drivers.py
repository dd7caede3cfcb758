"""The drivers of a run: several series, each with a name, matched with the series that they may explain."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsProcessing, QgsProcessingParameterMultipleLayers, QgsProcessingParameterString

from ...core.attribution.regression import DETRENDED, DIFFERENCES
from ...errors import InvalidParameter, SeriesTooShort
from ...framework.algorithm import INTEGER
from ...framework.matched import matched
from ...framework.several_series import by_name, of_one_series, require_different, require_given_once, told_apart
from ...framework.texts import tr
from ...raster.band_names import years_of
from ...raster.series import Series
from ...raster.wording import counted, joined, listed
from ._factors import parse_names


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
    groups = of_one_series(_without_constants(run, layers), "driver")
    drivers = by_name(run.series_of_each("DRIVERS", groups))
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
    own = {step.layer.place for step in first.steps}
    for layer in layers:
        if layer.place in own:
            raise InvalidParameter(
                tr("'{}' is among ⟨DRIVERS⟩, but it is ⟨INPUT⟩: leave it out of ⟨DRIVERS⟩.").format(layer.name)
            )
    require_given_once(layers, "DRIVERS")


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


# Names ---------------------------------------------------------------------------------------------------------------

def _asked_names(parameters) -> dict:
    return parse_names(
        parameters.text("DRIVER_NAMES"), "DRIVER_NAMES", "driver=name", "pre=Precipitation;tmp=Temperature",
        any_case=True,
    )


def _called(parameters, drivers: list) -> list:
    """What the drivers are called: as DRIVER_NAMES has it, else the quantity, the layer or its folder tell apart."""
    own = told_apart(drivers)
    asked = _asked_names(parameters)
    unknown = [name for name in asked if name not in {each.casefold() for each in own}]
    if unknown:
        raise InvalidParameter(tr("⟨DRIVER_NAMES⟩ names {}, which is no driver. The drivers are: {}.").format(
            listed(unknown), joined([f"'{name}'" for name in own], 30)))
    names = [asked.get(name.casefold(), name) for name in own]
    require_different(
        names, drivers,
        tr("The drivers {} would all be called '{}'. Rename a layer, or give each its own name in ⟨DRIVER_NAMES⟩."),
    )
    return names


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

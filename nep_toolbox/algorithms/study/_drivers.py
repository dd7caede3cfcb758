"""The drivers that may explain how a series changes: the climate, and factors that are there in nearly every year."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ...core.zonal.mask import mask_block
from ...raster.reader import StackReader
from ...raster.series import Series
from ...raster.writer import RasterWriter
from ...raster.zones import ZoneReader
from ._plan import CONTINUOUS, Factor, Plan, Source
from ._regrid import Regridder, band_names
from ._work import Stage

#: Degrees of freedom that a regression must be left, as nep:attribution and nep:drivers have them.
MIN_DF = 5
#: The share of the years that the drivers may lack.
_LACKING = 0.2

_CLIMATE = ("precipitation", "temperature")
_LEFT_OUT = "The factor '{}' is no driver of the attribution: {}."


class Driver(NamedTuple):
    """A driver: its name in tables, the stem of its file in the folder of the data, its factor (None for climate)."""

    name: str
    stem: str
    factor: Factor | None = None


class Chosen(NamedTuple):
    """Drivers with the ``years`` that all of them and the series have; ``told`` says which factors are none."""

    drivers: list
    years: list
    told: list


def chosen_drivers(plan: Plan) -> Chosen:
    """The climate that has years, then the continuous factors in their order, as long as enough years are left.

    A factor takes part if it has a raster for four fifths of the years that are analysed, all of them on one grid.
    """
    found = [
        Driver(name, name) for name in _CLIMATE if name in plan.climate and not plan.climate[name].constant
    ]
    years, told = list(plan.years), []
    for place, factor in enumerate(plan.factors):
        if factor.kind != CONTINUOUS or not factor.dated:
            continue
        common = [year for year in years if year in factor.rasters]
        grids = [factor.rasters[year].series.grid for year in common]
        if factor.name.casefold() in {driver.name.casefold() for driver in found}:
            why = "another driver is called so"
        elif len(common) < (1.0 - _LACKING) * len(plan.years):
            there = sum(year in factor.rasters for year in plan.years)
            why = f"it has {there} of the {len(plan.years)} years"
        elif any(grids[0].differences(grid) for grid in grids):
            why = "its years lie on different grids"
        elif len(common) < years_needed(len(found) + 1):
            why = "too few years are left for so many drivers"
        else:
            found.append(Driver(factor.name, f"driver_{place + 1}", factor))
            years = common
            continue
        told.append(_LEFT_OUT.format(factor.name, why))
    return Chosen(found, years, told)


def years_needed(drivers: int) -> int:
    """How many years a regression on so many drivers and the year needs."""
    return drivers + 2 + MIN_DF


def write_drivers(plan: Plan, stage: Stage, regridder: Regridder, area: tuple) -> None:
    """Write each factor that is a driver as a series on the grid of NPP, cut to the study area."""
    chosen = chosen_drivers(plan)
    sources = [_source(driver, chosen.years) for driver in chosen.drivers if driver.factor]
    for name, source in regridder.regridded(sources, chosen.years).items():
        run, series = stage.run, source.series
        readers = {"stack": StackReader.of(series)}
        if area:
            readers["regions"] = ZoneReader(area)
        engine, file = run.engine(1.0, 1.0), f"{name}.tif"
        shape = engine.shape(series.grid, readers, 8.0 * len(series.steps))
        bands = band_names(source)
        with RasterWriter(stage.path(f"data/{file}"), series.grid, bands, unit=source.unit, name=file) as writer:
            for window, block in engine.results(mask_block, readers, series.grid, shape):
                writer.write(window, block)


def _source(driver: Driver, years: list) -> Source:
    """The rasters of a factor as one series."""
    rasters = [driver.factor.rasters[year] for year in years]
    steps = tuple(replace(each.series.steps[0], year=year) for year, each in zip(years, rasters))
    return replace(rasters[0], name=driver.stem, series=Series(steps, rasters[0].series.grid))

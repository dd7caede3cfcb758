"""What the tools of productivity share: their climate inputs and how they are checked."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsProcessingParameterRasterLayer

from ...core.productivity.models import PUBLISHED, Model
from ...core.productivity.respiration import FORCING_NOTES, Forcing, resolve_forcing
from ...core.productivity.unit_checks import Given, unit_warnings
from ...errors import InvalidParameter, YearNotFound
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.respiration_models import (
    MODELS,
    NAMES,
    check_model,
    declare_model,
    declare_model_numbers,
    described,
    model_of,
    require_monthly,
    unused,
)
from ...framework.texts import tr
from ...raster.climatology import climatology, require_months
from ...raster.reader import Repeated, StackReader
from ...raster.series import Series
from ...raster.times import SETTLE
from ._sizes import Sizes

FORCINGS = [
    "Automatic: monthly if there are twelve steps a year, else annual, literal",
    "Monthly: sum of the twelve monthly values",
    "Annual, literal: the formula once, with annual values",
    "Annual, monthly-equivalent: twelve times the formula at monthly means",
]

#: Unit of productivity and respiration.
UNIT = "gC m-2 yr-1"


class ClimateAlgorithm(ToolboxAlgorithm):
    """A tool that models respiration from climate."""

    def declare_climate(self) -> None:
        """Declare temperature, precipitation, forcing and the model's coefficients."""
        self.add_series(
            "TEMPERATURE", "Temperature (annual or monthly mean, degC)",
            "Mean temperature in degC, one step a year or twelve.",
        )
        self.add_series(
            "PRECIPITATION", "Precipitation (annual or monthly total, mm)",
            "Total precipitation in mm, one step a year or twelve. Models of respiration by temperature alone do "
            "without.", optional=True,
        )
        declare_model(self)
        self.add_choice(
            "FORCING", "Form of the respiration model",
            "Which values enter the model. With annual values the automatic choice is the literal form, whose "
            "respiration is about a tenth of that of the two others.", FORCINGS,
        )
        for name, what in (("TEMPERATURE", "temperature to degC"), ("PRECIPITATION", "precipitation to mm")):
            self.add_number(
                f"{name}_SCALE", f"Scale of the {name.lower()}",
                f"Factor that turns the {what}: 0.1 for data in tenths. A scale written in the file itself is applied "
                f"before.", 1.0,
            )
        self.add_number(
            "TEMPERATURE_OFFSET", "Offset of the temperature",
            "What is added to the temperature after its scale: -273.15 turns kelvin to degC.", 0.0, optional=True,
        )

    def check(self, parameters):
        super().check(parameters)
        check_model(parameters)
        model = Model(parameters.choice("MODEL"))
        if model in (Model.PEI, Model.RAICH) and not parameters.raw("PRECIPITATION"):
            raise InvalidParameter(
                tr("'{}' takes precipitation too. Give ⟨PRECIPITATION⟩, or choose a ⟨MODEL⟩ by temperature "
                   "alone.").format(MODELS[model])
            )

    def declare_coefficients(self) -> None:
        """Declare the coefficients of the models."""
        meanings = (
            "Factor", "Temperature sensitivity (per degC)", "Precipitation sensitivity (per mm)",
            "Days in a month", "Share of heterotrophic respiration",
        )
        for name, meaning, value in zip("ABCDE", meanings, PUBLISHED.rate):
            self.add_number(
                name, f"Coefficient {name.lower()}: {meaning[0].lower()}{meaning[1:]}",
                f"{meaning}: coefficient {name.lower()} of the respiration model; {value:g} as published.", value,
                advanced=True,
            )
        declare_model_numbers(self)
        self.add(
            QgsProcessingParameterRasterLayer(
                "R10_RASTER", tr("Soil respiration at 10 degC, as a raster (gC m-2 d-1)"), optional=True
            ),
            "In place of the number: a raster on the grid of the others. Cells without a value, or with one below 0, "
            "get no result.", advanced=True,
        )


class Climate:
    """The climate of a run: two series, the form of the model and the readers."""

    def __init__(self, run):
        self.run = run
        self.years: list = []
        self.constant: set = set()  # which of the two are a climatology
        self.model = model_of(run.parameters)
        self.names = ("temperature", "precipitation")[:1 + self.model.needs_precipitation]
        self.temperature = self._series("temperature")
        self.precipitation = self._series("precipitation") if self.model.needs_precipitation else None
        self.r10 = self._r10()
        self.asked = Forcing(run.parameters.choice("FORCING"))
        for name in self.names:
            require_monthly(self.model, name.upper(), getattr(self, name))
        steps = self.temperature.steps_per_year
        self.forcing = resolve_forcing(
            self.asked, steps, self.precipitation.steps_per_year if self.precipitation else steps
        )
        self.sizes = Sizes(self.model, "R10_RASTER" if self.r10 else "R10")
        self._sums: dict = dict.fromkeys(self.names, 0.0)

    def _series(self, name: str) -> Series:
        try:
            return self.run.series(name.upper(), monthly=True)
        except YearNotFound:
            found = climatology(self.run.layers(name.upper()))
            if found is None:
                raise
        self._take_for_all(name, found)
        return found

    def _r10(self) -> Series | None:
        """The raster of soil respiration at 10 degC, where the model takes it and it was given."""
        taken = self.model.of_soil and self.model.model is not Model.RAICH and self.run.has_input("R10_RASTER")
        if not taken:
            return None
        raster = self.run.raster("R10_RASTER")
        self.temperature.grid.require_same(raster.grid, self.temperature.name, raster.name)
        return raster

    def _take_for_all(self, name: str, series: Series) -> None:
        """Note and tell that a series is a climatology."""
        self.constant.add(name)
        months = tr(", a value for each month") if series.steps_per_year > 1 else ""
        why = tr("has no year") if not series.years[0] else tr("is of {} alone").format(series.years[0])
        self.run.log.warn(
            tr("The {} of '{}' {}: it is taken for every year, as a climatology{}. Respiration then does not follow "
               "the weather of a year.").format(name, series.name, why, months)
        )
        for step in series.steps:
            self.run.log.info(tr("  {} ({}, {})").format(step.label, step.type_name, step.missing))

    def dated(self) -> str:
        """Which of the two has years: temperature, unless it is a climatology."""
        if self.constant.issuperset(self.names):
            alone, both = tr("The temperature says no year. {}"), tr(
                "Neither temperature nor precipitation says a year. {}")
            raise YearNotFound((both if self.precipitation else alone).format(SETTLE))
        return "precipitation" if "temperature" in self.constant else "temperature"

    def restrict_to(self, series: Series, role: str) -> None:
        """Keep the years of ``series``; an error names those the climate lacks, the log those left out."""
        self.years = series.years
        for name in self.names:
            climate = getattr(self, name)
            series.grid.require_same(climate.grid, series.name, climate.name)
            lacking = [str(year) for year in series.years if year not in climate.years]
            if name not in self.constant and len(climate.steps) == 1 and lacking and len(series.years) > 1:
                self._take_for_all(name, climate)
            if name in self.constant:
                require_months(climate, series)
                continue
            if lacking:
                raise YearNotFound(
                    f"The {name} series of '{climate.name}' has no step for {', '.join(lacking)}, which {role} has. "
                    f"Add the rasters of these years, or leave the years out of {role}."
                )
            spare = [str(year) for year in climate.years if year not in series.years]
            if spare:
                self.run.log.info(f"Left out of the {name} series, as {role} lacks these years: {', '.join(spare)}.")
            setattr(self, name, climate.of_years(series.years))

    @property
    def span(self) -> str:
        """The years of a result, and before them the model, unless it is that of Pei."""
        first, last = self.years[0], self.years[-1]
        years = str(first) if first == last else f"{first}-{last}"
        return tr("by {} {}").format(NAMES[self.model.model], years) if self.model.of_soil else years

    @property
    def options(self) -> dict:
        """What the kernels take beside what is read."""
        return {"years": self.years, "forcing": self.forcing, "model": self.model}

    def readers(self) -> dict:
        """Readers of what the model takes."""
        readers = {"r10": StackReader.of(self.r10)} if self.r10 else {}
        for name in self.names:
            given = self._given(name)
            reader = StackReader.of(getattr(self, name), scale=given.scale, offset=given.offset)
            readers[name] = Repeated(reader, len(self.years)) if name in self.constant else reader
        return readers

    def _given(self, name: str) -> Given:
        """The unit of one of the two, and the user's scale and offset."""
        scale, offset = (f"{name.upper()}_{what}" for what in ("SCALE", "OFFSET"))
        number, shifted = self.run.parameters.number, name == "temperature"
        return Given(getattr(self, name).unit, number(scale), shifted and number(offset) or 0.0, scale, offset)

    def log(self) -> None:
        """Say which form of the model is used and how it differs from the others."""
        if self.model.of_soil:
            self.run.log.info(described(self.model))
        else:
            self.run.log.info(f"Respiration model, {FORCING_NOTES[self.forcing]}")
        if self.asked is Forcing.AUTOMATIC and self.forcing is Forcing.ANNUAL_LITERAL:
            self.run.log.warn(
                tr("With annual values the automatic choice of ⟨FORCING⟩ is the literal form: respiration comes out "
                   "about tenfold lower than with monthly values, and NEP higher by the difference. To stay comparable "
                   "with monthly data choose '{}'; to keep this form without this warning choose '{}'.").format(
                    FORCINGS[Forcing.ANNUAL_MONTHLY_EQUIVALENT], FORCINGS[Forcing.ANNUAL_LITERAL]
                )
            )
        values = ", ".join(f"{name} = {value:g}" for name, value in self.model.parameters.items())
        self.run.log.info(f"Coefficients: {values}")
        if self.r10:
            self.run.log.info(tr("Soil respiration at 10 degC is that of '{}', cell by cell, times r10.").format(
                self.r10.name))
        left = unused(self.run.parameters)
        if not self.model.needs_precipitation and self.run.has_input("PRECIPITATION"):
            left.append("PRECIPITATION")
        for name in left:
            self.run.log.info(tr("⟨{}⟩ was given, and plays no part in the model '{}'.").format(
                name, MODELS[self.model.model]))

    def count(self, block: dict) -> None:
        """Take the sums of a block for the check of units and sizes."""
        for name in self._sums:
            self._sums[name] = self._sums[name] + block[name]
        self.sizes.count(block)

    def check_units(self, npp_doubted: bool = False) -> None:
        """Warn where the means of the climate rasters cannot be in the units the model takes, and tell what came of
        them; ``npp_doubted`` where NPP was found to be in another unit."""
        with np.errstate(invalid="ignore"):
            means = {name: sums[:, 0] / sums[:, 1] for name, sums in self._sums.items()}
        for warning in unit_warnings(
            means["temperature"], means.get("precipitation", ()), self.temperature.steps_per_year
            if self.precipitation is None else self.precipitation.steps_per_year,
            *map(self._given, self.names),
        ):
            self.run.log.warn(warning)
        self.sizes.tell(self.run.log, npp_doubted)

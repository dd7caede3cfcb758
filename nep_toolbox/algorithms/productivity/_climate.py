"""What the tools of productivity share: their climate inputs and how they are checked."""

from __future__ import annotations

import numpy as np

from ...core.productivity.models import PUBLISHED, Pei, RespirationModel
from ...core.productivity.respiration import FORCING_NOTES, Forcing, resolve_forcing
from ...core.productivity.unit_checks import Given, unit_warnings
from ...errors import YearNotFound
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.texts import tr
from ...raster.climatology import climatology, require_months
from ...raster.reader import Repeated, StackReader
from ...raster.series import Series
from ...raster.times import SETTLE

FORCINGS = [
    "Automatic: monthly if there are twelve steps a year, else annual, literal",
    "Monthly: sum of the twelve monthly values",
    "Annual, literal: the formula once, with annual values",
    "Annual, monthly-equivalent: twelve times the formula at monthly means",
]

REFERENCE = """
<p>R<sub>H</sub> = a (exp(b T) + ln(c P + 1)) d e, with T in &deg;C and P in mm; a = 0.22, b = 0.0913, c = 0.3145,
d = 30 days, e = 0.465.</p>
<ul><li><b>Monthly</b>: twelve rasters of mean temperature and of total precipitation a year; R<sub>H</sub> of the year
is the sum of the twelve monthly values. The model was fitted in this form.</li>
<li><b>Annual, literal</b>: mean annual temperature and total annual precipitation enter the formula once. About a tenth
of the monthly form.</li>
<li><b>Annual, monthly-equivalent</b>: twelve times the formula at the mean annual temperature and a twelfth of the
annual precipitation. Close to the monthly form.</li></ul>
<p>Other units become degC and mm by the scales and the offset: kelvin by the offset -273.15; a rate in
kg m<sup>-2</sup> s<sup>-1</sup> by the scale 2629746 for months (30.436875 days of 86400 seconds; 2592000 where all
months have 30 days) and 31556952 for years; mm a day by 30.436875 or 365.2425; metres by 1000. Where the files say such
a unit, or the values can be no degC and mm, the log tells the numbers to type.</p>
<p>A pixel is missing in a year if one of its values is missing or its precipitation is negative.</p>
<p>Reference: Pei et al. (2010), the empirical model of heterotrophic respiration.</p>"""

CLIMATOLOGY = """
<p>A temperature or precipitation raster without a year, or twelve of them for the months, is a climatology: it is used
for every year, and so is a single step where NPP has other years. The log says so, and R<sub>H</sub> then does not
follow what the weather of a year was.</p>"""

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
            "Total precipitation in mm, one step a year or twelve.",
        )
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

    def declare_coefficients(self) -> None:
        """Declare the coefficients of the model."""
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


class Climate:
    """The climate of a run: two series, the form of the model and the readers."""

    def __init__(self, run):
        self.run = run
        self.years: list = []
        self.constant: set = set()  # which of the two are a climatology
        self.temperature = self._series("temperature")
        self.precipitation = self._series("precipitation")
        self.asked = Forcing(run.parameters.choice("FORCING"))
        self.forcing = resolve_forcing(self.asked, self.temperature.steps_per_year, self.precipitation.steps_per_year)
        self.model = RespirationModel(Pei(*(run.parameters.number(name) for name in "ABCDE")))
        self._sums: dict = {"temperature": 0.0, "precipitation": 0.0}

    def _series(self, name: str) -> Series:
        try:
            return self.run.series(name.upper(), monthly=True)
        except YearNotFound:
            found = climatology(self.run.layers(name.upper()))
            if found is None:
                raise
        self._take_for_all(name, found)
        return found

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
        if len(self.constant) == 2:
            raise YearNotFound(
                tr("Neither temperature nor precipitation says a year. {}").format(SETTLE)
            )
        return "precipitation" if "temperature" in self.constant else "temperature"

    def restrict_to(self, series: Series, role: str) -> None:
        """Keep the years of ``series``; an error names those the climate lacks, the log those left out."""
        self.years = series.years
        for name in ("temperature", "precipitation"):
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
    def options(self) -> dict:
        """What the kernels take beside what is read."""
        return {"years": self.years, "forcing": self.forcing, "model": self.model}

    def readers(self) -> dict:
        """Readers of temperature and precipitation."""
        readers = {}
        for name in ("temperature", "precipitation"):
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

    def count(self, block: dict) -> None:
        """Take the sums of a block for the check of the units."""
        for name in self._sums:
            self._sums[name] = self._sums[name] + block[name]

    def check_units(self) -> None:
        """Warn where the means of the climate rasters cannot be in the units the model takes."""
        with np.errstate(invalid="ignore"):
            means = {name: sums[:, 0] / sums[:, 1] for name, sums in self._sums.items()}
        for warning in unit_warnings(
            means["temperature"], means["precipitation"], self.precipitation.steps_per_year,
            self._given("temperature"), self._given("precipitation"),
        ):
            self.run.log.warn(warning)

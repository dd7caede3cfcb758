"""nep:respiration"""

from __future__ import annotations

from functools import partial

from ...colours import PURPLES
from ...core.productivity.blocks import respiration_block
from ...framework.groups import PRODUCTIVITY
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...styling.styles import Ramp
from ._climate import UNIT, Climate, ClimateAlgorithm
from ._help import CLIMATOLOGY, FORMS_HELP, MODELS_HELP


class Respiration(ClimateAlgorithm):
    """Heterotrophic respiration from temperature and precipitation."""

    NAME = "respiration"
    LABEL = "Heterotrophic respiration"
    GROUP = PRODUCTIVITY
    TAGS = (
        "soil respiration", "RH", "carbon", "NEP", "temperature", "precipitation", "异养呼吸", "土壤呼吸",
        "carbon balance", "climate",
    )
    SUMMARY = "Estimates annual heterotrophic (soil) respiration from temperature and precipitation, in gC m-2 yr-1."
    HELP = CLIMATOLOGY + MODELS_HELP + FORMS_HELP + (
        "<p>The result is one multi-band raster (Float32, nodata -9999), a band for each year.</p>"
    )

    def declare(self):
        self.declare_climate()
        self.add_years()
        self.declare_coefficients()
        self.add_execution()
        self.add_raster_output(
            "OUTPUT", "Heterotrophic respiration", "One band for each year, in gC m-2 yr-1.", optional=False
        )

    def compute(self, run):
        climate = Climate(run)
        dated = climate.dated()
        climate.restrict_to(getattr(climate, dated), tr("the {} series").format(dated))
        climate.log()
        grid, years, span = climate.temperature.grid, climate.years, climate.span
        kernel = partial(respiration_block, **climate.options)
        results = {
            "OUTPUT": RasterResult(
                "respiration", f"Heterotrophic respiration {span} ({UNIT})", tuple(map(str, years)), Ramp(PURPLES),
                UNIT, tuple(years),
            ),
        }
        for _window, block in run.blocks(kernel, climate.readers(), grid, 8.0 * (2 * len(years) + 4), results=results):
            climate.count(block)
        climate.check_units()

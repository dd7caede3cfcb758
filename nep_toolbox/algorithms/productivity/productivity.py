"""nep:productivity"""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
from osgeo import gdal

from ...colours import GREENS, PURPLES, REDS, SOURCE_SINK_CLASSES
from ...core.productivity.blocks import SOURCE_SINK, productivity_block
from ...core.productivity.unit_checks import npp_warnings
from ...framework.groups import PRODUCTIVITY
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.fill_codes import refuse_codes
from ...raster.reader import StackReader
from ...styling.styles import Classes, Ramp
from ._climate import CLIMATOLOGY, REFERENCE, UNIT, Climate, ClimateAlgorithm

#: Pixels that lack the climate are worth a warning beyond this share.
LACKING_SHARE = 0.005


class Productivity(ClimateAlgorithm):
    """NEP from NPP, temperature and precipitation."""

    NAME = "productivity"
    LABEL = "Net ecosystem productivity"
    GROUP = PRODUCTIVITY
    TAGS = (
        "NEP", "NPP", "carbon sink", "carbon balance", "MOD17", "respiration", "净生态系统生产力", "碳汇",
        "vegetation", "植被",
    )
    SUMMARY = (
        "Computes net ecosystem productivity as NPP less heterotrophic respiration, both in gC m-2 yr-1; positive "
        "values are a carbon sink."
    )
    HELP = (
        "<p>NEP = NPP - R<sub>H</sub>, for each year that NPP has. The climate series must have these years too; "
        "further years are left out.</p>" + CLIMATOLOGY + REFERENCE +
        "<p>MOD17A3HGF stores NPP as integers of 0.0001 kgC m<sup>-2</sup>: set the scale of NPP to 0.1. Its codes "
        "32761 to 32767 (water, urban, barren ...) are values unless the file declares them: give the smallest and "
        "largest valid stored value (-30000 and 32700), or use the tool ⟨nep:importmod17⟩. Without a "
        "largest valid value the run stops where it meets such codes. A mean of NPP that no region has, above 2000 or "
        "below 5, gets a warning, and so do pixels with NPP that the climate does not cover.</p>"
        "<p>Results are Float32 with nodata -9999. The mean is over the valid years of each pixel. "
        "The map of sources and sinks (Int16, nodata -32768) is its sign: 1 carbon sink (above 0), -1 carbon source "
        "(below 0), 0 where it is exactly 0.</p>"
    )

    def declare(self):
        self.add_series("NPP", "Net primary productivity (annual)", "Annual NPP.")
        self.add_number(
            "NPP_SCALE", "Scale of NPP (MOD17A3HGF: 0.1)",
            "Factor that turns NPP to gC m-2 yr-1: 0.1 for MOD17A3HGF integers, 1000 for data in kgC.", 1.0,
        )
        self.add_number(
            "NPP_VALID_MIN", "Smallest valid stored NPP (MOD17A3HGF: -30000)",
            "Stored values below are missing. Empty: no limit.", optional=True,
        )
        self.add_number(
            "NPP_VALID_MAX", "Largest valid stored NPP (MOD17A3HGF: 32700)",
            "Stored values above are missing; 32700 for MOD17A3HGF, whose codes lie above. Empty: no limit.",
            optional=True,
        )
        self.declare_climate()
        self.add_years()
        self.declare_coefficients()
        self.add_execution()
        self.add_raster_output(
            "OUTPUT", "Net ecosystem productivity", "NEP, one band for each year, in gC m-2 yr-1.", optional=False
        )
        self.add_raster_output(
            "RESPIRATION", "Heterotrophic respiration", "One band for each year, in gC m-2 yr-1."
        )
        self.add_raster_output("MEAN", "Mean NEP", "Mean of the valid years of each pixel, in gC m-2 yr-1.")
        self.add_raster_output(
            "SOURCE_SINK", "Carbon sources and sinks",
            "Sign of the mean NEP: 1 carbon sink, -1 carbon source, 0 exactly neutral.",
        )

    def compute(self, run):
        parameters = run.parameters
        # Each value is looked at while it is read, with the valid range asked for.
        npp = run.series("NPP", look_for_codes=False)
        climate = Climate(run)
        climate.restrict_to(npp, "NPP")
        climate.log()
        years = npp.years
        scale, valid_max = parameters.number("NPP_SCALE"), parameters.number("NPP_VALID_MAX")
        stored = StackReader.of(
            npp, scale=scale, valid_min=parameters.number("NPP_VALID_MIN"), valid_max=valid_max,
            check=partial(refuse_codes, scale=scale) if valid_max is None else None,
        )
        kernel = partial(productivity_block, **climate.options)
        bands, span = tuple(map(str, years)), f"{years[0]}-{years[-1]}"
        # Respiration has neither hue of NEP: seen through its missing pixels it would look like a source.
        ramp = Ramp(GREENS, below_zero=REDS)
        results = {
            "OUTPUT": RasterResult("nep", f"NEP {span} ({UNIT})", bands, ramp, UNIT, tuple(years)),
            "RESPIRATION": RasterResult(
                "respiration", f"Heterotrophic respiration {span} ({UNIT})", bands, Ramp(PURPLES), UNIT, tuple(years)
            ),
            "MEAN": RasterResult("mean", f"Mean NEP {span} ({UNIT})", (f"Mean NEP {span}",), ramp, UNIT),
            "SOURCE_SINK": RasterResult(
                "source_sink", tr("Carbon sources and sinks {}").format(span), ("Source or sink",),
                lambda: _legend(classes), data_type=gdal.GDT_Int16,
            ),
        }
        readers = {"npp": stored, **climate.readers()}
        sums = pixels = 0
        classes: Counter = Counter()
        for _window, block in run.blocks(kernel, readers, npp.grid, 8.0 * (4 * len(years) + 4), results=results):
            climate.count(block)
            sums, pixels = sums + block["npp"], pixels + block["pixels"]
            classes.update({code: np.count_nonzero(block["source_sink"] == code) for code in SOURCE_SINK})
        climate.check_units()
        with np.errstate(invalid="ignore"):
            for warning in npp_warnings(sums[:, 0] / sums[:, 1], scale):
                run.log.warn(warning)
        _tell_gaps(run.log, *map(int, pixels))
        if sum(classes.values()):
            run.log.info(tr("The mean NEP is that of a carbon sink on {:.1f} % of the pixels that have one.").format(
                100.0 * classes[1] / sum(classes.values())))


def _legend(classes: Counter) -> Classes:
    """Sinks and sources, and neutral pixels where there are any."""
    return Classes.of({code: label for code, label in SOURCE_SINK.items() if code or classes[code]},
                      SOURCE_SINK_CLASSES)


def _tell_gaps(log, pixels: int, lacking: int) -> None:
    """Say how many of the pixels with NPP lack the climate; warn where they are more than a few."""
    if not lacking:
        return
    text = tr("{} of {} pixels with NPP have no climate in some or all of their years, and no NEP in these.")
    text = text.format(lacking, pixels)
    if lacking <= LACKING_SHARE * pixels:
        log.info(text)
        return
    log.warn(
        text + " " + tr("Climate of coarse cells often ends before the coast or the border: to fill such a rim set "
                        "⟨nep:harmonize:FILL_RIM⟩ of the tool ⟨nep:harmonize⟩.")
    )

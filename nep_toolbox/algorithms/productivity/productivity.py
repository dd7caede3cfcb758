"""nep:productivity"""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
from osgeo import gdal

from ...colours import GREENS, PURPLES, REDS, SOURCE_SINK_CLASSES
from ...core.productivity.blocks import SOURCE_SINK, productivity_block
from ...framework.groups import PRODUCTIVITY
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...styling.styles import Classes, Ramp
from ._climate import UNIT, Climate, ClimateAlgorithm
from ._help import CLIMATOLOGY, FORMS_HELP, MODELS_HELP
from ._npp import Npp, declare_npp


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
        "further years are left out. The log tells the mean R<sub>H</sub>, and what share of NPP it is.</p>"
        + CLIMATOLOGY + MODELS_HELP + FORMS_HELP +
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
        declare_npp(self)
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
        npp = Npp(run)
        climate = Climate(run)
        climate.restrict_to(npp.series, "NPP")
        climate.log()
        years = npp.series.years
        kernel = partial(productivity_block, **climate.options)
        bands, span = tuple(map(str, years)), climate.span
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
        readers = {"npp": npp.reader, **climate.readers()}
        bytes_per_cell, classes = 8.0 * (4 * len(years) + 4), Counter()
        for _window, block in run.blocks(kernel, readers, npp.series.grid, bytes_per_cell, results=results):
            climate.count(block)
            npp.count(block)
            classes.update({code: np.count_nonzero(block["source_sink"] == code) for code in SOURCE_SINK})
        climate.check_units(npp.tell())
        if sum(classes.values()):
            run.log.info(tr("The mean NEP is that of a carbon sink on {:.1f} % of the pixels that have one.").format(
                100.0 * classes[1] / sum(classes.values())))


def _legend(classes: Counter) -> Classes:
    """Sinks and sources, and neutral pixels where there are any."""
    return Classes.of({code: label for code, label in SOURCE_SINK.items() if code or classes[code]},
                      SOURCE_SINK_CLASSES)

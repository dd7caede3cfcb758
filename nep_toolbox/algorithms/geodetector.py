"""nep:geodetector"""

from __future__ import annotations

import numpy as np
from qgis.core import QgsProcessingParameterBand

from ..core.geodetector_input import CATEGORICAL, CONTINUOUS, Factor
from ..core.kernels import rows_block
from ..errors import InvalidParameter
from ..raster.grid import EveryNth
from ..raster.reader import StackReader
from .base import INTEGER, ToolboxAlgorithm, tr
from .geodetector_tables import HELP, GeodetectorTables
from .groups import DRIVERS

#: So many cells are taken without a word; beyond, the log says what they cost.
MANY_ROWS = 20_000_000


class Geodetector(GeodetectorTables, ToolboxAlgorithm):
    """The geographical detector on rasters."""

    NAME = "geodetector"
    LABEL = "Geodetector (rasters)"
    GROUP = DRIVERS
    TAGS = ("geographical detector", "GD", "OPGD", "q statistic", "spatial heterogeneity", "地理探测器", "最优参数")
    SUMMARY = "Finds which factors explain where a raster is high and low, alone and in pairs, with optimal classes."
    HELP = HELP + """
<p>All rasters must lie on one grid. In a raster of several bands each band is a factor. Every n-th row and column can be
taken to have a sample.</p>"""

    def declare(self):
        self.add_raster("TARGET", "Target", "The raster to explain.")
        self.add(
            QgsProcessingParameterBand(
                "TARGET_BAND", tr("Band of the target"), 1, parentLayerParameterName="TARGET", optional=True
            ),
            "Band of the target; the first if none is given.",
        )
        self.add_series("CONTINUOUS", "Continuous factors", "Factors measured on a scale, cut into classes.", True)
        self.add_series("CATEGORICAL", "Categorical factors", "Factors that hold codes, used as they are.", True)
        self.declare_detector()
        self.add_number(
            "SPACING", "Take every n-th row and column", "1 takes every pixel; 10 one in a hundred.", 1, INTEGER, 1
        )
        self.add_execution()
        self.declare_tables()

    def compute(self, run):
        target = self._target(run)
        grid = target.grid
        factors = [
            (step, kind)
            for parameter, kind in (("CONTINUOUS", CONTINUOUS), ("CATEGORICAL", CATEGORICAL))
            for step in (run.bands(parameter) if run.given(parameter) else [])
        ]
        if not factors:
            raise InvalidParameter("No factor was given. Choose at least one continuous or categorical factor.")
        for factor, _kind in factors:
            grid.require_same(factor.grid, target.name, factor.name)
        spacing = run.integer("SPACING")
        taken = (grid.width // spacing + 1) * (grid.height // spacing + 1)
        if taken > MANY_ROWS:
            run.warn(f"Up to {taken:,} pixels are taken, which needs about {taken * (len(factors) + 1) * 40 / 2**30:.0f} "
                     f"GB of memory. A larger spacing takes fewer.")
        readers = [EveryNth(spacing), StackReader.of(target), *(StackReader.of(factor) for factor, _kind in factors)]
        engine = run.engine(0.0, 0.2)
        shape = run.plan(engine, grid, readers, 8.0 * (len(factors) + 1))
        rows = np.concatenate(
            [block for _window, block in engine.results(rows_block, readers, grid, shape)], axis=1
        )
        run.info(f"{rows.shape[1]} pixels of the target have a value.")
        names = factor_names([factor for factor, _kind in factors])
        self.detect(
            run, names_of(target), rows[0],
            [Factor(name, values, kind) for name, values, (_step, kind) in zip(names, rows[1:], factors)], 0.2,
        )


    @staticmethod
    def _target(run):
        bands = run.bands("TARGET")
        number = run.integer("TARGET_BAND") or 1
        if number > len(bands):
            raise InvalidParameter(f"'{bands[0].name}' has {len(bands)} bands, not {number}. Choose another band.")
        return bands[number - 1]


def names_of(band) -> str:
    """What to call a band: its description where it is one of several, else its layer."""
    return band.steps[0].description if band.steps[0].band_count > 1 and band.steps[0].description else band.name


def factor_names(bands: list) -> list:
    """The names of the factors; where two bands share one, with the layer before it."""
    short = [names_of(band) for band in bands]
    return [
        name if short.count(name) == 1 else f"{band.name} band {band.steps[0].band}" for name, band in zip(short, bands)
    ]

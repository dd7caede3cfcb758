"""nep:geodetector"""

from __future__ import annotations

import numpy as np
from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterMultipleLayers,
)

from ...core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor, rows_block
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER
from ...framework.class_names import class_legend, distinct_names
from ...framework.inputs import loaded_rasters
from ...framework.texts import tr
from ...raster.cells import EveryNth
from ...raster.reader import StackReader, Together
from ...raster.wording import counted
from ...styling.titles import Subject
from ._geodetector import HELP, GeodetectorAlgorithm

#: So many cells are taken without a word; beyond, the log says what they cost.
MANY_ROWS = 20_000_000

#: Bytes that a number of the table takes, and a row beside them while a factor is cut, at the peak of a run.
BYTES_PER_NUMBER, BYTES_PER_ROW = 24, 350


class Geodetector(GeodetectorAlgorithm):
    """The geographical detector on rasters."""

    NAME = "geodetector"
    LABEL = "Geodetector (rasters)"
    TAGS = (
        "geographical detector", "GD", "OPGD", "q statistic", "spatial heterogeneity", "地理探测器", "最优参数",
        "driving factors", "drivers", "NEP", "NPP", "NDVI", "vegetation",
    )
    SUMMARY = "Finds which factors explain where a raster is high and low, alone and in pairs, with optimal classes."
    HELP = HELP + """
<p>All rasters must lie on one grid. In a raster of several bands each band is a factor, named by its description; the
band that is the target is left out. Pixels where the target is missing are no rows. Every n-th row and column, counted
from the upper left corner, can be taken to have a sample. The classes of a categorical raster are called as the raster,
its style file or its layer in the project calls them, else by their codes.</p>"""

    def declare(self):
        self.add_raster("TARGET", "Target", "The raster to explain.")
        self.add(
            QgsProcessingParameterBand(
                "TARGET_BAND", tr("Band of the target"), 1, parentLayerParameterName="TARGET", optional=True
            ),
            "Band of the target; the first if none is given.",
        )
        for name, label, words in (
            ("CONTINUOUS", "Continuous factors", "Factors measured on a scale, cut into classes."),
            ("CATEGORICAL", "Categorical factors", "Factors that hold codes, used as they are."),
        ):
            self.add(
                QgsProcessingParameterMultipleLayers(
                    name, tr(label), QgsProcessing.SourceType.TypeRaster, optional=True
                ),
                f"{words} Of a raster with several bands each band is a factor.",
            )
        self.declare_detector()
        self.add_number(
            "SPACING", "Sampling step (rows and columns)",
            "1 takes every pixel; 10 takes every tenth row and column, which is one pixel in a hundred.", 1, INTEGER, 1,
        )
        self.add_execution()
        self.declare_tables()

    def prepare(self, parameters, inputs):
        layers = inputs.rasters["CATEGORICAL"]
        styled = loaded_rasters(parameters.raw("CATEGORICAL"), parameters.context)
        self._class_names = {
            layer.path: distinct_names(class_legend([layer], [one]).names) for layer, one in zip(layers, styled)
        }

    def compute(self, run):
        target = self._target(run)
        run.outputs.subject = Subject.of(target)
        bands, kinds = self._factors(run, target)
        for factor in bands:
            target.grid.require_same(factor.grid, target.name, factor.name)
        names = factor_names(bands)
        rows = self._rows(run, target, bands)
        factors = [Factor(*column) for column in zip(names, rows[1:], kinds)]
        labels = {
            name: self._class_names[band.steps[0].layer.path]
            for name, band, kind in zip(names, bands, kinds) if kind == CATEGORICAL
        }
        self.detect(run, title_of(target), rows[0], factors, 0.2, labels, target.unit)

    @staticmethod
    def _target(run):
        bands = run.bands("TARGET")
        number = run.parameters.integer("TARGET_BAND") or 1
        if number > len(bands):
            raise InvalidParameter(
                f"Band {number} of '{bands[0].name}' was asked for, but it has {len(bands)}. Choose another band."
            )
        return bands[number - 1]

    @staticmethod
    def _factors(run, target) -> tuple:
        """The bands that are factors, and the kind of each."""
        found = [
            (band, kind)
            for parameter, kind in (("CONTINUOUS", CONTINUOUS), ("CATEGORICAL", CATEGORICAL))
            for band in (run.bands(parameter) if run.has_input(parameter) else [])
        ]
        kept = [(band, kind) for band, kind in found if not _same_band(band, target)]
        if len(kept) < len(found):
            run.log.info(f"'{name_of(target)}' is the target and is left out of the factors.")
        if not kept:
            raise InvalidParameter(
                "No factor was given" + (" but the target itself" if found else "") +
                ". Choose at least one continuous or categorical factor."
            )
        return tuple(zip(*kept))

    @staticmethod
    def _rows(run, target, bands) -> np.ndarray:
        """Target and factors on the pixels taken, (1 + number of factors, pixels), in the order of the grid."""
        grid, spacing = target.grid, run.parameters.integer("SPACING")
        lattice = EveryNth(spacing, grid.width)
        taken = lattice.count(grid.width) * lattice.count(grid.height)
        if taken > MANY_ROWS:
            size = taken * ((len(bands) + 1) * BYTES_PER_NUMBER + BYTES_PER_ROW) / 2**30
            run.log.warn(
                f"Up to {taken:,} pixels are taken, which needs about {size:.0f} GB of memory. A larger spacing takes "
                f"fewer."
            )
        readers = {
            "lattice": lattice, "target": StackReader.of(target),
            "factors": Together(tuple(StackReader.of(band) for band in bands)),
        }
        engine = run.engine(0.0, 0.2)
        shape = run.plan(engine, grid, readers, 16.0 * (len(bands) + 1))
        numbers, tables = zip(*(block for _window, block in engine.results(rows_block, readers, grid, shape)))
        numbers, rows = np.concatenate(numbers), np.concatenate(tables, axis=1)
        del tables
        if shape[0] < grid.width:  # several blocks side by side
            rows = rows[:, np.argsort(numbers)]
        sample = f" in one row and column of {spacing}" if spacing > 1 else ""
        run.log.info(f"{rows.shape[1]} of the {taken} pixels{sample} have a value of the target.")
        if rows.shape[1] < 3 and spacing > 1:
            raise InvalidParameter(
                f"One row and column in {spacing} leaves {counted(rows.shape[1], 'pixel')} with a value of the target. "
                f"Choose a smaller ⟨SPACING⟩."
            )
        return rows


def _same_band(one, other) -> bool:
    first, second = one.steps[0], other.steps[0]
    return (first.layer.path, first.band) == (second.layer.path, second.band)


def name_of(band) -> str:
    """What to call a band: its layer, or in a raster of several bands its description or number."""
    step = band.steps[0]
    if step.band_count == 1:
        return band.name
    return step.description or f"{band.name} band {step.band}"


def title_of(band) -> str:
    """What to call the target: as `name_of`, with its layer where its band is described by a year or number alone."""
    name = name_of(band)
    return name if not name.strip().isdigit() else f"{band.name} {name}"


def factor_names(bands) -> list:
    """The names of the factors; bands that share one get that of the layer before it."""
    short = [name_of(band) for band in bands]
    return [
        f"{band.name} {name}" if short.count(name) > 1 and band.steps[0].band_count > 1 else name
        for name, band in zip(short, bands)
    ]

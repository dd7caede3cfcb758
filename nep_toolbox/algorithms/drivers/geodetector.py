"""nep:geodetector"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...core.geodetector.complete_rows import CATEGORICAL, CONTINUOUS, Factor, rows_block
from ...errors import InvalidParameter, YearNotFound
from ...framework.algorithm import INTEGER
from ...framework.class_names import class_legend
from ...framework.dated import Dated, dated
from ...framework.inputs import loaded_rasters
from ...framework.texts import tr
from ...raster.band_names import factor_names, name_of, title_of, years_of
from ...raster.cells import EveryNth
from ...raster.reader import StackReader, Together
from ...raster.series import bands_of, steps_of
from ...raster.wording import counted, listed
from ...raster.years import parse_years, without_times
from ...styling.titles import Subject
from ._detector_scales import HELP as SCALES_HELP
from ._detector_scales import Scales, check_scales, declare_scale_table, declare_scales, in_order
from ._factors import parse_names
from ._geodetector import HEADINGS, HELP, GeodetectorAlgorithm, settings_of, with_labels
from ._geodetector_page import page, years_page
from ._strata_maps import HELP as MAPS_HELP
from ._strata_maps import class_labels, declare_maps, end_of_search, map_strata
from ._years import BY_YEAR, CUTS, cuts_of, rows_by_year

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
its style file or its layer in the project calls them, else by their codes.</p>
<p><b>Several years</b>: a target whose bands are years is detected year by year, where years are given or no band is
chosen; every table then has the year in front. Factors whose names differ in the year alone (pre_2013, pre_2015, as
rasters or as bands) are one factor, called by what they share (pre): each year takes that of the same year, else the
nearest earlier one, else the first; the log tells which. A factor without a year serves all years. The numbers of a
year are those of a run on its band alone, unless all years are cut as the first one: then the outer classes take what
lies beyond the first year's values, a class without a value is left out, and such a cut has no q_cv.</p>""" + (
        SCALES_HELP + MAPS_HELP
    )

    def declare(self):
        self.add_raster("TARGET", "Target", "The raster to explain.")
        self.add(
            QgsProcessingParameterBand(
                "TARGET_BAND", tr("Band of the target"), 1, parentLayerParameterName="TARGET", optional=True
            ),
            "Band of the target; if none is given, all bands where each is a year, else the first.",
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
        declare_scales(self)
        self.add(
            QgsProcessingParameterString("FACTOR_NAMES", tr("Names of the factors (pm25=PM2.5;dem=Elevation)"),
                                         optional=True),
            "What tables and charts call the factors, as factor=name with semicolons between. A factor without a name "
            "here keeps its own.", advanced=True,
        )
        self.add(
            QgsProcessingParameterString("YEARS_TO_DETECT", tr("Years to detect (of a target of several years)"),
                                         optional=True),
            "Years of a target whose bands are years: 2013,2015 or 2001-2020. Empty: all of them where no band of the "
            "target is chosen, else that band alone.",
        )
        self.add_choice(
            "CUTS", "Cuts of several years", "Whether continuous factors are cut anew in each year, or all years as "
            "the first one: then differences of q come from the data alone.", CUTS, advanced=True, optional=True,
        )
        self.add_execution()
        self.declare_tables()
        self.add_table_output(
            "BY_YEAR", "q by year",
            "q with its limits, p of the F test and rank of each factor in each year; 1 is the largest q.",
        )
        declare_scale_table(self)
        declare_maps(self)

    def check(self, parameters):
        super().check(parameters)
        parse_names(parameters.text("FACTOR_NAMES"))
        check_scales(parameters)
        years = parameters.text("YEARS_TO_DETECT").strip()
        if not years:
            return
        parse_years(years, "YEARS_TO_DETECT")
        # The dialog gives the first band where nobody chose one.
        if parameters.given("TARGET_BAND") and parameters.integer("TARGET_BAND") > 1:
            raise InvalidParameter(tr(
                "⟨TARGET_BAND⟩ takes one band of the target, and ⟨YEARS_TO_DETECT⟩ takes bands by their year. Leave "
                "one of the two empty."
            ))

    def prepare(self, parameters, inputs):
        layers = inputs.rasters["CATEGORICAL"]
        styled = loaded_rasters(parameters.raw("CATEGORICAL"), parameters.context)
        self._legends = {layer.path: class_legend([layer], [one]) for layer, one in zip(layers, styled)}

    def compute(self, run):
        series = self._series(run)
        if series is not None:
            self._detect_years(run, series)
            return
        target = self._target(run)
        run.outputs.subject = Subject.of(target)
        found = self._factors(run, [target])
        bands, kinds = [band for band, _kind, _year in found], [kind for _band, kind, _year in found]
        names = self._called(run, factor_names(bands))
        given, scales, settings = list(zip(names, kinds, bands)), Scales(run, target), settings_of(run.parameters)
        part, *parts = scales.parts((0.0, end_of_search(run)))
        result = self._detect_on(run, target, given, part)
        scales.detect(run, target, given, settings, result, parts)
        map_strata(run, target, given, result, self._legends_of(given))
        result = with_labels(result, class_labels(self._legends_of(given)))
        self.write_tables(run, {None: result})
        scales.write(run)
        year = years_of(target.steps[0].layer)[target.steps[0].band - 1]
        run.outputs.table("BY_YEAR", BY_YEAR, rows_by_year({year: result}), HEADINGS["BY_YEAR"])
        run.outputs.page("CHART", lambda: page(result, settings, target.unit, scales.by_year[None]))

    # A target of several years ----------------------------------------------------------------------------------------

    @staticmethod
    def _series(run):
        """The target as a series; None where one band of it is meant."""
        layer, chosen = run.layers("TARGET")[0], run.parameters.given("TARGET_BAND")
        asked = run.parameters.text("YEARS_TO_DETECT").strip()
        steps, _grids = steps_of([layer])
        alike = len({without_times(step.description) for step in steps}) == 1
        if not asked and (chosen or len(steps) == 1 or not alike):
            return None
        try:
            series = run.series("TARGET", years="")
        except YearNotFound as error:
            if not asked:
                return None
            raise InvalidParameter(
                tr("⟨YEARS_TO_DETECT⟩ takes bands of the target by their year, but '{}' does not say one year for each "
                   "of its bands. Describe each band by its year (2013), or name the layer after them (nep_2001-2020).")
                .format(layer.name)
            ) from error
        years = sorted(set(parse_years(asked, "YEARS_TO_DETECT"))) if asked else series.years
        unknown = [year for year in years if year not in series.years]
        if unknown:
            raise YearNotFound(
                tr("⟨YEARS_TO_DETECT⟩ names {}, which '{}' does not have. It has {}.")
                .format(listed(unknown), series.name, listed(series.years))
            )
        return series.of_years(years)

    def _detect_years(self, run, series) -> None:
        run.outputs.subject = Subject.of(series)
        factors = dated(self._factors(run, bands_of(series.steps[0].layer)))
        names = self._called(run, [factor.name for factor in factors])
        fixed, end, settings = run.parameters.choice("CUTS") == 1, end_of_search(run), settings_of(run.parameters)
        results, scales, first = {}, Scales(run, series), ()
        for place, step in enumerate(series.steps):
            run.log.info(tr("Year {}").format(step.year))
            bands = [self._band_of(run, name, factor, step.year) for name, factor in zip(names, factors)]
            part, *parts = scales.parts((end * place / len(series.steps), end * (place + 1) / len(series.steps)))
            given = list(zip(names, [factor.kind for factor in factors], bands))
            cuts = cuts_of(next(iter(results.values()))) if fixed and results else None
            target = replace(series, steps=(step,))
            result = self._detect_on(run, target, given, part, cuts)
            scales.detect(run, target, given, settings, result, parts, step.year, fixed)
            first = first or (target, given, result, self._legends_of(given))
            results[step.year] = with_labels(result, class_labels(self._legends_of(given)))
        map_strata(run, *first)
        self.write_tables(run, results)
        scales.write(run)
        run.outputs.table("BY_YEAR", BY_YEAR, rows_by_year(results), HEADINGS["BY_YEAR"])
        run.outputs.page("CHART", lambda: years_page(results, settings, series.quantity, scales.by_year))

    @staticmethod
    def _band_of(run, name: str, factor: Dated, year: int):
        """The band of a factor for a year; the log tells where it is of another year."""
        band, taken = factor.of(year)
        if taken is None or taken == year:
            return band
        if taken < year:
            run.log.info(tr("  '{}' of {}, the nearest year before").format(name, taken))
        else:
            run.log.warn(tr("{}: '{}' of {}, the first year there is").format(year, name, taken))
        return band

    # One year ---------------------------------------------------------------------------------------------------------

    def _detect_on(self, run, target, given: list, part: tuple, cuts: dict | None = None):
        """The result for one band of the target; ``given`` holds name, kind and band of each factor. Its categories are
        called by their codes."""
        names, kinds, bands = zip(*given)
        for factor in bands:
            target.grid.require_same(factor.grid, target.name, factor.name)
        start, end = part
        loaded = start + 0.2 * (end - start)
        rows = self._rows(run, target, bands, (start, loaded))
        factors = [Factor(*column) for column in zip(names, rows[1:], kinds)]
        return self.search(run, title_of(target), rows[0], factors, (loaded, end), cuts)

    def _legends_of(self, given: list) -> dict:
        """What the classes of the categorical factors are called, and their colours."""
        return {name: self._legends[band.steps[0].layer.path] for name, kind, band in given if kind == CATEGORICAL}

    @staticmethod
    def _called(run, names: list) -> list:
        """The names of factors as FACTOR_NAMES has them."""
        called = parse_names(run.parameters.text("FACTOR_NAMES"))
        unknown = [name for name in called if name not in names]
        if unknown:
            run.log.warn(tr("⟨FACTOR_NAMES⟩ names {}, which is no factor. The factors are: {}.").format(
                listed(unknown), ", ".join(names)))
        return [called.get(name, name) for name in names]

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
    def _factors(run, target: list) -> list:
        """(band, kind, year or None) of each factor; the bands of the target are none."""
        found = []
        for parameter, kind in (("CONTINUOUS", CONTINUOUS), ("CATEGORICAL", CATEGORICAL)):
            for layer in run.layers(parameter):
                found += [(band, kind, year) for band, year in zip(bands_of(layer), years_of(layer))]
        own = {_place(band) for band in target}
        kept = [each for each in found if _place(each[0]) not in own]
        if len(kept) < len(found):
            name = name_of(target[0]) if len(target) == 1 else target[0].name
            run.log.info(f"'{name}' is the target and is left out of the factors.")
        if not kept:
            raise InvalidParameter(
                "No factor was given" + (" but the target itself" if found else "") +
                ". Choose at least one continuous or categorical factor."
            )
        return kept

    @staticmethod
    def _rows(run, target, bands, part: tuple) -> np.ndarray:
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
        engine = run.engine(*part)
        shape = run.plan(engine, grid, readers, 16.0 * (len(bands) + 1))
        rows = in_order(engine.results(rows_block, readers, grid, shape), shape, grid)
        sample = f" in one row and column of {spacing}" if spacing > 1 else ""
        run.log.info(f"{rows.shape[1]} of the {taken} pixels{sample} have a value of the target.")
        if rows.shape[1] < 3 and spacing > 1:
            raise InvalidParameter(
                f"One row and column in {spacing} leaves {counted(rows.shape[1], 'pixel')} with a value of the target. "
                f"Choose a smaller ⟨SPACING⟩."
            )
        if rows.shape[1] < 3:
            raise InvalidParameter(
                tr("'{}' has a value in {}, and the detector takes 3 or more. Choose another ⟨TARGET⟩ or "
                   "⟨TARGET_BAND⟩.")
                .format(title_of(target), counted(rows.shape[1], "pixel"))
            )
        return rows


def _place(band) -> tuple:
    """What tells a band from all others."""
    return band.steps[0].layer.path, band.steps[0].band

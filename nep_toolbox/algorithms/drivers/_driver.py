"""One driver of a correlation: its series matched with the others, its kernel, and what its blocks add up to."""

from __future__ import annotations

from functools import partial

from ...core.correlation.blocks import correlation_block, p_values_of_block
from ...core.correlation.coefficients import require_independent_controls
from ...core.field_significance import Adjustment, Significance
from ...errors import InvalidParameter, SeriesTooShort
from ...framework.matched import matched
from ...framework.regional_sums import BYTES_PER_CELL
from ...framework.texts import tr
from ...raster.picture import Thinned
from ...raster.reader import StackReader, Together
from ...raster.series import Series
from ...raster.wording import counted
from ...raster.zones import ZoneReader
from ._coefficient import Coefficient
from ._regional_means import RegionalMeans


def given_drivers(run) -> tuple:
    """The series to explain, its drivers, that of DRIVER first, and the controls, as the parameters have them.

    Raises
    ------
    InvalidParameter
        If a driver or a control is no series, or one raster is given for two of them.
    """
    first, drivers = run.series("INPUT"), [run.series("DRIVER")]
    # In an order of their own, so that the result does not depend on that of the list.
    controls = sorted(run.series_of_each("CONTROLS"), key=lambda each: (each.name, each.steps[0].layer.path))
    for control in controls:
        if len(control.steps) == 1:
            raise InvalidParameter(
                f"The control '{control.name}' has one band, but each control is a series: one raster with a band "
                f"for each year. Join its years (Raster, Miscellaneous, Build Virtual Raster, each file in a "
                f"separate band) and choose the result."
            )
    if not run.outputs.is_requested("MAPS"):
        if run.has_input("DRIVERS"):
            run.log.warn(tr("⟨DRIVERS⟩ are left out: they are for ⟨MAPS⟩, which is not asked for."))
        return first, drivers, controls
    for driver in run.series_of_each("DRIVERS"):
        if len(driver.steps) == 1:
            raise InvalidParameter(
                tr("The driver '{}' has one band, but each of ⟨DRIVERS⟩ is a series: one raster with a band for each "
                   "year. Join its years (Raster, Miscellaneous, Build Virtual Raster, each file in a separate band) "
                   "and choose the result.").format(driver.name)
            )
        _require_another(driver, first, drivers, controls)
        drivers.append(driver)
    return first, drivers, controls


def _require_another(driver: Series, first: Series, drivers: list, controls: list) -> None:
    """Refuse a further driver that is given for something else too."""
    if driver.is_same(first):
        raise InvalidParameter(
            tr("'{}' is among ⟨DRIVERS⟩, but it is ⟨INPUT⟩: leave it out of ⟨DRIVERS⟩.").format(driver.name)
        )
    if driver.is_same(drivers[0]):
        raise InvalidParameter(
            tr("'{}' is among ⟨DRIVERS⟩, but it is ⟨DRIVER⟩, which is on the page anyway: leave it out of ⟨DRIVERS⟩."
               ).format(driver.name)
        )
    if any(driver.is_same(other) for other in drivers[1:]):
        raise InvalidParameter(tr("'{}' is twice among ⟨DRIVERS⟩: leave one out.").format(driver.name))
    if any(driver.is_same(control) for control in controls):
        raise InvalidParameter(
            tr("'{}' is among ⟨DRIVERS⟩ and among ⟨CONTROLS⟩, and a driver cannot be held constant: leave it out of "
               "one of them.").format(driver.name)
        )


class Driver:
    """A driver matched with the series to explain and the controls, and what its blocks add up to.

    Attributes
    ----------
    series, driver : Series
    controls : list of Series
        All restricted to their common years.
    kind : Coefficient
    least : int
        Fewest years of a pixel.
    regional : bool
        Whether annual means are wanted.
    blocks : dict
        Further arguments of `Run.blocks`, once it is prepared.
    """

    def __init__(self, run, first: Series, driver: Series, controls: list, role: str):
        """``role`` is what the log calls the driver: ⟨DRIVER⟩, or driver."""
        self.kind = Coefficient.of(run)
        self.series, self.driver, *self.controls = _matched(run, first, driver, controls, role, self.kind)
        self.least = _least(run, len(controls))
        self.regional = run.outputs.is_requested("SUMMARY", "CHART", "MAPS")
        self._alpha = run.parameters.number("ALPHA")

    def prepare(self, run, regions: tuple, part: tuple) -> None:
        """Make ready for the blocks: kernel, readers and sums; ``part`` is that of the run (start, end)."""
        grid, every = self.series.grid, [self.series, self.driver, *self.controls]
        options = {"method": self.kind.method, "min_observations": self.least}
        self.readers = {
            "series": StackReader.of(self.series), "driver": StackReader.of(self.driver),
            "controls": Together(tuple(StackReader.of(each) for each in self.controls)),
        }
        self.bytes_per_cell = 8.0 * 12 + (8.0 * len(self.series.years) + BYTES_PER_CELL if self.regional else 0.0)
        self.blocks, adjustment = {"part": part}, None
        if self.kind.adjusted:
            adjustment = self._adjustment(run, options, part)
        self.kernel = partial(
            correlation_block, means=self.regional, alpha=self._alpha, adjustment=adjustment, **options
        )
        if self.regional:
            self.readers["cell_area"] = run.cell_areas(grid)
        if self.regional and regions:
            self.readers["regions"] = ZoneReader(regions)
        self.means = RegionalMeans(regions, len(every), len(self.series.years))
        self.map = Thinned(grid) if run.outputs.is_requested("MAPS") else None
        self.significance = Significance(self._alpha)
        self._tested = Tested([each.name for each in self.controls], self.kind.method)

    def _adjustment(self, run, options: dict, part: tuple) -> Adjustment:
        """What p-values become, by a first reading of the series in the first half of the part of the run."""
        run.log.info(
            tr("Field significance: p-values adjusted after Benjamini and Hochberg; the series are read twice.")
        )
        start, end = part
        middle = (start + end) / 2
        engine, grid = run.engine(start, middle), self.series.grid
        shape = run.plan(engine, grid, self.readers, self.bytes_per_cell)
        self.blocks = {"part": (middle, end), "shape": shape}
        found = engine.results(partial(p_values_of_block, **options), self.readers, grid, shape)
        return Adjustment(counts for _window, counts in found)

    def add(self, window, block: dict) -> None:
        """Take what the kernel gives for a block."""
        self._tested.add(block)
        self.significance.add(block["significance"])
        self.means.add(block["means"], last=window.ends_row_of(self.series.grid))
        if self.map is not None:
            self.map.add(window, block["r"])

    def report(self, log) -> None:
        """Warn of pixels without a result; an error where all of them are."""
        self._tested.report(log)

    def tell_significance(self, log) -> None:
        """Tell the share of the significant pixels, alone and adjusted for their number."""
        alone, adjusted = self.significance.percent()
        if self.significance.tested:
            log.info(
                tr("p is below {:g} in {:.1f} % of the pixels, and in {:.1f} % when it is adjusted for their number "
                   "(false discovery rate); chance alone makes the first {:g} %.")
                .format(self._alpha, alone, adjusted, 100 * self._alpha)
            )

    def correlated(self, run) -> tuple:
        """The annual means, as `RegionalMeans.correlated`."""
        return self.means.correlated(run, self.series.years, self.least, self.kind)


def _matched(run, first: Series, driver: Series, controls: list, role: str, kind: Coefficient) -> list:
    """The series restricted to their common years."""
    held = {f"control {place} '{each.name}'": each for place, each in enumerate(controls, 1)}
    every = matched(run, {f"⟨INPUT⟩ '{first.name}'": first, f"{role} '{driver.name}'": driver, **held})
    years, least = every[0].years, _least(run, len(controls))
    if least > run.parameters.integer("MIN_OBSERVATIONS"):
        run.log.info(f"With {counted(len(controls), 'control')} a pixel needs at least {least} years.")
    if len(years) < least:
        raise SeriesTooShort(
            f"The series have {counted(len(years), 'year')} in common ({', '.join(map(str, years))}), but {least} "
            f"are needed. Add the missing years, lower ⟨MIN_OBSERVATIONS⟩ or leave out controls."
        )
    run.log.info(tr("Method: {} over {}, {} to {}").format(
        kind.logged, counted(len(years), "common year"), years[0], years[-1]
    ))
    return every


def _least(run, controls: int) -> int:
    """The fewest years of a pixel, with so many controls."""
    return max(run.parameters.integer("MIN_OBSERVATIONS"), controls + 3 if controls else 0)


class Tested:
    """Counts the pixels that were tested, and those that have no result for what their controls are."""

    def __init__(self, controls: list, method: int):
        self._controls, self._method = controls, method
        self._pixels = 0
        self._collinear: dict = {}

    def add(self, block: dict) -> None:
        """Take the counts of a block."""
        self._pixels += block["tested"]
        for code, pixels in block["collinear"].items():
            self._collinear[code] = self._collinear.get(code, 0) + pixels

    def report(self, log) -> None:
        """Warn of pixels without a result; an error where all of them are."""
        require_independent_controls(self._collinear, self._pixels, self._controls, self._method)
        if self._collinear:
            log.warn(
                f"{sum(self._collinear.values())} of {self._pixels} pixels have no result: their controls depend on "
                f"each other, or explain one of the series entirely."
            )

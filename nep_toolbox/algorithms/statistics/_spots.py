"""What nep:hotspots gathers of whole rasters, and what it tells of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ...colours import HOT_COLD_CLASSES, MORAN_CLASSES
from ...core.exact_sums import as_float
from ...core.hotspots.blocks import p_values_block
from ...core.hotspots.false_discovery import MOST_EXACT, Adjusted, Gathered
from ...core.hotspots.local import COLD, HOT, HOT_COLD_LABELS, MORAN_LABELS, Method
from ...core.hotspots.whole import LEVEL_REACH, MORAN_REACH, LevelSums, MoranSums, Whole, level_block, moran_block
from ...core.zonal.reduction import Total
from ...errors import InvalidParameter
from ...framework.class_maps import ClassScheme, Tally
from ...framework.texts import tr
from ...raster.band_names import years_of
from ...raster.reader import StackReader
from ...raster.series import Series, single
from ...raster.surroundings import WithSurroundings
from ...raster.wording import counted, joined
from ...report.theme import exact_p_text

#: So many cells are needed at least: with fewer the normal distribution is too far from that of the statistics.
LEAST_CELLS = 30

#: Values of a larger kurtosis have a long tail: an exponential distribution has 9. What it has above 3, that of normal
#: ones, is divided by the number of cells in the mean of a window. Where no more than this is left, p is about right:
#: of values at random (exponential, lognormal, t, 50 x 50 cells) about one raster in ten, or fewer, has a false spot.
LONG_TAIL, EXCESS = 6.0, 0.1

#: Cells to each side of the widest window: beyond it a window says little about its place.
LARGEST_RADIUS = 50

SCHEMES = {
    Method.GI_STAR: ClassScheme(HOT_COLD_LABELS, HOT_COLD_CLASSES),
    Method.MORAN: ClassScheme(MORAN_LABELS, MORAN_CLASSES),
}


def series_of(run) -> Series:
    """The raster or the series of the run. A single raster of one band needs no year, and has that of its name."""
    layers = run.layers("INPUT")
    if len(layers) == 1 and not run.parameters.text("YEARS").strip():
        years = years_of(layers[0])
        if len(years) == 1:
            found = single(layers[0])
            return run.told("INPUT", replace(found, steps=(replace(found.steps[0], year=years[0] or 0),)))
    return run.series("INPUT")


def named(series: Series, step: int) -> str:
    """What to call a step in a message: its layer and its year."""
    there = series.steps[step]
    return f"'{there.label}' ({there.time})" if there.year else f"'{there.label}'"


def surrounded(series: Series, reach: int) -> WithSurroundings:
    """A reader of the steps with so many cells around each block."""
    return WithSurroundings(StackReader.of(series), series.grid, reach)


def gather(run, series: Series, kernel, reach: int, empty, part: tuple, shape: tuple, key: str) -> tuple:
    """Sums over the whole raster, and what else of the blocks adds up: the sums, and the array called ``key``."""
    total, more = Total(partial(empty, len(series.steps))), 0
    readers = {"stack": surrounded(series, reach)}
    for window, block in run.blocks(kernel, readers, series.grid, 0.0, part=part, shape=shape):
        total.add(block["sums"], last=window.ends_row_of(series.grid))
        more = more + block[key]
    return total.sums, more


def whole_rasters(run, series: Series, part: tuple, shape: tuple) -> tuple:
    """What is known of all cells of each step, and how many in each touch no other.

    Raises
    ------
    InvalidParameter
        Where a step has too few cells, or equal values.
    """
    middle = (part[0] + part[1]) / 2
    levels, isolated = gather(
        run, series, level_block, LEVEL_REACH, LevelSums.empty, (part[0], middle), shape, "isolated"
    )
    for step, count in enumerate(levels.count[:, 0].tolist()):
        _require_cells(named(series, step), count, levels.minimum[step, 0], levels.maximum[step, 0])
    means = tuple((levels.total / levels.count)[:, 0].tolist())
    kernel = partial(moran_block, means=means)
    sums, weights = gather(run, series, kernel, MORAN_REACH, MoranSums.empty, (middle, part[1]), shape, "weights")
    numbers = zip(levels.count[:, 0].tolist(), means, *(each[:, 0].tolist() for each in sums), *weights.T.tolist())
    wholes = tuple(Whole(*each) for each in numbers)
    for step, whole in enumerate(wholes):
        if not whole.is_measurable:
            raise InvalidParameter(
                tr("The values of {} are too close together, or too far apart, to compute with. Look for values that "
                   "stand for missing ones and are not declared as such, or bring them to another unit.").format(
                    named(series, step))
            )
    return wholes, isolated.tolist()


def _require_cells(name: str, count: int, lowest: float, highest: float) -> None:
    if count < LEAST_CELLS:
        raise InvalidParameter(
            tr("{} has {} with a value that touch another one, and hot spots need {} at least. Leave it out, or look "
               "at its nodata value, which the log lists.").format(name, counted(count, "cell"), LEAST_CELLS)
        )
    if lowest == highest:
        raise InvalidParameter(
            tr("All values of {} are {:.6g}: without differences there are no hot spots. Leave it out, or look whether "
               "it is the raster that you mean.").format(name, lowest)
        )


def adjustments(run, series: Series, reader: WithSurroundings, options: dict, part: tuple, shape: tuple) -> tuple:
    """The adjusted p of each p, for each step; the log tells over how many cells."""
    tested = [whole.count for whole in options["wholes"]]
    exact = sum(tested) <= MOST_EXACT
    gathered = [Gathered(exact) for _ in tested]
    kernel = partial(p_values_block, **options, exact=exact)
    for _window, block in run.blocks(kernel, {"stack": reader}, series.grid, 0.0, part=part, shape=shape):
        for step, found in zip(gathered, block):
            step.add(found)
    if exact:
        run.log.info(tr("p is adjusted for the number of cells of each raster (false discovery rate)."))
    else:
        run.log.info(
            tr("p is adjusted for the number of cells of each raster (false discovery rate). With so many cells it is "
               "adjusted in narrow bins: it is too large by at most 0.025 % of itself.")
        )
    found = []
    while gathered:  # each is given up as soon as it is joined
        found.append(Adjusted(gathered.pop(0)))
        run.advance(part[1])
    return tuple(found)


@dataclass(frozen=True)
class Spots:
    """What was found in a step: numbers of the whole raster and areas of the classes."""

    year: int
    whole: Whole
    isolated: int
    tally: Tally
    method: Method

    def areas(self) -> tuple:
        """Area (km2) and share (percent) of the hot cells, and of the cold ones; shares are of the cells with a
        class."""
        scheme, areas = SCHEMES[self.method], self.tally.areas[:, 1]
        total, found = int(areas.sum()), []
        for codes in (HOT[self.method], COLD[self.method]):
            area = int(sum(areas[code - scheme.first] for code in codes))
            found += [as_float(area, 1_000_000), 100 * area / total if total else 0.0]
        return tuple(found)

    def row(self) -> tuple:
        """Of the summary."""
        moran, (hot, hot_percent, cold, cold_percent) = self.whole.moran(), self.areas()
        return (
            self.year or None, moran.i, moran.z, moran.p_value, hot, cold, hot_percent, cold_percent, self.whole.count,
            self.isolated,
        )


def class_rows(spots: list, regions: tuple) -> list:
    """Rows of the table of classes: year and class; with regions the region before them, region by region."""
    if not regions:
        return [(each.year or None, *row) for each in spots for row in each.tally.rows()]
    rows = [
        (region, each.year or None, *row) for each in spots for region, *row in each.tally.regional_rows(
            each.tally.rows())
    ]
    order = {name: place for place, name in reversed(list(enumerate(dict.fromkeys(row[0] for row in rows))))}
    return sorted(rows, key=lambda row: order[row[0]])


def tell(run, series: Series, spots: list) -> None:
    """Moran's I and the areas, in the log and, of the last step, as results."""
    _tell_of_isolated(run, spots)
    for each in spots:
        moran, (hot, hot_percent, cold, cold_percent) = each.whole.moran(), each.areas()
        run.log.info(
            tr("{}: Moran's I {:.4f} (z {:.4g}, {}); hot {:.6g} km2, {:.1f} %, cold {:.6g} km2, {:.1f} %").format(
                each.year or f"'{series.name}'", moran.i, moran.z, exact_p_text(moran.p_value), hot, hot_percent, cold,
                cold_percent)
        )
    for name, value in zip(("MORAN_I", "MORAN_Z", "MORAN_P"), (moran.i, moran.z, moran.p_value)):
        run.number(name, value)
    run.number("HOT_KM2", hot)
    run.number("COLD_KM2", cold)
    without = [each for each in spots if not np.isfinite(each.whole.moran().z)]
    if without:
        run.log.warn(
            tr("Moran's I of {} has no z and no p: a single value makes up nearly all of the spread.").format(
                _times(series, without))
        )


def warn_of_tails(run, series: Series, spots: list, radius: int) -> None:
    """Warn where p by the normal distribution is too small beside extreme values: in windows too narrow for them."""
    tails = [each for each in spots if each.whole.kurtosis > LONG_TAIL and wide_enough(each.whole.kurtosis) > radius]
    if not tails:
        return
    kurtosis = max(each.whole.kurtosis for each in tails)
    wide = wide_enough(kurtosis)
    run.log.warn(
        tr("The values of {} have a long tail (kurtosis up to {:.3g}, where normal ones have 3). In windows of few "
           "cells p is then too small beside extreme values: a spot around one of them is no finding.").format(
            _times(series, tails), kurtosis)
    )
    run.log.warn(
        tr("Take the logarithm of the values, or ⟨METHOD⟩ Gi* with a ⟨RADIUS⟩ of {} or more.").format(wide)
        if wide <= LARGEST_RADIUS and 2 * wide < min(series.grid.width, series.grid.height) else
        tr("Take the logarithm of the values, and look whether the largest and smallest ones stand for missing values: "
           "no ⟨RADIUS⟩ is wide enough for them.")
    )


def wide_enough(kurtosis: float) -> int:
    """The least radius of windows of Gi* in which p is about right for values of such a kurtosis."""
    return max(1, math.ceil((math.sqrt(max(0.0, kurtosis - 3) / EXCESS) - 1) / 2))


def require_windows(run, series: Series, spots: list, radius: int) -> None:
    """Warn of steps in which windows of Gi* hold all cells, so that these have no result.

    Raises
    ------
    InvalidParameter
        Where this is so of every cell of every step.
    """
    if spots[0].method != Method.GI_STAR:
        return
    lost = [int(each.tally.no_result[0, 0]) - each.isolated for each in spots]
    if lost == [each.whole.count for each in spots]:
        raise InvalidParameter(
            tr("Windows of {0} x {0} cells hold all cells of {1}, so that none has a result. Set ⟨RADIUS⟩ to "
               "less.").format(2 * radius + 1, _times(series, spots))
        )
    if any(lost):
        run.log.warn(
            tr("Without a result, as windows of {0} x {0} cells around them hold all cells: up to {1} of {2}. Set "
               "⟨RADIUS⟩ to less.").format(
                2 * radius + 1, counted(max(lost), "cell"),
                _times(series, [each for each, cells in zip(spots, lost) if cells]))
        )


def _times(series: Series, spots: list) -> str:
    """The years of some of the spots; without a year the name of the raster."""
    return joined([str(each.year or f"'{series.name}'") for each in spots])


def _tell_of_isolated(run, spots: list) -> None:
    """How many cells were left out: once where it is the same number in all years."""
    said = tr("With a value, but touching no other, and left out: {}")
    counts = {each.isolated for each in spots}
    if len(counts) > 1:
        named_counts = ", ".join(f"{each.year}: {each.isolated}" for each in spots if each.isolated)
        run.log.info(said.format(named_counts))
    elif counts != {0}:
        run.log.info(said.format(counted(counts.pop(), "cell")))


def spots_page(given, series: Series, spots: list, rows: list):
    """The charts of a run with the parameters ``given``; ``rows`` are those of the table of classes of the whole
    raster."""
    from ...report.charts import class_shares, moran_by_year, spot_areas
    from ...report.page import Page

    method = spots[0].method
    page = Page(tr("Hot and cold spots: {}").format(series.quantity), "The chart of ⟨nep:hotspots⟩")
    page.paragraph(
        tr("Gi*: hot are windows of {0} x {0} cells whose mean is above that of the raster by more than chance, cold "
           "those below it (p < 0.05).").format(2 * given.integer("RADIUS") + 1) if method == Method.GI_STAR else
        tr("Local Moran: hot are high cells among high ones, cold low cells among low ones (p < {:g}).").format(
            given.number("ALPHA"))
    )
    page.paragraph(
        tr("p is adjusted for the number of cells (false discovery rate).") if given.flag("FDR") else
        tr("p is that of each cell alone, not adjusted for their number: some are hot or cold by chance.")
    )
    if len(spots) > 1:
        page.heading(tr("Area of hot and cold spots"))
        page.paragraph(tr("Each year is compared with its own mean, so a rise of the whole raster does not show."))
        page.chart(spot_areas([
            (each.year, hot, hot_percent, cold, cold_percent)
            for each in spots for hot, hot_percent, cold, cold_percent in [each.areas()]
        ]))
    page.heading(tr("Classes in {}").format(spots[-1].year) if spots[-1].year else tr("Classes"))
    page.chart(class_shares(rows, SCHEMES[method].colours))
    page.heading(tr("How alike neighbours are"))
    page.paragraph(
        tr("Global Moran's I of each cell and its up to 8 neighbours: 1 where neighbours are alike, about 0 where "
           "values lie at random.")
    )
    if len(spots) > 1:
        page.paragraph(tr("Full circles: p < 0.05. Hollow ones: p is larger, or not defined."))
        page.chart(moran_by_year([(each.year, *each.row()[1:4]) for each in spots]))
    else:
        page.table(("Moran's I", "z", "p"), [spots[0].row()[1:4]])
    return page

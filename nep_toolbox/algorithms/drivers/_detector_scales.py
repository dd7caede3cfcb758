"""nep:geodetector at several scales: blocks of cells as rows, detected like cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from qgis.core import QgsProcessingParameterString

from ...core.geodetector.coarse_rows import BYTES_PER_CELL, coarse_rows_block
from ...core.geodetector.complete_rows import CATEGORICAL, Factor
from ...core.geodetector.detect import GeodetectorResult, detect
from ...core.geodetector.scales import Scale, best_of, blocks_of, parse_scales, scale_of, scale_rows
from ...core.geodetector.tables import single_rows
from ...errors import InvalidParameter, ToolboxError
from ...framework.texts import sentence, tr
from ...raster.band_names import title_of
from ...raster.blocks import of_whole_squares
from ...raster.cells import CoarseCells
from ...raster.engine import Engine
from ...raster.grid import Grid
from ...raster.reader import StackReader, Together
from ...raster.wording import counted
from ._geodetector import TARGET_COLUMN, YEAR_COLUMN
from ._years import cuts_of

SCALE_TABLE = {
    "block": "integer", "cells": "count", "rows": "count", "factor": "text", "q": "number", "q_adjusted": "number",
    "p": "number", "p_f": "number", "q90": "number", "q90_adjusted": "number", "best": "boolean",
}

SCALE_HEADINGS = {
    "block": "Side of a block (cells)", "cells": "Blocks of the grid", "rows": "Blocks that count",
    "p": "p (noncentral F)", "p_f": "p (F test)", "q90": "90 % quantile of q",
    "q90_adjusted": "90 % quantile of adjusted q", "best": "Largest quantile",
}

#: Blocks of a grid below which there is nothing to detect.
FEWEST = 3

#: So many cells are read at a time at most, that the progress bar moves.
_MOST_CELLS = 1 << 20

HELP = """<p><b>Scale</b>: with sizes of blocks (1,2,5,10) the detector runs on blocks of so many cells on a side too,
counted from the upper left corner. A block takes the cells that have a value in all rasters, and counts if they are at
least half of its cells (also at the edge). The target and continuous factors enter by their mean, categorical ones by
their most frequent code, the smallest of equals. Each size has its own optimal cuts; with the cuts of the first year,
those of the first year at that size. All cells are used, whatever the sampling step. Sizes are compared by the 90 %
quantile of q (type 7) over the factors whose p_f is below the level of significance, as GD::sesu has it: the best is
the largest, the finest of equals. q rises as blocks become larger, since fewer rows follow any classes more closely by
chance. So q_adjusted = 1 - (1 - q) (N - 1) / (N - L), for N rows and L classes, and its quantile stand beside it: where
they say otherwise, the best size is so by its few rows. They do not know of the search for the cut. A mean of blocks is
smoother than its cells, so that a larger q of blocks says nothing of single cells.</p>"""


def declare_scales(tool) -> None:
    """Declare the sizes of blocks."""
    tool.add(
        QgsProcessingParameterString("SCALES", tr("Scales: sizes of blocks (cells)"), optional=True),
        "Sizes of blocks in cells, as 1,2,5,10: the detector runs on blocks of so many cells on a side too, to tell at "
        "which size the factors explain most. Empty: on cells alone.",
    )


def declare_scale_table(tool) -> None:
    """Declare the table of scales."""
    tool.add_table_output(
        "SCALE_TABLE", "q by scale", "q and p of each factor at each size of ⟨SCALES⟩, their 90 % quantile, and which "
        "size is the best. The last column names the target.",
    )


def sizes_of(parameters) -> tuple:
    """The sizes of SCALES; none where it is empty."""
    text = parameters.text("SCALES").strip()
    return parse_scales(text) if text else ()


def check_scales(parameters) -> None:
    """Refuse sizes that are none, and a table of no sizes; in a model they may come from an earlier step."""
    if not sizes_of(parameters) and not parameters.raw("SCALES"):
        require_sizes(parameters)


def require_sizes(parameters) -> None:
    """Refuse a table of no sizes."""
    if not sizes_of(parameters) and parameters.is_requested("SCALE_TABLE"):
        raise InvalidParameter(tr(
            "⟨SCALE_TABLE⟩ is the table of the sizes in ⟨SCALES⟩, which is empty. Give sizes of blocks in cells "
            "(1,2,5,10), or leave the table out."
        ))


def require_blocks(sizes: Sequence[int], grid: Grid, name: str) -> None:
    """Refuse sizes that leave fewer than `FEWEST` blocks of a grid."""
    for size in sizes:
        blocks = blocks_of(grid.width, grid.height, size)
        if blocks < FEWEST:
            raise InvalidParameter(
                tr("'{}' has {} x {} cells, of which blocks of {} x {} make {}, and the detector takes {} or more. "
                   "Leave {} out of ⟨SCALES⟩.")
                .format(name, grid.width, grid.height, size, size, counted(blocks, "row"), FEWEST, size)
            )


class AtScale(NamedTuple):
    """What there is at one scale: the result that its numbers are of, whose cuts serve other years, and the numbers."""

    result: GeodetectorResult
    scale: Scale


def at_scale(run, target, given: list, size: int, settings, part: tuple, cuts: dict | None = None) -> AtScale:
    """The factors at one scale.

    Parameters
    ----------
    run : Run
    target : Series
        Of one band.
    given : list of (name, kind, Series)
        The factors.
    size : int
        Cells on each side of a block.
    settings : Settings
        Of the detector.
    part : (start, end)
        The part of the run, for the progress bar.
    cuts : dict, optional
        As `detect` takes them.
    """
    start, end = part
    middle = start + 0.5 * (end - start)
    grid = target.grid
    rows = _coarse_rows(run, target, given, size, (start, middle))
    cells = blocks_of(grid.width, grid.height, size)
    run.log.info(
        tr("Blocks of {} x {} cells: {} of {} have a value in all rasters on at least half of their cells.")
        .format(size, size, rows.shape[1], cells)
    )
    if rows.shape[1] < FEWEST:
        raise InvalidParameter(
            tr("Of '{}' and its factors {} of {} x {} cells can be used: a block has to have a value in all rasters on "
               "at least half of its cells. The detector takes {} or more. Leave {} out of ⟨SCALES⟩.")
            .format(title_of(target), counted(rows.shape[1], "block"), size, size, FEWEST, size)
        )
    factors = [Factor(name, column, kind) for (name, kind, _band), column in zip(given, rows[1:])]
    try:
        result = detect(
            rows[0], factors, settings, title_of(target), cuts,
            lambda share: run.advance(middle + (end - middle) * share), run.log.is_cancelled,
        )
    except ToolboxError as error:
        raise InvalidParameter(
            tr("Blocks of {} x {} cells of '{}': {} Leave {} out of ⟨SCALES⟩.")
            .format(size, size, title_of(target), sentence(str(error)), size)
        ) from error
    left_out = ["factor '{}' is left out: it {}".format(*each) for each in result.left_out]
    for warning in (*left_out, *single_rows(result.factors, result.strata)):
        run.log.warn(tr("Blocks of {} x {} cells: {}").format(size, size, warning))
    return of_result(result, size, cells, settings.alpha)


def of_result(result: GeodetectorResult, size: int, cells: int, alpha: float) -> AtScale:
    """A result at its scale."""
    found = result.factors
    scale = scale_of(size, cells, result.rows, found.factor, found.q, found.classes, found.p, found.p_f, alpha)
    return AtScale(result, scale)


def _coarse_rows(run, target, given: list, size: int, part: tuple) -> np.ndarray:
    """Target and factors on the blocks that count, (1 + number of factors, blocks), in the order of the grid."""
    grid, engine = target.grid, run.engine(*part)
    readers = {
        "coarse": CoarseCells(size, grid.width), "target": StackReader.of(target),
        "factors": Together(tuple(StackReader.of(band) for _name, _kind, band in given)),
    }
    kernel = partial(coarse_rows_block, categorical=tuple(kind == CATEGORICAL for _name, kind, _band in given))
    needed = BYTES_PER_CELL + 16.0 * (len(given) + 1) / size**2
    _require_memory(engine, needed + sum(reader.bytes_per_cell for reader in readers.values()), size)
    shape = of_whole_squares(engine.shape(grid, readers, needed, _MOST_CELLS), grid, size)
    return in_order(engine.results(kernel, readers, grid, shape), shape, grid)


def _require_memory(engine: Engine, bytes_per_cell: float, size: int) -> None:
    """Refuse a block of which there is no room for as many as are under way in this process."""
    needed = size * size * bytes_per_cell * engine.in_flight
    if not engine.scheduler and needed > engine.memory:
        raise InvalidParameter(
            tr("Blocks of {} x {} cells need {} MB, since each is read as a whole, and ⟨MEMORY⟩ allows {}. Raise it, "
               "take fewer ⟨THREADS⟩, or leave {} out of ⟨SCALES⟩.")
            .format(size, size, math.ceil(needed / 2**20), engine.memory // 2**20, size)
        )


def in_order(blocks, shape: tuple, grid: Grid) -> np.ndarray:
    """The rows of blocks in the order of the grid: those of each as (window, (numbers, table (k, rows)))."""
    numbers, tables = zip(*(block for _window, block in blocks))
    numbers, rows = np.concatenate(numbers), np.concatenate(tables, axis=1)
    del tables
    return rows[:, np.argsort(numbers)] if shape[0] < grid.width else rows  # several blocks side by side


class Scales:
    """What is found at the sizes in SCALES, by year; nothing where none are given.

    Parameters
    ----------
    run : Run
    target : Series
    """

    def __init__(self, run, target):
        require_sizes(run.parameters)
        self._sizes = sizes_of(run.parameters)
        require_blocks(self._sizes, target.grid, target.name)
        self._reused = 1 if run.parameters.integer("SPACING") == 1 else None
        self._first: dict = {}  # by size, the result whose cuts serve later years
        self._targets: dict = {}
        self.by_year: dict = {}  # a list of ScaleRow by year; of a single run the year is None

    def parts(self, part: tuple) -> list:
        """The parts of a run that the detector on cells takes and then each of the sizes: pairs of start and end."""
        start, end = part
        costs = [1.0, *(0.0 if size == self._reused else 0.2 + 1.0 / size**2 for size in self._sizes)]
        ends = start + (end - start) * np.cumsum([0.0, *costs]) / sum(costs)
        return list(zip(ends[:-1].tolist(), ends[1:].tolist()))

    def detect(self, run, target, given: list, settings, result: GeodetectorResult, parts: list, year=None,
               settled: bool = False) -> None:
        """Detect one band of the target at each size.

        Parameters
        ----------
        run, target, given, settings
            As for `at_scale`; no search is tested by permutations.
        result : GeodetectorResult
            That of the cells, which is the one at a size of 1 where all cells were taken.
        parts : list of (start, end)
            Of the progress bar, one a size.
        year : int, optional
        settled : bool
            Whether years are cut as the first one is at the same size.
        """
        settings, found = settings._replace(permutations=0), []
        for size, part in zip(self._sizes, parts):
            if size == self._reused:
                found.append(of_result(result, size, target.grid.width * target.grid.height, settings.alpha))
            else:
                cuts = cuts_of(self._first[size]) if settled and size in self._first else None
                found.append(at_scale(run, target, given, size, settings, part, cuts))
            self._first.setdefault(size, found[-1].result)
        if found:
            tell_scales(run.log, [each.scale for each in found])
        self.by_year[year], self._targets[year] = scale_rows([each.scale for each in found]), result.target

    def write(self, run) -> None:
        """Write the table of scales, if it was asked for."""
        dated = None not in self.by_year
        rows = [
            (*((year,) if dated else ()), *row, self._targets[year])
            for year, found in self.by_year.items() for row in found
        ]
        columns = {**(YEAR_COLUMN if dated else {}), **SCALE_TABLE, **TARGET_COLUMN}
        run.outputs.table("SCALE_TABLE", columns, rows, SCALE_HEADINGS)


def tell_scales(log, scales: list) -> None:
    """Tell of the curve of q over the sizes of blocks, and of the best."""
    log.info(tr("q by size of the blocks, as its 90 % quantile over the significant factors:"))
    for scale in scales:
        found = tr("no factor is significant") if np.isnan(scale.q90) else (
            tr("{:.4f}, adjusted {:.4f}").format(scale.q90, scale.q90_adjusted))
        log.info(tr("  {} x {} cells, {} rows: {}").format(scale.block, scale.block, scale.rows, found))
    best, cleared = (best_of([getattr(scale, name) for scale in scales]) for name in ("q90", "q90_adjusted"))
    if best is None or len(scales) == 1:
        return
    size, other = scales[best].block, scales[cleared].block
    log.info(tr("Largest at blocks of {} x {} cells. q rises as rows become fewer: adjusted for them it is largest at "
                "{} x {}.").format(size, size, other, other))

"""nep:sampletable"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import groupby
from typing import NamedTuple

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingParameterMultipleLayers,
    QgsWkbTypes,
)

from ...core.sampling.cells import sample_block
from ...core.sampling.draw import Draw, draw_block
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.features import Stream
from ...framework.groups import DATA, SERIES_TAGS
from ...framework.texts import tr
from ...raster.cells import EveryNth
from ...raster.chosen import ChosenCells, LatticeCells, windows_around
from ...raster.grid import Grid
from ...raster.reader import StackReader
from ...raster.wording import counted, joined
from ...raster.zones import ALL, ZoneReader
from ...styling.titles import Subject
from ._sample_columns import CLASSES, TARGET, bands_given, long_columns, wide_columns

METHODS = [
    "Regular: every n-th row and column", "Random pixels", "Random pixels in each class, by the area of the classes",
]
REGULAR, RANDOM, STRATIFIED = range(3)

_FIRST = {"x": "number", "y": "number", "region": "text"}

#: So many rows are handed on at a time.
_ROWS = 20_000


class Table(NamedTuple):
    """What the table is made of: the bands of the inputs, its columns, its regions and the grid."""

    bands: list
    columns: object
    regions: tuple
    grid: Grid

    @property
    def readers(self) -> dict:
        """Readers of the bands of the target, of the other bands and of the regions."""
        target = tuple(each.band.steps[0] for each in self.bands if each.kind == TARGET)
        others = tuple(each.band.steps[0] for each in self.bands if each.kind != TARGET)
        found = {"target": StackReader(target)}
        if others:
            found["others"] = StackReader(others)
        return {**found, **self.regional}

    @property
    def regional(self) -> dict:
        """The reader of the regions, where there are any."""
        return {"regions": ZoneReader(self.regions)} if self.regions else {}


class SampleTable(ToolboxAlgorithm):
    """Pixels of rasters as rows of a table."""

    NAME = "sampletable"
    LABEL = "Sample table (pixels as rows)"
    GROUP = DATA
    TAGS = (
        "sampling", "random points", "stratified", "regular", "data frame", "CSV", "R", "GD", "MGWR", "SHAP", "PLS-SEM",
        "machine learning", "抽样", "采样", "随机点", "表格", *SERIES_TAGS,
    )
    SUMMARY = (
        "Makes a table of pixels from rasters on one grid, with a column for each raster, for programs that work on "
        "tables."
    )
    HELP = """
<p>Each row is a pixel: x and y of its centre in the CRS of the rasters, the region it lies in, and the values of the
rasters. The table is a layer of points; written as CSV (.csv) it is a plain table with x and y, for the R packages GD
and GWmodel, MGWR, SHAP, PLS-SEM and the like.</p>
<ul>
<li><b>Wide</b>: one row for each pixel, and a column for each raster, called as its layer; a band of several has its
description behind the name of the layer without years (nep_2001).</li>
<li><b>Long</b>: one row for each pixel and year, and a column for each variable: rasters or bands whose names differ in
the year alone (npp_2001, npp_2002) are one. What has no year, and a driver of one date, is the same in all years; a
driver without the year of a row is empty; classes stand until the next map. Years are those that all variables of the
target have.</li>
<li><b>Regular</b>: every n-th row and column from the upper left corner, as ⟨nep:geodetector⟩ takes them.</li>
<li><b>Random</b>: the pixels are drawn without replacement, each as likely as any other. The same seed gives the same
pixels, whatever the blocks and the threads, and a larger sample holds the smaller one.</li>
<li><b>Stratified</b>: the first map of classes has the strata, of several years the first year. Each class gets a share
of the sample by the area of its pixels that have the target, by the largest remainders, and its pixels are drawn at
random. The log lists the shares, and classes that are too small for a pixel. Pixels without a class are left out.</li>
</ul>
<p>A row lacks no value of the target: wide tables leave a pixel out that lacks one in any raster or year, long ones
only the years in which it lacks one; the log counts the pixels that were left out. What other rasters lack is empty.
With regions only pixels whose centre lies in one are taken; where regions overlap the first one is named. Without
regions the column is "all". Columns of classes hold whole numbers where the file does.</p>
<p>Millions of rows are written as they are read and need no memory when they go to a file.</p>"""

    def declare(self):
        self.add_series("INPUT", "Target: series or rasters", "What every row must have, such as NEP of each year.")
        self.add_years()
        rasters = QgsProcessing.SourceType.TypeRaster
        self.add(
            QgsProcessingParameterMultipleLayers("DRIVERS", tr("Drivers"), rasters, optional=True),
            "Further columns, of which a row may lack values; each band is a raster, and a whole folder can be added.",
        )
        self.add(
            QgsProcessingParameterMultipleLayers("CLASSES", tr("Maps of classes"), rasters, optional=True),
            "Columns of class codes; the first map has the strata of a sample. Each band is a map, and a whole "
            "folder can be added.",
        )
        self.add_regions()
        self.add_choice("METHOD", "Sampling", "Which pixels are taken.", METHODS)
        self.add_number(
            "SPACING", "Spacing of a regular sample (rows and columns)",
            "1 takes every pixel; 10 takes every tenth row and column, which is one pixel in a hundred.", 10, INTEGER,
            1,
        )
        self.add_number(
            "COUNT", "Pixels of a random or stratified sample", "All strata together.", 1000, INTEGER, 1,
        )
        self.add_flag("LONG", "Long table", "A row for each pixel and year, instead of a column for each year.")
        self.add_number(
            "SEED", "Seed of the random numbers", "Another number gives another sample.", 1, INTEGER, 0, advanced=True
        )
        self.add_execution()
        self.add_table_output(
            "OUTPUT", "Sampled pixels", "A point for each row; a file .csv has the columns alone.", optional=False,
            kind=QgsProcessing.SourceType.TypeVectorPoint,
        )

    def compute(self, run):
        bands = bands_given(run)
        columns = long_columns(bands) if run.parameters.flag("LONG") else wide_columns(bands)
        grid = bands[0].band.grid
        table = Table(bands, columns, run.regions(grid), grid)
        run.outputs.subject = Subject.of(bands[0].band)
        run.log.info(tr("Columns: {}").format(joined(list(columns.kinds), 30)))
        engine = run.engine(0.0 if run.parameters.choice("METHOD") == REGULAR else 0.5, 1.0)
        shape = run.plan(engine, grid, table.readers, 16.0 * len(bands))
        cells, windows = self._cells(run, table, shape)
        blocks = engine.results(
            partial(sample_block, groups=columns.groups), {"cells": cells, **table.readers}, grid, shape, windows
        )
        told = {"pixels": 0, "lacking": 0}
        with closing(_in_order(blocks, shape[1], told)) as blocks:
            # A result for the memory is written when all is over; until then its values wait.
            held = blocks if run.outputs.is_written_at_once("OUTPUT") else list(blocks)
            kinds = {**_FIRST, **({"year": "integer"} if columns.years else {}), **columns.kinds}
            run.outputs.features("OUTPUT", kinds, Stream(_rows(held, table)), QgsWkbTypes.Type.Point, grid)
        self._tell(run, **told)

    def _cells(self, run, table: Table, shape: tuple) -> tuple:
        """A reader of the cells to take, and the windows that hold them; None for all."""
        if run.parameters.choice("METHOD") == REGULAR:
            return LatticeCells(run.parameters.integer("SPACING"), table.grid.width), None
        numbers = self._drawn(run, table)
        return ChosenCells(numbers, table.grid.width), windows_around(numbers, table.grid, shape, shape)

    @staticmethod
    def _drawn(run, table: Table) -> np.ndarray:
        """The numbers of the cells of a random sample, ascending."""
        grid, count = table.grid, run.parameters.integer("COUNT")
        readers = {"lattice": EveryNth(1, grid.width), "target": table.readers["target"], **table.regional}
        strata = None
        if run.parameters.choice("METHOD") == STRATIFIED:
            strata = next((each.band for each in table.bands if each.kind == CLASSES), None)
            if strata is None:
                raise InvalidParameter(tr(
                    "A stratified sample needs strata, but ⟨CLASSES⟩ is empty. Give a map of classes, or choose "
                    "another ⟨METHOD⟩."
                ))
            readers.update(strata=StackReader.of(strata), cell_area=run.cell_areas(grid))
        title = f"'{strata.steps[0].label}'" if strata else ""
        draw, engine = Draw(count, title), run.engine(0.0, 0.5)
        kernel = partial(
            draw_block, groups=table.columns.groups, count=count, seed=run.parameters.integer("SEED"), title=title
        )
        for _window, block in engine.results(kernel, readers, grid, engine.shape(grid, readers, 64.0)):
            draw.add(block)
        available = sum(stratum.pixels for stratum in draw.strata.values())
        run.log.info(
            tr("{} of {} that have the target are drawn.").format(min(count, available), counted(available, "pixel"))
        )
        if available < count:
            run.log.warn(tr("⟨COUNT⟩ asks for {} pixels, and there are {}: all are taken.").format(count, available))
        if strata:
            _tell_shares(run, draw)
        return draw.numbers()

    @staticmethod
    def _tell(run, pixels: int, lacking: int) -> None:
        """How many pixels the table has, and how many it might have had."""
        run.log.info(tr("The table has {}.").format(counted(pixels, "pixel")))
        if lacking:
            run.log.info(tr("{} of the sample left out, for want of the target.").format(counted(lacking, "pixel")))
        if not pixels:
            run.log.warn(tr(
                "The table is empty: no pixel of the sample has all of the target. Take fewer rasters or years, or a "
                "smaller ⟨SPACING⟩; where gaps differ from year to year, a long table (⟨LONG⟩) leaves out years alone."
            ))


def _tell_shares(run, draw: Draw) -> None:
    """What each class gives to the sample."""
    shares = draw.shares()
    words = [f"{code}: {share} / {draw.strata[code].pixels}" for code, share in shares.items()]
    run.log.info(tr("Class: pixels drawn / pixels there are: {}").format(joined(words, 50)))
    none = [str(code) for code, share in shares.items() if not share]
    if none:
        run.log.warn(
            tr("The classes {} are too small for a pixel of the sample. A larger ⟨COUNT⟩ has some of them.").format(
                joined(none)
            )
        )


def _in_order(blocks: Iterator, height: int, told: dict) -> Iterator[tuple]:
    """What `sample_block` gives of all blocks of some rows together, in the order of the grid."""
    for _row, group in groupby(blocks, key=lambda each: each[0].row // height):
        parts = [part for _window, part in group]
        told["pixels"] += sum(len(numbers) for numbers, *_rest in parts)
        told["lacking"] += sum(lacking for *_rest, lacking in parts)
        if len(parts) == 1:
            yield parts[0][:3]
            continue
        numbers, values, region = (np.concatenate(each, axis=-1) for each in list(zip(*parts))[:3])
        order = np.argsort(numbers)
        yield numbers[order], values[:, order], region[order]


def _rows(blocks, table: Table) -> Iterator[tuple]:
    """A point and a row of the table after the other."""
    names = [region.name for region in table.regions] or [ALL]
    for block in blocks:
        for start in range(0, len(block[0]), _ROWS):
            numbers, values, region = (each[..., start : start + _ROWS] for each in block)
            row, col = np.divmod(numbers, table.grid.width)
            x, y = (place.tolist() for place in table.grid.point_at(col + 0.5, row + 0.5))
            numbered = [names[number] for number in region.tolist()]
            for place, rest in _of_pixels(values, table.columns):
                point = QgsGeometry.fromPointXY(QgsPointXY(x[place], y[place]))
                yield point, (x[place], y[place], numbered[place], *rest)


def _of_pixels(values: np.ndarray, columns) -> Iterator[tuple]:
    """The number of a pixel, and what a row of it has of ``values`` (bands, pixels); pixel by pixel, in long tables the
    years in which it has the target."""
    if not columns.years:
        yield from enumerate(values.T.tolist())
        return
    padded = np.concatenate([values, np.full((1, values.shape[1]), np.nan)])  # -1 is missing
    by_year = padded[columns.places].transpose(2, 0, 1)  # pixels, years, columns
    complete = np.array([np.isfinite(values[list(group)]).all(axis=0) for group in columns.groups]).T
    pixels, years = np.nonzero(complete)
    for place, year, row in zip(pixels.tolist(), years.tolist(), by_year[pixels, years].tolist()):
        yield place, (columns.years[year], *row)

"""Writing what has been brought onto the grid: files, their legends and their styles."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ...colours import SEQUENTIAL, categorical
from ...errors import InvalidParameter
from ...raster.class_legend import ClassLegend, attribute_legend, category_legend
from ...raster.datasets import dataset_of, open_datasets
from ...raster.gdal_io import file_of
from ...raster.grid import Grid, Window
from ...raster.ingest.codes import CODES, Coded, distinct, need_codes
from ...raster.ingest.mosaic import Mosaic, Piece, Stored
from ...raster.ingest.resampling import KEEPS_VALUES
from ...raster.reader import StackReader
from ...raster.series import Step
from ...raster.writer import RasterWriter
from ...styling.layers import write_style
from ...styling.styles import Classes, Ramp
from ._one_raster import Plan
from ._regridding import Regridder

NO_LEGEND = ClassLegend({}, {})

#: Most classes that a legend lists; a raster of more is drawn as numbers.
MOST_LISTED = 256

#: Rasters brought onto the grid together: each keeps a file open that is written.
MOST_FILES = 48


class Band(NamedTuple):
    """A band to be brought onto the grid: of which raster, and its number there."""

    plan: Plan
    step: Step
    number: int


class Result:
    """A file being written, and the classes that it holds.

    Parameters
    ----------
    writer : RasterWriter
    plan : Plan
        How its values are kept.
    steps : tuple of Step
        The bands that it is made of.
    """

    def __init__(self, writer: RasterWriter, plan: Plan, steps: tuple):
        self.writer = writer
        self.plan = plan
        self.steps = steps
        keeps = plan.method in KEEPS_VALUES
        self._present: set | None = set() if plan.content.categories and keeps else None
        if keeps:
            with open_datasets():
                for number, step in enumerate(steps, start=1):
                    source = dataset_of(step.layer)
                    writer.copy_legend(number, source.GetRasterBand(step.band), scale=not plan.storage.fractions)

    def write(self, window: Window, values: np.ndarray, first: int) -> None:
        """Write some bands of a window."""
        self.writer.write(window, values, first)
        if self._present is not None:
            self._present.update(np.unique(values).tolist())

    def style(self, legend: ClassLegend) -> Classes | Ramp:
        """Classes by their names and colours, in the file, else in the project; numbers as a ramp."""
        nodata = self.plan.storage.nodata
        codes = sorted(code for code in self._present or () if code == code and code != nodata)
        if not codes or len(codes) > MOST_LISTED or any(code != int(code) for code in codes):
            return Ramp(SEQUENTIAL)
        layer = self.steps[0].layer
        legend = category_legend(layer).completed_by(attribute_legend(layer)).completed_by(legend)
        colours = dict(zip(codes, categorical(len(codes))))
        return Classes(tuple(
            (int(code), legend.names.get(int(code), str(int(code))), legend.colours.get(int(code), colours[code]))
            for code in codes
        ))

    def span(self) -> list:
        """The ends of a ramp, in the values that QGIS shows."""
        first = self.steps[0]
        scale, offset = (1.0, 0.0) if self.plan.storage.fractions else (first.scale, first.offset)
        return sorted(scale * stored + offset for stored in self.writer.quantiles([0.02, 0.98]))


class Files:
    """The files of a folder, one a raster, each open from its first band to its last.

    Parameters
    ----------
    run : Run
    folder : str
        Where they grow.
    grid : Grid
    legends : dict of Layer to ClassLegend
        Names and colours that classes have in the project.
    """

    def __init__(self, run, folder: str, grid: Grid, legends: dict):
        self._run = run
        self._folder = folder
        self._grid = grid
        self._legends = legends
        self._open: dict = {}

    def write(self, bands: list, window: Window, block: np.ndarray) -> None:
        """Write a window of some bands."""
        place = 0
        for _same, group in groupby(bands, key=lambda band: id(band.plan)):
            of_plan = list(group)
            self._of(of_plan[0].plan).write(window, block[place:place + len(of_plan)], of_plan[0].number)
            place += len(of_plan)

    def _of(self, plan: Plan) -> Result:
        name = plan.item.name
        if name not in self._open:
            steps, storage = plan.item.steps, plan.storage
            self._open[name] = Result(RasterWriter(
                os.path.join(self._folder, f"{name}.tif"), self._grid, [step.caption for step in steps],
                storage.data_type, steps[0].unit, nodata=None if storage.fractions else storage.nodata,
                name=f"{name}.tif",
            ), plan, steps)
        return self._open[name]

    def complete(self, band: Band) -> None:
        """A band is written: after the last of a file, close it and write its style."""
        if band.number == len(band.plan.item.steps):
            self._finish(self._open.pop(band.plan.item.name))

    def _finish(self, result: Result) -> None:
        result.writer.close()
        item, path = result.plan.item, result.writer.path
        if not result.writer.valid:
            self._run.log.warn(f"'{item.layer.name}' has no valid value on the grid.")
        own = os.path.splitext(file_of(item.layer.path))[0] + ".qml"
        if os.path.isfile(own):
            shutil.copyfile(own, os.path.splitext(path)[0] + ".qml")
            return
        write_style(path, result.style(self._legends.get(item.layer, NO_LEGEND)), result.span(), [])

    def close(self) -> None:
        """Close what is incomplete."""
        for result in self._open.values():
            result.writer.discard()


# Bands together -------------------------------------------------------------------------------------------------------


def together(plans: list, regridder: Regridder) -> Iterator[list]:
    """The bands of some rasters, those together that get onto the grid alike."""
    alike: dict = {}
    for plan in plans:
        bands = [Band(plan, step, number) for number, step in enumerate(plan.item.steps, start=1)]
        alike.setdefault((plan.item.grid, plan.method, plan.storage), []).append(bands)
    for (grid, method, storage), rasters in alike.items():
        most = regridder.at_once(grid, method, storage)
        for first in range(0, len(rasters), MOST_FILES):
            bands = [band for raster in rasters[first:first + MOST_FILES] for band in raster]
            size = math.ceil(len(bands) / math.ceil(len(bands) / most))  # groups of about one size
            for place in range(0, len(bands), size):
                yield bands[place:place + size]


def blocks(run, bands: list, regridder: Regridder) -> Iterator[tuple]:
    """Windows of the grid and the values of some bands there, which are alike.

    Raises
    ------
    InvalidParameter
        If they do not meet the grid.
    """
    plan, steps = bands[0].plan, [band.step for band in bands]
    storage, method = plan.storage, plan.method
    codes = need_codes(storage, method)
    readers = _coded_readers(run, steps, plan, regridder.share) if codes else []
    mosaics = _mosaics(readers, steps, plan) if codes else _plain_mosaics(steps, plan)
    met = False
    for window, block in regridder.blocks(mosaics, plan.item.layer.name, method, CODES if codes else storage):
        met = True
        if codes:
            block = np.stack([reader.decoded(band) for reader, band in zip(readers, block)])
        yield window, block
    if not met:
        raise InvalidParameter(
            f"'{plan.item.layer.name}' does not meet the grid of the result. Check its CRS, or leave it out."
        )


def _plain_mosaics(steps: list, plan: Plan) -> list:
    storage, grid = plan.storage, plan.item.grid
    if not storage.fractions:
        return _mosaics([Stored(step, storage.nodata, storage.dtype) for step in steps], steps, plan)
    # A stack is read as Float64 where one of its bands is.
    alike = [tuple(group) for _exact, group in groupby(steps, key=lambda step: step.exact_in_float32)]
    return [Mosaic.of([Piece(StackReader(group), grid, group[0].label, len(group))]) for group in alike]


def _mosaics(readers: list, steps: list, plan: Plan) -> list:
    return [Mosaic.of([Piece(reader, plan.item.grid, step.label)]) for reader, step in zip(readers, steps)]


def _coded_readers(run, steps: list, plan: Plan, share: float) -> list:
    storage, grid = plan.storage, plan.item.grid
    found = []
    for step in steps:
        reader = StackReader((step,)) if storage.fractions else Stored(step, storage.nodata, storage.dtype)
        values = distinct(reader, grid, storage, plan.method, step.label, lambda: run.advance(share))
        found.append(Coded(reader, storage, values))
    return found

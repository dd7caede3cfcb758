"""Bringing the inputs of a study to the grid of NPP."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import numpy as np
from osgeo import gdal

from ...core.zonal.mask import mask_block
from ...framework.texts import tr
from ...raster.blocks import TILE, windows
from ...raster.ingest.resampling import choose_method
from ...raster.parts import PartReader, window_round
from ...raster.reader import StackReader
from ...raster.series import Layer, Series, steps_of
from ...raster.wording import joined
from ...raster.writer import RasterWriter
from ._plan import Plan, Source

_COPIED = "values as they are: it lies on the grid of NPP"
#: What nep:annualclimate is told to be the year of a climatology.
_ANY_YEAR = 2001
_FILLED = re.compile(r": (\d+) cells? at the rim")


class Regridder:
    """Brings sources to the grid of NPP, with the tools of the toolbox; files that nobody needs later go to a folder
    that is removed.

    Attributes
    ----------
    how : dict
        By the name of a source how it was resampled.
    """

    def __init__(self, stage, plan: Plan, folder: str):
        self._stage = stage
        self._plan = plan
        self._folder = folder
        self.how: dict = {}

    def on_grid(self, source: Source) -> bool:
        """Whether a source lies on the grid of NPP."""
        return not self._plan.grid.differences(source.series.grid)

    def stack(self, source: Source, years: list) -> Source:
        """A source as one file on its own grid, cut to the surroundings of the study, its values scaled."""
        series = source.series if source.constant or not years else source.series.of_years(years)
        path = os.path.join(self._folder, f"{source.name}.tif")
        return write_source(self._stage.run, replace(source, series=series), path, self._plan.grid)

    def annual(self, source: Source, statistic: int) -> Source:
        """A monthly source that was stacked as annual means (0) or sums (1), on its own grid."""
        path = os.path.join(self._folder, f"{source.name}_annual.tif")
        file = source.series.steps[0].layer.path
        months = {"MONTHS": f"{_ANY_YEAR}-01/{_ANY_YEAR}-12"} if source.constant else {}
        self._stage.child(
            "nep:annualclimate", {"INPUT": [file], "STATISTIC": statistic, **months, "OUTPUT": path}, 0.0, 0.0
        )
        name = os.path.splitext(os.path.basename(path))[0]
        steps, grids = steps_of([Layer(name, path)])
        years = [0 if source.constant else int(step.description) for step in steps]
        timed = tuple(replace(step, year=year) for step, year in zip(steps, years))
        return replace(source, name=name, series=Series(timed, grids[0]))

    def regridded(self, sources: list, years: list) -> dict:
        """Sources on the grid of NPP, by their names; those of one method in one run of nep:harmonize."""
        found, alike = {}, {}
        for source in sources:
            if self.on_grid(source):
                found[source.name], self.how[source.name] = source, _COPIED
                continue
            method, why = choose_method(source.categories, source.series.grid, self._plan.grid)
            self.how[source.name] = why
            alike.setdefault((int(method), not source.categories), []).append(source)
        for (method, fill), group in alike.items():
            stacks = [
                source if self._is_stacked(source) else
                self.stack(source, years if len(source.series.steps) > 1 else []) for source in group
            ]
            found.update(self._harmonized(stacks, method, fill))
        return found

    def _is_stacked(self, source: Source) -> bool:
        """Whether a source is a file of this folder already, which cannot be written while it is read."""
        return {os.path.dirname(step.layer.path) for step in source.series.steps} == {self._folder}

    def _harmonized(self, stacks: list, method: int, fill: bool) -> dict:
        folder = os.path.join(self._folder, f"harmonized_{method}")
        reference, said = self._reference(), []
        self._stage.child("nep:harmonize", {
            "INPUT": [source.series.steps[0].layer.path for source in stacks], "REFERENCE": reference,
            "RESAMPLING": method, "FILL_RIM": fill, "OUTPUT_FOLDER": folder,
        }, 0.0, 0.3, said)
        found = {}
        for source in stacks:
            steps, grids = steps_of([Layer(source.name, os.path.join(folder, f"{source.name}.tif"))])
            timed = tuple(
                replace(step, year=old.year, month=old.month) for step, old in zip(steps, source.series.steps)
            )
            found[source.name] = replace(
                source, series=Series(timed, grids[0], source.series.steps_per_year), scale=1.0, offset=0.0,
            )
        self._tell_rim(stacks, said)
        return found

    def _reference(self) -> str:
        """A file with the grid of NPP, which may itself be a variable in a file that Processing does not load."""
        path, grid = os.path.join(self._folder, "reference.tif"), self._plan.grid
        with RasterWriter(path, grid, ["Grid of NPP"], gdal.GDT_Byte) as writer:
            for window in windows(grid, (TILE, TILE)):
                writer.write(window, np.ones((window.height, window.width), dtype=np.uint8))
        return path

    def _tell_rim(self, stacks: list, said: list) -> None:
        """Add to how sources were resampled the number of cells that were filled at the rim."""
        counts = [(text, match[1]) for _kind, text in said for match in [_FILLED.search(text)] if match]
        for source in stacks:
            cells = next((int(count) for text, count in counts if f"'{source.name}'" in text), 0)
            cells = round(cells / len(source.series.steps))  # of each raster
            if cells:
                self.how[source.name] += tr("; {} cells at the rim took the nearest value").format(cells)


def band_names(source: Source) -> list:
    """What the bands of a source are called: their times, or its name, with the months of a climatology."""
    without = [f"{source.name}_{step.month:02d}" if step.month else source.name for step in source.series.steps]
    return [step.time if step.year else name for step, name in zip(source.series.steps, without)]


def write_source(run, source: Source, path: str, target=None) -> Source:
    """Write a source to a file of its own, and return it read from there.

    Parameters
    ----------
    run : Run
    source : Source
    path : str
    target : Grid, optional
        Where it is not needed far beyond this grid.
    """
    series = source.series
    whole = window_round(series.grid, target) if target else series.grid.whole
    grid = series.grid.part(whole)
    readers = {"stack": PartReader(StackReader.of(series, scale=source.scale, offset=source.offset), whole)}
    kind = gdal.GDT_Int32 if source.categories and _whole(series) else gdal.GDT_Float32
    engine = run.engine(0.0, 0.0)
    shape = engine.shape(grid, readers, 8.0 * len(series.steps))
    with RasterWriter(path, grid, band_names(source), kind, source.unit, name=source.name) as writer:
        for window, block in engine.results(mask_block, readers, grid, shape):
            writer.write(window, whole_numbers(block, writer.nodata) if kind == gdal.GDT_Int32 else block)
    steps, grids = steps_of([Layer(source.name, path)])
    timed = tuple(replace(step, year=old.year, month=old.month) for step, old in zip(steps, series.steps))
    return replace(source, series=Series(timed, grids[0], series.steps_per_year), scale=1.0, offset=0.0)


def _whole(series: Series) -> bool:
    return all(step.type_name in ("Byte", "Int8", "Int16", "UInt16", "Int32") for step in series.steps)


def whole_numbers(block, nodata):
    """Codes as int32, with the nodata value where they are missing."""
    missing = np.isnan(block)
    return np.where(missing, nodata, np.rint(np.where(missing, 0, block))).astype(np.int32)


def described(source: Source, how: str, missing: float) -> tuple:
    """The row of a source in the table of the data."""
    series = source.series
    files = list(dict.fromkeys(step.layer.name for step in series.steps))
    years = sorted({step.year for step in series.steps if step.year})
    span = "" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    width, height = series.grid.cell_size
    cell = f"{width:.6g} x {height:.6g}, {series.grid.crs_name}"
    return source.name, joined(files, 3), span, source.unit or series.unit, cell, how, missing

"""Bringing one raster onto the grid: its name, its method, its file and its style."""

from __future__ import annotations

import math
import os
import re
import shutil
import unicodedata
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ...colours import SEQUENTIAL, categorical
from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.class_legend import ClassLegend, attribute_legend, category_legend
from ...raster.gdal_io import file_of, open_raster
from ...raster.grid import Grid
from ...raster.ingest.codes import CODES, Coded, distinct, need_codes
from ...raster.ingest.content import NUMBERS, Content, Storage, content_of, storage_of
from ...raster.ingest.mosaic import Mosaic, Piece, Stored
from ...raster.ingest.resampling import KEEPS_VALUES, Resampling, choose_method
from ...raster.reader import StackReader
from ...raster.series import Layer, bands_of
from ...raster.wording import listed
from ...raster.writer import RasterWriter
from ...raster.years import stamps
from ...styling.layers import write_style
from ...styling.styles import Classes, Ramp
from ._regridding import Regridder

NO_LEGEND = ClassLegend({}, {})

#: Most classes that a legend lists; a raster of more is drawn as numbers.
MOST_LISTED = 256


@dataclass(frozen=True)
class Item:
    """A raster to be brought onto the grid, and the name of its result."""

    layer: Layer
    steps: tuple
    grid: Grid
    name: str


@dataclass(frozen=True)
class Plan:
    """How a raster gets onto the grid: what it holds, the method, and how its values are kept."""

    item: Item
    content: Content
    method: Resampling
    storage: Storage


# Names ----------------------------------------------------------------------------------------------------------------


def items_of(run) -> list:
    """The rasters with their bands; two of one name get different ones, in the order of their paths."""
    layers = run.layers("INPUT")
    names = file_names([_name_of(run, layer) for layer in layers], [layer.path for layer in layers])
    items = []
    for layer, name in zip(layers, names):
        run.advance(0.0)
        steps, grid = bands_and_grid(layer)
        if not grid.wkt:
            raise InvalidParameter(
                f"'{layer.name}' has no CRS, so its place is unknown. Assign one (Raster, Projections, Assign "
                f"Projection)."
            )
        items.append(Item(layer, steps, grid, name))
    return items


def bands_and_grid(layer: Layer) -> tuple:
    """The bands of a raster and its grid."""
    bands = bands_of(layer)
    return tuple(band.steps[0] for band in bands), bands[0].grid


def file_names(names: list, paths: list) -> list:
    """Names of files of which no two are one, also where upper and lower case are.

    The first of a name, in the order of the paths, keeps it. The others get a number that no name has.
    """
    taken: set = set()
    given = {_folded(name) for name in names}
    fresh: dict = {}
    for place in sorted(range(len(names)), key=lambda place: paths[place]):
        name, number = names[place], 1
        while _folded(name) in taken or number > 1 and _folded(name) in given:
            number += 1
            name = f"{names[place]} ({number})"
        taken.add(_folded(name))
        fresh[place] = name
    return [fresh[place] for place in range(len(names))]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _name_of(run, layer: Layer) -> str:
    """The name of a result: that of the layer, or that of its file where only this says the year."""
    title, file = stamps(layer.name), stamps(layer.base_name)
    name = layer.base_name if file and not title else layer.name
    if title and file and {year for year, _month in title}.isdisjoint(year for year, _month in file):
        run.log.warn(
            f"'{layer.name}' is the file {layer.base_name}, which says another year. The layer's name is kept."
        )
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .") or "raster"


# Methods --------------------------------------------------------------------------------------------------------------


def plans_of(run, items: list, grid: Grid) -> list:
    """How each raster gets onto the grid; the log tells it, once for those that are alike."""
    chosen = Resampling(run.parameters.choice("RESAMPLING"))
    plans, alike = [], {}
    for item in items:
        run.advance(0.0)
        content = content_of(item.layer, item.steps, item.grid)
        method, why = chosen, f"resampled ({chosen.words}), as chosen"
        if method is Resampling.AUTOMATIC:
            method, why = choose_method(content.categories, item.grid, grid)
        elif content.categories and method not in KEEPS_VALUES:
            made_up = f"{method.words} makes up classes it does not have"
            run.log.warn(tr("'{}' holds {}; {}.").format(item.layer.name, content.rule, made_up))
        storage = storage_of(item.layer, item.steps) if method in KEEPS_VALUES else NUMBERS
        plans.append(Plan(item, content, method, storage))
        bands = "1 band" if len(item.steps) == 1 else f"{len(item.steps)} bands"
        alike.setdefault(f"({bands}, {item.grid}): {content.rule}; {why}", []).append(item.layer.name)
    for words, names in alike.items():
        run.log.info(tr("{} {}").format(listed(names), words))
    return plans


# Files ----------------------------------------------------------------------------------------------------------------


def write(run, plan: Plan, regridder: Regridder, folder: str, legend: ClassLegend) -> None:
    """Write the result of a raster and its style.

    Parameters
    ----------
    run : Run
    plan : Plan
    regridder : Regridder
    folder : str
        Where the result grows.
    legend : ClassLegend
        Names and colours that its classes have in the project.

    Raises
    ------
    InvalidParameter
        If the raster does not meet the grid.
    """
    item, storage = plan.item, plan.storage
    path = os.path.join(folder, f"{item.name}.tif")
    present: set | None = set() if plan.content.categories and plan.method in KEEPS_VALUES else None
    with RasterWriter(
        path, regridder.grid, [step.caption for step in item.steps], storage.data_type, item.steps[0].unit,
        nodata=None if storage.fractions else storage.nodata, name=f"{item.name}.tif",
    ) as writer:
        source = open_raster(item.layer.path, item.layer.name)
        if plan.method in KEEPS_VALUES:
            for number, step in enumerate(item.steps, start=1):
                writer.copy_legend(number, source.GetRasterBand(step.band), scale=not storage.fractions)
        for first, steps in _together(plan, regridder):
            met = False
            for window, block in _blocks(run, plan, steps, regridder):
                writer.write(window, block, first)
                met = True
                if present is not None:
                    present.update(np.unique(block).tolist())
            if not met:
                raise InvalidParameter(
                    f"'{item.layer.name}' does not meet the grid of the result. Check its CRS, or leave it out."
                )
    if not writer.valid:
        run.log.warn(f"'{item.layer.name}' has no valid value on the grid.")
    codes = None if present is None else sorted(code for code in present if code == code and code != storage.nodata)
    first = source.GetRasterBand(item.steps[0].band)
    scale, offset = (1.0, 0.0) if storage.fractions else (first.GetScale() or 1.0, first.GetOffset() or 0.0)
    shown = [scale * stored + offset for stored in writer.quantiles([0.02, 0.98])]  # as QGIS shows the values
    _write_style(item, path, codes, sorted(shown), legend)


def _together(plan: Plan, regridder: Regridder):
    """The bands that are brought onto the grid together, and the number of the first of them in the result."""
    steps = plan.item.steps
    most = regridder.at_once(plan.item.grid, plan.method, plan.storage)
    size = math.ceil(len(steps) / math.ceil(len(steps) / most))  # groups of about one size
    for place in range(0, len(steps), size):
        yield place + 1, steps[place:place + size]


def _blocks(run, plan: Plan, steps: tuple, regridder: Regridder):
    """Windows of the grid and the values of some bands there."""
    storage, grid, name = plan.storage, plan.item.grid, plan.item.layer.name
    codes = need_codes(storage, plan.method)
    if storage.fractions and not codes:
        # A stack is read as Float64 where one of its bands is.
        alike = [tuple(group) for _exact, group in groupby(steps, key=lambda step: step.exact_in_float32)]
        readers = [StackReader(group) for group in alike]
        mosaics = [
            Mosaic.of([Piece(reader, grid, group[0].label, len(group))]) for reader, group in zip(readers, alike)
        ]
        yield from regridder.blocks(mosaics, name, plan.method, storage)
        return
    readers = [
        StackReader((step,)) if storage.fractions else Stored(step, storage.nodata, storage.dtype) for step in steps
    ]
    if codes:
        def stop():
            run.advance(regridder.share)

        readers = [
            Coded(reader, storage, distinct(reader, grid, storage, plan.method, step.label, stop))
            for reader, step in zip(readers, steps)
        ]
    mosaics = [Mosaic.of([Piece(reader, grid, step.label)]) for reader, step in zip(readers, steps)]
    for window, block in regridder.blocks(mosaics, name, plan.method, CODES if codes else storage):
        if codes:
            block = np.stack([reader.decoded(band) for reader, band in zip(readers, block)])
        yield window, block


def _write_style(item: Item, path: str, codes: list | None, quantiles: list, legend: ClassLegend) -> None:
    """The style that lies beside the source, else its classes, else a ramp."""
    own = os.path.splitext(file_of(item.layer.path))[0] + ".qml"
    if os.path.isfile(own):
        shutil.copyfile(own, os.path.splitext(path)[0] + ".qml")
        return
    style = Ramp(SEQUENTIAL)
    if codes and len(codes) <= MOST_LISTED and all(code == int(code) for code in codes):
        legend = category_legend(item.layer).completed_by(attribute_legend(item.layer)).completed_by(legend)
        colours = dict(zip(codes, categorical(len(codes))))
        style = Classes(tuple(
            (int(code), legend.names.get(int(code), str(int(code))), legend.colours.get(int(code), colours[code]))
            for code in codes
        ))
    write_style(path, style, quantiles, [])

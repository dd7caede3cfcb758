"""What is known of a raster before it is brought onto the grid: its name, what it holds, its method."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.grid import Grid
from ...raster.ingest.content import DOUBLES, NUMBERS, Content, Storage, content_of, storage_of
from ...raster.ingest.resampling import KEEPS_VALUES, Resampling, choose_method
from ...raster.ingest.turns import left_out
from ...raster.series import Layer, bands_of
from ...raster.wording import listed
from ...raster.years import stamps
from ._methods import methods_of

#: Units of what is no count: per area or per another thing, or a share.
_PER_AREA = re.compile(r"m\s*(\^|\*\*)?\s*-\s*2|ha\s*\^?\s*-\s*1|/|%|\bper\b")


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
    plans, alike = [], {}
    for item, (chosen, by) in zip(items, methods_of(run.parameters, items, run.log)):
        run.advance(0.0)
        content = content_of(item.layer, item.steps, item.grid)
        method, why = chosen, f"resampled ({chosen.words}), {by}"
        if method is Resampling.AUTOMATIC:
            method, why = choose_method(content.categories, item.grid, grid)
        elif content.categories and method not in KEEPS_VALUES:
            made_up = f"{method.words} makes up classes it does not have"
            run.log.warn(tr("'{}' holds {}; {}.").format(item.layer.name, content.rule, made_up))
        if method is Resampling.SUM and _PER_AREA.search(item.steps[0].unit):
            run.log.warn(
                tr("'{}' is in {}, and sums are for counts per cell. Take the average of what is per area.").format(
                    item.layer.name, item.steps[0].unit
                )
            )
        plans.append(Plan(item, content, method, storage_for(item.steps, method)))
        if left_out(item.grid, grid):
            run.log.warn(
                tr("'{}' counts longitudes otherwise than the grid of the results, and 360 degrees hold no whole "
                   "number of its cells: what lies beyond its edge, at 0 or 180 degrees, is missing. Resample it to "
                   "other cells first (0.05 instead of 0.07).").format(item.layer.name)
            )
        bands = "1 band" if len(item.steps) == 1 else f"{len(item.steps)} bands"
        alike.setdefault(f"({bands}, {item.grid}): {content.rule}; {why}", []).append(item.layer.name)
    for words, names in alike.items():
        run.log.info(tr("{} {}").format(listed(names), words))
    return plans


def storage_for(steps: tuple, method: Resampling) -> Storage:
    """How the results of a method are kept: exactly where it keeps values, sums in Float64, else in Float32."""
    if method is Resampling.SUM:
        return DOUBLES
    # Of values with a negative scale the least stored one is the greatest.
    ordered = method in (Resampling.NEAREST, Resampling.MODE) or all(step.scale > 0 for step in steps)
    return storage_of(steps[0].layer, steps) if method in KEEPS_VALUES and ordered else NUMBERS
